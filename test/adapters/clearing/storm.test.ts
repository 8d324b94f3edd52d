import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { createBooks } from '../../../adapters/postgres/books.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createPool } from '../../../adapters/postgres/pool.ts'
import { windowAfter, windowOf } from '../../../engine/clearingWindow.ts'
import type { Pair } from '../../../engine/pairRun.ts'
import { startLocalProcess } from '../../support/localProcess.ts'
import { portsOn } from '../postgres/real.ts'
import { crypto } from '../postgres/support.ts'
import {
  atHome,
  type Cleared,
  codeOf,
  day,
  inCare,
  keyOf,
  openCleared,
  resultOf,
  window,
} from './support.ts'

const [hospital, mianyang] = ['H51010000001', 'H51070000001']
/** What 510700 treated of 510100: a pair of its own. */
const back: readonly [Pair, Pair] = [
  { region: '510100', side: 'home', partner: '510700' },
  { region: '510700', side: 'care', partner: '510100' },
]
const pairs = [atHome, inCare, ...back]

let world: Cleared
const pools: pg.Pool[] = []
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.end()
  await world.real.close()
})

/** Clearing as a second process has it: connections and transactions of its own on the same database. */
function anotherProcess(locks: boolean) {
  const { books } = world.real
  const pool = createPool({
    url: books.database.appUrl,
    max: 8,
    applicationName: 'second',
    onError: () => {},
  })
  pools.push(pool)
  // Whoever closes windows beside traffic may wait for a connection on a busy machine.
  pool.options.connectionTimeoutMillis = 20_000
  const own = createBooks({ pool, crypto, clock: world.clock, locks })
  const process = startLocalProcess({ ...portsOn(books), books: own, clock: world.clock })
  return { pool, clearing: world.another({ pool, process }) }
}

const rowsOf = async (sql: string): Promise<Record<string, bigint>> =>
  (await world.real.books.pool.query(sql)).rows[0]

describe('windows that close while traffic goes on', () => {
  it.each([true, false])(
    'close once among two processes, and have every row once, with locks: %s',
    async (locks) => {
      world = await openCleared({ max: 20, locks })
      const { clearing: second } = anotherProcess(locks)
      const going = { open: true }
      const traffic = async (who: string, at: string): Promise<void> => {
        for (let i = 0; i < 40; i++) {
          const settled = await world.settle(who, at, BigInt(20_000 + i))
          if (i % 7 === 3) await world.cancel(settled, at)
          world.clock.pass(1)
        }
      }
      const closed = new Set<string>()
      const close = async (clearing: typeof second): Promise<void> => {
        for (let on = windowOf('day', day('2026-03-02')); going.open; ) {
          if (on.until >= world.clock.today()) {
            await new Promise((resolve) => setTimeout(resolve, 2))
            continue
          }
          for (const pair of pairs) {
            const key = keyOf(pair.region)
            const outcome = await clearing.closeWindow(key, pair, on)
            const name = `${pair.region} ${pair.side} ${on.name}`
            if (outcome.kind === 'entered') {
              expect(closed.has(name)).toBe(false)
              closed.add(name)
            } else expect(codeOf(outcome)).toMatch(/^window-(closed|overtaken)$/)
          }
          on = windowAfter(on)
        }
      }
      const closing = Promise.all([close(world.clearing), close(second), close(world.clearing)])
      await Promise.all([
        traffic('Y1', hospital),
        traffic('Y2', hospital),
        traffic('C1', mianyang),
        traffic('E1', mianyang),
      ])
      going.open = false
      await closing
      expect(closed.size).toBeGreaterThan(8)
      world.clock.pass(48)
      const last = windowOf('day', day(world.clock.today()))
      world.clock.pass(24)
      for (const pair of pairs)
        expect(codeOf(await world.clearing.closeWindow(keyOf(pair.region), pair, last))).toBe(
          'entered',
        )
      const { due, cleared } = await rowsOf(`
        select (select count(distinct t.posting_id) from transfer t where t.kind = 'dueTo') as due,
               (select count(*) from clearing_row) as cleared`)
      expect(due).toBeGreaterThan(60n)
      expect(cleared).toBe(2n * (due as bigint))
      for (const account of [
        'due-to:510700:510100',
        'due-from:510700:510100',
        'due-to:510100:510700',
      ])
        expect(await world.balance(account)).toBe(0n)
      expect(await checkBooks(world.real.books.pool)).toEqual([])
    },
    60_000,
  )

  it('one window asked for by both at the same moment is one run', async () => {
    world = await openCleared({ max: 20 })
    const { clearing: second } = anotherProcess(true)
    for (let i = 0; i < 20; i++) await world.settle(i % 2 ? 'Y1' : 'Y2', hospital)
    world.clock.set('2026-04-02T09:00:00+08:00')
    const march = window('2026-03')
    const told = await Promise.all(
      Array.from({ length: 12 }, async (_, i) =>
        (i % 2 ? second : world.clearing).closeWindow(keyOf('510700'), atHome, march),
      ),
    )
    expect(told.filter(({ kind }) => kind === 'entered')).toHaveLength(1)
    expect(told.map(codeOf).filter((code) => code === 'window-closed')).toHaveLength(11)
    expect(await checkBooks(world.real.books.pool)).toEqual([])
  })
})

