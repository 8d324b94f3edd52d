import { covers, type Day, type Instant } from '../../engine/day.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask, Key } from '../../engine/ports.ts'
import { Fault } from '../../engine/ports.ts'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import type { Client } from './clients.ts'
import { type Envelope, openEnvelope, readWrapped } from './envelope.ts'
import { dayOf } from './moment.ts'
import type { Parts, Result } from './parts.ts'
import { readNodes, WrongInput } from './read.ts'
import { peopleTold } from './readsOfPeople.ts'
import type { Answered } from './reply.ts'
import { canonical, openInput, parse } from './secrecy.ts'
import type { Sessions } from './sessions.ts'
import { tellBug, tellBusy, tellUnknown } from './tell.ts'
import type { Call, Refused, Told, Transaction } from './transaction.ts'
import { writeNodes } from './write.ts'

/** A request whose sender is known: when it came, and under which name we would look for it. */
export interface Arrival {
  readonly client: Client
  readonly at: Instant
  readonly reference: string
}

/** What was answered, and what may be logged and counted of it. */
export interface Dispatched {
  readonly answered: Answered
  readonly result: Result
  readonly infno: string
  readonly msgid?: string | undefined
  /** What was thrown, where a rule of our own did not hold. */
  readonly error?: unknown
}

/** What is seen of a request on the way, for the log. */
interface Seen {
  infno: string
  msgid?: string
}

export type Dispatch = (body: Uint8Array | undefined, arrival: Arrival) => Promise<Dispatched>

const usualDeadline_ms = 9_500
/** What a transaction may do beside its ask, before all of it is told as unknown. */
const grace_ms = 300

/** Reads a request, finds its transaction by infno, lets it answer, and tells whatever goes wrong as a refusal. */
export function dispatcher(parts: Parts, sessions: Sessions): Dispatch {
  return async (body, arrival) => {
    const seen: Seen = { infno: 'unknown' }
    try {
      const done = await run(body, arrival, seen, parts, sessions)
      return { ...seen, ...done }
    } catch (error) {
      if (error instanceof WrongInput)
        return { ...seen, answered: { refused: error.message }, result: 'refused' }
      if (error instanceof Fault)
        return { ...seen, ...refused(error.kind === 'unknown' ? tellUnknown : tellBusy) }
      return { ...seen, ...refused(tellBug(arrival.reference)), error }
    }
  }
}

const refused = (told: Refused): Pick<Dispatched, 'answered' | 'result'> => ({
  answered: told,
  result: told.because ?? 'refused',
})

// Clients on .NET begin a body with a byte order mark; it is left out.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

function decode(body: Uint8Array | undefined): string {
  if (body === undefined || body.length === 0) throw new WrongInput('报文为空')
  try {
    return utf8.decode(body)
  } catch {
    throw new WrongInput('报文编码错误，须为UTF-8（收到的字节可能是GBK）')
  }
}

async function run(
  body: Uint8Array | undefined,
  arrival: Arrival,
  seen: Seen,
  parts: Parts,
  sessions: Sessions,
): Promise<Pick<Dispatched, 'answered' | 'result'>> {
  const { client } = arrival
  const wrapped = readWrapped(parse(decode(body), parts.readJson))
  const { infno, msgid, fixmedins_code: code } = wrapped.fields
  const transaction = parts.transactions.get(infno.slice(0, 4))
  if (transaction) seen.infno = transaction.infno
  seen.msgid = msgid
  if (!parts.clients.speaksFor(client, code))
    throw new WrongInput(`接入方${client.paasid}无权代表定点医药机构${code}`)
  if (!transaction) throw new WrongInput(`交易编号${infno}不存在或未开通`)
  const envelope = openEnvelope(wrapped, openInput(wrapped, client, parts.seals, parts.readJson))
  const institution = await parts.world.institution(code)
  const now = parts.world.now()
  const stopped = await refuseAtDoor(transaction, envelope, institution, {
    client,
    sessions,
    parts,
    now,
  })
  if (stopped !== undefined || !institution) return refused({ refused: stopped ?? '' })
  const call = callOf(transaction, envelope, institution, { arrival, now, parts })
  const told = await answer(transaction, call, parts, sessions)
  if ('refused' in told) return refused(told)
  await recordRead(transaction, call, told.output, parts)
  const warnings = [...warnOfPlace(envelope, institution, parts), ...(told.warnings ?? [])]
  return {
    answered: { output: writeNodes(transaction.output, told.output), warnings },
    result: 'done',
  }
}

