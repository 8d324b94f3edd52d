import { type Digest, foldHashes, nodeHash } from './hash.ts'
import type { Node } from './leaves.ts'

/** Told of every subtree that is complete: its hash never changes again. */
export type OnNode = (node: Node, hash: Uint8Array) => void

/**
 * The right edge of a log (日志右缘): the hashes of its complete subtrees, largest first. It is all that it takes to go on from
 * where a log is, and their sizes are the bits of its own.
 */
export class Edge {
  readonly #digest: Digest
  readonly #hashes: Uint8Array[]
  #size: number

  /** That of an empty log, or of one that was left at a size. */
  constructor(digest: Digest, size = 0, hashes: readonly Uint8Array[] = []) {
    if (bitsOf(size) !== hashes.length)
      throw new RangeError(
        `a log of ${size} leaves has ${bitsOf(size)} hashes at its edge, not ${hashes.length}`,
      )
    this.#digest = digest
    this.#size = size
    this.#hashes = [...hashes]
  }

  get size(): number {
    return this.#size
  }

  get hashes(): readonly Uint8Array[] {
    return [...this.#hashes]
  }

  /** The hash of the whole log (RFC 9162, 2.1.1). */
  get root(): Uint8Array {
    return foldHashes(this.#digest, this.#hashes)
  }

  /** Takes the hash of one more leaf. */
  add(leaf: Uint8Array, onNode: OnNode = () => {}): void {
    let hash = leaf
    let level = 0
    let index = this.#size
    onNode({ level, index }, hash)
    while (index % 2 === 1) {
      const left = this.#hashes.pop() as Uint8Array
      hash = nodeHash(this.#digest, left, hash)
      index = (index - 1) / 2
      level += 1
      onNode({ level, index }, hash)
    }
    this.#hashes.push(hash)
    this.#size += 1
  }
}

/** Sizes go beyond 32 bits, which is where operators on bits end. */
function bitsOf(size: number): number {
  let bits = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2
  return bits
}
