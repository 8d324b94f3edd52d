import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServed, type Told } from './served.ts'

// Decision 22: paper bills, settlements settled anew and recoveries, each by two people.

let served: Awaited<ReturnType<typeof openServed>>
let ask: typeof served.ask
let post: typeof served.post

beforeAll(async () => {
  served = await openServed()
  ;({ ask, post } = served)
})
afterAll(async () => {
  expect(await served.violations()).toEqual([])
  await served.close()
})

const E1 = '510100000000000000001001'
const region = '510100'
let invoices = 0

/** An employee was treated as an emergency in a county that has no contract with anybody here. */
const paper = (more: object = {}) => ({
  region,
  by: '录入甲',
  person: E1,
  reason: 'outside-network',
  institution: { name: '演示县人民医院', level: 'secondary', division: '510100' },
  invoices: [{ issuer: '51060123', number: `00${++invoices}` }],
  day: '2026-03-02',
  care: 'outpatient',
  total: '1000.00',
  lines: [
    {
      id: 'L1',
      item: '001101000010000',
      quantity: '1',
      unitPrice: '1000.00',
      amount: '1000.00',
    },
  ],
  ...more,
})
const idOf = ({ json }: Told): string => String(json['id'])
const act = (id: string, step: string, by: string, more: object = {}, kind = 'reimbursements') =>
  post(`/v1/${kind}/${id}/${step}`, { region, by, ...more })
const balanceOf = async (account: string): Promise<unknown> =>
  (await ask(`/v1/ledger/accounts/${encodeURIComponent(account)}`)).json['balance']

describe('a paper bill', () => {
  test('is entered, reviewed by another person, and paid to the bank account by a third', async () => {
    const entered = await post('/v1/reimbursements', paper())
    expect(entered).toMatchObject({ status: 201, json: { state: 'entered', approval: false } })
    const id = idOf(entered)
    // Nothing is settled yet.
    expect((await ask(`/v1/reimbursements/${id}`)).json).toMatchObject({ due: '0.00', person: E1 })
    expect(await act(id, 'review', '录入甲')).toMatchObject({
      status: 422,
      json: { code: 'second-person-needed' },
    })
    const reviewed = await act(id, 'review', '初审乙')
    console.log(JSON.stringify(reviewed.json), JSON.stringify(entered.json))
    expect(reviewed).toMatchObject({ status: 201, json: { state: 'settled' } })
  })
})
