import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import { cardHash } from './hashes.ts'
import type { Crypto } from './needs.ts'

/** Whose card, and where its PIN is tried. */
export interface PinTried {
  readonly owner: string
  readonly card: string
  readonly institution: string
  readonly terminal?: string | undefined
}

/** What a PIN is checked by (PIN 校验值), and the version of the keys that it was made with. */
export interface PinMade {
  readonly verifier: Buffer
  readonly keyVersion: number
}

/** A try that was taken (密码尝试): it counts as wrong until it is told to be right. */
export interface PinTry {
  readonly id: string
  /** Absent where the PIN is still the one that cards are made with, or was never told to us. */
  readonly made?: PinMade | undefined
  readonly initial: boolean
  /** How many more wrong tries lock it, this one counted as wrong. */
  readonly left: number
}

/**
 * The tries of PINs (密码错误次数). A try is taken in a transaction of its own before the PIN is looked at: neither a race nor
 * a kill gives one back.
 */
export interface Pins {
  /** `locked` where no try is left, `pause` where the terminal has had too many wrong ones of late. */
  take(tried: PinTried): Promise<PinTry | 'locked' | 'pause'>
  /** Gives back the tries up to this one, and none that were taken since. */
  right(tried: PinTried, taken: PinTry): Promise<void>
  /** Keeps the same PIN under newer keys, unless it was changed since it was looked at. */
  renew(tried: PinTried, taken: PinTry, made: PinMade): Promise<void>
}

export interface PinOptions {
  readonly pool: pg.Pool
  readonly crypto: Crypto
  readonly now: () => Instant
  readonly newId: (owner: string) => string
}

/** One PIN tried on many cards (S19): so many wrong tries at a terminal within so long, and it has to wait. */
const mostWrong = 20
const within_ms = 10 * 60 * 1000

const takeTry = `
  with recent as (
    select count(*) as wrong from pin_try t
    where institution = $4 and terminal is not distinct from $5 and kind = 'taken' and tried_at > $7
      and not exists (
        select from pin_try r
        where r.owner_id = t.owner_id and r.card_hash = t.card_hash and r.id = t.id and r.kind = 'right')
  ), taken as (
    update card_pin set tries_left = tries_left - 1
    where owner_id = $1 and card_hash = $2 and tries_left > 0 and (select wrong from recent) < ${mostWrong}
    returning *
  ), noted as (
    insert into pin_try (owner_id, card_hash, id, kind, consumed, institution, terminal, tried_at)
    select $1, $2, $3, 'taken', tries - tries_left, $4, $5, $6 from taken
  )
  select wrong, verifier, key_version, initial, tries_left from recent left join taken on true`

/**
 * What was taken after it stays taken: those tries may still be wrong ones. They are counted and not subtracted, since of two
 * right ones at once either might give back what the other did. Where a try was taken meanwhile nothing is done, and it is told again.
 */
const tellRight = `
  with since as (
    select p.tries_left as seen, (
      select count(*)::int from pin_try t
      where t.owner_id = $1 and t.card_hash = $2 and t.kind = 'taken' and t.id > $3) as more
    from card_pin p where p.owner_id = $1 and p.card_hash = $2
  ), given as (
    update card_pin p set tries_left = greatest(p.tries_left, p.tries - since.more)
    from since where p.owner_id = $1 and p.card_hash = $2 and p.tries_left = since.seen
    returning p.owner_id
  ), told as (
    insert into pin_try (owner_id, card_hash, id, kind, consumed, institution, terminal, tried_at)
    select owner_id, card_hash, id, 'right', consumed, institution, terminal, $4
    from pin_try join given using (owner_id) where card_hash = $2 and id = $3 and kind = 'taken'
    on conflict do nothing
  )
  select since.seen from since where not exists (select from given)`

const renewVerifier = `
  update card_pin set verifier = $3, key_version = $4
  where owner_id = $1 and card_hash = $2 and verifier = $5 and key_version = $6`

export function createPins({ pool, crypto, now, newId }: PinOptions): Pins {
  return {
    async take({ owner, card, institution, terminal }) {
      const id = newId(owner)
      const hash = cardHash(crypto, card)
      const at = now()
      const since = new Date(at - within_ms)
      const values = [owner, hash, id, institution, terminal ?? null, new Date(at), since]
      const { rows } = await pool.query(takeTry, values)
      const { wrong, verifier, key_version: keyVersion, initial, tries_left: left } = rows[0]
      if (wrong >= mostWrong) return 'pause'
      if (left === null) return 'locked'
      const made = verifier === null ? undefined : { verifier, keyVersion }
      return { id, made, initial, left }
    },
    async right({ owner, card }, { id }) {
      const values = [owner, cardHash(crypto, card), id, new Date(now())]
      for (let isMissed = true; isMissed; )
        isMissed = (await pool.query(tellRight, values)).rowCount === 1
    },
    async renew({ owner, card }, { made }, { verifier, keyVersion }) {
      const values = [owner, cardHash(crypto, card), verifier, keyVersion]
      await pool.query(renewVerifier, [...values, made?.verifier, made?.keyVersion])
    },
  }
}
