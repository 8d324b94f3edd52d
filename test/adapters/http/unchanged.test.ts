import { withCheckDigit } from '../../support/citizenNumber.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claim, openServed } from './served.ts'
import { withValue } from './strict.ts'
import { amounts, codes, days, notAmounts, notCodes, notDays, objects, required } from './wrong.ts'

let served: Awaited<ReturnType<typeof openServed>>
let ask: typeof served.ask
let post: typeof served.post
let count: typeof served.count

beforeAll(async () => {
  served = await openServed()
  ;({ ask, post, count } = served)
})
afterAll(() => served.close())

describe('what is refused changes nothing', () => {
  const line = claim.lines[0] as (typeof claim.lines)[0]
  const many = Array.from({ length: 5001 }, (_, i) => ({
    ...line,
    id: `L${i}`,
    quantity: '1',
    unitPrice: '0.01',
    amount: '0.01',
  }))

  test.each([
    [
      'a check digit that is wrong',
      { credential: { type: 'citizen-number', number: '510199198603120111' } },
      'credential-invalid',
    ],
    ['a total that is not the sum', { total: '26.00' }, 'total-mismatch'],
    [
      'a line that is not price times quantity',
      { lines: [{ ...line, amount: '25.01' }], total: '25.01' },
      'line-amount-wrong',
    ],
    ['a line twice', { lines: [line, line], total: '50.00' }, 'line-repeated'],
    ['5,001 lines', { lines: many, total: '50.01' }, 'lines-too-many'],
    ['a day to come', { day: '2027-01-01' }, 'day-in-future'],
    [
      'a stay that ends before it begins',
      { care: 'inpatient', stay: { admission: '2026-03-02', discharge: '2026-03-01' } },
      'stay-invalid',
    ],
    ['an institution nobody knows', { institution: 'H99999999999' }, 'institution-unknown'],
    [
      'a person nobody knows',
      { credential: { type: 'citizen-number', number: withCheckDigit('51019920000202002') } },
      'person-unknown',
    ],
    ['a card nobody knows', { credential: { type: 'card', number: 'D99999999' } }, 'card-unknown'],
  ])('%s', async (_, change, code) => {
    const before = await count()
    const told = await post('/v1/settlements', { ...claim, ...change })
    expect(told.json).toMatchObject({ code, status: 422 })
    expect(await count()).toEqual(before)
    expect((await post('/v1/settlements/preview', { ...claim, ...change })).json).toMatchObject({
      code,
    })
    expect(await count()).toEqual(before)
  })

  test('every field missing or wrong', async () => {
    const before = await count()
    const wrong = [
      ...required.map((path) => [path, undefined] as const),
      ...amounts.flatMap((path) => notAmounts.map((value) => [path, value] as const)),
      ...days.flatMap((path) => notDays.map((value) => [path, value] as const)),
      ...codes.flatMap((path) => notCodes.map((value) => [path, value] as const)),
      ...objects.map((path) => [path, 1] as const),
    ]
    for (const [path, value] of wrong)
      expect((await post('/v1/settlements', withValue(path, value))).status).toBe(400)
    expect(await count()).toEqual(before)
  })

  test('settlements, people and accounts that are not there', async () => {
    const before = await count()
    for (const path of [
      '/v1/settlements/nothing',
      '/v1/people/nobody',
      '/v1/people/nobody/accounts',
      '/v1/ledger/accounts/none',
    ])
      expect((await ask(path)).status).toBe(404)
    const cancel = await post('/v1/settlements/nothing/cancellation', {
      institution: claim.institution,
    })
    expect(cancel.json).toMatchObject({ status: 404, code: 'settlement-unknown' })
    expect(await count()).toEqual(before)
  })
})

test('after all of this the books are right, and the log names nobody', async () => {
  expect(await served.violations()).toEqual([])
  expect(served.named()).toEqual([])
  expect(served.logged.join('')).not.toMatch(/"level":"(error|fatal)"/)
})
