import { type Digest, leafHash } from '../../engine/seal/hash.ts'
import { placeText } from '../../engine/seal/posting.ts'
import { digestOf } from './digests.ts'
import { type Client, readPosted } from './postedRows.ts'
import { entriesAfter, placesAfter } from './sql/seal.ts'

/** A table whose rows have dense positions from 1, and what each is hashed as. */
export interface SealedLog {
  readonly name: string
  /** The hashes of the leaves from a size on, at most so many: leaf 0 is position 1. */
  leavesFrom(client: Client, size: number, limit: number): Promise<Uint8Array[]>
}

interface PlaceRow {
  readonly position: bigint
  readonly owner: string
  readonly posting: string
  readonly digest: Buffer | null
  readonly at: string
}

/** The text of a leaf of the journal. What was posted before digests were kept is hashed as it is stored. */
export function placeTextOf(row: PlaceRow, digest: Uint8Array): string {
  const { owner, posting, at } = row
  return placeText({
    owner,
    posting,
    at,
    position: Number(row.position),
    digest: digest.toBase64(),
  })
}

const encoder = new TextEncoder()

export const journalLog = (digest: Digest): SealedLog => ({
  name: 'journal',
  async leavesFrom(client, size, limit) {
    const { rows } = await client.query<PlaceRow>(placesAfter, [size, limit])
    rows.forEach(({ position }, i) => assertDense('journal', position, size + i + 1))
    const missing = rows.flatMap((row, i) => (row.digest ? [] : [i]))
    const digests = new Map<bigint, Uint8Array>()
    const [first, last] = [rows[missing[0] ?? -1], rows[missing.at(-1) ?? -1]]
    if (first && last)
      for (const row of await readPosted(client, first.position - 1n, last.position))
        digests.set(row.position, digestOf({ sm3: sm3Of(digest) }, row.sealed))
    return rows.map((row) =>
      leafHash(
        digest,
        encoder.encode(placeTextOf(row, row.digest ?? (digests.get(row.position) as Uint8Array))),
      ),
    )
  },
})

export const accessLog = (digest: Digest): SealedLog => ({
  name: 'access',
  async leavesFrom(client, size, limit) {
    const { rows } = await client.query<{ position: bigint; canonical: Buffer }>(entriesAfter, [
      size,
      limit,
    ])
    rows.forEach(({ position }, i) => assertDense('access', position, size + i + 1))
    return rows.map(({ canonical }) => leafHash(digest, canonical))
  },
})

/** The engine is handed a digest of parts; the books know SM3 of bytes or of a text. */
export const sm3Of = (digest: Digest) => (input: Uint8Array | string) =>
  Buffer.from(digest(typeof input === 'string' ? encoder.encode(input) : input))

export class SealGap extends Error {
  override name = 'SealGap'
}

/** Sealing goes no further than where somebody took a row away. */
export function assertDense(log: string, position: bigint, expected: number): void {
  if (position !== BigInt(expected))
    throw new SealGap(`${log} has no position ${expected}; the next one is ${position}`)
}
