import type { Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import { referenceForm } from './words.ts'

/** Where a message between regions is sent, and where several are sent in one envelope (合并报文). */
export const messagesPath = '/region/v1/messages'
export const batchesPath = '/region/v1/message-batches'

/** The version of the protocol that is spoken here, and all of them. */
export const version = '1'
export const spoken = [version]

/** How far a time of signing may be from our clock. */
export const window_ms = 300_000

/** What a message says of itself, beside its body (报文头). */
export interface Envelope {
  readonly version: string
  readonly sender: Division
  readonly receiver: Division
  /** Which of the sender's keys signed. */
  readonly key: string
  readonly created: Instant
  /** Empty where the request has none. */
  readonly reference: string
}

/** A request is good once: what makes it so is in its answer's signature too. */
export interface RequestEnvelope extends Envelope {
  readonly nonce: string
}

/** Names of the headers; HTTP knows no capitals in them. */
export const names = {
  version: 'region-version',
  sender: 'region-sender',
  receiver: 'region-receiver',
  key: 'region-key',
  created: 'region-created',
  nonce: 'region-nonce',
  reference: 'region-reference',
  signature: 'region-signature',
} as const

type Name = keyof typeof names

const forms: Readonly<Record<Exclude<Name, 'version'>, RegExp>> = {
  sender: /^\d{6}$/,
  receiver: /^\d{6}$/,
  key: /^[0-9A-Za-z._-]{1,64}$/,
  created: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
  nonce: /^[0-9a-f]{32}$/,
  reference: referenceForm,
  // One signature has one writing, so that none can be another's.
  signature: /^[0-9a-f]{128}$/,
}

/** What is signed, before what it is made of is put in, one name and value a line. */
type Signed = readonly (readonly [name: string, value: string])[]

const baseOf = (what: string, signed: Signed): Buffer =>
  Buffer.from([what, ...signed.map(([name, value]) => `${name}: ${value}`)].join('\n'))

const common = (envelope: Envelope): Signed => [
  ['version', envelope.version],
  ['sender', envelope.sender],
  ['receiver', envelope.receiver],
  ['key', envelope.key],
  ['created', writeCreated(envelope.created)],
  ['reference', envelope.reference],
]

/** The bytes under the signature of a request; `digest` is the SM3 of its body. */
export const requestBase = (
  line: { readonly method: string; readonly path: string },
  envelope: RequestEnvelope,
  digest: string,
): Buffer =>
  baseOf('jiesuan region request', [
    ['method', line.method],
    ['path', line.path],
    ...common(envelope),
    ['nonce', envelope.nonce],
    ['digest', digest],
  ])

/** What an answer belongs to. */
export interface AnsweredRequest {
  readonly nonce: string
  readonly digest: string
}

/** The bytes under the signature of an answer: it names the request, so that it answers no other. */
export const replyBase = (
  status: number,
  envelope: Envelope,
  digest: string,
  request: AnsweredRequest,
): Buffer =>
  baseOf('jiesuan region reply', [
    ['status', String(status)],
    ...common(envelope),
    ['digest', digest],
    ['request-nonce', request.nonce],
    ['request-digest', request.digest],
  ])

const writeCreated = (at: Instant): string => new Date(at).toISOString()

/** The headers of a message. */
export function writeHeaders(
  envelope: Envelope & { readonly nonce?: string },
  signature: string,
): Record<string, string> {
  const { version: spokenHere, sender, receiver, key, created, reference, nonce } = envelope
  return {
    [names.version]: spokenHere,
    [names.sender]: sender,
    [names.receiver]: receiver,
    [names.key]: key,
    [names.created]: writeCreated(created),
    ...(reference !== '' && { [names.reference]: reference }),
    ...(nonce !== undefined && { [names.nonce]: nonce }),
    [names.signature]: signature,
  }
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

export type ReadEnvelope =
  | { readonly envelope: RequestEnvelope; readonly signature: string }
  | { readonly missing: string }

/** Reads the headers of a message but its version, which is looked at first. Answers have no nonce of their own. */
export function readHeaders(headers: Headers, what: 'request' | 'reply'): ReadEnvelope {
  const read: Record<string, string> = {}
  for (const [name, form] of Object.entries(forms)) {
    const given = headers[names[name as Name]]
    const mayLack = name === 'reference' || (name === 'nonce' && what === 'reply')
    if (given === undefined && mayLack) continue
    if (typeof given !== 'string' || !form.test(given)) return { missing: names[name as Name] }
    read[name] = given
  }
  const created = Date.parse(read['created'] as string)
  // A day such as 30 February has the form and is none; the moment must write itself back.
  if (Number.isNaN(created) || writeCreated(created) !== read['created'])
    return { missing: names.created }
  const { signature, reference = '', nonce = '' } = read
  const { sender, receiver, key } = read as Record<'sender' | 'receiver' | 'key', string>
  return {
    envelope: { version, sender, receiver, key, created, reference, nonce },
    signature: signature as string,
  }
}
