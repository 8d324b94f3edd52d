import { withCheckDigit } from '../../support/citizenNumber.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, idOf, openAgencyDesk, region } from './agencyDesk.ts'

// Decision 22: what is settled is cancelled and settled again with its cause; the institution keeps what it was told.

let desk: Awaited<ReturnType<typeof openAgencyDesk>>

beforeAll(async () => {
  desk = await openAgencyDesk()
})
afterAll(() => desk.served.close())

const refused = (code: string) => ({ status: 422, json: { code } })
const visit = {
  id: 'L1',
  item: '001101000010000',
  quantity: '100',
  unitPrice: '12.00',
  amount: '1200.00',
}
const injury = { certification: 'WI-2026-0001', diagnoses: ['S52.500'] }
const hospital = 'H51010000001'
let people = 0

/** Somebody who is insured against illness and work injury, with a certified injury and a bank account. */
async function injured(last4 = '0001', more: object = {}): Promise<{ id: string; number: string }> {
  const number = withCheckDigit(`51019919800101${String(++people).padStart(3, '0')}`)
  const id = `5101000000000000000099${String(people).padStart(2, '0')}`
  const told = await desk.post('/v1/people', {
    id,
    citizenNumber: number,
    name: '演示',
    birth: '1980-01-01',
    sex: 'male',
    region,
    coverages: ['employee', 'workInjury'].map((scheme) => ({
      scheme,
      region,
      group: 'working',
      from: '2020-01-01',
    })),
    injuries: [
      {
        certification: 'WI-2026-0001',
        employer: '演示单位',
        diagnoses: ['S52.500'],
        from: '2026-01-15',
      },
    ],
    bankAccount: `6200000000${String(people).padStart(5, '0')}${last4}`,
    openingBalance: '300.00',
    ...more,
  })
  if (told.status !== 201) throw new Error(told.text)
  return { id, number }
}

const settle = async (number: string, more: object = {}) =>
  desk.post('/v1/settlements', {
    institution: hospital,
    day: '2026-03-02',
    credential: { type: 'citizen-number', number },
    care: 'outpatient',
    scheme: 'employee',
    total: '1200.00',
    lines: [visit],
    ...more,
  })

const anew = (settlement: string, more: object = {}, key?: string) =>
  desk.post(
    `/v1/settlements/${settlement}/resettlement`,
    { region, by: '录入甲', cause: 'certification-late', ...more },
    key,
  )
/** A certification came late: the fund of another scheme pays, by its own catalogue. */
const certified = { scheme: 'workInjury', care: 'workInjury', injury, lines: [visit] }
/** It was no work injury after all. */
const illness = { cause: 'data-corrected', scheme: 'employee', care: 'outpatient', lines: [visit] }

const review = (told: Parameters<typeof at>[0], by = '初审乙') =>
  desk.act(at(told, 'resettlements'), 'review', by)
const payableOf = () => desk.balanceOf(`payable:${hospital}:settled`)

