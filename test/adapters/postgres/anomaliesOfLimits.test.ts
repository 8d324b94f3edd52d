import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type pg from 'pg'
import { zero } from '../../../engine/money.ts'
import type { Row } from '../../../engine/ports.ts'
import type { CapStep, Step } from '../../../engine/settlement.ts'
import { look, put, type Seen, threshold, type Told } from './suspicious.ts'
import { openWorld, type World } from './support.ts'

let world: World
let pool: pg.Pool
beforeAll(async () => {
  world = await openWorld()
  pool = world.pool
  // The last day that the books know: each stretch of 31 days begins with the first of March.
  await put(pool, { person: 'LAST', day: '2026-03-31' })
})
afterAll(() => world.close())

const of = (seen: readonly Seen[], person: string): Seen[] =>
  seen.filter((one) => one.person === person)
const at = (told: Told): Promise<Row> => put(pool, told)

describe('bills just under a limit', () => {
  const taps = async (person: string, totals: readonly string[], more: Partial<Told> = {}) => {
    for (const [i, total] of totals.entries())
      await at({
        person,
        total,
        day: `2026-03-1${i}`,
        institution: `H${i + 1}`,
        care: 'pharmacy',
        terminal: 'T1',
        tap: 'offline',
        ...more,
      })
  }

  test('three taps without a line within five hundredths of their limit, and not two', async () => {
    await taps('L1', ['95.01', '100.00', '99.00'])
    await taps('L2', ['95.00', '100.00', '99.00'])
    await taps('L3', ['100.01', '100.00', '99.00'])
    await taps('L4', ['300.00', '299.00', '285.01'], { tap: 'online', institution: 'H1' })
    await taps('L5', ['100.00', '99.00', '98.00'], { tap: 'online' })
    const seen = await look(pool, 'under_limit')
    expect(of(seen, 'L1')).toEqual([
      expect.objectContaining({
        subject: 'L1 offline',
        institution: null,
        day: '2026-03-12',
        facts: { limit: 'offline', most: '100.00', bills: 3, total: '294.01', highest: '100.00' },
      }),
    ])
    expect(of(seen, 'L1')[0]?.settlements).toHaveLength(3)
    expect(of(seen, 'L4')).toEqual([
      expect.objectContaining({ subject: 'L4 tap', institution: 'H1' }),
    ])
    expect(seen.filter(({ person }) => /^L[235]$/.test(person ?? ''))).toEqual([])
  })

  test('each bill goes by the limit of its own day and of its person’s region', async () => {
    await threshold(pool, 'under-limit.offline', 50, { region: '610700', from: '2026-03-11' })
    await taps('L6', ['50.00', '49.00', '48.00'], { homeRegion: '610700', careRegion: '610700' })
    expect(of(await look(pool, 'under_limit'), 'L6')).toEqual([])
    await threshold(pool, 'under-limit.offline', 50, { region: '610700', from: '2026-03-10' })
    expect(of(await look(pool, 'under_limit'), 'L6')).toHaveLength(1)
  })

  test('one paper bill just under the sum that asks for a second approval', async () => {
    await at({ person: 'L7', day: '2026-03-10', total: '9999.00', desk: 'paper' })
    await at({ person: 'L8', day: '2026-03-10', total: '10000.01', desk: 'paper' })
    await at({ person: 'L9', day: '2026-03-10', total: '9999.00' })
    const seen = await look(pool, 'under_limit')
    expect(of(seen, 'L7')).toMatchObject([{ facts: { limit: 'desk', highest: '9999.00' } }])
    expect([...of(seen, 'L8'), ...of(seen, 'L9')]).toEqual([])
  })

  test('a sum of the year just under the limit that the trace tells, and none that was passed', async () => {
    const cap = (usedBefore: bigint, cut = 0n): Partial<CapStep> => ({
      per: 'year',
      counts: 'paid',
      limit: 45_000_000n as never,
      usedBefore: usedBefore as never,
      cut: cut as never,
      accumulator: 'pool',
    })
    const stay = async (person: string, usedBefore: bigint, cut?: bigint) =>
      at({
        person,
        day: '2026-03-10',
        care: 'inpatient',
        total: '30000.00',
        fund: '20000.00',
        trace: [
          { paid: 2_000_000n, baseTotal: zero, caps: [cap(usedBefore, cut)] } as unknown as Step,
        ],
      })
    await stay('Y1', 40_750_001n)
    await stay('Y2', 40_750_000n)
    await stay('Y3', 43_000_000n, 1n)
    const seen = await look(pool, 'under_limit')
    expect(of(seen, 'Y1')).toMatchObject([
      {
        subject: 'Y1 pool',
        facts: { limit: 'year', sum: 'pool', most: '450000.00', highest: '427500.01' },
      },
    ])
    expect([...of(seen, 'Y2'), ...of(seen, 'Y3')]).toEqual([])
  })
})
