/** Leaves of a log from `begin` up to, and without, `end`; the first leaf is 0. */
export interface Leaves {
  readonly begin: number
  readonly end: number
}

/** A complete subtree: 2^level leaves, of which the first is index × 2^level. */
export interface Node {
  readonly level: number
  readonly index: number
}

/** The largest power of two that is smaller than a size of two or more: where RFC 9162 divides a log. */
export function leftSize(size: number): number {
  let left = 1
  while (left * 2 < size) left *= 2
  return left
}

/** What proves that a leaf is in a log of a size: the leaves beside the way from it to the root, from the leaf up (RFC 9162, 2.1.3.1). */
export function besideLeaf(index: number, size: number): Leaves[] {
  if (!(index >= 0 && index < size))
    throw new RangeError(`a log of ${size} leaves has no leaf ${index}`)
  const path: Leaves[] = []
  let [begin, end] = [0, size]
  while (end - begin > 1) {
    const middle = begin + leftSize(end - begin)
    if (index < middle) {
      path.push({ begin: middle, end })
      end = middle
    } else {
      path.push({ begin, end: middle })
      begin = middle
    }
  }
  return path.toReversed()
}

/** What proves that a log of a size began as one of a smaller size (RFC 9162, 2.1.4.1); nothing where either is empty or both are the same. */
export function sinceSize(first: number, second: number): Leaves[] {
  if (!(first >= 0 && first <= second))
    throw new RangeError(`a log of ${second} leaves never had ${first} before`)
  if (first === 0 || first === second) return []
  const path: Leaves[] = []
  let [begin, end] = [0, second]
  // As long as only what the first log had to the right was cut off, whoever has its root knows the hash.
  let isKnown = true
  while (first < end) {
    const middle = begin + leftSize(end - begin)
    if (first <= middle) {
      path.push({ begin: middle, end })
      end = middle
    } else {
      path.push({ begin, end: middle })
      begin = middle
      isKnown = false
    }
  }
  if (!isKnown) path.push({ begin, end })
  return path.toReversed()
}

/** The complete subtrees that some leaves of a proof are, from left to right. */
export function nodesOf({ begin, end }: Leaves): Node[] {
  const nodes: Node[] = []
  for (let at = begin; at < end; ) {
    let level = 0
    let size = 1
    while (at % (size * 2) === 0 && at + size * 2 <= end) {
      size *= 2
      level += 1
    }
    nodes.push({ level, index: at / size })
    at += size
  }
  return nodes
}
