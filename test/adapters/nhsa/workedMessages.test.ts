import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setldetailOf } from '../../../adapters/nhsa/setldetail.ts'
import { cancelinfoOf, type SetlResult, setlinfoOf } from '../../../adapters/nhsa/setlinfo.ts'
import { cancelTable, setlinfoTable } from '../../../adapters/nhsa/setlinfoTable.ts'
import { setldetailTable } from '../../../adapters/nhsa/setldetail.ts'
import { readSettings } from '../../../adapters/nhsa/settingsFile.ts'
import { writeTable } from '../../../adapters/nhsa/write.ts'
import type { Day } from '../../../engine/day.ts'
import { parseYuan } from '../../../engine/money.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { brokenIdentities } from './identities.ts'
import { openServed, type Served } from './served.ts'

/** Real replies of the national gateway (worked examples MSG-01 to MSG-06): ours must say the same. */
describe('real replies, over the wire', () => {
  let served: Served
  beforeAll(async () => {
    served = await openServed()
  })
  afterAll(() => served.close())

  test('MSG-01: the deductible swallows a bill of 4.52, and the account pays it', async () => {
    const { register, upload, bill, done } = served
    const mdtrt_id = await register('E1')
    // Class B, first self-payment 5 %: 0.226 is 0.23 (MSG-01b).
    const classB = 'XC09CAV001A001010100003'
    const [line] = await upload('E1', mdtrt_id, [{ yuan: 4.52, item: classB }])
    expect(line).toMatchObject({ preselfpay_amt: 0.23, inscp_scp_amt: 4.29, chrgitm_lv: '02' })
    const asked = bill('E1', mdtrt_id, 4.52, {
      fields: { fulamt_ownpay_amt: 0, preselfpay_amt: 0.23, inscp_scp_amt: 4.29 },
    })
    const { setlinfo, setldetail } = await done('2207', asked)
    expect(setlinfo).toMatchObject({
      act_pay_dedc: 4.29,
      hifp_pay: 0,
      pool_prop_selfpay: 0,
      fund_pay_sumamt: 0,
      psn_part_amt: 4.52,
      acct_pay: 4.52,
      psn_cash_pay: 0,
      hosp_part_amt: 0,
      // MSG-01c: 1378.15 before.
      balc: 1373.63,
    })
    expect(brokenIdentities(setlinfo, setldetail, 137815)).toEqual([])
  })

  test('MSG-06: a bill that no fund and no account pays is cash', async () => {
    const { register, upload, bill, done } = served
    const mdtrt_id = await register('E1')
    await upload('E1', mdtrt_id, [{ yuan: 1200, item: 'ZZZ-NOT-LISTED' }])
    const asked = bill('E1', mdtrt_id, 1200, { useAccount: false })
    const { setlinfo, setldetail } = await done('2206A', asked)
    expect(setlinfo).toMatchObject({ medfee_sumamt: 1200, psn_cash_pay: 1200 })
    expect(setldetail).toEqual([])
    expect(brokenIdentities(setlinfo, setldetail)).toEqual([])
  })
})

describe('MSG-02: a stay with a large-amount fund and a share of the hospital', () => {
  const settings = readSettings('rules/national-interface.yaml').of('500100')
  const y = parseYuan
  const content: Settlement = {
    total: y('23442.46'),
    selfPaid: y('2533.97'),
    overLimit: y('1396.89'),
    firstSelfPay: y('703.44'),
    inScope: y('18808.16'),
    deductible: y('0'),
    crossRegionFirstPay: y('0'),
    shares: [{ fund: 'largeExpense', amount: y('18785.39') }],
    fundTotal: y('18785.39'),
    personTotal: y('4152.06'),
    account: y('170.04'),
    familyAccount: y('0'),
    cash: y('3982.02'),
    hospitalShare: y('505.01'),
    employerShare: y('0'),
    accountBalance: y('12.34'),
    draws: [],
    counters: [],
    trace: [],
    rules: [],
    person: 'P1',
    institution: 'H50010000001',
    day: '2026-03-02' as Day,
    careRegion: '500100',
    homeRegion: '500100',
    route: 'local',
    scheme: 'employee',
    care: 'inpatient',
    credentialKind: 'card',
    visit: 'V1',
    lines: [],
    warnings: [],
    packHash: '',
  }
  const result: SetlResult = {
    psn_name: '演示',
    psn_cert_type: '01',
    certno: '510199198603120110',
    gend: '1',
    brdy: '1950-03-12' as Day,
    age: 75,
    insutype: '310',
    psn_type: '12',
    cvlserv_flag: '0',
    mdtrt_cert_type: '03',
    med_type: '21',
    medins_setl_id: 'H50010000001202603020900000001',
    clr_optins: '500100',
    clr_way: '1',
    clr_type: '21',
  }
  const posted = { id: 'S1', postedAt: 0 }
  const setlinfo = writeTable(setlinfoTable, setlinfoOf(content, result, posted, settings))
  const rows = setldetailOf(content, settings).map((row) => writeTable(setldetailTable, row))

  test('stands in its field, and the account and the hospital in rows of their own', () => {
    expect(setlinfo).toMatchObject({
      act_pay_dedc: 0,
      hifob_pay: 18785.39,
      hifp_pay: 0,
      fund_pay_sumamt: 18785.39,
      psn_part_amt: 4152.06,
      acct_pay: 170.04,
      psn_cash_pay: 3982.02,
      hosp_part_amt: 505.01,
    })
    expect(rows).toMatchObject([
      { fund_pay_type: '330100', fund_payamt: 18785.39 },
      { fund_pay_type: '310200', fund_payamt: 170.04 },
      { fund_pay_type: '999996', fund_payamt: 505.01 },
    ])
    expect(brokenIdentities(setlinfo, rows)).toEqual([])
  })

  test('is taken back with every amount negated, and the balance as it is then (I6)', () => {
    const cancelled = writeTable(
      cancelTable,
      cancelinfoOf({ ...content, deductible: y('30.00') }, result, posted, settings),
    )
    expect(cancelled).toMatchObject({
      medfee_sumamt: -23442.46,
      act_pay_dedc: -30,
      hifob_pay: -18785.39,
      hifp_pay: 0,
      pdn_cash_pay: -3982.02,
      psn_cash_pay: -3982.02,
      hosp_part_amt: -505.01,
      balc: 12.34,
    })
    expect(Object.values(cancelled).filter((value) => Object.is(value, -0))).toEqual([])
  })
})
