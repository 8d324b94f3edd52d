import { afterEach, describe, expect, test } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { parseDay } from '../../../engine/day.ts'
import type { DuplicateRule } from '../../../engine/duplicate.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import type { Rulebook, Rulebooks } from '../../../engine/rulebook.ts'
import { portsOn, type RealWorld, realWorld } from './real.ts'
import { cancelAsk, claim, settleAsk } from './support.ts'
import { startLocalProcess } from '../../support/localProcess.ts'

// The same bill under other keys (decision 20): what a region refuses is refused whoever else sends it at the same moment.

const hospital = 'H51010000001'
const rule: DuplicateRule = {
  from: parseDay('2026-01-01'),
  action: 'refuse',
  sameTerminal: true,
  within_seconds: 3600,
  source: 'cards',
}

let real: RealWorld
afterEach(() => real.close())

/** Chengdu with such a rule, on books of its own. */
async function open(locks: boolean): Promise<(...asks: Ask[]) => Promise<Outcome[]>> {
  real = await realWorld({ locks, max: 24 })
  const ports = portsOn(real.books)
  const ruled = (book: Rulebook | undefined): Rulebook | undefined =>
    book && { ...book, region: { ...book.region, duplicates: [rule] } }
  const rulebooks: Rulebooks = {
    ...ports.rulebooks,
    of: (region) => ruled(ports.rulebooks.of(region)),
  }
  const process = startLocalProcess({ ...ports, rulebooks })
  return async (...asks) => process.settle(asks)
}

/** A bill of which nothing is paid but cash: neither an account nor a running sum changes with it. */
const bill = (key: string, terminal: string | undefined, item = 'NO-SUCH-ITEM'): Ask =>
  settleAsk(key, {
    ...claim(real.person('R1').citizenNumber, { institution: hospital, item }),
    useAccount: false,
    terminal,
  })

const words = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'refused' ? outcome.refusal.code : (outcome?.kind ?? 'nothing')

/** Without locks a lost race is run again a few times and then told to come back. */
async function insist(run: (...asks: Ask[]) => Promise<Outcome[]>, ask: Ask): Promise<Outcome> {
  for (;;) {
    const [outcome] = await run(ask)
    if (outcome && outcome.kind !== 'busy') return outcome
  }
}

const count = (of: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(of)].sort().map((one) => [one, of.filter((w) => w === one).length]),
  )

describe.each([true, false])('thirty writers of one bill, with locks: %s', (locks) => {
  test('at one terminal settle it once, and the others are told as what', async () => {
    const run = await open(locks)
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => insist(run, bill(`s${i}`, 'POS-1'))),
    )
    expect(count(outcomes.map(words))).toEqual({ 'bill-already-settled': 29, settled: 1 })
    const settled = outcomes.find((one) => one.kind === 'settled')
    const named = outcomes.flatMap((one) =>
      one.kind === 'refused' ? [one.refusal.facts['settlement']] : [],
    )
    expect(new Set(named)).toEqual(new Set([settled?.kind === 'settled' && settled.row.id]))
    expect(await checkBooks(real.books.pool)).toEqual([])
  }, 60_000)

  test('at three terminals settle it three times, and the second and third are suspect and listed', async () => {
    const run = await open(locks)
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => insist(run, bill(`t${i}`, `POS-${i % 3}`))),
    )
    expect(count(outcomes.map(words))).toEqual({ 'bill-already-settled': 27, settled: 3 })
    const warned = outcomes.flatMap((one) =>
      one.kind === 'settled'
        ? [one.row.content.warnings.map(({ code }) => code).includes('same-bill-settled')]
        : [],
    )
    expect(warned.filter((each) => each)).toHaveLength(2)
    const { rows } = await real.books.pool.query(
      'select cardinality(settlements) as of from anomaly_same_bill order by 1',
    )
    expect(rows.map((row) => row.of)).toEqual([2, 3])
    expect(await checkBooks(real.books.pool)).toEqual([])
  }, 60_000)
})

test('in one batch the second is refused as it would be after the first', async () => {
  const run = await open(true)
  const outcomes = await run(
    bill('a', 'POS-1'),
    bill('b', 'POS-1'),
    bill('c', 'POS-2'),
    bill('d', undefined),
  )
  expect(outcomes.map(words)).toEqual(['settled', 'bill-already-settled', 'settled', 'settled'])
  expect(words((await run(bill('a', 'POS-1')))[0])).toBe('settled')
  // A refusal stands under its key, whatever is settled or cancelled later.
  expect(words((await run(bill('b', 'POS-1')))[0])).toBe('bill-already-settled')
})

test('what is cancelled may be settled again at once', async () => {
  const run = await open(true)
  const [first] = await run(bill('a', 'POS-1'))
  if (first?.kind !== 'settled') throw new Error('settles')
  expect(words((await run(cancelAsk('x', first.row.settlement, hospital)))[0])).toBe('undone')
  expect(words((await run(bill('b', 'POS-1')))[0])).toBe('settled')
})
