import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { brokenIdentities } from './identities.ts'
import { openServed, type Served } from './served.ts'

/**
 * MSG-02 of the worked examples: a real reply, whose rule nobody published. A pack of this test alone pays what that reply
 * paid as fixed amounts, so that the whole way from the lines to `setldetail` is compared, and not a policy.
 */
const layers = `
      - {id: large, name: {zh: 大额, en: Large}, payer: largeExpense, pays: {fixed: '18785.39'}, feeds: [retiredCadre], source: retiredCadre}
      - {id: hospital, name: {zh: 医院, en: Hospital}, payer: hospital, base: [copay, selfPaid], pays: {fixed: '505.01'}, source: retiredCadre}
`
const everything =
  '[inScope, crossRegionFirstPay, deductible, copay, aboveCap, firstSelfPay, overLimit, selfPaid]'

const rules = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-msg-'))
let served: Served
beforeAll(async () => {
  cpSync('rules', rules, { recursive: true })
  edit('510100-chengdu/retired-cadre.yaml', (text) =>
    text
      .replace('firstSelfPay: none', 'firstSelfPay: apply')
      .replace('own: []', `own: ${everything}`)
      .replace(
        /(id: inpatient[\s\S]*?layers:\n)[\s\S]*$/,
        (_, head: string) => head + layers.slice(1),
      ),
  )
  edit('sandbox/world.yaml', (text) =>
    text.replace("group: retiredCadre, balance: '0.00'", "group: retiredCadre, balance: '170.04'"),
  )
  served = await openServed({ RULES_DIR: rules })
})
afterAll(async () => {
  await served.close()
  rmSync(rules, { recursive: true, force: true })
})

function edit(file: string, change: (text: string) => string): void {
  const name = path.join(rules, file)
  const [before, after] = [readFileSync(name, 'utf8'), change(readFileSync(name, 'utf8'))]
  expect(after).not.toBe(before)
  writeFileSync(name, after)
}

test('MSG-02: a stay with a large-amount fund, an account that is used up and a share of the hospital', async () => {
  const { admit, upload, discharge, bill, done } = served
  const words = { medType: '21', insutype: '340' }
  const mdtrt_id = await admit('L1', words)
  const lines = [
    { yuan: 2533.97, item: 'ZZZ-NOT-LISTED' },
    // Its limit is 18.50.
    { yuan: 1415.39, item: 'XC09AAD099A001010100001' },
    // Class B, first self-payment 5 %.
    { yuan: 14068.8, item: 'XC09CAV001A001010100003' },
    { yuan: 5424.3 },
  ]
  await upload('L1', mdtrt_id, lines, { infno: '2301' })
  await discharge('L1', mdtrt_id)
  const { setlinfo, setldetail } = await done('2304', bill('L1', mdtrt_id, 23442.46, words))
  expect(setlinfo).toMatchObject({
    medfee_sumamt: 23442.46,
    fulamt_ownpay_amt: 2533.97,
    overlmt_selfpay: 1396.89,
    preselfpay_amt: 703.44,
    inscp_scp_amt: 18808.16,
    act_pay_dedc: 0,
    hifob_pay: 18785.39,
    fund_pay_sumamt: 18785.39,
    psn_part_amt: 4152.06,
    acct_pay: 170.04,
    psn_cash_pay: 3982.02,
    hosp_part_amt: 505.01,
    balc: 0,
  })
  expect(
    setldetail.map((row: Record<string, unknown>) => [row['fund_pay_type'], row['fund_payamt']]),
  ).toEqual([
    ['330100', 18785.39],
    [expect.stringMatching(/^3102/), 170.04],
    ['999996', 505.01],
  ])
  expect(brokenIdentities(setlinfo, setldetail, 17004)).toEqual([])
  expect(await served.violations()).toEqual([])
})
