import type { RegionAsk } from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
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
import { Malformed } from './forms.ts'
import { askForm } from './messageForms.ts'
import type { Nonces, ReadJson, Seals } from './needs.ts'
import { type Turned, turn } from './problem.ts'

export interface Admitting {
  readonly directory: RegionDirectory
  readonly seals: Seals
  readonly nonces: Nonces
  readonly readJson: ReadJson
  readonly now: () => Instant
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

/** What a proved message holds. */
export interface Admitted {
  readonly json: unknown
}

/** Judges a proved message and opens it. The nonce comes before the body: whatever that holds, it is read once. */
export async function admit(
  { envelope }: Proved,
  { headers, body }: Pick<Arrived, 'headers' | 'body'>,
  admitting: Admitting,
): Promise<Admitted | Turned> {
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
  try {
    return { json: admitting.readJson(body) }
  } catch {
    return turn('json-invalid')
  }
}

export const jsonForm = /^application\/json(;\s*charset="?utf-8"?)?$/i

/** Reads the message of an envelope that names it. */
export function readNamed({ json }: Admitted, { envelope }: Proved): RegionAsk | Turned {
  const asked = readAsk(json, envelope.sender)
  if ('problem' in asked || referenceOf(asked) === envelope.reference) return asked
  return turn('reference-differs')
}

/** Reads a message of a region: what it has treated is its own to ask about. */
export function readAsk(json: unknown, sender: Division): RegionAsk | Turned {
  try {
    const asked = askForm.read(json, true)
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
