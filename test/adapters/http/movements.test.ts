import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServed } from './served.ts'

// F5 缴费和待遇领取: contributions and monthly credits reach accounts and funds; benefits are paid out to the card's account.

let served: Awaited<ReturnType<typeof openServed>>
let ask: typeof served.ask
let post: typeof served.post

beforeAll(async () => {
  served = await openServed()
  ;({ ask, post } = served)
})
afterAll(() => served.close())

const personOf = (number: number): string => `51010000000000000000${number}`
const contribution = {
  region: '510100',
  kind: 'contribution',
  person: personOf(1001),
  scheme: 'employee',
  month: '2026-03',
  day: '2026-03-02',
  reference: 'TAX-2026-03-1001',
  total: '960.00',
  paid: [
    { payer: 'employer', amount: '720.00' },
    { payer: 'person', amount: '240.00' },
  ],
  funds: [{ fund: 'pool', amount: '720.00' }],
  account: '240.00',
}
const { paid: _paid, account: _account, ...rest } = contribution
const credit = {
  ...rest,
  kind: 'credit',
  reference: 'RUN-2026-03',
  total: '80.00',
  funds: [{ fund: 'pool', amount: '80.00' }],
}
const unemployment = {
  ...rest,
  kind: 'benefit',
  person: personOf(1008),
  scheme: 'unemployment',
  benefit: 'unemployment',
  reference: 'UI-2026-03-1008',
  total: '1680.00',
  funds: [{ fund: 'unemployment', amount: '1680.00' }],
}
const {
  scheme: _scheme,
  funds: _funds,
  ...wages
} = {
  ...unemployment,
  benefit: 'wage',
  reference: 'WAGE-1',
}

/** 市本级: a division of its own in the pooling area of 510100. */
const insuredWithTheCity = '510199000000000000001013'

const balanceOf = async (account: string): Promise<unknown> => {
  const { json } = await ask(`/v1/ledger/accounts/${account}`)
  return json['balance']
}
const idOf = (told: { readonly json: Record<string, unknown> }): string => told.json['id'] as string

describe('a contribution', () => {
  test('reaches fund and personal account, is repeated word for word, shown, and cancelled', async () => {
    const own = `/v1/people/${contribution.person}/accounts`
    const booked = await post('/v1/movements', contribution, 'life')
    expect(booked.status).toBe(201)
    expect(booked.json).toMatchObject({
      state: 'booked',
      kind: 'contribution',
      account: '240.00',
      accountBalance: '1618.15',
      transfers: [
        {
          debit: 'income:510100:employee:person',
          credit: `personal:${contribution.person}`,
          amount: '240.00',
        },
        {
          debit: 'income:510100:employee:employer',
          credit: 'fund:510100:employee:pool',
          amount: '720.00',
        },
      ],
    })
    expect((await ask(own)).json).toMatchObject({ items: [{ balance: '1618.15' }] })
    const again = await post('/v1/movements', contribution, 'life')
    expect(again.text).toBe(booked.text)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const byKey = await ask('/v1/settlements?institution=agency:510100&key=life')
    expect(byKey.json).toMatchObject({ answer: { status: 201, body: booked.json } })

    const other = await post('/v1/movements', { ...contribution, month: '2026-04' }, 'life')
    expect(other).toMatchObject({ status: 422, json: { code: 'idempotency-key-reused' } })
    const twice = await post('/v1/movements', contribution)
    expect(twice).toMatchObject({
      status: 422,
      json: { code: 'movement-already-booked', facts: { movement: idOf(booked) } },
    })

    const id = idOf(booked)
    const cancel = (key?: string) =>
      post(`/v1/movements/${id}/cancellation`, { region: '510100', reason: '人员信息有误' }, key)
    const cancelled = await cancel('undo')
    expect(cancelled.status).toBe(201)
    expect(cancelled.json).toMatchObject({ id, state: 'cancelled', accountBalance: '1378.15' })
    expect((await cancel('undo')).text).toBe(cancelled.text)
    expect((await cancel()).json).toMatchObject({ code: 'already-undone' })
    expect((await ask(`/v1/movements/${id}`)).json).toMatchObject({
      id,
      state: 'cancelled',
      rows: [{ kind: 'movement' }, { kind: 'cancellation', undoes: id }],
    })
    expect((await post('/v1/movements', contribution, 'life')).text).toBe(booked.text)
    const transfers = await ask(`/v1/ledger/transfers?settlement=${id}`)
    expect((transfers.json['items'] as unknown[]).length).toBe(4)
    expect((await post('/v1/movements', contribution)).json).toMatchObject({ state: 'booked' })
  })

  test('that was spent meanwhile is not taken back', async () => {
    const booked = await post('/v1/movements', { ...credit, person: insuredWithTheCity })
    expect(booked.json).toMatchObject({ accountBalance: '780.00' })
    const claim = {
      institution: 'H51010000001',
      day: '2026-03-02',
      credential: { type: 'citizen-number', number: '510199199009090259' },
      care: 'outpatient',
      useAccount: true,
      total: '2400.00',
      lines: [
        {
          id: 'L1',
          item: '001101000010000',
          quantity: '200',
          unitPrice: '12.00',
          amount: '2400.00',
        },
      ],
    }
    expect((await post('/v1/settlements', claim)).json).toMatchObject({ accountBalance: '0.00' })
    const back = await post(`/v1/movements/${idOf(booked)}/cancellation`, { region: '510100' })
    expect(back).toMatchObject({ status: 422, json: { code: 'account-short' } })
  })
})

