import type { RegionAsk } from '../../engine/awayClaim.ts'
import type { Instant } from '../../engine/day.ts'
import { judgeKey, type RegionDirectory } from './directory.ts'
import {
  type AnsweredRequest,
  type Headers,
  names,
  type RequestEnvelope,
  readHeaders,
  requestBase,
  spoken,
  window_ms,
} from './envelope.ts'
import { type Kinds, Malformed } from './forms.ts'
import type { Nonces, ReadJson, Seals } from './needs.ts'
import { type Turned, turn } from './problem.ts'

export interface Admitting {
  readonly directory: RegionDirectory
  readonly seals: Seals
  readonly nonces: Nonces
  readonly readJson: ReadJson
  readonly askForm: Kinds<RegionAsk>
  now(): Instant
}

/** A message as it came. */
export interface Arrived {
  readonly method: string
  /** As it was asked for, with whatever query stands behind it. */
  readonly path: string
  readonly headers: Headers
  readonly body: Buffer
}

/** Whose message it is: from then on even why it is turned away is signed, so that they can rely on it. */
export interface Proved {
  readonly envelope: RequestEnvelope
  readonly request: AnsweredRequest
}

/** Proves whose message it is. What costs nothing to see is looked at first. */
export function prove(arrived: Arrived, admitting: Admitting): Proved | Turned {
  const { headers } = arrived
  const asked = headers[names.version]
  if (typeof asked !== 'string' || !/^[1-9]\d{0,3}$/.test(asked))
    return turn('header-invalid', { header: names.version })
  if (!spoken.includes(asked)) return turn('version-not-spoken', { version: asked, spoken })
  const read = readHeaders(headers, 'request')
  if ('missing' in read) return turn('header-invalid', { header: read.missing })
  const { envelope, signature } = read
  const { sender: region, key: id } = envelope
  const partner = admitting.directory.partners.get(region)
  if (!partner) return turn('region-unknown', { region })
  const key = judgeKey(partner, id, admitting.now())
  if (typeof key === 'string') return turn(key, { region, key: id })
  const digest = admitting.seals.digest(arrived.body)
  const base = requestBase(arrived, envelope, digest)
  if (!admitting.seals.verify(key.publicKey, base, signature))
    return turn('signature-wrong', { region, key: id })
  return { envelope, request: { nonce: envelope.nonce, digest } }
}

/** Judges a proved message and reads it. The nonce comes before the body: whatever that holds, it is read once. */
export async function admit(
  { envelope }: Proved,
  { headers, body }: Pick<Arrived, 'headers' | 'body'>,
  admitting: Admitting,
): Promise<RegionAsk | Turned> {
  const { sender, receiver, created, nonce, key } = envelope
  const now = admitting.now()
  if (Math.abs(now - created) > window_ms)
    return turn('clock-differs', {
      created: new Date(created).toISOString(),
      now: new Date(now).toISOString(),
      window: window_ms / 1000,
    })
  if (!admitting.directory.own.has(receiver)) return turn('receiver-not-here', { receiver })
  if (!jsonForm.test(String(headers['content-type'])) || headers['content-encoding'] !== undefined)
    return turn('media-type-unsupported')
  const taken = await admitting.nonces.take(`region:${sender}:${key}`, nonce, now)
  if (taken === undefined) return turn('nonce-used')
  return read(body, envelope, admitting)
}

export const jsonForm = /^application\/json(;\s*charset="?utf-8"?)?$/i

function read(
  body: Buffer,
  { sender, reference }: RequestEnvelope,
  { readJson, askForm }: Admitting,
): RegionAsk | Turned {
  let json: unknown
  try {
    json = readJson(body)
  } catch {
    return turn('json-invalid')
  }
  try {
    const asked = askForm.read(json, true)
    if (referenceOf(asked) !== reference) return turn('reference-differs')
    const careRegion = careRegionOf(asked)
    return careRegion === undefined || careRegion === sender
      ? asked
      : turn('care-region-differs', { careRegion, region: sender })
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return turn('field-invalid', { field: error.field, expected: error.expected })
  }
}

/** What names the request on both sides; empty where it changes nothing and needs no name. */
export const referenceOf = (asked: RegionAsk): string =>
  'reference' in asked ? asked.reference : ''

const careRegionOf = (asked: RegionAsk) =>
  'claim' in asked ? asked.claim.scoped.careRegion : undefined
