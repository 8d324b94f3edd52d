import type pg from 'pg'
import { openCard } from './cards.ts'
import { cardHash } from './hashes.ts'
import type { Crypto } from './needs.ts'

export interface KeyCheckOptions {
  readonly pool: pg.Pool
  readonly crypto: Crypto
  /** What only a holder of each key can compute, by the key's name. */
  readonly proofs: ReadonlyMap<string, Buffer>
  readonly mode: 'sandbox' | 'production'
}

const cure = 'Set DATA_KEY_FILE to the key file that this database was filled with.'

/**
 * Refuses keys other than those that the database was filled with: with them nobody in it would be found and nothing could
 * be read. The first start leaves the proofs and its mode, every later one compares them.
 */
export async function checkKeys({ pool, crypto, proofs, mode }: KeyCheckOptions): Promise<void> {
  const ours = new Map([...proofs, ['mode', Buffer.from(mode)]])
  const kept = await readProofs(pool)
  compare(kept, ours)
  if (!kept.has('index key')) await tryOnCard(pool, crypto)
  await pool.query(
    `insert into key_check (key, proof) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing`,
    [[...ours.keys()], [...ours.values()]],
  )
  // Another process may have been first, with keys of its own.
  compare(await readProofs(pool), ours)
}

/** The mode comes first: invented people and real ones are a worse mistake than a wrong key. */
async function readProofs(pool: pg.Pool): Promise<Map<string, Buffer>> {
  const { rows } = await pool.query<{ key: string; proof: Buffer }>(
    `select key, proof from key_check
     union all
     -- The clock of a sandbox tells one that ran before proofs were kept.
     select 'mode', convert_to('sandbox', 'UTF8') from clock_mark
     where not exists (select from key_check where key = 'mode')
     order by key desc`,
  )
  return new Map(rows.map(({ key, proof }) => [key, proof]))
}

function compare(kept: ReadonlyMap<string, Buffer>, ours: ReadonlyMap<string, Buffer>): void {
  for (const [key, proof] of kept) {
    const own = ours.get(key)
    if (own?.equals(proof)) continue
    if (key === 'mode') throw new Error(otherMode(proof.toString()))
    if (!own) throw new Error(`The database was filled with ${key}, which we have not. ${cure}`)
    throw new Error(`The database was filled with another ${key} than ours. ${cure}`)
  }
}

const otherMode = (filledBy: string): string =>
  filledBy === 'sandbox'
    ? 'The database was filled by a sandbox: its people are invented and, unless it had a DATA_KEY_FILE, its key is the ' +
      'one that everybody knows. Give production a database of its own, or set MODE=sandbox.'
    : 'The database was filled in production. Give the sandbox another DATABASE_URL, or none.'

/** A database that was filled before proofs were kept proves the keys by what it holds. */
async function tryOnCard(pool: pg.Pool, crypto: Crypto): Promise<void> {
  const { rows } = await pool.query(
    'select c.card_hash, c.document, c.identity, null::int as tries_left, null::boolean as pin_initial from card c limit 1',
  )
  if (rows[0] && !opens(crypto, rows[0]))
    throw new Error(`The database was filled with other data keys than ours. ${cure}`)
}

function opens(crypto: Crypto, row: Parameters<typeof openCard>[1]): boolean {
  try {
    return cardHash(crypto, openCard(crypto, row).number).equals(row.card_hash)
  } catch {
    return false
  }
}
