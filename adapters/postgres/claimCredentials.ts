import type pg from 'pg'
import type { Credential } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import { cardHash, credentialHash } from './hashes.ts'
import type { Crypto } from './needs.ts'

/** A credential, and the number of the card that it derives from. */
export interface Claimed {
  readonly credential: Credential
  readonly card?: string | undefined
}

export interface ClaimOptions {
  readonly pool: pg.Pool
  readonly crypto: Crypto
  readonly now: () => Instant
}

/** Nothing comes back where the number is somebody else's. */
const claim = `
  insert into credential (number_hash, kind, owner_id, card_hash, recorded_at)
  values ($1, $2, $3, $4, $5)
  on conflict (number_hash) do update set card_hash = excluded.card_hash
  where credential.owner_id = excluded.owner_id
  returning owner_id`

/**
 * Says whose these credentials are, all or none: where one is somebody else's already, nothing is done and that one is given
 * back. The unique number decides between two who ask at once.
 */
export async function claimCredentials(
  { pool, crypto, now }: ClaimOptions,
  claimed: readonly Claimed[],
  owner: string,
): Promise<Credential | undefined> {
  const client = await pool.connect()
  let failure: unknown
  try {
    await client.query('begin')
    for (const { credential, card } of claimed) {
      const hash = credentialHash(crypto, credential)
      const ofCard = card === undefined ? null : cardHash(crypto, card)
      const values = [hash, credential.type, owner, ofCard, new Date(now())]
      const { rowCount } = await client.query(claim, values)
      if (rowCount === 1) continue
      await client.query('rollback')
      return credential
    }
    await client.query('commit')
    return undefined
  } catch (error) {
    failure = error
    throw error
  } finally {
    // A connection that failed may be in the middle of the transaction still.
    client.release(failure !== undefined)
  }
}
