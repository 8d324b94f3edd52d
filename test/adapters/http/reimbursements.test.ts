import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, drugs, idOf, openAgencyDesk, personOf, region } from './agencyDesk.ts'

// Decision 22: paper bills that the agency enters, reviews by another person, and pays to the bank account of the card.

let desk: Awaited<ReturnType<typeof openAgencyDesk>>

beforeAll(async () => {
  desk = await openAgencyDesk()
})
afterAll(() => desk.served.close())

const E1 = personOf('1001')
const refused = (code: string) => ({ status: 422, json: { code } })

describe('a paper bill', () => {
  test('is entered, reviewed by another person, and paid to the bank account by a third', async () => {
    const entered = await desk.enter(desk.paper(), 'first')
    // (1560.00 - 200.00) × 60 % in a secondary hospital.
    expect(entered).toMatchObject({
      status: 201,
      json: {
        state: 'entered',
        approval: false,
        suspects: [],
        expected: { fundTotal: '816.00', cash: '744.00', deductible: '200.00' },
      },
    })
    expect((await desk.enter(desk.paper({ invoices: [] }), 'first')).status).toBe(400)
    const id = at(entered)
    expect((await desk.ask(`/v1/${id}`)).json).toMatchObject({ due: '0.00', person: E1 })
    expect(await desk.act(id, 'payment', '出纳丙')).toMatchObject(refused('case-state-forbids'))
    expect(await desk.act(id, 'review', ' 录入 甲 '.trim())).toMatchObject(
      refused('second-person-needed'),
    )

    const reviewed = await desk.act(id, 'review', '初审乙', {}, 'review')
    expect(reviewed).toMatchObject({ status: 201, json: { state: 'settled', due: '816.00' } })
    const again = await desk.act(id, 'review', '初审乙', {}, 'review')
    expect(again.text).toBe(reviewed.text)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const settlement = String(reviewed.json['settlement'])
    expect((await desk.ask(`/v1/settlements/${settlement}`)).json).toMatchObject({
      institution: 'unlisted',
      fundTotal: '816.00',
      advanced: '816.00',
      desk: { kind: 'paper', case: idOf(entered), issuer: '演示县人民医院' },
      trace: [{ layer: 'pool', paid: '816.00' }],
    })
    expect(await desk.balanceOf(`owed:${region}:person:${E1}`)).toBe('816.00')

    for (const by of ['录入甲', '初审乙'])
      expect(await desk.act(id, 'payment', by)).toMatchObject(refused('second-person-needed'))
    const paid = await desk.act(id, 'payment', '出纳丙', {}, 'pay')
    expect(paid).toMatchObject({ status: 201, json: { state: 'paid', amount: '816.00' } })
    expect((await desk.act(id, 'payment', '出纳丙', {}, 'pay')).text).toBe(paid.text)
    expect(await desk.act(id, 'payment', '出纳丙')).toMatchObject(refused('case-state-forbids'))
    expect(await desk.balanceOf(`owed:${region}:person:${E1}`)).toBe('0.00')
    expect(await desk.balanceOf(`payout:${region}:reimbursement`)).toBe('816.00')
    expect(await desk.balanceOf('payable:unlisted:settled')).toBe('0.00')
    const { json } = await desk.ask(`/v1/${id}`)
    expect(json).toMatchObject({ state: 'paid', due: '816.00', paid: '816.00' })
    const steps = json['steps'] as { kind: string; by?: string }[]
    expect(steps.map(({ kind, by = '' }) => `${kind} ${by}`.trim())).toEqual([
      'entered 录入甲',
      'reviewed 初审乙',
      'settled',
      'ordered 出纳丙',
      'paid',
    ])
    const { json: byKey } = await desk.ask(
      `/v1/settlements?institution=agency:${region}&key=review`,
    )
    expect(byKey).toMatchObject({ answer: { status: 201, body: reviewed.json } })
  })

  test('counts in the sums of the year and draws on the account like any claim', async () => {
    // The deductible of the year is used up by the bill above: 156.00 × 60 % = 93.60, and the account pays the rest.
    const entered = await desk.enter(
      desk.paper({ total: '156.00', lines: [drugs('10', '156.00')], useAccount: true }),
    )
    expect(entered.json).toMatchObject({
      expected: { fundTotal: '93.60', account: '62.40', cash: '0.00', deductible: '0.00' },
    })
    const reviewed = await desk.act(at(entered), 'review', '初审乙')
    expect(reviewed.json).toMatchObject({ due: '156.00' })
    expect((await desk.ask(`/v1/people/${E1}/accounts`)).json).toMatchObject({
      items: [{ balance: '1315.75' }],
    })
  })

  test('above the sum of the region is approved by a third person', async () => {
    const C1 = personOf('1005')
    const entered = await desk.enter(
      desk.paper({
        person: C1,
        care: 'inpatient',
        stay: { admission: '2026-02-01', discharge: '2026-02-20' },
        reason: 'emergency',
        emergency: true,
        total: '15600.00',
        institution: { name: '演示省外医院', level: 'tertiary', division: '440100' },
        lines: [drugs('1000', '15600.00')],
      }),
    )
    // Crossing provinces, an emergency: (15600.00 - 800.00) × 85 % × 0.9 = 11322.00; half of what is left of 14800 and of the
    // deductible is the civil servants' supplement: (3478.00 + 800.00) / 2 = 2139.00.
    expect(entered.json).toMatchObject({
      approval: true,
      expected: { fundTotal: '13461.00', cash: '2139.00' },
    })
    const id = at(entered)
    expect(await desk.act(id, 'approval', '复核丁')).toMatchObject(refused('case-state-forbids'))
    expect((await desk.act(id, 'review', '初审乙')).json).toMatchObject({ state: 'reviewed' })
    for (const by of ['录入甲', '初审乙'])
      expect(await desk.act(id, 'approval', by)).toMatchObject(refused('second-person-needed'))
    const approved = await desk.act(id, 'approval', '复核丁')
    expect(approved.json).toMatchObject({ state: 'settled', due: '13461.00' })
    const { json } = await desk.ask(`/v1/settlements/${String(approved.json['settlement'])}`)
    expect(json).toMatchObject({
      route: 'crossProvince',
      careRegion: '440100',
      stay: { admission: '2026-02-01', discharge: '2026-02-20', interim: false },
    })
    // No other region is owed anything of it.
    expect(await desk.balanceOf(`due-to:${region}:440100`)).toBe('0.00')
  })

  test('of a place that no map has needs its province, and is classified by the home catalogue', async () => {
    const institution = { name: '演示县医院', level: 'primary', division: '539999' }
    const body = desk.paper({ institution })
    expect(await desk.enter(body)).toMatchObject(refused('division-unknown'))
    const entered = await desk.enter(
      desk.paper({ institution: { ...institution, province: '530000' } }),
    )
    // Unfiled in another province: the deductible is used up, 1560.00 × 60 % × 0.7 = 655.20.
    expect(entered.json).toMatchObject({ expected: { fundTotal: '655.20' } })
  })

  test('of an item that no catalogue has is classified by the desk, with a reason', async () => {
    const line = { ...drugs('10', '156.00'), item: 'LOCAL-0001' }
    const found = {
      class: 'B',
      firstSelfPayRate: '0.1',
      name: '自制制剂',
      reason: '参照同类目录项目',
    }
    const as = (item: string, by: object) =>
      desk.enter(desk.paper({ total: '156.00', lines: [{ ...line, item, class: by }] }))
    // 15.60 is first self-paid; (156.00 - 15.60) × 60 % = 84.24.
    expect((await as(line.item, found)).json).toMatchObject({
      expected: { firstSelfPay: '15.60', fundTotal: '84.24' },
    })
    expect(await as(drugs('1', '').item, found)).toMatchObject(refused('line-class-known'))
  })

  test('of somebody insured elsewhere, or not at all, is refused by name', async () => {
    const Y1 = personOf('1014', '510700')
    expect(await desk.enter(desk.paper({ person: Y1 }))).toMatchObject(refused('not-insured'))
    expect((await desk.enter(desk.paper({ person: 'nobody' }))).json).toMatchObject({
      code: 'person-unknown',
    })
    const paused = desk.paper({ person: personOf('1012') })
    expect(await desk.enter(paused)).toMatchObject(refused('coverage-paused'))
    const elsewhere = desk.paper({ region: '990000' })
    expect((await desk.enter(elsewhere)).json).toMatchObject({ code: 'institution-unknown' })
  })
})

