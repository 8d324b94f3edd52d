/** The hash of some bytes, one part after the other: SM3 (GB/T 32905), 32 bytes. The engine is handed it. */
export type Digest = (...parts: readonly Uint8Array[]) => Uint8Array

// RFC 9162, 2.1.1: a leaf never hashes like a node, so that no node can be passed off as a leaf.
const leafMark = Uint8Array.of(0)
const nodeMark = Uint8Array.of(1)

export const leafHash = (digest: Digest, leaf: Uint8Array): Uint8Array => digest(leafMark, leaf)

export const nodeHash = (digest: Digest, left: Uint8Array, right: Uint8Array): Uint8Array =>
  digest(nodeMark, left, right)

/** The root of a log that is empty yet. */
export const emptyRoot = (digest: Digest): Uint8Array => digest()

/** The hash of some leaves from those of its complete subtrees, from left to right. */
export function foldHashes(digest: Digest, hashes: readonly Uint8Array[]): Uint8Array {
  const last = hashes.at(-1)
  if (last === undefined) return emptyRoot(digest)
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(digest, left, right), last)
}

export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
