import type pg from 'pg'
import type { SealKey } from '../../engine/seal/head.ts'
import { insertKey, keysOf } from './sql/seal.ts'

interface KeyRow {
  readonly name: string
  readonly public_key: string
  readonly number: number
}

/** A key that may not sign this log. */
export class SealKeyRefused extends Error {
  override name = 'SealKeyRefused'
}

/**
 * Enters the key that heads are signed with from now on. The first is taken as it is; a later one needs what the key before
 * says of it, since whoever has the first must be able to follow.
 */
export async function enterSealKey(
  pool: pg.Pool,
  key: SealKey & { readonly vouched: string | undefined },
): Promise<void> {
  const { name, publicKey, vouched } = key
  const { rows } = await pool.query<KeyRow>(keysOf)
  const last = rows.at(-1)
  if (last?.name === name && last.public_key === publicKey) return
  if (rows.some((row) => row.name === name || row.public_key === publicKey))
    throw new SealKeyRefused(`The key ${name} was followed by another one, or its name is taken.`)
  if (last && vouched === undefined)
    throw new SealKeyRefused(
      `The log is signed by ${last.name}, which does not vouch for ${name}: make the new key with "jiesuan seal-keys new --after".`,
    )
  const size = (await pool.query('select coalesce(max(size), 0) as size from seal_head')).rows[0]
    .size
  await pool.query(insertKey, [
    name,
    publicKey,
    (last?.number ?? 0) + 1,
    size,
    last ? vouched : null,
  ])
}
