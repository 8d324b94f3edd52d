import { afterAll, beforeAll, expect, it } from 'vitest'
import { openClearing, statementsOver } from '../../../adapters/cli/clearing.ts'
import type { World as Served } from '../../../adapters/cli/serve.ts'
import type { Clearing } from '../../../adapters/clearing/clearing.ts'
import { readSettings } from '../../../adapters/nhsa/settingsFile.ts'
import { loadRules } from '../../../adapters/rulepacks/load.ts'
import {
  type RegionAsk,
  RegionFault,
  type RegionLine,
  type RegionReply,
} from '../../../engine/awayClaim.ts'
import type { Pair } from '../../../engine/pairRun.ts'
import { startProcess } from '../../../engine/process.ts'
import { cancelAsk, crypto } from '../postgres/support.ts'
import { awayBill, directLine, openRegionWorld, type RegionWorld } from '../region/regionWorld.ts'
import { day, keyOf, resultOf, setClock, window } from './support.ts'

// Two regions with books of their own: each closes its side by itself, and both agree to the fen.

const clock = setClock()
let chengdu: RegionWorld
let guangzhou: RegionWorld
let inChengdu: Clearing
let inGuangzhou: Clearing
const straight = async (_: RegionAsk, answer: () => Promise<RegionReply>) => answer()
let onLine: typeof straight = straight

const rules = loadRules('rules', { sandbox: true })
const settings = readSettings('rules/national-interface.yaml')
const clearingOf = ({ books, ports }: RegionWorld, regions: string[], line: RegionLine): Clearing =>
  openClearing(
    {
      pool: books.pool,
      crypto,
      clock,
      rules,
      settings,
      config: { regions },
      metrics: { watch: () => undefined },
    } as unknown as Served,
    startProcess(ports),
    statementsOver({ from: () => line }),
  )

beforeAll(async () => {
  const toGuangzhou = directLine(
    '510100',
    () => guangzhou.homeDesk,
    async (asked, answer) => onLine(asked, answer),
  )
  const toChengdu = directLine(
    '440100',
    () => chengdu.homeDesk,
    async (asked, answer) => onLine(asked, answer),
  )
  chengdu = await openRegionWorld({
    served: ['510100', '510700'],
    reached: ['440100'],
    line: toGuangzhou,
    clock,
  })
  guangzhou = await openRegionWorld({
    served: ['440100'],
    reached: ['510100', '510700'],
    line: toChengdu,
    clock,
  })
  inChengdu = clearingOf(chengdu, ['510100', '510700'], toGuangzhou)
  inGuangzhou = clearingOf(guangzhou, ['440100'], toChengdu)
})
afterAll(async () => {
  await chengdu.close()
  await guangzhou.close()
})

const care: Pair = { region: '510100', side: 'care', partner: '440100' }
const home: Pair = { region: '440100', side: 'home', partner: '510100' }
const back: readonly [Pair, Pair] = [
  { region: '440100', side: 'care', partner: '510100' },
  { region: '510100', side: 'home', partner: '440100' },
]
const right = async () => {
  expect(await chengdu.problems()).toEqual([])
  expect(await guangzhou.problems()).toEqual([])
}

it('a region that is not heard, or gives no statement, leaves the window open', async () => {
  for (const key of ['A1', 'A2', 'A3'])
    expect(await chengdu.submit(awayBill(key, 'G1', { at: '510100' }))).toMatchObject({
      kind: 'settled',
    })
  const undone = await chengdu.submit(awayBill('A4', 'G1', { at: '510100' }))
  if (undone.kind !== 'settled') throw new Error('settles')
  const cancelled = cancelAsk('C4', undone.row.settlement, 'H51010000001')
  expect(await chengdu.submit(cancelled)).toMatchObject({ kind: 'undone' })
  expect(await guangzhou.submit(awayBill('B1', 'E1', { at: '440100' }))).toMatchObject({
    kind: 'settled',
  })
  clock.set('2026-04-02T09:00:00+08:00')
  const close = async () => inChengdu.closeWindow(keyOf('510100'), care, window('2026-03'))
  onLine = async () => {
    throw new RegionFault('lost', 'cut')
  }
  await expect(close()).rejects.toMatchObject({ kind: 'unavailable' })
  onLine = async () => ({ kind: 'absent' })
  await expect(close()).rejects.toMatchObject({ kind: 'unavailable' })
  onLine = straight
  await right()
})

it('both sides close the same window alike, each asking the other for its own half', async () => {
  // A statement comes in pages, and the last of them says that it is.
  onLine = async (asked, answer) => {
    const { kind } = asked
    if (kind === 'statement') Object.assign(asked, { limit: 2 })
    return answer()
  }
  const told = resultOf(await inChengdu.closeWindow(keyOf('510100'), care, window('2026-03')))
  expect(told).toMatchObject({ rows: 5, disputes: 0 })
  const mirrored = resultOf(await inGuangzhou.closeWindow(keyOf('440100'), home, window('2026-03')))
  expect(mirrored).toMatchObject({ rows: 5, disputes: 0, due: told['due'] })
  const [theirs, ours] = back
  const first = resultOf(await inGuangzhou.closeWindow(keyOf('440100'), theirs, window('2026-03')))
  const second = resultOf(await inChengdu.closeWindow(keyOf('510100'), ours, window('2026-03')))
  expect(first).toMatchObject({ rows: 1, disputes: 0, due: second['due'] })
  expect(await chengdu.balance('due-')).toBe(0n)
  expect(await guangzhou.balance('due-')).toBe(0n)
  expect(await chengdu.balance('clearing:510100:440100')).toBe(
    -(await guangzhou.balance('clearing:440100:510100')),
  )
  await right()
  onLine = straight
})

it('each nets with the other by itself, and both order the same payment', async () => {
  const until = day('2026-03-31')
  expect(resultOf(await inChengdu.net(keyOf('510100'), until))).toMatchObject({ orders: 1 })
  expect(resultOf(await inGuangzhou.net(keyOf('440100'), until))).toMatchObject({ orders: 1 })
  const orders = await Promise.all(
    [chengdu, guangzhou].map(async ({ books }) => {
      const sql = 'select debtor, creditor, amount_fen from clearing_order'
      return (await books.pool.query(sql)).rows
    }),
  )
  expect(orders[0]).toEqual(orders[1])
  expect(orders[0]).toHaveLength(1)
  await right()
})
