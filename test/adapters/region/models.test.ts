import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Claim, Division } from '../../../engine/claim.ts'
import { openTreatments, paid, placeOf, settledAway } from './treatments.ts'
import {
  filed,
  type Insured,
  type InsuredWords,
  insure,
  line,
  mustAgree,
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

interface Paid {
  readonly fund: string
  readonly person: string
  readonly account?: string
  readonly deductible: string
  readonly firstPay?: string
}

interface Case {
  readonly says: string
  readonly who: InsuredWords
  readonly bill?: () => Partial<Claim>
  readonly pays: Paid
}

const table = (home: Division, at: Division, cases: readonly Case[]): void =>
  test.each(cases)('$says', async ({ who, bill, pays }) => {
    const insured = await insure(placeOf(two, home), home, who)
    const s = await settled(insured, at, bill?.())
    expect(paid(s)).toEqual({ account: '0.00', firstPay: '0.00', ...pays })
  })

const unfiled = {}
const emergency = () => ({ emergency: true })

describe('a coefficient on the ratio: insured in Chengdu, treated in Guangzhou', () => {
  // 800.00 in a tertiary hospital, and 85 % (3 points more for the retired) times the coefficient.
  table('510100', '440100', [
    {
      // CD-F-long_term: (10000 − 800) × 85 % × 1.0
      says: 'a long-term resident loses nothing',
      who: filed('long-term', '440100'),
      pays: { fund: '7820.00', person: '2180.00', deductible: '800.00' },
    },
    {
      // CD-F-transfer: (10000 − 800) × 85 % × 0.9
      says: 'who is referred keeps nine tenths of the ratio',
      who: filed('referral', '440100'),
      pays: { fund: '7038.00', person: '2962.00', deductible: '800.00' },
    },
    {
      // CD-F-unfiled: (10000 − 800) × 85 % × 0.7
      says: 'who is not filed keeps seven tenths',
      who: unfiled,
      pays: { fund: '5474.00', person: '4526.00', deductible: '800.00' },
    },
    {
      // An emergency counts as filed: as CD-F-transfer.
      says: 'an emergency counts as filed',
      who: unfiled,
      bill: emergency,
      pays: { fund: '7038.00', person: '2962.00', deductible: '800.00' },
    },
    {
      says: 'other filed travel is a filed referral',
      who: filed('other', '440100'),
      pays: { fund: '7038.00', person: '2962.00', deductible: '800.00' },
    },
    {
      says: 'a filing for another region is none',
      who: filed('referral', '310100'),
      pays: { fund: '5474.00', person: '4526.00', deductible: '800.00' },
    },
    {
      // (10000 − 800) × (85 % + 3 %) × 0.7 = 9200 × 0.616
      says: 'the points of the retired are reduced as well',
      who: { ...unfiled, group: 'retired' },
      pays: { fund: '5667.20', person: '4332.80', deductible: '800.00' },
    },
    {
      // 2962.00 are left to the person, of which the account at home has 950.00.
      says: 'the account at home pays what it has',
      who: { ...filed('referral', '440100'), balance: 950_00n },
      bill: () => ({ useAccount: true }),
      pays: { fund: '7038.00', person: '2962.00', account: '950.00', deductible: '800.00' },
    },
    {
      says: 'and does not where it is not to be used',
      who: { ...filed('referral', '440100'), balance: 950_00n },
      pays: { fund: '7038.00', person: '2962.00', deductible: '800.00' },
    },
    {
      // Referral: 7038.00 of the pool. The supplement pays half of the deductible and of the copayment:
      // copayment 9200 − 7038 = 2162, with 800 it is 2962, half of it 1481.00.
      says: "the civil servants' supplement, which is not reduced by itself, pays half of what is left",
      who: { ...filed('referral', '440100'), civilServant: true },
      pays: { fund: '8519.00', person: '1481.00', deductible: '800.00' },
    },
  ])
})

describe('a coefficient and an exemption: insured in Mianyang', () => {
  describe('treated in Shanghai', () => {
    table('510700', '310100', [
      {
        // (10000 − 750) × 84 %
        says: 'a long-term resident loses nothing',
        who: filed('long-term', '310100'),
        pays: { fund: '7770.00', person: '2230.00', deductible: '750.00' },
      },
      {
        // (10000 − 750) × 84 % × 0.9 = 9250 × 0.756
        says: 'who is referred keeps nine tenths',
        who: filed('referral', '310100'),
        pays: { fund: '6993.00', person: '3007.00', deductible: '750.00' },
      },
      {
        // 9250 × 0.84 × 0.7 = 9250 × 0.588
        says: 'who is not filed keeps seven tenths',
        who: unfiled,
        pays: { fund: '5439.00', person: '4561.00', deductible: '750.00' },
      },
    ])
  })

  describe('treated in Chengdu, in the same province', () => {
    table('510700', '510100', [
      {
        // (10000 − 750) × 84 %: neither filing nor reduction within Sichuan.
        says: 'nobody loses anything, filed or not',
        who: unfiled,
        pays: { fund: '7770.00', person: '2230.00', deductible: '750.00' },
      },
      {
        says: 'nor with a filing',
        who: filed('other', '510100'),
        pays: { fund: '7770.00', person: '2230.00', deductible: '750.00' },
      },
    ])
  })

  test('the second admission of the year has half the deductible, wherever the first one was', async () => {
    const who = await insure(two.guangzhou, '510700', filed('long-term', '310100'))
    const first = await settled(who, '510100')
    expect(paid(first)).toMatchObject({ fund: '7770.00', deductible: '750.00' })
    // (10000 − 375) × 84 % = 8085.00
    expect(paid(await settled(who, '310100'))).toMatchObject({
      fund: '8085.00',
      deductible: '375.00',
    })
    expect(first.route).toBe('inProvince')
  })
})

describe('points off the ratio and a higher deductible: residents of Hanzhong, treated in Chengdu', () => {
  const who = { scheme: 'resident', group: 'adult' } as const
  table('610700', '510100', [
    {
      // 1500 × 1.2 = 1800; (10000 − 1800) × (60 % − 10 points)
      says: 'who is not filed loses ten points, and the deductible is a fifth higher',
      who,
      pays: { fund: '4100.00', person: '5900.00', deductible: '1800.00' },
    },
    {
      // (10000 − 1500) × 60 %
      says: 'who is filed loses nothing',
      who: { ...who, ...filed('referral', '510100') },
      pays: { fund: '5100.00', person: '4900.00', deductible: '1500.00' },
    },
    {
      says: 'an emergency counts as filed',
      who,
      bill: emergency,
      pays: { fund: '5100.00', person: '4900.00', deductible: '1500.00' },
    },
  ])
})

describe('points off the ratio: insured in Guangzhou, treated in Chengdu', () => {
  // 1000.00 in a tertiary hospital and 80 %.
  table('440100', '510100', [
    {
      // (10000 − 1000) × 80 %
      says: 'a long-term resident loses nothing',
      who: filed('long-term', '510100'),
      pays: { fund: '7200.00', person: '2800.00', deductible: '1000.00' },
    },
    {
      // (10000 − 1000) × (80 % − 10 points)
      says: 'who is referred loses ten points',
      who: filed('referral', '510100'),
      pays: { fund: '6300.00', person: '3700.00', deductible: '1000.00' },
    },
    {
      // (10000 − 1000) × (80 % − 20 points)
      says: 'who is not filed loses twenty',
      who: unfiled,
      pays: { fund: '5400.00', person: '4600.00', deductible: '1000.00' },
    },
  ])
})

describe('an extra first payment: residents of Ulanqab, treated in Chengdu', () => {
  const who = { scheme: 'resident', group: 'adult' } as const
  table('150900', '510100', [
    {
      // 20 % of 10000 first = 2000; (10000 − 2000 − 700) × 65 %
      says: 'a fifth of what is in scope is paid first, and then the deductible',
      who,
      pays: { fund: '4745.00', person: '5255.00', deductible: '700.00', firstPay: '2000.00' },
    },
    {
      // Class B: 2000 × 5 % = 100 first; in scope 9900, of which 20 % = 1980; (9900 − 1980 − 700) × 65 %
      says: 'of what is in scope, which the own part of class B is not',
      who,
      bill: () => ({ lines: [line(8000), line(2000, { item: 'XC09CAV001A001010100003' })] }),
      pays: { fund: '4693.00', person: '5307.00', deductible: '700.00', firstPay: '1980.00' },
    },
  ])
})

describe('a row of its own away from home: employees of Ulanqab, treated in Chengdu', () => {
  table('150900', '510100', [
    {
      // (10000 − 2000) × 80 %, filed or not
      says: 'has its own deductible and its own ratio',
      who: unfiled,
      pays: { fund: '6400.00', person: '3600.00', deductible: '2000.00' },
    },
  ])

  test('and the second admission has 100.00 less', async () => {
    const who = await insure(two.guangzhou, '150900')
    await settled(who, '510100')
    // (10000 − 1900) × 80 %
    expect(paid(await settled(who, '510100'))).toMatchObject({
      fund: '6480.00',
      deductible: '1900.00',
    })
  })
})
