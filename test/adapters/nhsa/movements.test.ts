import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServed, type Served } from './served.ts'

let served: Served

beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

describe('a contribution and a credit', () => {
  test('are in the balance that a hospital is told and that its next bill is paid from', async () => {
    const { psn_no, certno } = served.who('E1')
    const balance = async (): Promise<unknown> => {
      const input = { data: { mdtrt_cert_type: '02', mdtrt_cert_no: certno } }
      return (await served.done('1101', input)).insuinfo[0].balc
    }
    const sums = () => served.done('5206', { data: { psn_no } })
    expect(await balance()).toBe(1378.15)
    const before = await sums()
    const common = {
      region: '510100',
      person: psn_no,
      scheme: 'employee',
      month: '2026-03',
      day: '2026-03-02',
    }
    const contribution = await served.post('/v1/movements', {
      ...common,
      kind: 'contribution',
      reference: 'TAX-1',
      total: '500.00',
      paid: [{ payer: 'person', amount: '500.00' }],
      account: '500.00',
    })
    const credit = await served.post('/v1/movements', {
      ...common,
      kind: 'credit',
      reference: 'RUN-1',
      total: '80.00',
      funds: [{ fund: 'pool', amount: '80.00' }],
    })
    expect([contribution.status, credit.status]).toEqual([201, 201])
    expect(await balance()).toBe(1958.15)
    // Money that moves without a bill is no part of what a year's bills count up to.
    expect(await sums()).toEqual(before)

    const visit = await served.visit('E1', 1000)
    const { setl_id, balc, acct_pay } = visit.setlinfo
    // (1000.00 − 200.00) × 50 % = 400.00 from the pool; 600.00 from the account.
    expect([acct_pay, balc]).toEqual([600, 1358.15])
    const told = await served.done('5203', { data: { psn_no, setl_id } })
    expect(told.setlinfo.balc).toBe(1358.15)
    const { id } = credit.json as { id: string }
    await served.post(`/v1/movements/${id}/cancellation`, { region: '510100' })
    expect(await balance()).toBe(1278.15)
    expect((await served.done('5203', { data: { psn_no, setl_id } })).setlinfo.balc).toBe(1358.15)
    expect(await served.violations()).toEqual([])
  })
})
