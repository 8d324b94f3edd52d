import {
  type Dossiers,
  type Json,
  type Kept,
  type Subject,
  subjectKey,
} from '../../engine/dossier.ts'
import type { Crypto, Sealed } from './needs.ts'
import type { StoredEntry } from './sql/entries.ts'

/** What stands in the clear beside a body: its place, what it says, and whose word it is. */
type Place = Pick<Kept, 'version' | 'kind' | 'institution'> & { readonly subject: Subject }

/** An entry opens only as what it was written: none can be moved to another subject or version, or turned into another kind. */
const placeOf = ({ subject: { owner, name }, version, kind, institution }: Place): Buffer =>
  Buffer.from(['entry', owner, name, version, kind, institution].join('\0'))

export const sealEntry = ({ cipher }: Crypto, place: Place, body: Json): Sealed =>
  cipher.encrypt(Buffer.from(JSON.stringify(body)), placeOf(place))

export function openEntry({ cipher }: Crypto, row: StoredEntry): Kept {
  const subject = { owner: row.owner_id, name: row.subject }
  const { version, kind, institution } = row
  const place = placeOf({ subject, version, kind, institution })
  const body = cipher.decrypt(row.body, place).toString('utf8')
  return { version, kind, institution, body: JSON.parse(body), at: Number(row.recorded_at_ms) }
}

/** Entries by their subject, in the order in which the rows come: that of their versions. */
export function dossiersOf(crypto: Crypto, rows: readonly StoredEntry[]): Dossiers {
  const dossiers = new Map<string, Kept[]>()
  for (const row of rows) {
    const key = subjectKey({ owner: row.owner_id, name: row.subject })
    const kept = dossiers.get(key) ?? []
    kept.push(openEntry(crypto, row))
    dossiers.set(key, kept)
  }
  return dossiers
}
