import { type Digest, foldHashes } from '../../engine/seal/hash.ts'
import {
  besideLeaf,
  type Leaves,
  leftSize,
  type Node,
  nodesOf,
  sinceSize,
} from '../../engine/seal/leaves.ts'
import type { Client } from './postedRows.ts'
import type { SealedLog } from './sealedLogs.ts'
import { tilesOf } from './sql/seal.ts'
import { entriesOf, hashesIn, placeOf, tileWidth } from './tiles.ts'

interface TileRow {
  readonly tile: bigint
  readonly hashes: Buffer
}

/** The tree of a log as it is kept: full tiles are stored, what is right of them is made from the level below. */
export class SealTree {
  readonly #log: SealedLog
  readonly #digest: Digest

  constructor(log: SealedLog, digest: Digest) {
    this.#log = log
    this.#digest = digest
  }

  /** The path that proves a leaf of a log of a size. */
  async inclusion(client: Client, index: number, size: number): Promise<Uint8Array[]> {
    return this.#hashesOf(client, besideLeaf(index, size), size)
  }

  /** The path that proves that a log of a size began as one of a smaller size. */
  async consistency(client: Client, from: number, until: number): Promise<Uint8Array[]> {
    return this.#hashesOf(client, sinceSize(from, until), until)
  }

  /** The hashes of the complete subtrees of a log of a size, largest first: its edge. */
  async edge(client: Client, size: number): Promise<Uint8Array[]> {
    const hashes: Uint8Array[] = []
    for (const node of nodesOf({ begin: 0, end: size }))
      hashes.push(await this.#hashOf(client, node, size))
    return hashes
  }

  /** Entries of a tile in a log of a size: those of a full one are stored. */
  async entries(
    client: Client,
    level: number,
    tile: number,
    size: number,
  ): Promise<readonly Uint8Array[]> {
    const first = tile * tileWidth
    const count = Math.min(tileWidth, entriesOf(level, size) - first)
    if (count === tileWidth) {
      const { rows } = await client.query<TileRow>(tilesOf, [this.#log.name, level, [tile]])
      if (rows[0]) return hashesIn(rows[0].hashes)
    }
    if (count <= 0) return []
    if (level === 0) return this.#log.leavesFrom(client, first, count)
    return this.#folded(client, level, first, count, size)
  }

  async #folded(
    client: Client,
    level: number,
    first: number,
    count: number,
    size: number,
  ): Promise<Uint8Array[]> {
    const below = Array.from({ length: count }, (_, i) => first + i)
    const { rows } = await client.query<TileRow>(tilesOf, [this.#log.name, level - 1, below])
    const stored = new Map(rows.map(({ tile, hashes }) => [Number(tile), hashes]))
    const entries: Uint8Array[] = []
    for (const tile of below) {
      const hashes = stored.get(tile)
      const all = hashes ? hashesIn(hashes) : await this.entries(client, level - 1, tile, size)
      entries.push(this.#root(all))
    }
    return entries
  }

  async #hashesOf(client: Client, stretches: readonly Leaves[], size: number) {
    const hashes: Uint8Array[] = []
    for (const stretch of stretches) {
      const parts: Uint8Array[] = []
      for (const node of nodesOf(stretch)) parts.push(await this.#hashOf(client, node, size))
      hashes.push(foldHashes(this.#digest, parts))
    }
    return hashes
  }

  async #hashOf(client: Client, node: Node, size: number): Promise<Uint8Array> {
    const { level, tile, from, count } = placeOf(node)
    const entries = await this.entries(client, level, tile, size)
    return this.#root(entries.slice(from, from + count))
  }

  /** The root of so many neighbours as a power of two. */
  #root(entries: readonly Uint8Array[]): Uint8Array {
    if (entries.length <= 1) return foldHashes(this.#digest, entries)
    const left = leftSize(entries.length)
    return foldHashes(this.#digest, [
      this.#root(entries.slice(0, left)),
      this.#root(entries.slice(left)),
    ])
  }
}
