import type { Division } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import { covers, type Span } from '../../engine/day.ts'
import type { Region } from '../../engine/route.ts'
import type { SigningKey } from './needs.ts'

/** A public key of another region (公钥), good from one day to another: several at a time, so that they can be changed. */
export interface PartnerKey extends Span {
  readonly id: string
  readonly publicKey: string
  /** Given up before its time (吊销): nothing that it signed counts from now on. */
  readonly revoked: boolean
}

/** Another region that this one exchanges messages with (异地统筹区). */
export interface Partner extends Region {
  readonly url: URL
  readonly keys: readonly PartnerKey[]
  /** Exchanges under way at a time, and messages that wait for one of them to end. */
  readonly atOnce: number
  readonly waiting: number
  /** So many messages it takes in one envelope; where it is 1 each goes alone. */
  readonly together: number
  /** The whole of an exchange, waiting included, takes no longer. */
  readonly timeOut_ms: number
}

/** A key of ours and the days on which it signs. */
export interface OwnKey extends Span {
  readonly key: SigningKey
}

/** Who speaks to whom, and with which keys (区域通讯录). */
export interface RegionDirectory {
  readonly partners: ReadonlyMap<Division, Partner>
  /** By each division that is served here. */
  readonly own: ReadonlyMap<Division, readonly OwnKey[]>
}

const chinaIsAhead_ms = 8 * 60 * 60 * 1000

const dayOf = (at: Instant): Day => new Date(at + chinaIsAhead_ms).toISOString().slice(0, 10) as Day

/** The key that signs for a division of ours: of those that are good today the one that began last. */
export function signingKey(
  { own }: RegionDirectory,
  division: Division,
  now: Instant,
): SigningKey | undefined {
  const today = dayOf(now)
  const good = (own.get(division) ?? []).filter((each) => covers(each, today))
  return good.toSorted((a, b) => (a.from < b.from ? 1 : -1))[0]?.key
}

/** A public key of another region, or why it proves nothing now. */
export function judgeKey(
  { keys }: Partner,
  id: string,
  now: Instant,
): PartnerKey | 'key-unknown' | 'key-revoked' | 'key-not-valid' {
  const key = keys.find((each) => each.id === id)
  if (!key) return 'key-unknown'
  if (key.revoked) return 'key-revoked'
  return covers(key, dayOf(now)) ? key : 'key-not-valid'
}