describe('a bill that looks like one that is settled', () => {
  test('is listed, and reviewed only by somebody who says that they looked', async () => {
    const direct = await desk.post('/v1/settlements', {
      institution: 'H51010000002',
      day: '2026-03-01',
      credential: { type: 'citizen-number', number: '510199198603120110' },
      care: 'outpatient',
      total: '156.00',
      lines: [drugs('10', '156.00')],
    })
    const body = { institution: { code: 'H51010000002' }, invoices: [{ number: '33' }] }
    const bill = { day: '2026-03-01', total: '156.00', lines: [drugs('10', '156.00')] }
    const entered = await desk.enter(desk.paper({ ...body, ...bill }))
    expect(entered.json).toMatchObject({ suspects: [idOf(direct)] })
    expect(await desk.act(at(entered), 'review', '初审乙')).toMatchObject({
      status: 422,
      json: { code: 'suspects-unchecked', facts: { settlements: [idOf(direct)] } },
    })
    const checked = { suspectsChecked: true }
    const reviewed = await desk.act(at(entered), 'review', '初审乙', checked)
    expect(reviewed.json).toMatchObject({ state: 'settled' })
    // What the desk settled is no institution's to cancel, although its number stands on it.
    const cancel = await desk.post(
      `/v1/settlements/${String(reviewed.json['settlement'])}/cancellation`,
      {
        institution: 'H51010000002',
      },
    )
    expect(cancel.json).toMatchObject({ code: 'settlement-unknown' })
    expect((await desk.ask(`/v1/settlements/${idOf(direct)}`)).json).toMatchObject({
      state: 'settled',
    })
  })
})

