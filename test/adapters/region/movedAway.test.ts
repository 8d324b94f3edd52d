import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parseDay } from '../../../engine/day.ts'
import type { Person } from '../../../engine/person.ts'
import { feeLine } from '../nhsa/served.ts'
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

  const words = { institution: 'H51010000001', homeRegion: '440100' }
  const credential = (who: Insured) => ({ mdtrt_cert_type: '02', mdtrt_cert_no: who.number })

  /** 1101, 2201, 2203A and 2204: gives the visit. */
  async function charged(who: Insured): Promise<string> {
    const { chengdu } = two
    const doctor = {
      atddr_no: 'DR1',
      dr_name: '演示医师',
      dept_code: 'D1',
      dept_name: '演示科室',
      caty: 'A02',
    }
    await chengdu.done('1101', { data: credential(who) }, words)
    const begntime = '2026-03-02 09:00:00'
    const registration = {
      psn_no: who.id,
      insutype: '310',
      begntime,
      ...credential(who),
      ipt_otp_no: who.id,
      ...doctor,
    }
    const { mdtrt_id } = (await chengdu.done('2201', { data: registration }, words)).data
    const diagnosis = {
      diag_type: '1',
      diag_srt_no: '1',
      diag_code: 'I10.x00',
      diag_name: '原发性高血压',
      diag_dept: '演示科室',
      dise_dor_no: 'DR1',
      dise_dor_name: '演示医师',
      diag_time: '2026-03-02 09:05:00',
      vali_flag: '1',
    }
    const mdtrtinfo = { mdtrt_id, psn_no: who.id, med_type: '11', begntime }
    await chengdu.done('2203A', { mdtrtinfo, diseinfo: [diagnosis] }, words)
    await chengdu.done('2204', { feedetail: [feeLine(who.id, mdtrt_id, { yuan: 100 })] }, words)
    return mdtrt_id
  }

  const bill = (who: Insured, mdtrt_id: string) => ({
    data: {
      psn_no: who.id,
      ...credential(who),
      med_type: '11',
      medfee_sumamt: 100,
      psn_setlway: '01',
      mdtrt_id,
      chrg_bchno: 'B1',
      insutype: '310',
      acct_used_flag: '0',
    },
  })

  test.each(changes)(
    '%s is refused by home, and so told to a hospital',
    async (_, more, _code, said) => {
      const who = await insure(two.guangzhou, '440100')
      const mdtrt_id = await charged(who)
      expect((await two.chengdu.send('2206A', bill(who, mdtrt_id), words)).infcode).toBe(0)
      await change(who, more)
      for (const infno of ['2206A', '2207A']) {
        const reply = await two.chengdu.send(infno, bill(who, mdtrt_id), words)
        expect(reply).toMatchObject({ infcode: -1 })
        expect(reply.err_msg).toContain(said)
      }
      expect(await lastCrossing(who)).toBe('refused')
      await change(who, {})
      expect((await two.chengdu.send('2207A', bill(who, mdtrt_id), words)).infcode).toBe(0)
    },
  )
})

test('who is not known at home at all is unknown, by their name in the envelope as over REST', async () => {
  const number = '44019919880101003X'
  const reply = await two.chengdu.post('/v1/settlements', body({ number } as Insured))
  expect([reply.status, reply.json['code']]).toEqual([422, 'person-unknown'])
})
