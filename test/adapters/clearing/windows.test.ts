import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createJournal } from '../../../adapters/postgres/journal.ts'
import { createLedgerQueries } from '../../../adapters/postgres/ledger.ts'
import type { StatementRow } from '../../../engine/awayClaim.ts'
import type { Fen } from '../../../engine/money.ts'
import { type Pair, pairChain } from '../../../engine/pairRun.ts'
import {
  atHome,
  type Cleared,
  codeOf,
  inCare,
  keyOf,
  openCleared,
  resultOf,
  window,
} from './support.ts'

let world: Cleared
beforeAll(async () => {
  world = await openCleared()
})
afterAll(() => world.real.close())

const hospital = 'H51010000001'
const due = 'due-to:510700:510100'
const dueMarch = `${due}:employee:2026-03`
const march = window('2026-03')
const april = window('2026-04')
const idOf = (outcome: Parameters<typeof resultOf>[0]): string => resultOf(outcome)['run'] as string
const newest = async (pair: Pair) => {
  const owner = pairChain(pair).owner
  return (await world.queries.runs({ owner, limit: 1 })).items[0]
}

describe('a window', () => {
  it('is closed with what both sides have, and each row is in it once', async () => {
    await world.settle('Y1', hospital)
    await world.cancel(await world.settle('Y1', hospital, 30_000n), hospital)
    expect(codeOf(await world.clearing.closeWindow(keyOf('510700', 'early'), atHome, march))).toBe(
      'period-not-over',
    )
    world.clock.set('2026-04-02T09:00:00+08:00')
    const owed = await world.balance(due)
    expect(owed).toBeGreaterThan(0n)
    const key = keyOf('510700', 'march')
    const closed = await world.clearing.closeWindow(key, atHome, march)
    const told = { window: '2026-03', rows: 3, disputes: 0, due: String(owed) }
    expect(resultOf(closed)).toMatchObject(told)
    // Asked again it is told the same; asked under another key, which run it was.
    expect(await world.clearing.closeWindow(key, atHome, march)).toEqual({
      ...closed,
      replayed: true,
    })
    expect(await world.clearing.closeWindow(keyOf('510700'), atHome, march)).toMatchObject({
      refusal: { code: 'window-closed', facts: { run: idOf(closed) } },
    })
    const other = await world.clearing.closeWindow(keyOf('510100'), inCare, march)
    expect(resultOf(other)).toMatchObject(told)
    expect(await world.balance(due)).toBe(0n)
    expect(await world.balance('due-from:510100:510700')).toBe(0n)
    expect(await world.balance('clearing:510700:510100')).toBe(owed)
    expect(await world.balance('clearing:510100:510700')).toBe(-owed)
    const run = await newest(atHome)
    expect(run).toMatchObject({ kind: 'pair', region: '510700', side: 'home', rows: 3, due: owed })
    if (!run) throw new Error('it is listed')
    expect(await world.queries.run(run.id)).toEqual(run)
    expect(await world.queries.totals(run)).toEqual([
      expect.objectContaining({
        category: 'outpatient',
        way: 'item',
        scheme: 'employee',
        month: '2026-03',
        rows: 3,
        due: owed,
      }),
    ])
    const page = await world.queries.rows(run, { limit: 2 })
    const rest = await world.queries.rows(run, { limit: 2, after: page.next ?? '' })
    expect([...page.items, ...rest.items].map(({ undo }) => undo).toSorted()).toEqual([
      false,
      false,
      true,
    ])
    expect(rest.next).toBeUndefined()
    expect(await checkBooks(world.real.books.pool)).toEqual([])
  })

  it('that is closed takes no more: what comes late is in the next', async () => {
    world.clock.set('2026-03-31T23:59:59.990+08:00')
    const late = await world.settle('Y1', hospital, 20_000n)
    world.clock.set('2026-05-02T09:00:00+08:00')
    const closed = await world.clearing.closeWindow(keyOf('510700'), atHome, april)
    expect(resultOf(closed)).toMatchObject({ rows: 1 })
    const run = await newest(atHome)
    expect((await world.queries.rows(run!, { limit: 5 })).items).toMatchObject([
      { reference: late, month: '2026-03' },
    ])
    await world.clearing.closeWindow(keyOf('510100'), inCare, april)
    // An empty window is closed too, and moves nothing.
    world.clock.set('2026-06-02T09:00:00+08:00')
    const may = window('2026-05')
    expect(resultOf(await world.clearing.closeWindow(keyOf('510700'), atHome, may))).toMatchObject({
      rows: 0,
      due: '0',
    })
    await world.clearing.closeWindow(keyOf('510100'), inCare, may)
    expect(await checkBooks(world.real.books.pool)).toEqual([])
  })

  it('is that of an agency whose books are kept here, with another region', async () => {
    const { clearing } = world
    const codes = [
      await clearing.closeWindow(keyOf('440100'), { ...atHome, region: '440100' }, april),
      await clearing.closeWindow(keyOf('510700'), { ...atHome, partner: '510700' }, april),
      await clearing.closeWindow(keyOf('510700'), { ...atHome, partner: '999999' }, april),
    ].map(codeOf)
    expect(codes).toEqual(Array(3).fill('institution-unknown'))
  })
})

