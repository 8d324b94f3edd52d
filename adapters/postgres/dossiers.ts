import type pg from 'pg'
import { type Dossiers, type Kept, keptOf, type Subject } from '../../engine/dossier.ts'
import { dossiersOf, openEntry } from './entries.ts'
import type { Crypto } from './needs.ts'
import { listEntries, readEntries, type StoredEntry } from './sql/entries.ts'
import type { Statement } from './transaction.ts'

/** What is kept of subjects, for whoever only reads (档案查询). */
export interface DossierQueries {
  read(subject: Subject): Promise<readonly Kept[]>
  /** The same of several. */
  readEach(subjects: readonly Subject[]): Promise<Dossiers>
  /** Every subject of an owner whose name begins with a prefix, by name. */
  list(owner: string, prefix: string): Promise<ReadonlyMap<string, readonly Kept[]>>
}

export function createDossiers({
  pool,
  crypto,
}: {
  pool: pg.Pool
  crypto: Crypto
}): DossierQueries {
  const ask = async (statement: Statement): Promise<StoredEntry[]> =>
    (await pool.query<StoredEntry>({ ...statement, values: [...statement.values] })).rows
  const readEach = async (subjects: readonly Subject[]): Promise<Dossiers> =>
    dossiersOf(crypto, await ask(readEntries(subjects)))
  return {
    readEach,
    read: async (subject) => keptOf(await readEach([subject]), subject),
    async list(owner, prefix) {
      const dossiers = new Map<string, Kept[]>()
      for (const row of await ask(listEntries(owner, prefix))) {
        const kept = dossiers.get(row.subject) ?? []
        dossiers.set(row.subject, kept)
        kept.push(openEntry(crypto, row))
      }
      return dossiers
    },
  }
}
