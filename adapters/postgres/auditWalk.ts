import { leafHash } from '../../engine/seal/hash.ts'
import type { SealKey, VerifySignature } from '../../engine/seal/head.ts'
import { type AuditFinding, provePostings, type Proving } from './auditPosting.ts'
import { digestOf } from './digests.ts'
import { type Client, type PostedRow, readPosted } from './postedRows.ts'
import { RollupWalk } from './rollupWalk.ts'
import { placeTextOf } from './sealedLogs.ts'
import { SealWalk, type StoredLeaf } from './sealWalk.ts'
import { straysBetween } from './sql/seal.ts'

export interface Walking extends Proving {
  readonly verify: VerifySignature
  readonly keys: readonly SealKey[]
  readonly origin: string
}

const encoder = new TextEncoder()

/** Walks the journal from its first position on and proves on the way whatever stands there, some positions at a time. */
export class AuditWalk {
  readonly #walking: Walking
  readonly #seal: SealWalk
  readonly #rollups = new RollupWalk()
  #position = 0n
  /** The highest id of a posting so far. */
  #high = ''

  constructor(walking: Walking) {
    this.#walking = walking
    this.#seal = new SealWalk({ ...walking, log: 'journal' })
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
    found.push(...(await this.#seal.prove(client, this.#leavesOf(rows), after, until)))
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

  #leavesOf(rows: readonly PostedRow[]): Map<bigint, StoredLeaf> {
    return new Map(
      rows.map((row) => [row.position, { leaf: this.#leafOf(row), name: row.sealed.posting }]),
    )
  }

  #leafOf(row: PostedRow): Uint8Array {
    const { sealed, position, at } = row
    const digest = row.digest ?? digestOf(this.#walking.crypto, sealed)
    const { owner, posting } = sealed
    const text = placeTextOf({ position, owner, posting, at, digest }, digest)
    return leafHash(this.#walking.digest, encoder.encode(text))
  }
}