describe('two regions with books of their own', () => {
  const june = window('2026-06')
  const july = window('2026-07')
  let spoil: (rows: readonly StatementRow[]) => readonly StatementRow[] = (rows) => rows
  /** Only the care region's books are kept there; the other's statement comes over a line, and may be spoilt on it. */
  const elsewhere = () =>
    world.another(
      { regions: ['510100'] },
      {
        statementOf: async ({ of: region, side, by: partner, ...days }) =>
          spoil(await world.rows.statement({ region, side, partner }, days)),
      },
    )

  it('hold out what differs, or what only one of them has, and take it in the next window', async () => {
    world.clock.set('2026-06-03T09:00:00+08:00')
    const settled = [
      await world.settle('Y1', hospital, 60_000n),
      await world.settle('Y1', hospital, 70_000n),
      await world.settle('Y1', hospital, 80_000n),
    ]
    const [other, missing] = settled
    spoil = (rows) => [
      ...rows.flatMap((row) =>
        row.reference === missing
          ? []
          : row.reference === other
            ? [{ ...row, due: (row.due + 100n) as Fen, fundTotal: (row.fundTotal + 100n) as Fen }]
            : [row],
      ),
      { ...(rows[0] as StatementRow), reference: 'of nobody here' },
      { ...(rows[0] as StatementRow), reference: 'of nothing', due: 0n as Fen },
    ]
    world.clock.set('2026-07-02T09:00:00+08:00')
    const { agreed, disputes } = await elsewhere().compare(inCare, june)
    expect(agreed.map(({ reference }) => reference)).toEqual([settled[2]])
    expect(disputes).toHaveLength(3)
    const closed = await elsewhere().closeWindow(keyOf('510100'), inCare, june)
    expect(resultOf(closed)).toMatchObject({ rows: 1, disputes: 3 })
    const run = await newest(inCare)
    const first = await world.queries.disputes(run!, { limit: 2 })
    const second = await world.queries.disputes(run!, { limit: 2, after: first.next ?? '' })
    const held = [...first.items, ...second.items]
    expect(held.map(({ reference, kind }) => [reference, kind])).toEqual([
      [other, 'amounts'],
      [missing, 'missingThere'],
      ['of nobody here', 'missingHere'],
    ])
    expect(held[0]?.amounts).toMatchObject([
      { of: 'fundTotal', by: -100n },
      { of: 'due', by: -100n },
    ])
    expect(held[2]?.amounts.every(({ ours }) => ours === 0n)).toBe(true)
    expect(await checkBooks(world.real.books.pool)).toEqual([])

    spoil = (rows) => rows
    world.clock.set('2026-08-02T09:00:00+08:00')
    const later = await elsewhere().closeWindow(keyOf('510100'), inCare, july)
    expect(resultOf(later)).toMatchObject({ rows: 2, disputes: 0 })
    expect(await world.balance('due-from:510100:510700')).toBe(0n)
    // The home region, which had everything all along, closes both windows at once.
    const all = await world.clearing.closeWindow(keyOf('510700'), atHome, july)
    expect(resultOf(all)).toMatchObject({ rows: 3, disputes: 0 })
    expect(await checkBooks(world.real.books.pool)).toEqual([])
  })

  it('do not close where one is not heard', async () => {
    world.clock.set('2026-09-02T09:00:00+08:00')
    const alone = world.another({ regions: ['510100'] })
    await expect(alone.closeWindow(keyOf('510100'), inCare, window('2026-08'))).rejects.toThrow(
      /is not heard/,
    )
  })
})

describe('the journal', () => {
  it('takes what clearing posts, and tells it by its run', async () => {
    const { pool, clock } = world.real.books
    const journal = createJournal({ pool, now: clock.now, rollUpEvery: 5 })
    await journal.run()
    expect(await checkBooks(pool)).toEqual([])
    const ledger = createLedgerQueries(pool)
    const [first] = (await world.queries.runs({ kind: 'pair', limit: 100 })).items.toReversed()
    const { items } = await ledger.transfers({ settlement: first?.id, limit: 5 })
    expect(items).toMatchObject([
      {
        kind: 'clearing',
        debit: dueMarch,
        credit: 'clearing:510700:510100',
        owner: 'region:510700',
      },
    ])
    const inOrder = await ledger.transfers({ account: dueMarch, limit: 200 })
    expect(
      inOrder.items.some(({ kind, settlement }) => kind === 'clearing' && settlement === first?.id),
    ).toBe(true)
  })
})
