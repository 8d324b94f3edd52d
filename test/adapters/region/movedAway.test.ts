import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parseDay } from '../../../engine/day.ts'
import type { Person } from '../../../engine/person.ts'
import { begin } from './guests.ts'
import {
  enterHospital,
  hospitalIn,
  type Insured,
  insure,
  mustAgree,
  openTwo,
  type Two,
} from './twoServers.ts'

let two: Two
beforeAll(async () => {
  two = await openTwo()
  await enterHospital(two.chengdu, '510100')
})
afterEach(async () => mustAgree(two))
afterAll(async () => two.close())

const from = parseDay('2020-01-01')
const coverage = { scheme: 'employee', region: '440100', group: 'working', from } as const

/** What becomes of somebody at home after Chengdu asked about them, and what Chengdu is then told. */
const changes: readonly (readonly [string, Partial<Person>, string, string])[] = [
  [
    'whose coverage ended',
    { coverages: [{ ...coverage, until: parseDay('2026-02-28') }] },
    'not-insured',
    '未参加该险种',
  ],
  [
    'whose coverage is paused',
    { coverages: [{ ...coverage, paused: parseDay('2026-03-01') }] },
    'coverage-paused',
    '暂停享受待遇',
  ],
  ['who died', { died: parseDay('2026-03-01') }, 'person-deceased', '已死亡'],
  [
    'whose direct settlement is suspended',
    { directSettlementSuspended: { from: parseDay('2026-03-01') } },
    'direct-settlement-suspended',
    '暂停联网结算',
  ],
  [
    'who is insured in another region now',
    { coverages: [{ ...coverage, region: '330100' }] },
    'home-region-not-served',
    '参保',
  ],
]

async function change(who: Insured, more: Partial<Person>): Promise<void> {
  const { number: citizenNumber, region } = who
  const person = { ...who.person, ...more }
  await two.guangzhou.registry.putPerson({ person, name: '演示', citizenNumber, region })
}

const body = (who: Insured) => ({
  institution: hospitalIn('510100'),
  day: '2026-03-02',
  credential: { type: 'citizen-number', number: who.number },
  insuredIn: '440100',
  care: 'outpatient',
  total: '100.00',
  lines: [
    {
      id: 'L1',
      item: 'XC08CAA101A001010100002',
      quantity: '1',
      unitPrice: '100',
      amount: '100.00',
    },
  ],
})

/** Where the last request to another region about somebody stands. */
async function lastCrossing(who: Insured): Promise<string | undefined> {
  const { rows } = await two.chengdu.owner.query(
    `select kind from dossier_entry where owner_id = $1 and starts_with(subject, 'crossing ')
     order by recorded_at desc, version desc limit 1`,
    [who.id],
  )
  return rows[0]?.kind
}

describe('somebody whom Chengdu knows from before', () => {
  test.each(changes)('%s is refused by home, and so told over REST', async (_, more, code) => {
    const who = await insure(two.guangzhou, '440100')
    const path = '/v1/settlements'
    expect((await two.chengdu.post(path, body(who))).status).toBe(201)
    await change(who, more)
    const refused = await two.chengdu.post(path, body(who), `${who.id} again`)
    expect([refused.status, refused.json['code']]).toEqual([422, code])
    expect(await lastCrossing(who)).toBe('refused')
    const again = await two.chengdu.post(path, body(who), `${who.id} again`)
    expect(again.json['code']).toBe(code)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const preview = await two.chengdu.post(`${path}/preview`, body(who))
    expect([preview.status, preview.json['code']]).toEqual([422, code])
  })

  test.each(changes)(
    '%s is refused by home, and so told to a hospital',
    async (_, more, _code, said) => {
      const who = await insure(two.guangzhou, '440100')
      const visit = await begin(two.chengdu, who)
      await visit.charge(100)
      expect((await visit.ask('2206A', 100)).infcode).toBe(0)
      await change(who, more)
      for (const infno of ['2206A', '2207A'] as const) {
        const reply = await visit.ask(infno, 100)
        expect(reply).toMatchObject({ infcode: -1 })
        expect(reply.err_msg).toContain(said)
      }
      expect(await lastCrossing(who)).toBe('refused')
      await change(who, {})
      expect((await visit.ask('2207A', 100)).infcode).toBe(0)
    },
  )
})

test('who is not known at home is unknown', async () => {
  const number = '44019919880101003X'
  const reply = await two.chengdu.post('/v1/settlements', body({ number } as Insured))
  expect([reply.status, reply.json['code']]).toEqual([422, 'person-unknown'])
})
