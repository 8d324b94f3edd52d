import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

/** What stands where a number should: nothing, or text. */
const wrongNumbers = (fields: Record<string, unknown>): string[] =>
  Object.entries(fields)
    .filter(([name, value]) => /_pay$|_amt$|sumamt$|^balc$/.test(name) && typeof value !== 'number')
    .map(([name]) => name)

test('an outpatient visit is registered, filled, settled and cancelled', async () => {
  const before = await served.done('1101', {
    data: { mdtrt_cert_type: '02', mdtrt_cert_no: person('E1').citizenNumber },
  })
  const visit = await served.visit('E1', 100)
  expect(visit.setlinfo).toMatchObject({ medfee_sumamt: 100, psn_no: visit.psn_no })
  expect(wrongNumbers(visit.setlinfo)).toEqual([])
  const { acct_pay, psn_cash_pay, fund_pay_sumamt, balc } = visit.setlinfo
  expect(acct_pay + psn_cash_pay + fund_pay_sumamt).toBe(100)
  expect(balc).toBeCloseTo(before.insuinfo[0].balc - acct_pay, 2)
  const cancelled = await served.cancel(visit)
  expect(cancelled.setlinfo).toMatchObject({ medfee_sumamt: -100, acct_pay: -acct_pay })
  expect(await served.violations()).toEqual([])
})

test('a stay is admitted, filled, discharged and settled', async () => {
  const mdtrt_id = await served.admit('R1')
  await served.upload('R1', mdtrt_id, [{ yuan: 3000 }], { infno: '2301' })
  await served.discharge('R1', mdtrt_id)
  const bill = served.bill('R1', mdtrt_id, 3000, { medType: '21' })
  const { setlinfo } = await served.done('2304', bill)
  expect(setlinfo).toMatchObject({ medfee_sumamt: 3000, mdtrt_id })
  expect(setlinfo.hifp_pay).toBeGreaterThan(0)
  expect(await served.violations()).toEqual([])
})

test('our own client speaks for an institution', async () => {
  const caller = served.caller()
  expect(await caller.signIn()).toHaveLength(30)
  await caller.signOut()
})

test('nothing of a person is in the log', () => {
  expect(served.named()).toEqual([])
})
