import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, drugs, idOf, openAgencyDesk, personOf, region } from './agencyDesk.ts'

// Decision 22: an invoice is paid once for ever; a form that is no form stores nothing.

let desk: Awaited<ReturnType<typeof openAgencyDesk>>

beforeAll(async () => {
  desk = await openAgencyDesk()
})
afterAll(() => desk.served.close())

const refused = (code: string) => ({ status: 422, json: { code } })

describe('an invoice', () => {
  test('is paid once for ever, and free again once its case is refused or withdrawn', async () => {
    const invoices = [{ issuer: '51060999', number: 'a-1' }]
    const first = await desk.enter(desk.paper({ invoices }))
    const twice = () =>
      desk.enter(desk.paper({ invoices: [{ issuer: '51060999', number: 'A-1' }] }))
    expect(await twice()).toMatchObject({
      status: 422,
      json: { code: 'invoice-already-used', facts: { by: idOf(first) } },
    })
    expect(await desk.act(at(first), 'refusal', '录入甲', { reason: '票据不全' })).toMatchObject(
      refused('second-person-needed'),
    )
    const away = await desk.act(at(first), 'withdrawal', '录入甲', { reason: '录入有误' })
    expect(away.json).toMatchObject({ state: 'withdrawn' })
    expect(await desk.act(at(first), 'review', '初审乙')).toMatchObject(
      refused('case-state-forbids'),
    )
    const second = await twice()
    expect(second.status).toBe(201)
    const no = await desk.act(at(second), 'refusal', '初审乙', { reason: '票据不全' })
    expect(no.json).toMatchObject({ state: 'refused' })
    expect((await twice()).status).toBe(201)
  })

  test('entered by two people at once is taken by one', async () => {
    const invoices = [{ issuer: '51060888', number: '7' }]
    const Y1 = { person: personOf('1014', '510700'), region: '510700' }
    const told = await Promise.all(
      [{}, {}, {}, Y1, Y1, Y1].map((who) => desk.enter(desk.paper({ invoices, ...who }))),
    )
    expect(told.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(told.filter(({ json }) => json['code'] === 'invoice-already-used')).toHaveLength(5)
  })

  test('given twice on one form, or of nobody, is a slip', async () => {
    const one = { issuer: 'X1', number: '1' }
    for (const [invoices, field] of [
      [[one, { ...one, issuer: 'x1' }], '/invoices/1/number'],
      [[{ number: '1' }], '/invoices/0/issuer'],
    ] as const)
      expect(await desk.enter(desk.paper({ invoices }))).toMatchObject({
        status: 400,
        json: { code: 'field-invalid', facts: { field } },
      })
  })
})

describe('a form that is no form', () => {
  test.each([
    ['without who enters it', { by: undefined }, '/by'],
    ['of a reason that is none', { reason: 'because' }, '/reason'],
    ['without invoices', { invoices: [] }, '/invoices'],
    [
      'of a hospital without a name',
      { institution: { level: 'primary', division: region } },
      '/institution/name',
    ],
    [
      'of a hospital without a level',
      { institution: { name: '甲', division: region } },
      '/institution/level',
    ],
    [
      'of a hospital nowhere',
      { institution: { name: '甲', level: 'primary' } },
      '/institution/division',
    ],
    ['of a number with a colon', { institution: { code: 'agency:1' } }, '/institution/code'],
    ['with a credential', { credential: {} }, '/credential'],
    ['of an amount that is none', { total: '-1.00' }, '/total'],
    [
      'of a line without an amount',
      { lines: [{ ...drugs('1', '15.60'), amount: undefined }] },
      '/lines/0/amount',
    ],
  ])('%s is refused and stores nothing', async (_, more, field) => {
    const before = await desk.served.count()
    const told = await desk.enter(desk.paper(more))
    expect(told).toMatchObject({ status: 400, json: { code: 'field-invalid', facts: { field } } })
    expect(await desk.served.count()).toEqual(before)
  })

  test('of lines that do not add up, or of tomorrow, is refused', async () => {
    expect(await desk.enter(desk.paper({ total: '1.00' }))).toMatchObject(refused('total-mismatch'))
    expect(await desk.enter(desk.paper({ day: '2026-03-03' }))).toMatchObject(
      refused('day-in-future'),
    )
  })
})

test('afterwards nothing is wrong with the books', async () => {
  expect(await desk.served.violations()).toEqual([])
})
