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
    update card_pin set tries_left = tries_left - 1, taken = taken + 1
    where owner_id = $1 and card_hash = $2 and tries_left > 0 and (select wrong from recent) < ${mostWrong}
    returning *
  ), noted as (
    insert into pin_try (owner_id, card_hash, id, kind, number, institution, terminal, tried_at)
    select $1, $2, $3, 'taken', taken.taken, $4, $5, $6 from taken
  )
  select wrong, verifier, key_version, initial, tries_left from recent left join taken on true`

/** All up to it are given back, and what was taken after it stays taken: those tries may still be wrong ones. */
const tellRight = `
  with told as (
    insert into pin_try (owner_id, card_hash, id, kind, number, institution, terminal, tried_at)
    select owner_id, card_hash, id, 'right', number, institution, terminal, $4
    from pin_try where owner_id = $1 and card_hash = $2 and id = $3 and kind = 'taken'
    on conflict do nothing
    returning number
  )
  update card_pin p set right_to = told.number, tries_left = p.tries - (p.taken - told.number)::int
  from told where p.owner_id = $1 and p.card_hash = $2 and told.number > p.right_to`

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
      await pool.query(tellRight, [owner, cardHash(crypto, card), id, new Date(now())])
    },
    async renew({ owner, card }, { made }, { verifier, keyVersion }) {
      const values = [owner, cardHash(crypto, card), verifier, keyVersion]
      await pool.query(renewVerifier, [...values, made?.verifier, made?.keyVersion])
    },
  }
}
