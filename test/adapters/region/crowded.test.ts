import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import { awayBill, directLine, openRegionWorld, type RegionWorld } from './regionWorld.ts'

// A region that is away or full must cost the others nothing: what cannot be sent is not begun.

let chengdu: RegionWorld
let guangzhou: RegionWorld
let hasRoom = true
let onLine: (asked: RegionAsk, answer: () => Promise<RegionReply>) => Promise<RegionReply>
const straight: typeof onLine = (_, answer) => answer()

beforeAll(async () => {
  onLine = straight
  const desk = () => guangzhou.homeDesk
  chengdu = await openRegionWorld({
    served: ['510100'],
    reached: ['440100'],
    line: directLine('510100', desk, (asked, answer) => onLine(asked, answer)),
    hasRoom: () => hasRoom,
  })
  guangzhou = await openRegionWorld({
    served: ['440100'],
    reached: ['510100'],
    line: directLine('440100', () => chengdu.homeDesk),
  })
})
afterAll(async () => {
  await chengdu.close()
  await guangzhou.close()
})

const unreachable = {
  kind: 'refused',
  refusal: { code: 'home-region-unreachable' },
  replayed: false,
}

async function written(): Promise<number> {
  const { rows } = await chengdu.books.pool.query(
    `select count(*)::int as n from dossier_entry where starts_with(subject, 'crossing ')`,
  )
  return rows[0].n
}

test('where the home region would not be asked now nothing is begun, and what stands is told', async () => {
  const before = await chengdu.submit(awayBill('R1', 'G1', { at: '510100' }))
  expect(before).toMatchObject({ kind: 'settled' })
  const entries = await written()
  hasRoom = false
  const ask = awayBill('R2', 'G1', { at: '510100' })
  expect(await chengdu.submit(ask)).toMatchObject(unreachable)
  expect(await chengdu.submit(awayBill('R1', 'G1', { at: '510100' }))).toEqual({
    ...before,
    replayed: true,
  })
  expect(await written()).toBe(entries)
  hasRoom = true
  expect(await chengdu.submit(ask)).toMatchObject({ kind: 'settled', replayed: false })
})

test('of a region that would not be asked now nobody waits to hear who somebody is', async () => {
  const asked: string[] = []
  onLine = async ({ kind }, answer) => {
    asked.push(kind)
    return answer()
  }
  hasRoom = false
  // Nobody has asked for this card before.
  const ask = awayBill('R5', 'G1', {
    at: '510100',
    credential: { type: 'card', number: 'D80000016', cardSn: '440100D1560000050100000000000010' },
  })
  expect(await chengdu.submit(ask)).toMatchObject(unreachable)
  expect(asked).toEqual([])
  hasRoom = true
  onLine = straight
})

test('whoever waited long to hear who somebody is comes again, and has all of the time then', async () => {
  onLine = async (asked, answer) => {
    if (asked.kind === 'identify') await sleep(2_100)
    return answer()
  }
  // Nobody has asked for this card before.
  const ask = awayBill('R3', 'G1', {
    at: '510100',
    credential: { type: 'card', number: 'D80000016', cardSn: '440100D1560000050100000000000010' },
  })
  const entries = await written()
  expect(await chengdu.submit(ask)).toMatchObject(unreachable)
  expect(await written()).toBe(entries)
  expect(await chengdu.submit(ask)).toMatchObject({ kind: 'settled', replayed: false })
  onLine = straight
})

test('what is left of the time of whoever asks goes with the request', async () => {
  const left: (number | undefined)[] = []
  const watched = await openRegionWorld({
    served: ['510100'],
    reached: ['440100'],
    line: {
      async ask(to, asked, within_ms) {
        if (asked.kind === 'identify') await sleep(300)
        else left.push(within_ms)
        return guangzhou.homeDesk.answer('510100', asked, to)
      },
    },
  })
  expect(await watched.submit(awayBill('R4', 'G1', { at: '510100' }))).toMatchObject({
    kind: 'settled',
  })
  expect(left).toHaveLength(1)
  expect(left[0]).toBeLessThanOrEqual(9_700)
  await watched.close()
})
