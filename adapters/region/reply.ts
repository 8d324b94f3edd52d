import { type RegionAsk, RegionFault, type RegionReply } from '../../engine/awayClaim.ts'
import type { Instant } from '../../engine/day.ts'
import { jsonForm } from './admission.ts'
import { replyTo } from './batch.ts'
import { judgeKey, type Partner } from './directory.ts'
import {
  type AnsweredRequest,
  names,
  type RequestEnvelope,
  readHeaders,
  replyBase,
  spoken,
  window_ms,
} from './envelope.ts'
import type { Raw } from './exchange.ts'
import { checkFit } from './fitting.ts'
import { Malformed } from './forms.ts'
import { replyForm } from './messageForms.ts'
import type { ReadJson, Seals } from './needs.ts'

export interface Reading {
  readonly seals: Seals
  readonly readJson: ReadJson
  now(): Instant
}

/** The request that an answer has to belong to. */
export interface Sent {
  readonly partner: Partner
  readonly envelope: RequestEnvelope
  readonly request: AnsweredRequest
}

/** Opens an answer: signed by the region that was asked, to this very request, a moment ago; anything else is a RegionFault. */
export function openReply(raw: Raw, sent: Sent, reading: Reading): unknown {
  const { status, headers, body } = raw
  if (status !== 200) throw turnedAway(raw, sent, reading)
  if (!jsonForm.test(String(headers['content-type']))) throw bad('the answer is no JSON')
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw bad('the answer is compressed')
  const wrong = proveReply(raw, sent, reading)
  if (wrong !== undefined) throw bad(wrong)
  try {
    return reading.readJson(body)
  } catch (error) {
    throw bad('the answer is no JSON as it is read here', error)
  }
}

/** Reads what was answered to a message. */
export function readReply(json: unknown, asked: RegionAsk): RegionReply {
  const reply = readForm(json)
  checkFit(asked, reply)
  return reply
}

/** The same where it stands among others, each under the place and the name of its message; what turned a message away stands there too. */
export function readOneReply(json: unknown, asked: RegionAsk, position: number): RegionReply {
  const told = replyTo(asked, position, json)
  if (!told) throw bad('the answer is to another message')
  if (told.problem === undefined) return readReply(told.reply, asked)
  const { status, code } = (told.problem ?? {}) as {
    readonly status?: unknown
    readonly code?: unknown
  }
  throw turnedAwayWith(typeof status === 'number' ? status : 500, code)
}

function readForm(json: unknown): RegionReply {
  try {
    return answers.read(json, false)
  } catch (error) {
    if (error instanceof Malformed) throw bad(error.message, error)
    throw error
  }
}

/** Answers are only read here, so that no sentences of ours are needed. */
const answers = replyForm(() => ({ en: '', zh: '' }))

/** Undefined where the answer is theirs and to this request, else what is wrong. */
function proveReply(
  { status, headers, body }: Raw,
  { partner, envelope: asked, request }: Sent,
  reading: Reading,
): string | undefined {
  const { seals } = reading
  const now = reading.now()
  const told = headers[names.version]
  if (typeof told !== 'string' || !spoken.includes(told))
    return 'the answer is in a version that is not spoken here'
  const read = readHeaders(headers, 'reply')
  if ('missing' in read) return `the header ${read.missing} of the answer is missing or wrong`
  const { envelope, signature } = read
  if (envelope.sender !== asked.receiver || envelope.receiver !== asked.sender)
    return 'the answer is from or for another region'
  if (envelope.reference !== asked.reference) return 'the answer is to another reference'
  const key = judgeKey(partner, envelope.key, now)
  if (typeof key === 'string') return `the key of the answer does not count: ${key}`
  const base = replyBase(status, envelope, seals.digest(body), request)
  if (!seals.verify(key.publicKey, base, signature))
    return 'the signature of the answer is wrong, or it answers another request'
  return Math.abs(now - envelope.created) > window_ms
    ? 'the answer was signed at a time too far from ours'
    : undefined
}

/** Their code is told only where they signed it; words of a stranger are not passed on. */
function turnedAway(raw: Raw, sent: Sent, reading: Reading): RegionFault {
  const { status, body } = raw
  if (proveReply(raw, sent, reading) !== undefined) return bad(`answered ${status}`)
  return turnedAwayWith(status, codeIn(body, reading))
}

function codeIn(body: Buffer, { readJson }: Reading): unknown {
  try {
    return (readJson(body) as { readonly code?: unknown }).code
  } catch {
    return undefined
  }
}

function turnedAwayWith(status: number, code: unknown): RegionFault {
  const said = typeof code === 'string' && /^[a-z-]{1,64}$/.test(code) ? code : 'no code'
  const message = `answered ${status}, ${said}`
  if (status === 503) return new Busy(message)
  return status < 500 ? new TurnedAway(message) : bad(message)
}

/** The region itself says that this message is wrong: it is there, and others may be right. */
export class TurnedAway extends RegionFault {
  constructor(message: string) {
    super('bad-answer', message)
  }
}

/** The region itself says that it has done nothing and may be asked again: it is there. */
export class Busy extends RegionFault {
  constructor(message: string) {
    super('bad-answer', message)
  }
}

const bad = (message: string, cause?: unknown): RegionFault =>
  new RegionFault('bad-answer', message, cause)
