import type { Node } from '../../engine/seal/leaves.ts'

/** A tile (瓦片) has the hashes of so many neighbours; the levels of a log go eight by eight (C2SP tlog-tiles). */
export const tileWidth = 256
export const tileHeight = 8
const hashLength = 32

/** Where a node's hash comes from: so many entries of a tile, which are folded. */
export interface TilePlace {
  readonly level: number
  readonly tile: number
  readonly from: number
  readonly count: number
}

export function placeOf({ level, index }: Node): TilePlace {
  const count = 2 ** (level % tileHeight)
  const first = index * count
  const tile = Math.floor(first / tileWidth)
  return { level: Math.floor(level / tileHeight), tile, from: first - tile * tileWidth, count }
}

export const hashesIn = (tile: Buffer): Buffer[] =>
  Array.from({ length: tile.length / hashLength }, (_, i) =>
    tile.subarray(i * hashLength, (i + 1) * hashLength),
  )

/** How many entries of a level a log of a size has: complete subtrees of 256^level leaves. */
export const entriesOf = (level: number, size: number): number =>
  Math.floor(size / tileWidth ** level)
