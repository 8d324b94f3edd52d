import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, drugs, idOf, openAgencyDesk, personOf, region } from './agencyDesk.ts'

// Decision 22: overpaid sums become receivables, by two people, and come back in parts.

let desk: Awaited<ReturnType<typeof openAgencyDesk>>

beforeAll(async () => {
  desk = await openAgencyDesk()
})
afterAll(() => desk.served.close())

const E1 = personOf('1001')
const hospital = 'H51010000001'
const refused = (code: string) => ({ status: 422, json: { code } })
const fund = `fund:${region}:employee:pool`

/** 1560.00 in a tertiary hospital, of which the pool pays a half once the deductible of the year is used up. */
const settle = (number = '510199198603120110') =>
  desk.post('/v1/settlements', {
    institution: hospital,
    day: '2026-03-02',
    credential: { type: 'citizen-number', number },
    care: 'outpatient',
    total: '1560.00',
    lines: [drugs('100', '1560.00')],
  })
const recover = (settlement: string, more: object = {}, key?: string) =>
  desk.post(
    '/v1/recoveries',
    {
      region,
      by: '录入甲',
      settlement,
      debtor: { kind: 'institution' },
      amount: '300.00',
      reason: 'institution-violation',
      ...more,
    },
    key,
  )
const path = (told: Parameters<typeof at>[0]) => at(told, 'recoveries')

