import type pg from 'pg'
import type { SealKey } from '../../engine/seal/head.ts'
import { type Checking, type KeyInLine, leadTo, trustedKeys } from '../../engine/seal/keyChain.ts'
import { readKeys } from './auditExport.ts'
import type { Client } from './postedRows.ts'
import { insertKey } from './sql/seal.ts'

/** A key that may not sign this log. */
export class SealKeyRefused extends Error {
  override name = 'SealKeyRefused'
}

/** The keys of the log that can be trusted, where the first is taken at its word. */
export const readTrustedKeys = async (
  client: Client,
  { digest, verify }: Checking,
): Promise<SealKey[]> => trustedKeys({ digest, verify }, await readKeys(client), undefined)

type Entering = Checking & { readonly pool: pg.Pool }
type Candidate = KeyInLine & { readonly vouched: string | undefined }

/** The place that a key would have among those of the log; undefined for the one that signs it already. */
interface Entry {
  readonly number: number
  readonly since: number
  readonly note: string | undefined
}

/**
 * Whether a key may sign this log from now on. The first is taken as it is; a later one needs what the key before says of it,
 * since whoever has the first must be able to follow. Entered once it stays, so that a wrong one must not get in.
 */
export async function checkSealKey(
  { pool, digest, verify }: Entering,
  candidate: Candidate,
): Promise<Entry | undefined> {
  const { name, publicKey, vouched } = candidate
  const known = await readKeys(pool)
  const last = known.at(-1)
  if (last?.name === name && last.publicKey === publicKey) {
    if (!leadTo(trustedKeys({ digest, verify }, known, undefined), candidate))
      throw new SealKeyRefused(notOurs(name))
    return undefined
  }
  if (known.some((one) => one.name === name || one.publicKey === publicKey))
    throw new SealKeyRefused(`The key ${name} was followed by another one, or its name is taken.`)
  const { rows } = await pool.query('select coalesce(max(size), 0) as size from seal_head')
  const since = Number(rows[0].size)
  const entered = { name, publicKey, since, ...(vouched !== undefined && { note: vouched }) }
  const trusted = trustedKeys({ digest, verify }, [...known, entered], known[0]?.publicKey)
  if (last && trusted.length !== known.length + 1)
    throw new SealKeyRefused(
      `The log is signed by ${last.name}, which does not vouch for ${name}: make the new key with "jiesuan seal-keys new --after" its file.`,
    )
  if (!leadTo(trusted, candidate)) throw new SealKeyRefused(notOurs(name))
  return { number: known.length + 1, since, note: last ? vouched : undefined }
}

const notOurs = (name: string): string =>
  `The keys of the log are not those that the file of ${name} has before it: somebody may have written the log anew. Compare with a head or a public key that was kept elsewhere.`

/** Enters the key that heads are signed with from now on. */
export async function enterSealKey(entering: Entering, key: Candidate): Promise<void> {
  const entry = await checkSealKey(entering, key)
  if (!entry) return
  const { number, since, note } = entry
  await entering.pool.query(insertKey, [key.name, key.publicKey, number, since, note ?? null])
}
