import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Edge } from '../../../engine/seal/edge.ts'
import { type Digest, foldHashes, leafHash, nodeHash } from '../../../engine/seal/hash.ts'
import { provesConsistency, provesInclusion, type Root } from '../../../engine/seal/proof.ts'
import {
  besideLeaf,
  leftSize,
  nodesOf,
  sinceSize,
  type Leaves,
} from '../../../engine/seal/leaves.ts'

const digestBy =
  (name: string): Digest =>
  (...parts) => {
    const hash = createHash(name)
    for (const part of parts) hash.update(part)
    return hash.digest()
  }
const sm3 = digestBy('sm3')
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The log that public tests of RFC 6962 and RFC 9162 use: eight leaves, and the root after each, by SHA-256. */
const known = {
  leaves: [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ],
  roots: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
}

const leafOf = (i: number): Uint8Array => leafHash(sm3, Buffer.from(`leaf ${i}`))
const leavesOf = (size: number): Uint8Array[] => Array.from({ length: size }, (_, i) => leafOf(i))

/** The hash of leaves as RFC 9162 defines it, by itself and without our parts. */
function rootOf(leaves: readonly Uint8Array[], digest: Digest = sm3): Uint8Array {
  const [first] = leaves
  if (first === undefined) return digest()
  if (leaves.length === 1) return first
  const left = leftSize(leaves.length)
  return nodeHash(digest, rootOf(leaves.slice(0, left), digest), rootOf(leaves.slice(left), digest))
}

/** A log with all nodes that it ever had, as whoever proves something would read them. */
function logOf(size: number) {
  const nodes = new Map<string, Uint8Array>()
  const edge = new Edge(sm3)
  for (const leaf of leavesOf(size))
    edge.add(leaf, ({ level, index }, hash) => nodes.set(`${level}/${index}`, hash))
  const hashOf = (leaves: Leaves): Uint8Array =>
    foldHashes(
      sm3,
      nodesOf(leaves).map(({ level, index }) => nodes.get(`${level}/${index}`) as Uint8Array),
    )
  return { edge, nodes, hashesOf: (those: readonly Leaves[]) => those.map(hashOf) }
}

const size = fc.integer({ min: 1, max: 130 })
const flipped = (hash: Uint8Array): Uint8Array => hash.map((byte, i) => (i === 7 ? byte ^ 1 : byte))

describe('the root of a log', () => {
  test('is that of the eight leaves that public tests know, by SHA-256', () => {
    const sha256 = digestBy('sha256')
    const edge = new Edge(sha256)
    expect(hexOf(edge.root)).toBe(known.roots[0])
    for (const [i, leaf] of known.leaves.entries()) {
      edge.add(leafHash(sha256, Buffer.from(leaf, 'hex')))
      expect(hexOf(edge.root)).toBe(known.roots[i + 1])
    }
  })

  test('is what RFC 9162 defines, for every size', () => {
    const edge = new Edge(sm3)
    for (let i = 0; i < 300; i++) {
      expect(hexOf(edge.root)).toBe(hexOf(rootOf(leavesOf(i))))
      edge.add(leafOf(i))
    }
  })

  test('is the same where a log was left at its edge and gone on from it', () => {
    fc.assert(
      fc.property(size, size, (first, more) => {
        const edge = logOf(first).edge
        const goneOn = new Edge(sm3, edge.size, edge.hashes)
        for (let i = first; i < first + more; i++) goneOn.add(leafOf(i))
        expect(goneOn.size).toBe(first + more)
        expect(hexOf(goneOn.root)).toBe(hexOf(logOf(first + more).edge.root))
      }),
    )
  })

  test('is never asked of an edge that does not belong to its size', () => {
    expect(() => new Edge(sm3, 3, [leafOf(0)])).toThrow(
      'a log of 3 leaves has 2 hashes at its edge, not 1',
    )
  })
})

