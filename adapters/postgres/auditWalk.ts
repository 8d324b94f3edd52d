import { Edge } from '../../engine/seal/edge.ts'
import { leafHash, sameHash } from '../../engine/seal/hash.ts'
import {
  hashOfHead,
  readHead,
  readNote,
  type SealKey,
  signerOf,
  type VerifySignature,
} from '../../engine/seal/head.ts'
import { type AuditFinding, provePostings, type Proving } from './auditPosting.ts'
import { digestOf } from './digests.ts'
import { type Client, type PostedRow, readPosted } from './postedRows.ts'
import { placeTextOf } from './sealedLogs.ts'
import { RollupWalk } from './rollupWalk.ts'
import { headsWithin, straysBetween, tilesOf } from './sql/seal.ts'
import { hashesIn, tileWidth } from './tiles.ts'

export interface Walking extends Proving {
  readonly verify: VerifySignature
  readonly keys: readonly SealKey[]
  readonly origin: string
}

interface HeadRow {
  readonly size: bigint
  readonly note: string
}

const encoder = new TextEncoder()

/** Walks the journal from its first position on and proves on the way whatever stands there, some positions at a time. */
export class AuditWalk {
  readonly #walking: Walking
  readonly #edge: Edge
  readonly #rollups = new RollupWalk()
  #position = 0n
  #headBefore: string | undefined
  /** The highest id of a posting so far. */
  #high = ''
  /** Once a head is not of what stands there, no later one can be. */
  #isLost = false

  constructor(walking: Walking) {
    this.#walking = walking
    this.#edge = new Edge(walking.digest)
  }

  get position(): bigint {
    return this.#position
  }

  /** Proves the next positions, up to one; with the last ones also that nothing stands beyond them. */
  async step(client: Client, until: bigint, isLast: boolean): Promise<AuditFinding[]> {
    const after = this.#position
    const rows = await readPosted(client, after, until, true)
    const found = await provePostings(client, this.#walking, rows)
    found.push(...this.#gaps(rows, after, until))
    found.push(...(await this.#proveLeaves(client, rows, after, until)))
    found.push(...(await this.#rollups.step(client, rows, after, until)))
    found.push(...(await this.#strays(client, rows, isLast)))
    this.#position = until
    return found
  }

  /** Ids follow time, though not to the last: each step looks from the highest one that was seen to the next. */
  async #strays(
    client: Client,
    rows: readonly PostedRow[],
    isLast: boolean,
  ): Promise<AuditFinding[]> {
    const low = this.#high
    for (const { sealed } of rows) if (sealed.posting > this.#high) this.#high = sealed.posting
    const asked = [low, isLast ? null : this.#high]
    const { rows: strays } = await client.query(straysBetween, asked)
    return strays.map(({ table, owner, row }) => ({
      check: 'seal_strays',
      subject: `${table} ${row} of ${owner}`,
      problem: 'moves money and has no place in the journal',
    }))
  }

  #gaps(rows: readonly PostedRow[], after: bigint, until: bigint): AuditFinding[] {
    const there = new Set(rows.map(({ position }) => position))
    const missing: bigint[] = []
    for (let position = after + 1n; position <= until; position++)
      if (!there.has(position)) missing.push(position)
    return missing.map((position) => ({
      check: 'seal_journal',
      subject: `position ${position}`,
      problem: 'was removed',
    }))
  }

  async #proveLeaves(
    client: Client,
    rows: readonly PostedRow[],
    after: bigint,
    until: bigint,
  ): Promise<AuditFinding[]> {
    const found: AuditFinding[] = []
    const sealed = await sealedLeaves(client, after, until)
    const { rows: heads } = await client.query<HeadRow>(headsWithin, ['journal', after, until])
    const due = [...heads]
    const stored = new Map(rows.map((row) => [row.position, row]))
    for (let position = after + 1n; position <= until; position++) {
      const row = stored.get(position)
      const leaf = row && this.#leafOf(row)
      const was = sealed.get(position)
      if (row && leaf && was && !sameHash(leaf, was))
        found.push({
          check: 'seal_leaf',
          subject: `position ${position} ${row.sealed.posting}`,
          problem: 'is not as it was sealed: its digest, moment or place was changed',
        })
      const next = was ?? leaf
      if (next) this.#edge.add(next)
      if (due[0]?.size === position) found.push(...this.#proveHead(due.shift() as HeadRow))
    }
    return found
  }

  #leafOf(row: PostedRow): Uint8Array {
    const { sealed, position, at } = row
    const digest = row.digest ?? digestOf(this.#walking.crypto, sealed)
    const { owner, posting } = sealed
    const text = placeTextOf({ position, owner, posting, at, digest }, digest)
    return leafHash(this.#walking.digest, encoder.encode(text))
  }

  #proveHead({ size, note }: HeadRow): AuditFinding[] {
    const { digest, verify, keys, origin } = this.#walking
    const before = this.#headBefore
    this.#headBefore = note
    const told = (problem: string): AuditFinding[] => [
      { check: 'seal_head', subject: `head of ${size} positions`, problem },
    ]
    const read = readNote(note)
    const head = read && readHead(read.text)
    if (!read || !head || head.size !== Number(size)) return told('is no head of that size')
    if (!signerOf(digest, verify, read, keys)) return told('is signed by no key of this log')
    if (head.origin !== origin) return told(`is of another log, ${head.origin}`)
    const previous = before === undefined ? undefined : safeHash(digest, before)
    if (head.previous?.toBase64() !== previous?.toBase64())
      return told('does not follow the one before it')
    if (this.#isLost) return []
    this.#isLost = this.#edge.size !== Number(size) || !sameHash(this.#edge.root, head.root)
    if (this.#isLost)
      return told('is not of what stands there now: something up to it was changed or removed')
    return []
  }
}

function safeHash(digest: Walking['digest'], note: string): Uint8Array | undefined {
  try {
    return hashOfHead(digest, note)
  } catch {
    return undefined
  }
}

/** The leaves of full tiles as they were sealed, by position. */
async function sealedLeaves(
  client: Client,
  after: bigint,
  until: bigint,
): Promise<Map<bigint, Uint8Array>> {
  const [first, last] = [Number(after), Number(until) - 1].map((leaf) =>
    Math.floor(leaf / tileWidth),
  ) as [number, number]
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const { rows } = await client.query<{ tile: bigint; hashes: Buffer }>(tilesOf, [
    'journal',
    0,
    numbers,
  ])
  return new Map(
    rows.flatMap(({ tile, hashes }) =>
      hashesIn(hashes).map((hash, i): [bigint, Uint8Array] => [
        tile * BigInt(tileWidth) + BigInt(i) + 1n,
        hash,
      ]),
    ),
  )
}