describe('a payment', () => {
  test('that the bank returns is ordered again; without an account none is', async () => {
    const M1 = personOf('1007')
    const entered = await desk.enter(desk.paper({ person: M1 }))
    await desk.act(at(entered), 'review', '初审乙')
    expect(await desk.act(at(entered), 'payment', '出纳丙')).toMatchObject(
      refused('bank-account-missing'),
    )
  })
})

describe('cases', () => {
  test('are listed by state, page by page, and a case of nobody is not there', async () => {
    const first = await desk.ask('/v1/reimbursements?limit=2')
    expect(first.json).toMatchObject({ items: [{ kind: 'reimbursement' }, {}] })
    const next = await desk.ask(`/v1/reimbursements?limit=2&cursor=${String(first.json['next'])}`)
    expect(next.status).toBe(200)
    const ids = [...(first.json['items'] as object[]), ...(next.json['items'] as object[])]
    expect(new Set(ids.map((one) => JSON.stringify(one))).size).toBe(4)
    const paid = await desk.ask(`/v1/reimbursements?state=paid&region=${region}&limit=200`)
    expect(paid.json['items']).toHaveLength(1)
    expect((await desk.ask('/v1/reimbursements/none')).json).toMatchObject({ code: 'case-unknown' })
    expect((await desk.act('reimbursements/none', 'review', '甲')).status).toBe(404)
    const { json } = await desk.ask(`/v1/people/${E1}/reimbursements?limit=1`)
    expect(json).toMatchObject({ items: [{ person: E1 }] })
  })

  test('of another region are not there for its agency', async () => {
    const entered = await desk.enter(desk.paper())
    expect(await desk.act(at(entered), 'review', '初审乙', { region: '510700' })).toMatchObject({
      status: 404,
      json: { code: 'case-unknown' },
    })
  })

  test('reviewed by two at once are settled once', async () => {
    const entered = await desk.enter(desk.paper({ person: personOf('1009') }))
    const told = await Promise.all(
      ['乙', '丙', '丁', '戊'].map((by) =>
        desk.act(at(entered), 'review', by, { suspectsChecked: true }),
      ),
    )
    expect(told.filter(({ status }) => status === 201)).toHaveLength(1)
    const others = told.filter(({ status }) => status !== 201)
    expect(others.map(({ json }) => json['code'])).toEqual(Array(3).fill('case-state-forbids'))
  })
})

test('afterwards nothing is wrong with the books', async () => {
  expect(await desk.served.violations()).toEqual([])
})
