import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fen } from '../../engine/money.ts'
import {
  compareSums,
  comparedAmounts,
  type Difference,
  reconcile,
  type Stated,
} from '../../engine/reconcile.ts'

const fen = (n: bigint | number): Fen => BigInt(n) as Fen
const row = (settlement: string, total: number, undo = false): Stated => ({
  settlement,
  undo,
  total: fen(total),
  fundTotal: fen(total),
  account: fen(0),
})

const amount = fc.bigInt({ min: -3n, max: 3n }).map((n) => n as Fen)
const rows = fc.array(
  fc.record({
    settlement: fc.constantFrom('S1', 'S2', 'S3'),
    undo: fc.boolean(),
    total: amount,
    fundTotal: amount,
    account: amount,
  }),
  { maxLength: 12 },
)

const plain = ({ settlement, undo, total, fundTotal, account }: Stated): string =>
  [settlement, undo, total, fundTotal, account].join(' ')

/** What they should have said: their list with each difference put right. */
function corrected(theirs: readonly Stated[], found: Difference<Stated, Stated>[]): Stated[] {
  const list = [...theirs]
  for (const difference of found) {
    if (difference.kind !== 'missingThere') list.splice(list.indexOf(difference.theirs), 1)
    if (difference.kind !== 'missingHere') list.push(difference.ours)
  }
  return list
}

describe('two lists', () => {
  test('that say the same in any order agree', () => {
    fc.assert(
      fc.property(rows, (list) => {
        expect(reconcile(list, list.toReversed())).toEqual([])
      }),
    )
  })

  test('agree once every difference found is put right', () => {
    fc.assert(
      fc.property(rows, rows, (ours, theirs) => {
        const after = corrected(theirs, reconcile(ours, theirs))
        expect(after.map(plain).toSorted()).toEqual(ours.map(plain).toSorted())
      }),
    )
  })

  test('differ by as much as their differences', () => {
    fc.assert(
      fc.property(rows, rows, fc.constantFrom(...comparedAmounts), (ours, theirs, of) => {
        const sumOf = (list: readonly Stated[]): bigint => list.reduce((s, r) => s + r[of], 0n)
        const by = reconcile(ours, theirs).reduce((s, difference) => {
          if (difference.kind === 'missingThere') return s + difference.ours[of]
          if (difference.kind === 'missingHere') return s - difference.theirs[of]
          return s + (difference.amounts.find((a) => a.of === of)?.by ?? 0n)
        }, 0n)
        expect(by).toBe(sumOf(ours) - sumOf(theirs))
      }),
    )
  })

  test('differ the other way round when they change places', () => {
    fc.assert(
      fc.property(rows, rows, (ours, theirs) => {
        const there = reconcile(ours, theirs).map(({ kind }) => kind)
        const back = reconcile(theirs, ours).map(({ kind }) => kind)
        const turned = {
          missingThere: 'missingHere',
          missingHere: 'missingThere',
          amounts: 'amounts',
        }
        expect(there.map((kind) => turned[kind]).toSorted()).toEqual(back.toSorted())
      }),
    )
  })

  test('name a row that one of them lacks, and which amounts differ by how much', () => {
    const [a, b, c, d] = [
      row('S1', 1),
      row('S2', 2),
      { ...row('S2', 2), account: fen(1) },
      row('S3', 3),
    ]
    expect(reconcile([a, b], [c, d])).toEqual([
      { kind: 'missingThere', ours: a },
      {
        kind: 'amounts',
        ours: b,
        theirs: c,
        amounts: [{ of: 'account', ours: 0n, theirs: 1n, by: -1n }],
      },
      { kind: 'missingHere', theirs: d },
    ])
  })

  test('keep a settlement and its cancellation apart', () => {
    const settled = row('S1', 5)
    const undone = row('S1', -5, true)
    expect(reconcile([settled, undone], [settled])).toEqual([
      { kind: 'missingThere', ours: undone },
    ])
  })

  test('match equal rows of a settlement first where it was undone more than once', () => {
    const twice = [row('S1', -5, true), row('S1', -4, true)]
    expect(reconcile(twice, [row('S1', -4, true)])).toEqual([
      { kind: 'missingThere', ours: twice[0] },
    ])
  })

  test('of many equal rows are compared quickly', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => row('S1', i))
    expect(reconcile(many, many.toReversed())).toEqual([])
  })
})

describe('two totals', () => {
  const sums = (count: number, total: number) => ({ ...row('', total), rows: count })

  test.each([
    ['level', sums(2, 5), sums(2, 5)],
    ['oursMore', sums(3, 5), sums(2, 5)],
    ['oursMore', sums(3, 6), sums(2, 5)],
    ['theirsMore', sums(1, 4), sums(2, 5)],
    ['different', sums(2, 4), sums(2, 5)],
    ['different', sums(3, 4), sums(2, 5)],
    ['different', sums(1, 6), sums(2, 5)],
  ] as const)('stand %s', (standing, ours, theirs) => {
    expect(compareSums(ours, theirs).standing).toBe(standing)
  })

  test('tell by how much', () => {
    expect(compareSums(sums(3, 7), sums(2, 5))).toMatchObject({
      rows: 1,
      amounts: [
        { of: 'total', by: 2n },
        { of: 'fundTotal', by: 2n },
      ],
    })
  })
})