describe('a settlement after a late certification', () => {
  test('is settled anew: the hospital keeps its money, and the difference is paid to the person', async () => {
    const { id, number } = await injured()
    const direct = await settle(number, { useAccount: true })
    // (1200.00 - 200.00) × 50 % in a tertiary hospital; the account pays 300.00, cash 400.00.
    expect(direct.json).toMatchObject({ fundTotal: '500.00', account: '300.00', cash: '400.00' })
    const payable = await payableOf()
    const later = await settle(number)
    const before = await payableOf()
    const entered = await anew(idOf(direct), certified, 'anew')
    // In the work-injury catalogue all of it; the account gets its 300.00 back, and cash 400.00 is due to the person.
    expect(entered).toMatchObject({
      status: 201,
      json: {
        state: 'entered',
        due: '400.00',
        owed: '0.00',
        expected: { fundTotal: '1200.00', account: '0.00', cash: '0.00' },
        overrides: [],
      },
    })
    expect((await desk.ask(`/v1/settlements/${idOf(direct)}`)).json).toMatchObject({
      state: 'settled',
    })
    expect(await review(entered, '录入甲')).toMatchObject(refused('second-person-needed'))
    const settled = await review(entered)
    expect(settled.json).toMatchObject({
      state: 'settled',
      due: '400.00',
      affected: [idOf(later)],
    })
    expect(await payableOf()).toBe(before)
    expect(Number(payable)).toBe(Number(before) - 600)
    expect((await desk.ask(`/v1/people/${id}/accounts`)).json).toMatchObject({
      items: [{ balance: '300.00' }],
    })
    const old = await desk.ask(`/v1/settlements/${idOf(direct)}`)
    expect(old.json).toMatchObject({
      state: 'cancelled',
      rows: [{ kind: 'settlement' }, { kind: 'cancellation', id: settled.json['undone'] }],
    })
    const now = await desk.ask(`/v1/settlements/${String(settled.json['settlement'])}`)
    expect(now.json).toMatchObject({
      state: 'settled',
      institution: hospital,
      scheme: 'workInjury',
      fundTotal: '1200.00',
      advanced: '400.00',
      desk: { kind: 'resettlement', replaces: idOf(direct), reason: 'certification-late' },
    })
    const paid = await desk.act(at(entered, 'resettlements'), 'payment', '出纳丙')
    expect(paid.json).toMatchObject({ state: 'paid', amount: '400.00' })
    expect(await desk.balanceOf(`owed:${region}:person:${id}`)).toBe('0.00')
    expect((await anew(idOf(direct), certified)).json).toMatchObject({ code: 'already-undone' })
    const cancel = (settlement: string) =>
      desk.post(`/v1/settlements/${settlement}/cancellation`, { institution: hospital })
    expect((await cancel(idOf(direct))).json).toMatchObject({ code: 'already-undone' })
    expect((await cancel(String(settled.json['settlement']))).status).toBe(404)
  })

  test('may be settled anew again, as long as no money came back or too much went out', async () => {
    const { number } = await injured()
    const direct = await settle(number)
    const before = await payableOf()
    const first = await anew(idOf(direct), certified)
    const one = await review(first)
    expect(one.json).toMatchObject({ due: '700.00' })
    // It was none after all, before anything was paid: all is as it was, and the first case is paid no more.
    const second = await anew(String(one.json['settlement']), illness)
    expect(second.json).toMatchObject({ due: '0.00', owed: '0.00' })
    const two = await review(second)
    expect(two.json).toMatchObject({ state: 'closed', due: '0.00' })
    expect(await payableOf()).toBe(before)
    expect((await desk.ask(`/v1/resettlements/${idOf(first)}`)).json).toMatchObject({
      state: 'superseded',
    })
    expect(await desk.act(at(first, 'resettlements'), 'payment', '出纳丙')).toMatchObject(
      refused('case-state-forbids'),
    )
    // And once more, paid this time: what was paid cannot be more than what is due.
    const third = await anew(String(two.json['settlement']), certified)
    const three = await review(third)
    await desk.act(at(third, 'resettlements'), 'payment', '出纳丙')
    expect(await anew(String(three.json['settlement']), illness)).toMatchObject({
      status: 422,
      json: { code: 'resettlement-not-possible', facts: { because: 'money-moved' } },
    })
  })

  test('leaves the settlement alone where it could not be settled anew', async () => {
    const { number } = await injured()
    const settlement = idOf(await settle(number))
    const uncertified = { ...certified, injury: { ...injury, certification: 'WI-0' } }
    expect(await anew(settlement, uncertified)).toMatchObject(refused('injury-not-certified'))
    const other = [{ ...visit, id: 'L2' }]
    expect(await anew(settlement, { ...certified, lines: other })).toMatchObject(
      refused('lines-differ'),
    )
    expect((await anew(settlement, { ...certified, region: '510700' })).status).toBe(404)
    expect((await anew('nothing', certified)).status).toBe(404)
    expect((await desk.ask(`/v1/settlements/${settlement}`)).json).toMatchObject({
      state: 'settled',
    })
  })

  test('waits until the bank has said what became of the cash that was collected', async () => {
    const { number } = await injured('9006')
    const settlement = idOf(await settle(number))
    await desk.post(`/v1/settlements/${settlement}/collection`, { institution: hospital })
    const entered = await anew(settlement, certified)
    expect(await review(entered)).toMatchObject(refused('collection-open'))
  })

  test('leaves the cash that a bank collected where it is', async () => {
    const { number } = await injured()
    const settlement = idOf(await settle(number))
    const collected = await desk.post(`/v1/settlements/${settlement}/collection`, {
      institution: hospital,
    })
    expect(collected.json).toMatchObject({ state: 'collected', amount: '700.00' })
    expect((await review(await anew(settlement, certified))).json).toMatchObject({ due: '700.00' })
    expect((await desk.ask(`/v1/settlements/${settlement}/collection`)).json).toMatchObject({
      items: [{ state: 'collected' }],
    })
  })

  test('in two at once is settled anew once', async () => {
    const { number } = await injured()
    const settlement = idOf(await settle(number))
    const cases = await Promise.all([1, 2, 3].map(() => anew(settlement, certified)))
    const told = await Promise.all(cases.map((one) => review(one)))
    expect(told.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(told.filter(({ json }) => json['code'] === 'already-undone')).toHaveLength(2)
  })
})

describe('a settlement that paid too much', () => {
  test('leaves a receivable of the person, and the hospital keeps its money', async () => {
    const { id, number } = await injured()
    const direct = await settle(number, { ...certified, total: '1200.00', cause: undefined })
    expect(direct.json).toMatchObject({ fundTotal: '1200.00', cash: '0.00' })
    const payable = await payableOf()
    const entered = await anew(idOf(direct), illness)
    expect(entered.json).toMatchObject({ due: '0.00', owed: '700.00' })
    const settled = await review(entered)
    expect(settled.json).toMatchObject({ state: 'closed', owed: '700.00' })
    expect(await payableOf()).toBe(payable)
    expect(await desk.balanceOf(`receivable:${region}:person:${id}`)).toBe('-700.00')
    const recovery = `recoveries/${idOf(entered)}`
    expect((await desk.ask(`/v1/${recovery}`)).json).toMatchObject({
      state: 'open',
      left: '700.00',
      form: { reason: 'resettled', party: `person:${id}` },
    })
    const part = { amount: '200.00', reference: 'SLIP-1' }
    expect((await desk.act(recovery, 'repayment', '会计丁', part)).json).toMatchObject({
      state: 'open',
      left: '500.00',
    })
    expect(await desk.balanceOf(`receivable:${region}:person:${id}`)).toBe('-500.00')
    const settlement = String(settled.json['settlement'])
    expect(await anew(settlement, certified)).toMatchObject({
      json: { code: 'resettlement-not-possible', facts: { because: 'money-moved' } },
    })
    // The rest is written off: the fund that paid less bears it.
    const off = { amount: '500.00', reason: '无力偿还' }
    expect((await desk.act(recovery, 'write-off', '会计丁', off)).status).toBe(201)
    expect(await desk.act(recovery, 'write-off-approval', '会计丁')).toMatchObject(
      refused('second-person-needed'),
    )
    expect((await desk.act(recovery, 'write-off-approval', '复核戊')).json).toMatchObject({
      state: 'closed',
      left: '0.00',
    })
    expect(await desk.balanceOf(`receivable:${region}:person:${id}`)).toBe('0.00')
  })
})

test('afterwards nothing is wrong with the books', async () => {
  expect(await desk.served.violations()).toEqual([])
})