describe('money to be recovered', () => {
  test('of an institution is a receivable once another person reviewed it, and comes back in parts', async () => {
    const settlement = idOf(await settle())
    const entered = await recover(settlement)
    expect(entered).toMatchObject({ status: 201, json: { state: 'entered', approval: false } })
    expect(await desk.act(path(entered), 'review', '录入甲')).toMatchObject(
      refused('second-person-needed'),
    )
    const before = Number(await desk.balanceOf(fund))
    const open = await desk.act(path(entered), 'review', '初审乙', {}, 'open')
    expect(open.json).toMatchObject({ state: 'open', left: '300.00' })
    expect((await desk.act(path(entered), 'review', '初审乙', {}, 'open')).text).toBe(open.text)
    expect(Number(await desk.balanceOf(fund))).toBe(before + 300)
    const debt = `receivable:${region}:institution:${hospital}`
    expect(await desk.balanceOf(debt)).toBe('-300.00')
    const part = (amount: string, reference: string) =>
      desk.act(path(entered), 'repayment', '会计丁', { amount, reference })
    expect((await part('100.00', 'B-1')).json).toMatchObject({ state: 'open', left: '200.00' })
    expect(await part('100.00', 'B-1')).toMatchObject(refused('movement-already-booked'))
    expect(await part('200.01', 'B-2')).toMatchObject(refused('recovery-too-large'))
    expect((await part('200.00', 'B-2')).json).toMatchObject({ state: 'closed', left: '0.00' })
    expect(await part('1.00', 'B-3')).toMatchObject(refused('case-state-forbids'))
    expect(await desk.balanceOf(debt)).toBe('0.00')
    expect(await desk.balanceOf(`recovered:${region}`)).toBe('-300.00')
    // Its funds had money back: it is not undone any more, by nobody.
    const cancel = await desk.post(`/v1/settlements/${settlement}/cancellation`, {
      institution: hospital,
    })
    expect(cancel).toMatchObject(refused('recovery-stands'))
  })

  test('is never more than funds paid, whatever was entered before', async () => {
    const settlement = idOf(await settle())
    const paid = (await desk.ask(`/v1/settlements/${settlement}`)).json['fundTotal']
    const first = await recover(settlement, { amount: paid })
    expect(await recover(settlement, { amount: '0.01' })).toMatchObject({
      status: 422,
      json: { code: 'recovery-too-large', facts: { left: '0.00' } },
    })
    expect(await recover(settlement, { amount: '0.00' })).toMatchObject(
      refused('recovery-too-large'),
    )
    const end = { reason: '核实无误' }
    expect((await desk.act(path(first), 'refusal', '初审乙', end)).json).toMatchObject({
      state: 'refused',
    })
    expect((await recover(settlement, { amount: '0.01' })).status).toBe(201)
  })

  test('of a person or an employer is a receivable of theirs, and no movement is taken back by one alone', async () => {
    const settlement = idOf(await settle())
    const employer = { kind: 'employer', employer: '91510100ma6c' }
    const entered = await recover(settlement, { debtor: employer, reason: 'employer-liable' })
    const open = await desk.act(path(entered), 'review', '初审乙')
    expect(await desk.balanceOf(`receivable:${region}:employer:91510100MA6C`)).toBe('-300.00')
    const movement = String(open.json['movement'])
    expect((await desk.ask(`/v1/movements/${movement}`)).json).toMatchObject({ kind: 'recovery' })
    expect((await desk.post(`/v1/movements/${movement}/cancellation`, { region })).status).toBe(404)
    const own = await recover(settlement, {
      debtor: { kind: 'person' },
      reason: 'overpaid',
      amount: '0.50',
    })
    await desk.act(path(own), 'review', '初审乙')
    expect(await desk.balanceOf(`receivable:${region}:person:${E1}`)).toBe('-0.50')
    const against = { kind: 'reimbursement', id: 'none' }
    expect(
      await desk.act(path(own), 'set-off', '会计丁', { amount: '0.50', against }),
    ).toMatchObject(refused('set-off-not-allowed'))
  })

  test('of three at once is recovered within what is left', async () => {
    // (1560.00 - 150.00) × 60 % = 846.00 for a pensioner, and an invented layer a little more.
    const settlement = idOf(await settle('510199194010010217'))
    const told = await Promise.all(
      ['400.00', '400.00', '400.00'].map((amount) => recover(settlement, { amount })),
    )
    expect(told.filter(({ status }) => status === 201)).toHaveLength(2)
    expect(told.filter(({ json }) => json['code'] === 'recovery-too-large')).toHaveLength(1)
  })

  test('above the sum of the region needs a second approval', async () => {
    const C1 = personOf('1005')
    const stay = await desk.post('/v1/settlements', {
      institution: hospital,
      day: '2026-03-02',
      credential: { type: 'citizen-number', number: '510199197811110158' },
      care: 'inpatient',
      stay: { admission: '2026-02-01', discharge: '2026-02-20' },
      total: '31200.00',
      lines: [drugs('2000', '31200.00')],
    })
    const entered = await recover(idOf(stay), { amount: '20000.00' })
    expect(entered.json).toMatchObject({ approval: true })
    expect((await desk.act(path(entered), 'review', '初审乙')).json).toMatchObject({
      state: 'reviewed',
    })
    expect(await desk.act(path(entered), 'approval', '初审乙')).toMatchObject(
      refused('second-person-needed'),
    )
    expect((await desk.act(path(entered), 'approval', '复核丙')).json).toMatchObject({
      state: 'open',
    })
    expect((await desk.ask(`/v1/recoveries?person=${C1}`)).json).toMatchObject({
      items: [{ state: 'open', form: { funds: [{ fund: 'pool', amount: '20000.00' }] } }],
    })
    // A write-off that is refused leaves all of it due.
    const off = { amount: '5.00', reason: '小额' }
    await desk.act(path(entered), 'write-off', '会计丁', off)
    expect(await desk.act(path(entered), 'write-off', '会计丁', off)).toMatchObject(
      refused('case-state-forbids'),
    )
    expect(
      await desk.act(path(entered), 'repayment', '会计丁', { amount: '20000.00', reference: 'R' }),
    ).toMatchObject(refused('recovery-too-large'))
    expect((await desk.act(path(entered), 'write-off-refusal', '复核戊')).json).toMatchObject({
      left: '20000.00',
    })
    expect(await desk.act(path(entered), 'write-off-approval', '复核戊')).toMatchObject(
      refused('case-state-forbids'),
    )
  })
})

describe('what cannot be recovered', () => {
  test('is refused by name', async () => {
    expect((await recover('nothing')).json).toMatchObject({ code: 'settlement-unknown' })
    const settlement = idOf(await settle())
    expect((await recover(settlement, { region: '510700' })).json).toMatchObject({
      code: 'settlement-unknown',
    })
    await desk.post(`/v1/settlements/${settlement}/cancellation`, { institution: hospital })
    expect(await recover(settlement)).toMatchObject(refused('already-undone'))
    for (const [debtor, field] of [
      [{ kind: 'employer' }, '/debtor/employer'],
      [{ kind: 'person', employer: 'E' }, '/debtor/employer'],
      [{ kind: 'state' }, '/debtor/kind'],
    ] as const)
      expect(await recover(settlement, { debtor })).toMatchObject({
        status: 400,
        json: { facts: { field } },
      })
  })
})

test('afterwards nothing is wrong with the books', async () => {
  expect(await desk.served.violations()).toEqual([])
})
