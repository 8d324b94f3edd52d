import { afterAll, beforeAll, expect, test } from 'vitest'
import { RegionFault } from '../../../engine/awayClaim.ts'
import type { RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import type { Ask, Row } from '../../../engine/ports.ts'
import { historyOf } from '../../../adapters/postgres/history.ts'
import { cancelAsk, crypto } from '../postgres/support.ts'
import { awayBill, directLine, openRegionWorld, people, type RegionWorld } from './regionWorld.ts'

let chengdu: RegionWorld
let guangzhou: RegionWorld
let onLine: (asked: RegionAsk, answer: () => Promise<RegionReply>) => Promise<RegionReply>

const asks = new Map<string, Ask>()
const straight: typeof onLine = (_, answer) => answer()

beforeAll(async () => {
  onLine = straight
  chengdu = await openRegionWorld({
    served: ['510100', '510700'],
    reached: ['440100'],
    line: directLine(
      '510100',
      () => guangzhou.homeDesk,
      (asked, answer) => onLine(asked, answer),
    ),
    revive: (key) => asks.get(key),
  })
  guangzhou = await openRegionWorld({
    served: ['440100'],
    reached: ['510100', '510700'],
    line: directLine(
      '440100',
      () => chengdu.homeDesk,
      (asked, answer) => onLine(asked, answer),
    ),
    revive: (key) => asks.get(key),
  })
})
afterAll(async () => {
  await chengdu.close()
  await guangzhou.close()
})

const settled = (outcome: unknown): Row => {
  expect(outcome).toMatchObject({ kind: 'settled' })
  return (outcome as { row: Row }).row
}

async function agree(): Promise<void> {
  expect(await chengdu.problems()).toEqual([])
  expect(await guangzhou.problems()).toEqual([])
  const owed = await guangzhou.balance('due-to:440100:510100:')
  expect(await chengdu.balance('due-from:510100:440100:')).toBe(-owed)
  const back = await chengdu.balance('due-to:510100:440100:')
  expect(await guangzhou.balance('due-from:440100:510100:')).toBe(-back)
}

test('somebody insured in Guangzhou is settled in Chengdu, and both books agree', async () => {
  const row = settled(await chengdu.submit(awayBill('A1', 'G1', { at: '510100' })))
  expect(row.content).toMatchObject({
    side: 'care',
    homeRegion: '440100',
    careRegion: '510100',
    reference: 'H51010000001 A1',
    route: 'crossProvince',
    draws: [],
    counters: [],
  })
  expect(row.content.fundTotal + row.content.personTotal).toBe(row.content.total)
  expect(row.content.fundTotal).toBeGreaterThan(0n)
  await agree()
})

test('a repeat is told the same', async () => {
  const first = await chengdu.submit(awayBill('A2', 'G1', { at: '510100' }))
  const again = await chengdu.submit(awayBill('A2', 'G1', { at: '510100' }))
  expect(again).toEqual({ ...first, replayed: true })
  await agree()
})

test('it is cancelled on both sides, and then reversed there and back', async () => {
  const row = settled(await chengdu.submit(awayBill('A3', 'G1', { at: '510100' })))
  const cancelled = await chengdu.submit(cancelAsk('A3c', row.settlement, 'H51010000001'))
  expect(cancelled).toMatchObject({ kind: 'undone' })
  await agree()
  const restored = await chengdu.submit(reversal('A3r', 'A3c'))
  expect(restored).toMatchObject({ kind: 'reversed', row: { kind: 'restoration' } })
  await agree()
  const reversed = await chengdu.submit(reversal('A3s', 'A3'))
  expect(reversed).toMatchObject({ kind: 'reversed', row: { kind: 'reversal' } })
  expect(await resolved(chengdu)).toBe(1)
  await agree()
  const { items: told = [] } =
    (await historyOf({ pool: chengdu.books.pool, crypto }, row.settlement)) ?? {}
  const steps = told.flatMap((one) =>
    one.event === 'cross-region' ? [`${one.purpose} ${one.state} ${one.region}`] : [],
  )
  expect(steps).toEqual(
    expect.arrayContaining([
      'settle asked 440100',
      'settle done 440100',
      'cancel asked 440100',
      'cancel done 440100',
      'settle reversed 440100',
    ]),
  )
  const rows = told.flatMap(({ event }) =>
    /^(settled|cancelled|restored|reversed)$/.test(event) ? [event] : [],
  )
  expect(rows).toEqual(['settled', 'cancelled', 'restored', 'reversed'])
  const { rows: home } = await guangzhou.books.pool.query(
    'select settlement_id from settlement where reference = $1 limit 1',
    [row.content.reference],
  )
  const { items: there } =
    (await historyOf({ pool: guangzhou.books.pool, crypto }, home[0].settlement_id)) ?? {}
  expect(there?.map(({ event }) => event)).not.toContain('cross-region')
})

const reversal = (key: string, original: string, who = 'G1'): Ask => ({
  kind: 'reverse',
  key: { institution: 'H51010000001', key, fingerprint: key, input: JSON.stringify({ original }) },
  institution: 'H51010000001',
  original: { institution: 'H51010000001', key: original },
  person: people.get(who)?.person.id as string,
})

/** As often as it takes, on a clock that goes on by itself. */
async function resolved(region: RegionWorld): Promise<number> {
  let ended = 0
  for (let i = 0; i < 20; i++) {
    await region.books.pool.query(
      `update due set due_at = '2020-01-01' where starts_with(subject, 'crossing ')`,
    )
    ended += await region.resolver.resolve(new AbortController().signal)
  }
  return ended
}

const lost = () => {
  throw new RegionFault('lost', 'the line broke')
}

test('a reply that is lost is found out and concluded', async () => {
  onLine = async (asked, answer) => {
    const reply = await answer()
    return asked.kind === 'settle' ? lost() : reply
  }
  const ask = awayBill('B1', 'G1', { at: '510100' })
  asks.set('B1', ask)
  expect(await chengdu.submit(ask)).toEqual({ kind: 'unknown' })
  expect(await chengdu.submit(ask)).toEqual({ kind: 'unknown' })
  onLine = straight
  expect(await resolved(chengdu)).toBe(1)
  expect(await chengdu.submit(ask)).toMatchObject({ kind: 'settled', replayed: true })
  await agree()
})

test('a request that is lost is taken back, and refused for good', async () => {
  onLine = async (asked, answer) => (asked.kind === 'settle' ? lost() : answer())
  const ask = awayBill('B2', 'G1', { at: '510100' })
  expect(await chengdu.submit(ask)).toEqual({ kind: 'unknown' })
  expect(await resolved(chengdu)).toBe(1)
  onLine = straight
  expect(await chengdu.submit(ask)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'home-region-silent' },
  })
  await agree()
})