describe('a benefit', () => {
  test('goes from its fund to the bank account of the card', async () => {
    expect((await post('/v1/movements', unemployment)).status).toBe(201)
    expect(await balanceOf('fund:510100:unemployment:unemployment')).toBe('-1680.00')
    expect(await balanceOf('payout:510100:unemployment')).toBe('1680.00')
  })

  test('of wages that others entrusted goes through no fund', async () => {
    const told = await post('/v1/movements', wages)
    expect(told.json).toMatchObject({
      funds: [],
      transfers: [
        { debit: 'entrusted:510100:wage', credit: 'payout:510100:wage', amount: '1680.00' },
      ],
    })
    expect(told.json).not.toHaveProperty('scheme')
  })
})

describe('a movement that cannot be', () => {
  test.each([
    ['of another kind', { ...contribution, kind: 'collection' }, '/kind'],
    ['without a payer', { ...contribution, paid: undefined }, '/paid'],
    ['without a scheme', { ...credit, scheme: undefined }, '/scheme'],
    ['a credit that tells the account apart', { ...credit, account: '1.00' }, '/account'],
    ['a contribution of a benefit', { ...contribution, benefit: 'wage' }, '/benefit'],
    ['a pension of no scheme', { ...wages, benefit: 'pension' }, '/scheme'],
    ['a benefit of no fund', { ...unemployment, funds: undefined }, '/funds'],
    ['wages of a fund', { ...wages, funds: unemployment.funds }, '/funds'],
    ['of a month that is none', { ...credit, month: '2026-13' }, '/month'],
    [
      'of a fund with a colon',
      { ...credit, funds: [{ fund: 'a:b', amount: '80.00' }] },
      '/funds/0/fund',
    ],
    ['of a negative amount', { ...credit, total: '-80.00' }, '/total'],
    ['with a field of its own', { ...credit, more: 1 }, '/more'],
  ])('%s is refused at the door, naming the field', async (_, body, field) => {
    const before = await served.count()
    const told = await post('/v1/movements', body)
    expect(told).toMatchObject({ status: 400, json: { code: 'field-invalid', facts: { field } } })
    expect(await served.count()).toEqual(before)
  })

  test.each([
    ['amounts that do not add up', { ...credit, total: '81.00' }, 'movement-amounts-wrong'],
    [
      'a fund that is not there',
      { ...credit, funds: [{ fund: 'poool', amount: '80.00' }] },
      'fund-unknown',
    ],
    ['a day to come', { ...credit, day: '2026-03-03' }, 'day-in-future'],
    ['a person nobody knows', { ...credit, person: personOf(9999) }, 'person-unknown'],
    ['a region that is not served', { ...credit, region: '440100' }, 'institution-unknown'],
  ])('%s stores nothing', async (_, body, code) => {
    const before = await served.count()
    expect(await post('/v1/movements', body)).toMatchObject({ status: 422, json: { code } })
    expect(await served.count()).toEqual(before)
  })

  test('somebody insured elsewhere is refused for good', async () => {
    const body = { ...credit, person: '510700000000000000001014' }
    expect((await post('/v1/movements', body, 'away')).json).toMatchObject({ code: 'not-insured' })
    const again = await post('/v1/movements', body, 'away')
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })

  test('of another agency, or of nobody, is told alike', async () => {
    const booked = await post('/v1/movements', { ...credit, person: personOf(1005) })
    const path = `/v1/movements/${idOf(booked)}/cancellation`
    const other = await post(path, { region: '510700' })
    expect(other).toMatchObject({ status: 404, json: { code: 'movement-unknown' } })
    const nobody = await ask('/v1/movements/X')
    expect(nobody).toMatchObject({ status: 404, json: { code: 'movement-unknown' } })
    expect((await post('/v1/movements/X/cancellation', { region: '510100' })).status).toBe(404)
  })
})

describe('a monthly run', () => {
  test('is sent as a batch: every line its own outcome, and all of it again without harm', async () => {
    const people = [1002, 1006, 1007, 1009, 1012, 1017]
    const lines = Array.from({ length: 990 }, (_, i) => ({
      key: `run-${i}`,
      ...credit,
      person: personOf(people[i % people.length] as number),
      reference: `RUN-${Math.floor(i / people.length)}`,
      total: '1.00',
      funds: [{ fund: 'pool', amount: '1.00' }],
    }))
    const odd = [
      { ...lines[0], key: 'twice' },
      { ...lines[1], key: 'wrong', total: '2.00' },
      { ...lines[2], key: undefined },
    ]
    const send = async () => {
      const body = [...lines, ...odd].map((line) => JSON.stringify(line)).join('\n')
      const headers = { 'content-type': 'application/x-ndjson' }
      const told = await ask('/v1/movements/batch', { method: 'POST', headers, body })
      expect(told.status).toBe(200)
      return told.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    }
    const first = await send()
    expect(first.slice(0, 990).every(({ status }) => status === 201)).toBe(true)
    expect(first.slice(990)).toMatchObject([
      { key: 'twice', status: 422, body: { code: 'movement-already-booked' } },
      { key: 'wrong', status: 422, body: { code: 'movement-amounts-wrong' } },
      { key: null, status: 400, body: { code: 'field-invalid' } },
    ])
    const before = await served.count()
    const again = await send()
    expect(again.slice(0, 990).every(({ replayed }) => replayed)).toBe(true)
    expect(again.map(({ body }) => body)).toEqual(first.map(({ body }) => body))
    expect(await served.count()).toEqual(before)
    expect(await balanceOf(`personal:${personOf(1002)}`)).toBe('3365.00')
  })

  test('leaves the books right, and nobody named in the log', async () => {
    expect((await ask('/v1/ledger/trial-balance')).json).toMatchObject({ difference: '0.00' })
    expect(await served.violations()).toEqual([])
    expect(served.named()).toEqual([])
  })
})