describe('a process that dies in the middle of closing', () => {
  it('leaves nothing, and the next one closes the window', async () => {
    world = await openCleared({ max: 20 })
    const { pool, clearing: second } = anotherProcess(true)
    const settled = await world.settle('Y1', hospital)
    world.clock.set('2026-04-02T09:00:00+08:00')
    // Somebody holds the very place of a row that is to be cleared, so that the second process waits in the middle of it.
    const owner = new pg.Client({ connectionString: world.real.books.database.ownerUrl })
    await owner.connect()
    const killer = new pg.Client({ connectionString: world.real.books.database.appUrl })
    await killer.connect()
    await owner.query('begin')
    await owner.query(
      `insert into clearing_row values ('region:510700', $1, 'x', 'x', $1, false, 'other', 'item', 'employee', '2026-03', 'x', 1, 1, 0, 1)`,
      [settled],
    )
    const dying = second.closeWindow(keyOf('510700'), atHome, window('2026-03'))
    await expect
      .poll(
        async () =>
          (
            await killer.query(
              `select pg_terminate_backend(pid) from pg_stat_activity
               where application_name = 'second' and wait_event_type = 'Lock'`,
            )
          ).rowCount,
        { timeout: 1_900, interval: 10 },
      )
      .toBe(1)
    await killer.end()
    expect(['busy', 'unknown']).toContain((await dying).kind)
    await owner.query('rollback')
    await owner.end()
    expect((await pool.query('select from clearing_run')).rowCount).toBe(0)
    expect((await pool.query('select from clearing_row')).rowCount).toBe(0)
    expect(await checkBooks(world.real.books.pool)).toEqual([])
    const again = await world.clearing.closeWindow(keyOf('510700'), atHome, window('2026-03'))
    expect(resultOf(again)).toMatchObject({ rows: 1 })
    expect(await checkBooks(world.real.books.pool)).toEqual([])
  })
})

describe('the sweep of windows', () => {
  const never = new AbortController().signal

  it('closes what is due by our clock, month after month, and bears being run twice', async () => {
    world = await openCleared({ max: 20 })
    const { clearing: second } = anotherProcess(true)
    expect(await world.clearing.closeDue(never)).toBe(0)
    await world.settle('Y1', hospital)
    expect(await world.clearing.closeDue(never)).toBe(0)
    world.clock.set('2026-04-01T12:00:00+08:00')
    // The day after the last is left for what is still under way.
    expect(await world.clearing.closeDue(never)).toBe(0)
    world.clock.set('2026-04-02T00:00:01+08:00')
    const both = await Promise.all([
      world.clearing.closeDue(never),
      second.closeDue(never),
      world.clearing.closeDue(never),
    ])
    expect(both.reduce((a, b) => a + b)).toBe(2)
    expect(await world.clearing.closeDue(never)).toBe(0)
    await world.settle('Y2', hospital)
    // It was lost for two months: what became due meanwhile is closed one window after the other.
    world.clock.set('2026-06-03T09:00:00+08:00')
    expect(await world.clearing.closeDue(never)).toBe(2)
    expect(await world.clearing.closeDue(never)).toBe(2)
    expect(await world.clearing.closeDue(never)).toBe(0)
    const { items } = await world.queries.runs({ owner: 'region:510100', limit: 10 })
    expect(items.map(({ window: name, rows }) => [name, rows])).toEqual([
      ['2026-05', 0],
      ['2026-04', 1],
      ['2026-03', 1],
    ])
    expect(await checkBooks(world.real.books.pool)).toEqual([])
  })

  it('comes when the month is over, where a day of it was closed by hand', async () => {
    world = await openCleared({ max: 20 })
    await world.settle('Y1', hospital)
    await world.clearing.closeDue(never)
    world.clock.set('2026-03-10T09:00:00+08:00')
    const byHand = await world.clearing.closeWindow(keyOf('510700'), atHome, window('2026-03-05'))
    expect(resultOf(byHand)).toMatchObject({ rows: 1 })
    const { rows } = await world.real.books.pool.query<{ due: string }>(
      `select (due_at at time zone 'Asia/Shanghai')::text as due from due where owner_id = 'region:510700'`,
    )
    expect(rows.map(({ due }) => due)).toEqual(['2026-04-02 00:00:00'])
  })

  it('comes again to a region that was not heard, and keeps no other waiting', async () => {
    world = await openCleared({ max: 20 })
    await world.settle('Y1', hospital)
    await world.settle('E1', mianyang)
    let heard = false
    const alone = world.another(
      { regions: ['510100'] },
      {
        statementOf: async ({ of: region, side, by: partner, ...days }) => {
          if (!heard && side === 'home') throw new Error('not heard')
          return world.rows.statement({ region, side, partner }, days)
        },
      },
    )
    await alone.closeDue(never)
    world.clock.set('2026-04-02T09:00:00+08:00')
    await expect(alone.closeDue(never)).rejects.toThrow('not heard')
    expect((await world.queries.runs({ limit: 10 })).items).toMatchObject([
      { region: '510100', side: 'home' },
    ])
    heard = true
    world.clock.pass(2)
    expect(await alone.closeDue(never)).toBe(1)
    const stopped = AbortSignal.abort()
    world.clock.set('2026-05-02T09:00:00+08:00')
    expect(await alone.closeDue(stopped)).toBe(0)
  })
})
