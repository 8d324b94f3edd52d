import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { item, openServed, type Served } from './served.ts'

// What the agency settles itself, a hospital's books know nothing of; an invoice that a hospital told is used.

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const region = '510100'
const hospital = 'H51010000002'
const here = { institution: hospital }
// oxlint-disable-next-line typescript/no-explicit-any
type Output = any

const visit = (key: string, yuan: number, invono: string): Promise<Output> =>
  served.visit(key, yuan, { ...here, useAccount: false, fields: { invono } })

const paper = (person: string, number: string) =>
  served.post('/v1/reimbursements', {
    region,
    by: '录入甲',
    person,
    reason: 'line-down',
    institution: { code: hospital },
    invoices: [{ number }],
    day: '2026-03-01',
    care: 'outpatient',
    total: '50.00',
    lines: [{ id: 'L1', item, quantity: '1', unitPrice: '50.00', amount: '50.00' }],
  })

describe('an invoice (invono)', () => {
  test('of a bill that was settled directly is not paid on paper, until that is undone', async () => {
    const settled = await visit('E2', 80, ' f-100 ')
    expect((await paper(settled.psn_no, 'F-100')).json).toMatchObject({
      code: 'invoice-already-used',
      facts: { by: settled.setlinfo.setl_id, issuer: hospital },
    })
    await served.cancel(settled, here)
    expect((await paper(settled.psn_no, 'F-100')).status).toBe(201)
  })

  test('of a bill on paper is not settled directly, and settlements may share one', async () => {
    const { psn_no } = served.who('C1')
    expect((await paper(psn_no, 'F-200')).status).toBe(201)
    await expect(visit('C1', 80, 'F-200')).rejects.toThrow('票据')
    await visit('C1', 80, 'F-300')
    await visit('C1', 90, 'F-300')
  })

  test('of nothing is none of another', async () => {
    await visit('C1', 70, '')
    expect((await visit('C1', 60, ' ')).setlinfo.medfee_sumamt).toBe(60)
  })
})

describe('a settlement that the agency settled anew', () => {
  test('stays in the totals of its hospital as it was told, and is undone by it no more', async () => {
    const totals = async () => {
      const day = settled.setlinfo.setl_time.slice(0, 10)
      const { stmtinfo } = await served.done(
        '3201',
        {
          data: {
            insutype: '310',
            clr_type: '11',
            setl_optins: region,
            stmt_begndate: day,
            stmt_enddate: day,
            medfee_sumamt: 0,
            fund_pay_sumamt: 0,
            acct_pay: 0,
            fixmedins_setl_cnt: 0,
          },
        },
        here,
      )
      return stmtinfo.stmt_rslt_dscr
    }
    const settled = await visit('E1', 1000, 'F-400')
    const before = await totals()
    const { setl_id } = settled.setlinfo
    // It was an emergency, which is told late; the rule is the same, so that nothing is due.
    const entered = await served.post(`/v1/settlements/${setl_id}/resettlement`, {
      region,
      by: '录入甲',
      cause: 'data-corrected',
      emergency: true,
      useAccount: true,
    })
    expect(entered.json).toMatchObject({ state: 'entered', due: '520.00' })
    const id = String(entered.json['id'])
    const review = { region, by: '初审乙' }
    const reviewed = await served.post(`/v1/resettlements/${id}/review`, review)
    expect(reviewed.json).toMatchObject({ state: 'settled', due: '520.00' })
    expect(await totals()).toBe(before)
    await expect(served.cancel(settled, here)).rejects.toThrow('撤销')
    const { settlement } = reviewed.json
    const setlinfo = { ...settled.setlinfo, setl_id: settlement }
    await expect(served.cancel({ ...settled, setlinfo }, here)).rejects.toThrow('没有结算')
    // A paper bill of the very hospital is none of its totals either.
    const other = await paper(settled.psn_no, 'F-500')
    await served.post(`/v1/reimbursements/${String(other.json['id'])}/review`, review)
    expect(await totals()).toBe(before)
  })

  test('that comes to the same is due to nobody', async () => {
    const settled = await visit('U1', 900, 'F-600')
    const asked = await served.post(`/v1/settlements/${settled.setlinfo.setl_id}/resettlement`, {
      region,
      by: '录入甲',
      cause: 'other',
    })
    expect(asked.json).toMatchObject({ state: 'entered', due: '0.00', owed: '0.00' })
  })
})

test('afterwards nothing is wrong with the books', async () => {
  expect(await served.violations()).toEqual([])
})
