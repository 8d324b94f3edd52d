import type pg from 'pg'
import { nameHashes } from './hashes.ts'
import type { Crypto } from './needs.ts'
import { openIdentity } from './register.ts'

const slice = 500

const unhashed = `
  select owner_id, identity from person where name_hash is null and owner_id > $1 order by owner_id limit ${slice}`

/** Whoever is recorded anew meanwhile has what belongs to their new name. */
const fill = `
  update person p set family_hash = q.family_hash, name_hash = q.name_hash
  from unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[]) as q (owner_id, identity, family_hash, name_hash)
  where p.owner_id = q.owner_id and p.identity = q.identity and p.name_hash is null`

interface Unhashed {
  readonly owner_id: string
  readonly identity: Buffer
}

/**
 * Gives people what their masked names are found by, who were recorded before there was such a thing: slice by slice, each by
 * itself, so that it may end anywhere and go on at the next start. Tells how many it was.
 */
export async function indexNames(
  { pool, crypto }: { readonly pool: pg.Pool; readonly crypto: Crypto },
  isOver: () => boolean = () => false,
): Promise<number> {
  let done = 0
  for (let after = ''; !isOver(); ) {
    const { rows } = await pool.query<Unhashed>(unhashed, [after])
    const last = rows.at(-1)
    if (!last) break
    const hashes = rows.map((row) =>
      nameHashes(crypto, openIdentity(crypto, row.owner_id, row.identity).name),
    )
    await pool.query(fill, [
      rows.map((row) => row.owner_id),
      rows.map((row) => row.identity),
      hashes.map(({ family }) => family),
      hashes.map(({ whole }) => whole),
    ])
    done += rows.length
    after = last.owner_id
  }
  return done
}
