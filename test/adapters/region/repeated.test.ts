import { afterAll, beforeAll, expect, test } from 'vitest'
import { noLines, openRegional, type Regional } from '../../../adapters/cli/crossings.ts'
import { createTurns, type Turns } from '../../../adapters/cli/turns.ts'
import { createLog } from '../../../adapters/log.ts'
import { createMetrics } from '../../../adapters/metrics.ts'
import type { Lines } from '../../../adapters/region/crossingNeeds.ts'
import { RegionFault } from '../../../engine/awayClaim.ts'
import { startProcess } from '../../../engine/process.ts'
import { crypto } from '../postgres/support.ts'
import { awayBill, directLine, openRegionWorld, type RegionWorld } from './regionWorld.ts'

let chengdu: RegionWorld
let guangzhou: RegionWorld
let hold: Promise<void> = Promise.resolve()
let isLost = false

/** Settlements alone are held, for whoever asks about somebody is to be told. */
let isHeld: Promise<void> = Promise.resolve()
const line = directLine(
  '510100',
  () => guangzhou.homeDesk,
  async (asked, answer) => {
    await hold
    if (asked.kind === 'settle') await isHeld
    const reply = await answer()
    if (isLost && asked.kind === 'settle') throw new RegionFault('lost', 'the line broke')
    return reply
  },
)

beforeAll(async () => {
  chengdu = await openRegionWorld({ served: ['510100', '510700'], reached: ['440100'], line })
  const none = noLines.from('440100')
  guangzhou = await openRegionWorld({ served: ['440100'], reached: ['510100'], line: none })
})
afterAll(async () => {
  await chengdu.close()
  await guangzhou.close()
})

/** Another process of the same region, which knows nobody yet and reaches nobody. */
const cutOff = (): Regional => another(noLines)

/** One that reaches the other region, and hears of what the processes of one server have under way. */
const beside = (turns: Turns | undefined): Regional => another({ from: () => line }, turns)

function another(lines: Lines, turns?: Turns): Regional {
  const { ports, take, books } = chengdu
  const { pool, clock } = books
  const world = { pool, crypto, clock, regions: ports.regions }
  return openRegional(
    { ...world, log: createLog('silent'), metrics: createMetrics() },
    {
      process: startProcess(ports),
      take,
      lines,
      turns,
      own: '510100',
      revive: async () => undefined,
    },
  )
}

test('what was settled is told again while the home region cannot be reached', async () => {
  const ask = awayBill('R1', 'G1', { at: '510100' })
  const first = await chengdu.submit(ask)
  expect(first.kind).toBe('settled')
  expect(await cutOff().crossings.submit(ask)).toEqual({ ...first, replayed: true })
})

test('what nobody knows the outcome of is unknown still while the home region cannot be reached', async () => {
  isLost = true
  const ask = awayBill('R2', 'G1', { at: '510100' })
  expect(await chengdu.submit(ask)).toEqual({ kind: 'unknown' })
  isLost = false
  expect(await cutOff().crossings.submit(ask)).toEqual({ kind: 'unknown' })
})

test('what was never asked is refused while the home region cannot be reached, and binds nothing', async () => {
  const ask = awayBill('R3', 'G1', { at: '510100' })
  const refused = { kind: 'refused', refusal: { code: 'home-region-unreachable' }, replayed: false }
  expect(await cutOff().crossings.submit(ask)).toMatchObject(refused)
  expect(await chengdu.submit(ask)).toMatchObject({ kind: 'settled', replayed: false })
})

test('a request is in progress from its first question on', async () => {
  let release = (): void => {}
  hold = new Promise((resolve) => (release = resolve))
  const ask = awayBill('R4', 'G1', { at: '510100' })
  const first = chengdu.submit(ask)
  expect(await chengdu.submit(ask)).toEqual({ kind: 'inProgress' })
  release()
  expect(await first).toMatchObject({ kind: 'settled' })
})

test('it is so in all processes of a server, and unknown to a server beside it', async () => {
  const turns = createTurns()
  const [here, there] = [1, 2].map((slot) => beside(turns.of(slot)).crossings)
  let release = (): void => {}
  isHeld = new Promise((resolve) => (release = resolve))
  const ask = awayBill('R5', 'G1', { at: '510100' })
  const first = here?.submit(ask)
  await expect.poll(() => there?.submit(ask)).toEqual({ kind: 'inProgress' })
  expect(await beside(undefined).crossings.submit(ask)).toEqual({ kind: 'unknown' })
  release()
  const told = await first
  expect(told).toMatchObject({ kind: 'settled' })
  expect(await there?.submit(ask)).toEqual({ ...told, replayed: true })
  isLost = true
  const lost = awayBill('R6', 'G1', { at: '510100' })
  expect(await here?.submit(lost)).toEqual({ kind: 'unknown' })
  expect(await there?.submit(lost)).toEqual({ kind: 'unknown' })
  isLost = false
})