describe('a proof that a leaf is in a log', () => {
  test('holds for every leaf of every log', () => {
    for (let n = 1; n <= 40; n++) {
      const { edge, hashesOf } = logOf(n)
      for (let index = 0; index < n; index++) {
        const path = hashesOf(besideLeaf(index, n))
        expect(
          provesInclusion(sm3, { index, leaf: leafOf(index), size: n, root: edge.root }, path),
        ).toBe(true)
      }
    }
  })

  test('holds for no other leaf, place, size or root, and for no path that was changed, cut or made longer', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), (n, a, b) => {
        const index = a % n
        const { edge, hashesOf } = logOf(n)
        const path = hashesOf(besideLeaf(index, n))
        const right = { index, leaf: leafOf(index), size: n, root: edge.root }
        const wrong = [
          { ...right, leaf: flipped(right.leaf) },
          { ...right, root: flipped(right.root) },
          { ...right, index: index + 1 },
          { ...right, index: index - 1 },
          { ...right, size: index },
        ]
        for (const one of wrong) expect(provesInclusion(sm3, one, path)).toBe(false)
        expect(provesInclusion(sm3, right, [...path, leafOf(1)])).toBe(false)
        if (path.length === 0) return
        expect(provesInclusion(sm3, right, path.slice(1))).toBe(false)
        expect(provesInclusion(sm3, right, path.slice(0, -1))).toBe(false)
        const at = b % path.length
        expect(provesInclusion(sm3, right, path.with(at, flipped(path[at] as Uint8Array)))).toBe(
          false,
        )
      }),
    )
  })

  test('is not to be had of a leaf that is not there', () => {
    expect(() => besideLeaf(3, 3)).toThrow('a log of 3 leaves has no leaf 3')
  })
})

describe('a proof that a log began as another', () => {
  test('holds for every two sizes of a log', () => {
    const roots = Array.from({ length: 41 }, (_, n) => ({ size: n, root: rootOf(leavesOf(n)) }))
    for (const second of roots) {
      const { hashesOf } = logOf(second.size)
      for (const first of roots.slice(0, second.size + 1)) {
        const path = hashesOf(sinceSize(first.size, second.size))
        expect(provesConsistency(sm3, first, second, path)).toBe(true)
      }
    }
  })

  test('holds for no other log, and for no path that was changed, cut or made longer', () => {
    fc.assert(
      fc.property(size, size, fc.nat(), (a, b, c) => {
        const [first, second] = a < b ? [a, b] : [b, a + 1]
        const { edge, hashesOf } = logOf(second)
        const path = hashesOf(sinceSize(first, second))
        const began = { size: first, root: rootOf(leavesOf(first)) }
        const is = { size: second, root: edge.root }
        expect(provesConsistency(sm3, began, is, path)).toBe(true)
        expect(provesConsistency(sm3, { ...began, root: flipped(began.root) }, is, path)).toBe(
          false,
        )
        expect(provesConsistency(sm3, began, { ...is, root: flipped(is.root) }, path)).toBe(false)
        expect(provesConsistency(sm3, is, began, path)).toBe(false)
        expect(provesConsistency(sm3, began, is, [...path, leafOf(1)])).toBe(false)
        expect(provesConsistency(sm3, began, is, path.slice(0, -1))).toBe(false)
        const at = c % path.length
        expect(
          provesConsistency(sm3, began, is, path.with(at, flipped(path[at] as Uint8Array))),
        ).toBe(false)
      }),
    )
  })

  test('needs no path where the log is the same or was empty, and bears none', () => {
    const one = { size: 5, root: rootOf(leavesOf(5)) }
    const empty = { size: 0, root: sm3() }
    expect(provesConsistency(sm3, one, one, [])).toBe(true)
    expect(provesConsistency(sm3, one, one, [leafOf(0)])).toBe(false)
    expect(provesConsistency(sm3, one, { ...one, root: leafOf(0) }, [])).toBe(false)
    expect(provesConsistency(sm3, empty, one, [])).toBe(true)
    expect(provesConsistency(sm3, empty, one, [leafOf(0)])).toBe(false)
  })

  test('holds for no size that is none', () => {
    const [two, three] = [2, 3].map((n) => ({ size: n, root: rootOf(leavesOf(n)) }))
    const path = [two?.root as Uint8Array, leafOf(2)]
    for (const size of [Number.NaN, -1, 1.5, 2 ** 60]) {
      const one = { size, root: two?.root as Uint8Array }
      expect(provesConsistency(sm3, one, three as Root, path)).toBe(false)
      expect(provesInclusion(sm3, { index: 0, leaf: leafOf(0), ...one }, [leafOf(1)])).toBe(false)
    }
  })

  test('is not to be had of a log that was larger before', () => {
    expect(() => sinceSize(6, 5)).toThrow('a log of 5 leaves never had 6 before')
  })
})
