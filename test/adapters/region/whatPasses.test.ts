import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInsured } from '../../../adapters/postgres/insured.ts'
import type { RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import { isRefusal } from '../../../engine/refusal.ts'
import { crypto } from '../postgres/support.ts'
import { awayBill, directLine, openRegionWorld, people, type RegionWorld } from './regionWorld.ts'

let chengdu: RegionWorld
let guangzhou: RegionWorld
const asked: RegionAsk[] = []
const replied: RegionReply[] = []

beforeAll(async () => {
  chengdu = await openRegionWorld({
    served: ['510100'],
    reached: ['440100'],
    line: directLine('510100', () => guangzhou.homeDesk),
  })
  guangzhou = await openRegionWorld({
    served: ['440100'],
    reached: ['510100'],
    line: directLine(
      '440100',
      () => chengdu.homeDesk,
      async (one, answer) => {
        asked.push(one)
        const reply = await answer()
        replied.push(reply)
        return reply
      },
    ),
  })
})
afterAll(async () => {
  await chengdu.close()
  await guangzhou.close()
})

const text = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each))
const known = (key: string) => {
  const found = people.get(key)
  if (!found) throw new Error(key)
  return found
}

const idOf = (key: string): string => known(key).person.id

/** What Chengdu tells Guangzhou of one of its people who shows their number. */
async function welcomed(key: string) {
  const { citizenNumber: number, region } = known(key)
  const told = await guangzhou.crossings.identify(region, { type: 'citizen-number', number })
  if (!told || isRefusal(told)) throw new Error(`${key} is not told of`)
  return told
}

describe('what a region tells another of its people', () => {
  test('is who they are and how they are insured', async () => {
    const { person, name, citizenNumber } = known('O1')
    expect(await welcomed('O1')).toMatchObject({
      person: { id: person.id, coverages: person.coverages, filings: person.filings },
      name,
      citizenNumber,
      region: '510100',
      balance: 950_00n,
    })
  })

  test.each([
    ['W1', 'a certified injury', 'WI-2026-0001'],
    ['M1', 'a registered maternity', 'MR-2026-0001'],
    ['R2', 'the account of a parent', idOf('E1')],
  ] as const)('is of %s not %s', async (key, _, secret) => {
    const { person } = known(key)
    expect(text(person)).toContain(secret)
    expect(text(await welcomed(key))).not.toContain(secret)
    const kept = await createInsured({ pool: guangzhou.books.pool, crypto }).byId(person.id)
    expect(kept?.person).toMatchObject({
      injuries: [],
      maternity: [],
      familyShares: [],
      benefits: [],
    })
  })

  test('is neither their bank account nor their employer nor a card that was not shown', async () => {
    const told = text(await welcomed('E1'))
    for (const secret of ['6200000000000000011', '演示单位', known('E1').card.number])
      expect(told).not.toContain(secret)
  })
})

describe('what a region asks of another', () => {
  test('is a bill without a name: of its person the credential alone', async () => {
    asked.length = 0
    const outcome = await guangzhou.submit(awayBill('N1', 'O1', { at: '440100' }))
    expect(outcome.kind).toBe('settled')
    const bill = asked.find(({ kind }) => kind === 'settle')
    const { name, person, card, citizenNumber } = known('O1')
    for (const secret of [name, person.id, card.number, '演示广州三级医院'])
      expect(text(bill)).not.toContain(secret)
    expect(text(bill).split(citizenNumber)).toHaveLength(2)
    if (bill?.kind !== 'settle') throw new Error('nothing was asked')
    expect(Object.keys(bill)).toEqual(['kind', 'reference', 'claim'])
    expect(Object.keys(bill.claim).toSorted()).toEqual([
      'credential',
      'earlier',
      'externalInjury',
      'scheme',
      'scoped',
    ])
  })

  test('and it is told no account of anybody else, nor any running sum', async () => {
    replied.length = 0
    const bill = awayBill('N2', 'R2', {
      at: '440100',
      useFamilyAccount: true,
      care: 'outpatient',
      stay: undefined,
    })
    const outcome = await guangzhou.submit(bill)
    if (outcome.kind !== 'settled') throw new Error(text(outcome))
    const told = replied.find(({ kind }) => kind === 'settled')
    // The parent's account pays what the child owes, and only home knows whose it is.
    expect(outcome.row.content.familyAccount).toBeGreaterThan(0n)
    expect(text(told)).not.toContain(idOf('E1'))
    expect(told).not.toHaveProperty('split.draws')
    expect(told).not.toHaveProperty('split.counters')
    expect(told).not.toHaveProperty('split.person')
  })
})
