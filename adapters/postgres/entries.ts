import {
  type Dossiers,
  type Json,
  type Kept,
  type Subject,
  subjectKey,
} from '../../engine/dossier.ts'
import type { Crypto, Sealed } from './needs.ts'
import type { StoredEntry } from './sql/entries.ts'

/** An entry opens only in its own place, so that none can be moved to another subject or version. */
const place = ({ owner, name }: Subject, version: number): Buffer =>
  Buffer.from(`entry\0${owner}\0${name}\0${version}`)

export const sealEntry = (
  { cipher }: Crypto,
  subject: Subject,
  version: number,
  body: Json,
): Sealed => cipher.encrypt(Buffer.from(JSON.stringify(body)), place(subject, version))

export function openEntry({ cipher }: Crypto, row: StoredEntry): Kept {
  const subject = { owner: row.owner_id, name: row.subject }
  const body = cipher.decrypt(row.body, place(subject, row.version)).toString('utf8')
  const { version, kind, institution } = row
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
