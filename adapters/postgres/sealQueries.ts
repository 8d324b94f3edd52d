import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import type { Digest } from '../../engine/seal/hash.ts'
import { postingText } from '../../engine/seal/posting.ts'
import { readKeys } from './auditExport.ts'
import { digestOf } from './digests.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import { type PostedRow, readPosted } from './postedRows.ts'
import { journalLog, placeTextOf, type SealedLog, sm3Of } from './sealedLogs.ts'
import { SealTree } from './sealTree.ts'
import { headOfSize, headsBefore, lastHead, placesOfChain } from './sql/seal.ts'

export interface SealedHead {
  readonly size: bigint
  readonly root: Uint8Array
  readonly at: Instant
  readonly note: string
}

export interface SealedRow {
  readonly row: string
  readonly kind: string
  readonly position: bigint
  readonly leaf: string
  readonly text: string
  readonly hashes: readonly Uint8Array[]
}

export interface Receipt {
  readonly head: SealedHead
  readonly owners: readonly string[]
  readonly rows: readonly SealedRow[]
}

interface HeadRow {
  readonly size: bigint
  readonly root: Buffer
  readonly note: string
  readonly sealed_ms: bigint
}

const readHead = ({ size, root, note, sealed_ms }: HeadRow): SealedHead => ({
  size,
  root,
  note,
  at: Number(sealed_ms),
})

/** What auditors ask of the seal of a log; only those of the journal have settlements to prove. */
export class SealQueries {
  readonly #pool: pg.Pool
  readonly #log: string
  readonly #digest: Digest
  readonly #tree: SealTree

  constructor(pool: pg.Pool, digest: Digest, log: SealedLog = journalLog(digest)) {
    this.#pool = pool
    this.#log = log.name
    this.#digest = digest
    this.#tree = new SealTree(log, digest)
  }

  async heads({ limit, after }: PageAsked): Promise<Page<SealedHead>> {
    const { rows } = await this.#pool.query<HeadRow>(headsBefore, [
      this.#log,
      after ?? null,
      limit + 1,
    ])
    return pageOf(rows.map(readHead), limit, ({ size }) => String(size))
  }

  async sealedUpTo(): Promise<SealedHead | undefined> {
    const { rows } = await this.#pool.query<HeadRow>(lastHead, [this.#log])
    return rows[0] && readHead(rows[0])
  }

  async keys() {
    return readKeys(this.#pool)
  }

  async consistency(from: number, until: number): Promise<Uint8Array[] | undefined> {
    for (const size of [from, until])
      if ((await this.#pool.query(headOfSize, [this.#log, size])).rowCount === 0) return undefined
    return from <= until ? this.#tree.consistency(this.#pool, from, until) : undefined
  }

  /** Every row of a settlement, or of a movement, in the log of the newest head. */
  async proofs(id: string): Promise<Receipt | 'not-sealed-yet' | undefined> {
    const { rows: places } = await this.#pool.query<{ position: bigint | null }>(placesOfChain, [
      id,
    ])
    if (places.length === 0) return undefined
    const head = await this.sealedUpTo()
    const rows: SealedRow[] = []
    const owners = new Set<string>()
    for (const { position } of places) {
      if (position === null || !head || position > head.size) return 'not-sealed-yet'
      const [posted] = await readPosted(this.#pool, position - 1n, position)
      if (!posted) continue
      rows.push(await this.#proofOf(posted, Number(head.size)))
      for (const owner of posted.participants) owners.add(owner)
    }
    return head && { head, owners: [...owners], rows }
  }

  async #proofOf(posted: PostedRow, size: number): Promise<SealedRow> {
    const { position, sealed, kind, at } = posted
    const { owner, posting } = sealed
    const digest = posted.digest ?? digestOf({ sm3: sm3Of(this.#digest) }, sealed)
    return {
      row: posting,
      kind,
      position,
      leaf: placeTextOf({ position, owner, posting, at, digest }, digest),
      text: postingText(sealed),
      hashes: await this.#tree.inclusion(this.#pool, Number(position) - 1, size),
    }
  }
}
