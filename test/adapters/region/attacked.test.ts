import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { RegionFault } from '../../../engine/awayClaim.ts'
import type { RegionAsk, RegionReply, Visitor } from '../../../engine/awayClaim.ts'
import { parseDay } from '../../../engine/day.ts'
import type { Ask } from '../../../engine/ports.ts'
import { awayBill, directLine, openRegionWorld, people, type RegionWorld } from './regionWorld.ts'

let chengdu: RegionWorld
let guangzhou: RegionWorld
let onLine: (asked: RegionAsk, answer: () => Promise<RegionReply>) => Promise<RegionReply>

const asks = new Map<string, () => Ask>()
const straight: typeof onLine = (_, answer) => answer()

beforeAll(async () => {
  chengdu = await openRegionWorld({
    served: ['510100'],
    reached: ['440100'],
    line: directLine(
      '510100',
      () => guangzhou.homeDesk,
      (asked, answer) => onLine(asked, answer),
    ),
    revive: (key) => asks.get(key)?.(),
  })
  guangzhou = await openRegionWorld({
    served: ['440100'],
    reached: ['510100'],
    line: directLine('440100', () => chengdu.homeDesk),
  })
})
beforeEach(() => {
  onLine = straight
})
afterAll(async () => {
  await chengdu.close()
  await guangzhou.close()
})

const hospital = 'H51010000001'

const reversal = (key: string, original: string, who = 'G1'): Ask => ({
  kind: 'reverse',
  key: { institution: hospital, key, fingerprint: key, input: JSON.stringify({ original }) },
  institution: hospital,
  original: { institution: hospital, key: original },
  person: people.get(who)?.person.id as string,
})

async function resolve(region: RegionWorld): Promise<void> {
  for (let i = 0; i < 8; i++) {
    await region.books.pool.query(
      `update due set due_at = '2020-01-01' where starts_with(subject, 'crossing ')`,
    )
    await region.resolver.resolve(new AbortController().signal).catch(() => undefined)
  }
}

/** Nothing waits, and both books agree. */
async function agree(): Promise<void> {
  expect(await chengdu.problems()).toEqual([])
  expect(await guangzhou.problems()).toEqual([])
  const { rows } = await chengdu.books.pool.query(
    `select subject from due where starts_with(subject, 'crossing ')`,
  )
  expect(rows).toEqual([])
  const owed = await guangzhou.balance('due-to:440100:510100:')
  expect(await chengdu.balance('due-from:510100:440100:')).toBe(-owed)
}

test('a hospital whose key is called like a reversal keeps nobody from reversing', async () => {
  expect(await chengdu.submit(awayBill('R1', 'G1', { at: '510100' }))).toMatchObject({
    kind: 'settled',
  })
  expect(await chengdu.submit(awayBill('R1 reversal', 'G1', { at: '510100' }))).toMatchObject({
    kind: 'settled',
  })
  expect(await chengdu.submit(reversal('R1r', 'R1'))).toMatchObject({ kind: 'reversed' })
  await resolve(chengdu)
  await agree()
})

test('a request that cannot be made anew is given back, and charges nobody', async () => {
  onLine = async (asked, answer) => {
    const reply = await answer()
    if (asked.kind === 'settle') throw new RegionFault('lost', 'the line broke')
    return reply
  }
  const ask = awayBill('R2', 'G1', { at: '510100' })
  asks.set('R2', () => {
    throw new Error('the request is none that can be made today')
  })
  expect(await chengdu.submit(ask)).toEqual({ kind: 'unknown' })
  onLine = straight
  await resolve(chengdu)
  expect(await chengdu.submit(ask)).toMatchObject({ kind: 'refused' })
  await agree()
})

/** Tells of somebody else than the home region would. */
const tell =
  (change: (visitor: Visitor) => Visitor): typeof onLine =>
  async (_, answer) => {
    const reply = await answer()
    return reply.kind === 'identified' ? { ...reply, visitor: change(reply.visitor) } : reply
  }

const identify = async (who: string) => {
  const { citizenNumber: number, region } = people.get(who) as {
    citizenNumber: string
    region: string
  }
  return chengdu.crossings.identify(region, { type: 'citizen-number', number })
}

const wrong = { kind: 'refusal', code: 'home-answer-wrong' }

test('nobody of ours is taken over by what another region says', async () => {
  const ours = people.get('O1')
  const before = await chengdu.books.register.findPerson(ours?.person.id as string)
  onLine = tell((visitor) => ({
    ...visitor,
    person: { ...visitor.person, id: ours?.person.id as string },
  }))
  expect(await identify('G1')).toMatchObject(wrong)
  expect(await chengdu.books.register.findPerson(ours?.person.id as string)).toEqual(before)
})

const ours = { scheme: 'employee', region: '510100', group: 'working', from: '2020-01-01' } as never

test('another region tells of nobody whom our funds would pay for', async () => {
  const insuredHere =
    (region: string) =>
    (visitor: Visitor): Visitor => ({
      ...visitor,
      region,
      person: { ...visitor.person, coverages: [ours] },
    })
  onLine = tell(insuredHere('510100'))
  expect(await identify('G1')).toMatchObject(wrong)
  onLine = tell(insuredHere('440100'))
  await identify('G1')
  const outcome = await chengdu.submit(awayBill('R3', 'G1', { at: '510100' }))
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'not-insured' } })
  expect(await chengdu.balance('fund:510100:')).toBe(0n)
})

test('who is insured here by the time that the other region answers is charged there no longer', async () => {
  await identify('G1')
  const one = await chengdu.books.register.findPerson(people.get('G1')?.person.id as string)
  const known = one as NonNullable<typeof one>
  onLine = async (asked, answer) => {
    const reply = await answer()
    const person = { ...known.person, coverages: [ours] }
    if (asked.kind === 'settle') await chengdu.books.register.putPerson({ ...known, person })
    return reply
  }
  const ask = awayBill('R4', 'G1', { at: '510100' })
  expect(await chengdu.submit(ask)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'home-answer-wrong' },
  })
  onLine = straight
  await chengdu.books.register.putPerson(known)
  await resolve(chengdu)
  await agree()
})

test('an answer about somebody else than was asked about is none', async () => {
  onLine = tell((visitor) => ({ ...visitor, citizenNumber: '510104196303120041' }))
  expect(await identify('G1')).toMatchObject(wrong)
})

test('a part of a stay is reversed at home as it was here, although a later part stood there when that was told', async () => {
  const stay = (interim: boolean, discharge: string) => ({
    visit: 'VS',
    stay: { admission: parseDay('2026-02-20'), discharge: parseDay(discharge), interim },
  })
  const first = awayBill('S1', 'G1', { at: '510100', ...stay(true, '2026-02-25') })
  expect(await chengdu.submit(first)).toMatchObject({ kind: 'settled' })
  onLine = async (asked, answer) => {
    const reply = await answer()
    if (asked.kind === 'settle' || asked.kind === 'query') throw new RegionFault('lost', 'broken')
    return reply
  }
  const lines = first.claim.lines.map((line) => ({ ...line, id: 'L2' }))
  const last = { ...stay(false, '2026-03-02'), lines }
  const second = awayBill('S2', 'G1', { at: '510100', ...last })
  expect(await chengdu.submit(second)).toEqual({ kind: 'unknown' })
  expect(await chengdu.submit(reversal('S1r', 'S1'))).toMatchObject({ kind: 'reversed' })
  await resolve(chengdu)
  await agree()
})
