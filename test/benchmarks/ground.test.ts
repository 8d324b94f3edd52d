import { expect, it } from 'vitest'
import { splitFor } from '../../benchmarks/figures/splitAlone.ts'
import { largestThatFits } from '../../benchmarks/growth/ground.ts'
import { inpatientBills } from '../../benchmarks/inpatients.ts'
import { split } from '../../engine/split.ts'

it('ten million settlements are stored where there is room, and never more', () => {
  expect(largestThatFits(1e12, 100e9)).toEqual({ settlements: 10_000_000, wanted: 10_000_000 })
  expect(largestThatFits(1e12, 1e12).settlements).toBe(10_000_000)
})

it('a smaller disk has as many millions as fit into its part of it, or a hundred thousand', () => {
  expect(largestThatFits(1e12, 25e9).settlements).toBe(3_000_000)
  expect(largestThatFits(20e9, 25e9).settlements).toBe(2_000_000)
  expect(largestThatFits(5e9, 25e9).settlements).toBe(100_000)
})

it('every layer of the rule pays of every bill that is split alone, each bill has ten lines, and no two are alike', () => {
  const bills = inpatientBills(50)
  for (const { scoped, facts } of bills) {
    const { trace, shares } = split(scoped, facts)
    expect(scoped.lines).toHaveLength(10)
    expect(trace.map(({ layer }) => layer)).toEqual(facts.rule.layers.map(({ id }) => id))
    expect(shares).toHaveLength(facts.rule.layers.length)
  }
  expect(new Set(bills.map(({ scoped }) => scoped.total)).size).toBe(bills.length)
})

// B8 in small: aimed at are 50,000. Tests count the lines that they run, which takes most of it, and have other work beside them.
it('many thousands of bills are split in a second of a core', () => {
  const bills = inpatientBills(200)
  splitFor(0.5, bills)
  expect(splitFor(1, bills).ofCore).toBeGreaterThan(6_000)
})
