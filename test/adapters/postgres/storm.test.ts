import { afterEach, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { settle, yearlyCap } from './settle.ts'
import {
  cancelAsk,
  claim,
  enrol,
  openWorld,
  settleAsk,
  type World,
  type WorldOptions,
} from './support.ts'

let world: World
const open = async (options: WorldOptions): Promise<void> => {
  world = await openWorld(options)
}
afterEach(() => world.close())

const run = (asks: readonly Ask[], most?: number): Promise<Outcome[]> =>
  settle(world.books, asks, world.clock.now, most)

async function facts(id: string) {
  const [found] = await world.books.look([claim(id)])
  const { balances, counters } = found?.facts ?? {}
  return { balance: balances?.get(id), counters: counters?.get('2026') }
}

describe('one key from fifty connections', () => {
  it.each([true, false])('settles once, with locks: %s', async (locks) => {
    await open({ locks, max: 50 })
    await enrol(world, 'A')
    const ask = settleAsk('same', claim('A'))
    const outcomes = (await Promise.all(Array.from({ length: 50 }, () => run([ask], 60)))).flat()
    expect(outcomes.filter((o) => o.kind === 'settled' && !o.replayed)).toHaveLength(1)
    expect(outcomes.filter((o) => o.kind === 'settled' && o.replayed)).toHaveLength(49)
    const { rows } = await world.pool.query('select count(*) as n from settlement')
    expect(rows[0].n).toBe(1n)
    expect(await checkBooks(world.pool)).toEqual([])
  })
})

describe('five hundred claims of one person against five hundred', () => {
  // Without locks lost races are found by the unique versions alone, and there are many of them.
  it.each([
    { locks: true, most: 8, writers: 10 },
    { locks: false, most: 400, writers: 10 },
  ])(
    'end with exact sums, with locks: $locks',
    async ({ locks, most, writers }) => {
      await open({ locks, max: 20 })
      await enrol(world, 'A', { balance: 4_000_000n })
      const series = (name: string): Promise<void>[] =>
        Array.from({ length: writers }, async (_, writer) => {
          for (let i = writer; i < 500; i += writers) {
            const asked = claim('A', { amount: 1_000n, item: `${name}${i}` })
            const outcomes = await run([settleAsk(`${name}${i}`, asked)], most)
            expect(outcomes[0]?.kind).toBe('settled')
          }
        })
      await Promise.all([...series('a'), ...series('b')])
      const { balance, counters } = await facts('A')
      expect(counters).toEqual(
        new Map([
          ['pool', yearlyCap],
          ['visits', 1_000n],
        ]),
      )
      expect(balance).toBe(4_000_000n - (1_000_000n - yearlyCap))
      expect(await checkBooks(world.pool)).toEqual([])
    },
    120_000,
  )
})

describe('a family account that many draw on', () => {
  it.each([true, false])('never falls below zero, with locks: %s', async (locks) => {
    await open({ locks, max: 16 })
    await enrol(world, 'OWNER', { balance: 50_000n })
    for (let i = 0; i < 16; i++) await enrol(world, `C${i}`, { family: ['OWNER'] })
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        run([settleAsk(`f${i}`, claim(`C${i}`, { family: true }))], 60),
      ),
    )
    const drawn = outcomes
      .flat()
      .map((o) => (o.kind === 'settled' ? o.row.content.familyAccount : -1n))
    expect(drawn.toSorted((a, b) => Number(b - a))).toEqual([
      ...Array(10).fill(5_000n),
      ...Array(6).fill(0n),
    ])
    expect((await facts('OWNER')).balance).toBe(0n)
    expect(await checkBooks(world.pool)).toEqual([])
  })
})

describe('batches of many people, crossing each other', () => {
  it.each([true, false])('neither deadlock nor lose anything, with locks: %s', async (locks) => {
    await open({ locks, max: 8 })
    for (let i = 0; i < 40; i++)
      await enrol(world, `P${i}`, { balance: 30_000n, family: [`P${(i * 7 + 3) % 40}`] })
    const batch = (n: number): Ask[] =>
      Array.from({ length: 25 }, (_, i) =>
        settleAsk(
          `${n}-${i}`,
          claim(`P${(i * 11 + n * 17) % 40}`, { family: i % 2 === 0, amount: 900n }),
        ),
      )
    const outcomes = await Promise.all(Array.from({ length: 24 }, (_, n) => run(batch(n), 200)))
    expect(outcomes.flat().every((o) => o.kind === 'settled')).toBe(true)
    expect(await checkBooks(world.pool)).toEqual([])
  })
})

describe('two undos of one settlement', () => {
  it.each([true, false])('make one set of mirror rows, with locks: %s', async (locks) => {
    await open({ locks, max: 8 })
    await enrol(world, 'A', { balance: 100_000n })
    for (let round = 0; round < 5; round++) {
      const [settled] = await run([settleAsk(`s${round}`, claim('A'))])
      if (settled?.kind !== 'settled') throw new Error('settles')
      const undos = await Promise.all(
        Array.from({ length: 6 }, (_, i) => run([cancelAsk(`u${round}-${i}`, settled.row.id)], 60)),
      )
      expect(undos.flat().filter((o) => o.kind === 'undone')).toHaveLength(1)
    }
    expect((await facts('A')).balance).toBe(100_000n)
    expect(await checkBooks(world.pool)).toEqual([])
  })
})