test('what was not sent at all may be asked again under its key', async () => {
  onLine = async (asked, answer) => {
    if (asked.kind === 'settle') throw new RegionFault('unsent', 'refused')
    return answer()
  }
  const ask = awayBill('B3', 'G1', { at: '510100' })
  expect(await chengdu.submit(ask)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'home-region-unreachable' },
    replayed: false,
  })
  onLine = straight
  expect(await chengdu.submit(ask)).toMatchObject({ kind: 'settled', replayed: false })
  await agree()
})

test('an amount that does not add up is booked nowhere, and taken back', async () => {
  onLine = async (_, answer) => {
    const reply = await answer()
    if (reply.kind !== 'settled') return reply
    return { ...reply, split: { ...reply.split, fundTotal: (reply.split.fundTotal + 1n) as never } }
  }
  const ask = awayBill('B4', 'G1', { at: '510100' })
  expect(await chengdu.submit(ask)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'home-answer-wrong' },
  })
  onLine = straight
  expect(await resolved(chengdu)).toBe(1)
  await agree()
})

test('the institution reverses what it never heard of, and the late answer changes nothing', async () => {
  onLine = async (asked, answer) => {
    const reply = await answer()
    return asked.kind === 'settle' ? lost() : reply
  }
  const ask = awayBill('B5', 'G1', { at: '510100' })
  expect(await chengdu.submit(ask)).toEqual({ kind: 'unknown' })
  onLine = straight
  expect(await chengdu.submit(reversal('B5r', 'B5'))).toMatchObject({ kind: 'reversed' })
  expect(await resolved(chengdu)).toBe(1)
  expect(await chengdu.submit(ask)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'undone-before-arrival' },
  })
  await agree()
})

test('somebody insured in Chengdu is settled in Guangzhou', async () => {
  const row = settled(await guangzhou.submit(awayBill('C1', 'O1', { at: '440100' })))
  expect(row.content).toMatchObject({ side: 'care', homeRegion: '510100' })
  await agree()
})

test('a preview says what the settlement will, and writes nothing', async () => {
  const { claim } = awayBill('D1', 'G1', { at: '510100' })
  const preview = await chengdu.crossings.preview(claim)
  const row = settled(await chengdu.submit(awayBill('D1', 'G1', { at: '510100' })))
  expect(preview).toMatchObject({
    kind: 'preview',
    settlement: { fundTotal: row.content.fundTotal },
  })
})
