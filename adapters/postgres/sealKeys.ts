import type pg from 'pg'
import type { SealKey } from '../../engine/seal/head.ts'
import { type Checking, trustedKeys } from '../../engine/seal/keyChain.ts'
import { readKeys } from './auditExport.ts'
import { insertKey } from './sql/seal.ts'

/** A key that may not sign this log. */
export class SealKeyRefused extends Error {
  override name = 'SealKeyRefused'
}

/**
 * Enters the key that heads are signed with from now on. The first is taken as it is; a later one needs what the key before
 * says of it, since whoever has the first must be able to follow.
 */
export async function enterSealKey(
  { pool, digest, verify }: Checking & { readonly pool: pg.Pool },
  key: SealKey & { readonly vouched: string | undefined },
): Promise<void> {
  const { name, publicKey, vouched } = key
  const known = await readKeys(pool)
  const last = known.at(-1)
  if (last?.name === name && last.publicKey === publicKey) return
  if (known.some((one) => one.name === name || one.publicKey === publicKey))
    throw new SealKeyRefused(`The key ${name} was followed by another one, or its name is taken.`)
  const { rows } = await pool.query('select coalesce(max(size), 0) as size from seal_head')
  const since = Number(rows[0].size)
  const entered = { name, publicKey, since, ...(vouched !== undefined && { note: vouched }) }
  // Whoever has the first key has to be able to follow; entered once it stays, so that a wrong one must not get in.
  if (
    last &&
    trustedKeys({ digest, verify }, [...known, entered], known[0]?.publicKey).length !==
      known.length + 1
  )
    throw new SealKeyRefused(
      `The log is signed by ${last.name}, which does not vouch for ${name}: make the new key with "jiesuan seal-keys new --after" its file.`,
    )
  await pool.query(insertKey, [name, publicKey, known.length + 1, since, last ? vouched : null])
}