async function recordRead(
  { infno }: Transaction,
  { institution, envelope }: Call,
  output: unknown,
  { recordRead }: Parts,
): Promise<void> {
  const persons = recordRead && peopleTold(infno, output, envelope.input)
  if (persons) await recordRead({ institution: institution.code, infno, persons })
}

interface Door {
  readonly client: Client
  readonly sessions: Sessions
  readonly parts: Parts
  readonly now: Instant
}

/** Why a message may not go on: nobody known, a contract that ended, no sign-in. What was answered already may be repeated. */
async function refuseAtDoor(
  transaction: Transaction,
  envelope: Envelope,
  institution: Institution | undefined,
  { client, sessions, parts: { world }, now }: Door,
): Promise<string | undefined> {
  const code = envelope.institution
  if (!institution) return world.explain(refuse('institution-unknown', { institution: code }))
  const closed = refuseClosed(institution, transaction, dayOf(now))
  const stopped =
    (closed && world.explain(closed)) ??
    (await refuseSession(transaction, envelope, client, sessions))
  if (stopped === undefined || !transaction.writes) return stopped
  return (await world.answered(code, envelope.msgid)) ? undefined : stopped
}

/** Whoever's contract is suspended or over begins nothing new, but ends, undoes, queries and reconciles what there is. */
const whatEnds = /^(1201|19|2103|2205|2208|230|2402|2404|2405|2601|3[12]|41|5|6203|63|64|9)/

function refuseClosed(
  { code, terminated, suspended }: Institution,
  { infno }: Transaction,
  today: Day,
): Refusal | undefined {
  if (whatEnds.test(infno)) return undefined
  if (terminated !== undefined && today > terminated)
    return refuse('institution-terminated', { institution: code, terminated })
  if (suspended && covers(suspended, today))
    return refuse('institution-suspended', { institution: code, from: suspended.from })
  return undefined
}

async function refuseSession(
  { infno }: Transaction,
  { institution, signNo }: Envelope,
  client: Client,
  sessions: Sessions,
): Promise<string | undefined> {
  if (!client.signIn || infno === '9001' || infno === '9002') return undefined
  if (signNo === undefined) return '请先签到（9001），并在报文sign_no中填写签到编号'
  return (await sessions.isOpen(institution, signNo))
    ? undefined
    : '报文.sign_no（交易签到流水号）无效或已签退，请重新签到（9001）'
}

/** Only a warning: some systems leave the division of their branch, or of the city, in every message. */
function warnOfPlace(
  { careRegion }: Envelope,
  { division }: Institution,
  { world }: Parts,
): string[] {
  const region = world.deciding().regions.regionOf(division)
  return !region || careRegion === region.division || region.divisions.includes(careRegion)
    ? []
    : [`就医地医保区划${careRegion}不在机构所在统筹区${region.division}内，按机构所在统筹区处理`]
}

function callOf(
  { infno }: Transaction,
  envelope: Envelope,
  institution: Institution,
  { arrival, now, parts }: { arrival: Arrival; now: Instant; parts: Parts },
): Call {
  const { world, settings, deadline_ms = usualDeadline_ms } = parts
  const region = world.deciding().regions.regionOf(institution.division)
  const until = performance.now() + deadline_ms
  return {
    infno: envelope.infno,
    envelope,
    institution,
    client: arrival.client,
    settings: settings.of(region?.division ?? institution.division),
    key: keyOf(infno, envelope, world),
    now,
    today: dayOf(now),
    world,
    submit: (ask: Ask) => within<Outcome>(world.submit(ask), until, { kind: 'unknown' }),
  }
}

/** The msgid is the institution's key; what must be the same under it is the transaction and its input. */
function keyOf(
  infno: string,
  { institution, msgid, input, device: terminal }: Envelope,
  world: Parts['world'],
): Key {
  const text = canonical({ infno, input, msgid })
  return { institution, key: msgid, fingerprint: world.fingerprint(text), input: text, terminal }
}

async function answer(
  transaction: Transaction,
  call: Call,
  { deadline_ms = usualDeadline_ms }: Parts,
  sessions: Sessions,
): Promise<Told> {
  const input = readNodes(transaction.input, call.envelope.input)
  const until = performance.now() + deadline_ms + grace_ms
  const late = transaction.writes ? tellUnknown : tellBusy
  const signsOut = transaction.infno === '9002'
  if (signsOut) await sessions.forget()
  const told = await within<Told>(transaction.handle(input, call), until, late)
  if (signsOut) await sessions.forget()
  return told
}

/** What something comes to, or what is told where it takes too long. */
async function within<T>(work: Promise<T>, until: number, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), Math.max(0, until - performance.now()))
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
