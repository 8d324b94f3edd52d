import type http from 'node:http'
import { type RegionAsk, RegionFault, type RegionReply } from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import { referenceOf } from './admission.ts'
import { longestAnswer, movesMoney, repliesOf, writeBatch } from './batch.ts'
import type { Breaker } from './breaker.ts'
import { type Partner, type RegionDirectory, signingKey } from './directory.ts'
import { batchesPath, messagesPath, requestBase, version, writeHeaders } from './envelope.ts'
import { post } from './exchange.ts'
import { askForm } from './messageForms.ts'
import {
  Busy,
  openReply,
  type Reading,
  readOneReply,
  readReply,
  type Sent,
  TurnedAway,
} from './reply.ts'
import type { Outgoing } from './turnstile.ts'

/** A message on its way out, and whoever waits for its answer. */
export interface Message extends Outgoing {
  readonly asked: RegionAsk
  readonly from: Division
  /** Whether it tries a region that was left alone. */
  readonly isTry: boolean
  readonly text: string
  /** Nobody waits for an answer any longer than until then, in milliseconds that never run backwards. */
  readonly until: number
  readonly reply: Promise<RegionReply>
  readonly answer: (reply: RegionReply) => void
  readonly fail: (error: unknown) => void
}

/** A try of a region that was left alone goes alone, and so does what is answered at length; what looks goes without what moves money. */
export function messageOf(
  asked: RegionAsk,
  from: Division,
  { until, isTry }: { readonly until: number; readonly isTry: boolean },
): Message {
  const text = JSON.stringify(askForm.write(asked))
  const { promise: reply, resolve: answer, reject: fail } = Promise.withResolvers<RegionReply>()
  const together = movesMoney(asked.kind) ? from : `${from} looks`
  const company = isTry || asked.kind === 'statement' ? undefined : together
  const bytes = Buffer.byteLength(text)
  // What became of a bill is asked until it is known: not to have been sent would count as silence.
  const patient = asked.kind === 'query'
  return { asked, from, isTry, text, bytes, patient, until, company, reply, answer, fail }
}

export interface SendingOptions extends Reading {
  readonly directory: RegionDirectory
  /** 32 hexadecimal digits that nobody can guess. */
  newNonce(): string
}

/** What an envelope is sent over, and to whom. */
export interface Way {
  readonly partner: Partner
  readonly agent: http.Agent
  readonly breaker: Breaker
}

/** Whoever goes in one envelope. */
export type Company = readonly [Message, ...Message[]]

/** Whoever waits as long as the others but for so much hears with them whether anything can have left. */
const sameTime_ms = 100

/** Sends messages in one envelope, tells each what became of it, and the breaker how it went. */
export async function sendTogether(
  messages: Company,
  way: Way,
  options: SendingOptions,
): Promise<void> {
  const last = Math.max(...messages.map(({ until }) => until))
  const hasty = messages.filter(({ until }) => last - until > sameTime_ms)
  const timers = hasty.map(giveUpInTime)
  try {
    const answers = await exchange(messages, way, options, Math.max(last - performance.now(), 0))
    tell(messages, answers, way.breaker)
  } catch (error) {
    tellBreaker([error], messages, way.breaker)
    for (const one of messages) one.fail(error)
  } finally {
    for (const timer of timers) clearTimeout(timer)
  }
}

/** Whoever can wait less than the others does so; what they asked may have arrived. */
const giveUpInTime = ({ until, fail }: Message): NodeJS.Timeout =>
  setTimeout(() => fail(new RegionFault('lost', 'no answer in time')), until - performance.now())

/** Reads what was answered to one of the messages. */
type Answers = (asked: RegionAsk, at: number) => RegionReply

function tell(messages: Company, answers: Answers, breaker: Breaker): void {
  const faults: unknown[] = []
  for (const [at, one] of messages.entries())
    try {
      one.answer(answers(one.asked, at))
    } catch (error) {
      faults.push(error)
      one.fail(error)
    }
  if (faults.length < messages.length) breaker.succeeded()
  else tellBreaker(faults, messages, breaker)
}

/** A region of which one answer at least makes sense is there; one that says of all that it is busy is there as well, but busy. */
function tellBreaker(faults: readonly unknown[], [first]: Company, breaker: Breaker): void {
  const busy = faults.find((fault) => fault instanceof Busy)
  if (faults.some((fault) => fault instanceof TurnedAway)) breaker.succeeded()
  else if (busy) breaker.busy(first.isTry, busy)
  else breaker.failed(first.isTry, faults.at(-1))
}

async function exchange(
  messages: Company,
  way: Way,
  options: SendingOptions,
  time_ms: number,
): Promise<Answers> {
  const { partner, agent } = way
  const [first, ...others] = messages
  const alone = others.length === 0
  const path = alone ? messagesPath : batchesPath
  const body = Buffer.from(alone ? first.text : writeBatch(messages.map(({ text }) => text)))
  const reference = alone ? referenceOf(first.asked) : ''
  const { sent, headers } = seal({ from: first.from, path, reference, body }, partner, options)
  const raw = await post({
    url: new URL(path, partner.url),
    headers,
    body,
    agent,
    time_ms,
    mostRead: longestAnswer(messages.length),
  })
  const json = openReply(raw, sent, options)
  if (alone) return (asked) => readReply(json, asked)
  const replies = repliesOf(json, messages.length)
  if (!replies) throw new RegionFault('bad-answer', `not ${messages.length} answers`)
  return (asked, at) => readOneReply(replies[at], asked, at)
}

interface Unsealed {
  readonly from: Division
  readonly path: string
  readonly reference: string
  readonly body: Buffer
}

function seal(
  { from, path, reference, body }: Unsealed,
  partner: Partner,
  options: SendingOptions,
): { readonly sent: Sent; readonly headers: Record<string, string> } {
  const created = options.now()
  const key = signingKey(options.directory, from, created)
  if (!key) throw new RegionFault('unsent', `no key of ${from} is valid today`)
  const digest = options.seals.digest(body)
  const nonce = options.newNonce()
  const own = { version, sender: from, receiver: partner.division, key: key.id }
  const envelope = { ...own, created, reference, nonce }
  const signature = key.sign(requestBase({ method: 'POST', path }, envelope, digest))
  return {
    sent: { partner, envelope, request: { nonce, digest } },
    headers: { ...writeHeaders(envelope, signature), 'content-type': 'application/json' },
  }
}
