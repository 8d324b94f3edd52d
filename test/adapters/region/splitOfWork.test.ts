import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Claim, Division } from '../../../engine/claim.ts'
import { parseDay } from '../../../engine/day.ts'
import { parseYuan, toYuan } from '../../../engine/money.ts'
import { openTreatments, paid, settledAway } from './treatments.ts'
import {
  ask,
  balance,
  billOf,
  filed,
  hospitalIn,
  type Insured,
  insure,
  limited,
  line,
  mustAgree,
  rowOf,
  type Two,
} from './twoServers.ts'

let two: Two

beforeAll(async () => {
  two = await openTreatments()
})
afterEach(async () => mustAgree(two))
afterAll(async () => two.close())

const settled = async (who: Insured, at: Division, more?: Partial<Claim>) =>
  settledAway(two, who, at, more)

describe('the split of work between the regions', () => {
  test("the care region's catalogue counts, and not the home region's", async () => {
    const who = await insure(two.guangzhou, '440100', filed('referral', '510100'))
    // 1,000 pieces of 20.00; Chengdu allows 10.00 of each, Guangzhou would allow 18.50.
    const s = await settled(who, '510100', {
      lines: [line(20, { item: limited.item, pieces: 1000 })],
    })
    expect([toYuan(s.overLimit), toYuan(s.inScope)]).toEqual(['10000.00', '10000.00'])
    // (10000 − 1000) × (80 % − 10 points)
    expect(paid(s)).toMatchObject({ fund: '6300.00', person: '13700.00', deductible: '1000.00' })
    const other = await insure(two.chengdu, '510100', filed('long-term', '440100'))
    const there = await settled(other, '440100', {
      lines: [line(20, { item: limited.item, pieces: 1000 })],
    })
    expect([toYuan(there.overLimit), toYuan(there.inScope)]).toEqual(['1500.00', '18500.00'])
    // (18500 − 800) × 85 %
    expect(paid(there)).toMatchObject({ fund: '15045.00', deductible: '800.00' })
  })

  test('running sums are kept at home, for care at home and away together, and nowhere else', async () => {
    const who = await insure(two.chengdu, '510100', filed('long-term', '440100'))
    const outpatient = (yuan: number) => ({ care: 'outpatient', lines: [line(yuan)] }) as const
    const local = billOf(who, hospitalIn('510100'), outpatient(150))
    // 150.00 at home all go into the yearly deductible of 200.00.
    expect(rowOf(await two.chengdu.desk.submit(ask(local))).content.fundTotal).toBe(0n)
    // Away 50.00 of it are left: (1000 − 50) × 50 %
    const away = await settled(who, '440100', outpatient(1000))
    expect(paid(away)).toMatchObject({ fund: '475.00', deductible: '50.00' })
    expect(away.trace.find(({ layer }) => layer === 'pool')?.deductible).toMatchObject({
      usedBefore: parseYuan('150.00'),
    })
    // And none afterwards: 1000 × 50 %
    const again = await settled(who, '440100', outpatient(1000))
    expect(paid(again)).toMatchObject({ fund: '500.00', deductible: '0.00' })
    const home = billOf(who, hospitalIn('510100'), outpatient(100))
    expect(rowOf(await two.chengdu.desk.submit(ask(home))).content.fundTotal).toBe(
      parseYuan('50.00'),
    )
    const elsewhere = [...(await two.guangzhou.queries.counters(who.id)).values()]
    expect(elsewhere.flatMap((sums) => [...sums])).toEqual([])
    const [sums] = [...(await two.chengdu.queries.counters(who.id))]
    expect(sums?.[0]).toBe('2026')
    expect(sums?.[1].get('510100|employee|poolOutpatient|year')).toBe(parseYuan('1025.00'))
  })

  test('a yearly limit at home ends what is paid away', async () => {
    const who = await insure(two.chengdu, '510100', filed('referral', '440100'))
    const outpatient = (yuan: number) => ({ care: 'outpatient', lines: [line(yuan)] }) as const
    // (4000 − 200) × 50 % × 0.9 = 1710.00
    expect(paid(await settled(who, '440100', outpatient(4000)))).toMatchObject({ fund: '1710.00' })
    // 1000 × 45 % = 450.00, of which the limit of 2000.00 leaves 290.00
    expect(paid(await settled(who, '440100', outpatient(1000)))).toMatchObject({ fund: '290.00' })
    expect(paid(await settled(who, '440100', outpatient(1000)))).toMatchObject({
      fund: '0.00',
      person: '1000.00',
    })
  })

  test('what an account pays away is gone at home, and told here', async () => {
    const who = await insure(two.chengdu, '510100', {
      ...filed('referral', '440100'),
      balance: 3000_00n,
    })
    const first = await settled(who, '440100', { useAccount: true })
    expect(paid(first)).toMatchObject({ person: '2962.00', account: '2962.00' })
    expect(toYuan(first.accountBalance)).toBe('38.00')
    const second = await settled(who, '440100', { useAccount: true })
    expect([toYuan(second.account), toYuan(second.accountBalance)]).toEqual(['38.00', '0.00'])
    expect(await balance(two.chengdu, `personal:${who.id}`)).toBe(0n)
    expect(await balance(two.guangzhou, `personal:${who.id}`)).toBe(0n)
  })

  test('a special outpatient disease is entitled to at home', async () => {
    const disease = { code: 'M03900', name: '高血压', from: '2024-01-01' as never }
    const bill = { care: 'specialOutpatient', disease: 'M03900', lines: [line(1000)] } as const
    const who = await insure(two.chengdu, '510100', {
      ...filed('long-term', '440100'),
      diseases: [disease],
    })
    // No deductible and 80 %, at most 2400.00 a year of this disease.
    expect(paid(await settled(who, '440100', bill))).toMatchObject({
      fund: '800.00',
      deductible: '0.00',
    })
    const more = { ...bill, lines: [line(3000)] }
    // 3000 × 80 % = 2400.00, of which 1600.00 are left
    expect(paid(await settled(who, '440100', more))).toMatchObject({ fund: '1600.00' })
  })

  test.each([
    ['disease-not-filed', []],
    [
      'disease-not-filed-here',
      [
        {
          code: 'M03900',
          name: '高血压',
          from: '2024-01-01' as never,
          institutions: ['H51010000001'],
        },
      ],
    ],
  ] as const)('and refused from home by name: %s', async (code, diseases) => {
    const who = await insure(two.chengdu, '510100', { diseases })
    const more = { care: 'specialOutpatient', disease: 'M03900', lines: [line(1000)] } as const
    const claim = billOf(who, hospitalIn('440100'), more)
    expect(await two.guangzhou.desk.preview(claim)).toMatchObject({ refusal: { code } })
    expect(await two.guangzhou.desk.submit(ask(claim))).toMatchObject({ refusal: { code } })
  })

  test('a certified injury is judged at home, which tells nobody of it', async () => {
    const from = parseDay('2020-01-01')
    const coverages = (['employee', 'workInjury'] as const).map((scheme) => ({
      scheme,
      region: '510100',
      group: 'working' as const,
      from,
    }))
    const injuries = [{ certification: 'WI-1', employer: '演示单位', diagnoses: ['S52'], from }]
    const who = await insure(two.chengdu, '510100', { coverages, injuries })
    const hurt = (certification: string) => ({
      care: 'workInjury' as const,
      scheme: 'workInjury' as const,
      injury: { certification, diagnoses: ['S52'], recurrence: false },
      // Of the catalogue of work injuries as well.
      lines: [line(1000, { item: 'XJ01CAA040A001010100010' })],
    })
    // The whole of it is the work-injury fund's.
    const s = await settled(who, '440100', hurt('WI-1'))
    expect(paid(s)).toMatchObject({ fund: '1000.00', person: '0.00' })
    expect(s).toMatchObject({ scheme: 'workInjury' })
    const other = billOf(who, hospitalIn('440100'), hurt('WI-2'))
    expect(await two.guangzhou.desk.submit(ask(other))).toMatchObject({
      refusal: { code: 'injury-not-certified' },
    })
  })
})
