import { type Digest, nodeHash, sameHash } from './hash.ts'

/** Where a leaf is said to be, and in which log. */
export interface Inclusion {
  readonly index: number
  readonly leaf: Uint8Array
  readonly size: number
  readonly root: Uint8Array
}

/** Whether a path proves that a leaf is at its place in a log (包含性证明; RFC 9162, 2.1.3.2). */
export function provesInclusion(
  digest: Digest,
  { index, leaf, size, root }: Inclusion,
  path: readonly Uint8Array[],
): boolean {
  if (!isLeafOf(index, size)) return false
  let [at, last, hash] = [index, size - 1, leaf]
  for (const beside of path) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(digest, beside, hash)
      // A subtree that is the last of its level and stands alone goes up as it is.
      while (at % 2 === 0 && at !== 0) [at, last] = above(at, last)
    } else hash = nodeHash(digest, hash, beside)
    ;[at, last] = above(at, last)
  }
  return last === 0 && sameHash(hash, root)
}

/** How many leaves a log has, and the hash of all of them (根). */
export interface Root {
  readonly size: number
  readonly root: Uint8Array
}

/** Whether a path proves that a log began as another one (一致性证明; RFC 9162, 2.1.4.2). */
export function provesConsistency(
  digest: Digest,
  first: Root,
  second: Root,
  path: readonly Uint8Array[],
): boolean {
  if (!isSizeBefore(first.size, second.size)) return false
  if (first.size === second.size) return path.length === 0 && sameHash(first.root, second.root)
  if (first.size === 0) return path.length === 0
  let [at, last] = [first.size - 1, second.size - 1]
  while (at % 2 === 1) [at, last] = above(at, last)
  // A log that is one complete subtree is the first step of the way itself.
  const [begin, ...rest] = at === 0 ? [first.root, ...path] : path
  if (begin === undefined) return false
  let [before, now] = [begin, begin]
  for (const beside of rest) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      before = nodeHash(digest, beside, before)
      now = nodeHash(digest, beside, now)
      while (at % 2 === 0 && at !== 0) [at, last] = above(at, last)
    } else now = nodeHash(digest, now, beside)
    ;[at, last] = above(at, last)
  }
  return last === 0 && sameHash(before, first.root) && sameHash(now, second.root)
}

const above = (at: number, last: number): [number, number] => [
  Math.floor(at / 2),
  Math.floor(last / 2),
]

// Both come from whoever claims something, so that they may be anything.
const isSizeBefore = (first: number, second: number): boolean =>
  Number.isSafeInteger(first) && Number.isSafeInteger(second) && first >= 0 && first <= second

const isLeafOf = (index: number, size: number): boolean =>
  isSizeBefore(index + 1, size) && index >= 0
