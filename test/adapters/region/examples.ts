import type { AwayClaim, RegionAsk, ToldSplit } from '../../../engine/awayClaim.ts'
import { parseDay } from '../../../engine/day.ts'
import { parseYuan as yuan, zero } from '../../../engine/money.ts'

/** A bill of 300 yuan of somebody from Guangzhou who fell ill in Chengdu. */
export const awayClaim: AwayClaim = {
  credential: { type: 'citizen-number', number: '440199198603120112' },
  scoped: {
    careRegion: '510100',
    institution: {
      code: 'H51010000001',
      type: 'hospital',
      level: 'tertiary',
      deductibleLevel: 'tertiary',
      agreements: ['outpatient', 'crossRegion'],
    },
    day: parseDay('2026-03-02'),
    care: 'outpatient',
    useAccount: true,
    useFamilyAccount: false,
    emergency: false,
    total: yuan('300.00'),
    lines: [
      {
        id: 'L1',
        item: '001101000010000',
        day: parseDay('2026-03-02'),
        amount: yuan('12.00'),
        class: 'A',
        name: '普通门诊诊察费',
        selfPaid: zero,
        overLimit: zero,
        firstSelfPay: zero,
        inScope: yuan('12.00'),
      },
      {
        id: 'L2',
        item: '002103000010000',
        day: parseDay('2026-03-02'),
        amount: yuan('288.00'),
        class: 'B',
        name: 'CT平扫',
        selfPaid: zero,
        overLimit: yuan('8.00'),
        firstSelfPay: yuan('28.00'),
        inScope: yuan('252.00'),
      },
    ],
  },
}

/** What Guangzhou computes of it in these tests: half of what is in scope from the pool, 50 from the account. */
export const split: ToldSplit = {
  total: yuan('300.00'),
  selfPaid: zero,
  overLimit: yuan('8.00'),
  firstSelfPay: yuan('28.00'),
  inScope: yuan('264.00'),
  deductible: zero,
  crossRegionFirstPay: zero,
  shares: [{ fund: 'pool', amount: yuan('132.00') }],
  fundTotal: yuan('132.00'),
  personTotal: yuan('168.00'),
  account: yuan('50.00'),
  familyAccount: zero,
  cash: yuan('118.00'),
  hospitalShare: zero,
  employerShare: zero,
  accountBalance: yuan('450.00'),
  trace: [],
  rules: [
    { id: 'outpatient', pack: '440100-guangzhou/employee.yaml', from: parseDay('2023-01-01') },
  ],
  scheme: 'employee',
  warnings: [],
  packHash: 'a'.repeat(64),
}

export const reference = 'H51010000001 2026-03-02-0001'
export const settle: RegionAsk = { kind: 'settle', reference, claim: awayClaim }
export const preview: RegionAsk = { kind: 'preview', claim: awayClaim }
export const query: RegionAsk = { kind: 'query', reference }
