import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { approveAdvance, askAdvance } from '../../engine/advance.ts'
import { prepaidsOf } from '../../engine/nettingRun.ts'
import { approvePayment, askPayment, receivePayment } from '../../engine/orderPayment.ts'
import type { Pair } from '../../engine/pairRun.ts'
import { approvePrepaid, askPrepaid, receivePrepaid } from '../../engine/prepaid.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { ClearingBooks } from './support/clearing.ts'
import { Regions, regions } from './support/regions.ts'

describe('the window of a pair', () => {
  const pair: Pair = { region: '510700', side: 'home', partner: '510100' }

  test('moves what is due, account by account, and is followed by a later one alone', () => {
    const books = new Regions()
    expect(books.close(pair, [100n, 50n, -30n])).toBe('done')
    expect(books.transfers.map(({ debit, credit, amount }) => [debit, credit, amount])).toEqual([
      ['due-to:510700:510100:0', 'clearing:510700:510100', 70n],
      ['due-to:510700:510100:1', 'clearing:510700:510100', 50n],
    ])
    expect(books.close(pair, [])).toBe('window-closed')
    expect(books.close(pair, [], '2027-01')).toBe('period-not-over')
    expect(books.close(pair, [], '2026-04', 0)).toBe('window-overtaken')
    expect(books.close(pair, [], '2026-04')).toBe('done')
    expect(books.written.at(-1)).toMatchObject({ run: { rows: 0, due: 0n, sequence: 2 } })
    expect(books.written.at(-1)?.posting).toBeUndefined()
  })
})

describe('a netting in the books', () => {
  const window = fc.record({
    home: fc.constantFrom(...regions),
    care: fc.constantFrom(...regions),
    month: fc.constantFrom('2026-02', '2026-03'),
    dues: fc.array(fc.bigInt({ min: -300n, max: 2_000n }), { maxLength: 4 }),
  })
  const laid = fc.record({
    home: fc.constantFrom(...regions),
    care: fc.constantFrom(...regions),
    amount: fc.bigInt({ min: 1n, max: 3_000n }),
  })
  const windows = fc.uniqueArray(
    window.filter(({ home, care }) => home !== care),
    { maxLength: 16, selector: ({ home, care, month }) => `${home} ${care} ${month}` },
  )
  const prepaids = fc.array(
    laid.filter(({ home, care }) => home !== care),
    { maxLength: 6 },
  )

  test.each([regions, ['510100', '510700'], ['510100']].map((served) => ({ served })))(
    'leaves each region what it was owed and owed, prepaid first: $served are kept here',
    ({ served }) => {
      fc.assert(
        fc.property(windows, prepaids, (closed, funds) => {
          const books = new Regions(served)
          for (const { home, care, amount } of funds) books.lay(home, care, amount)
          const owed = new Map<string, bigint>()
          const inOrder = closed.toSorted((a, b) => (a.month < b.month ? -1 : 1))
          for (const { home, care, month, dues } of inOrder) {
            books.closeBoth(home, care, dues, month)
            const due = dues.reduce((all, one) => all + one, 0n)
            owed.set(home, (owed.get(home) ?? 0n) - due)
            owed.set(care, (owed.get(care) ?? 0n) + due)
          }
          const before = new Map(
            served.map((region) => [region, prepaidOf(books, region)] as const),
          )
          const due = books.open().length
          const done = books.net()
          if (due === 0) {
            expect(isRefusal(done) && done.code).toBe('nothing-to-net')
            return
          }
          if (isRefusal(done)) throw new Error(done.code)
          books.take(done)
          const { taken = [], orders = [] } = done.clearing ?? {}
          expect(taken).toHaveLength(due)
          for (const { due: whole, drawn, available } of taken)
            expect(drawn).toBe(whole <= 0n ? 0n : whole < available ? whole : available)
          for (const region of served) {
            const drawn = prepaidOf(books, region) - (before.get(region) as bigint)
            const flow = orders.reduce(
              (all, { debtor, creditor, amount }) =>
                all + (creditor === region ? amount : 0n) - (debtor === region ? amount : 0n),
              0n,
            )
            // What it is owed is what it gets in payments and has got from prepaid funds, or has paid by its own.
            if (served.length === regions.length) expect(flow + drawn).toBe(owed.get(region) ?? 0n)
            expect(books.balance(`net:${region}`)).toBe(-flow)
            for (const partner of regions)
              expect(books.balance(`clearing:${region}:${partner}`)).toBe(0n)
            const held = regions.reduce(
              (all, partner) => all + books.balance(`prepaid-from:${region}:${partner}`),
              0n,
            )
            expect(books.balance(`bank-held:${region}`)).toBe(-held)
            expect(held >= 0n).toBe(true)
          }
        }),
        { numRuns: 400 },
      )
    },
  )

  /** What a region has got from prepaid funds less what its own have paid for it, as far as it is in the books. */
  const prepaidOf = (books: ClearingBooks, region: string): bigint =>
    regions.reduce(
      (all, partner) =>
        all -
        books.balance(`prepaid-to:${region}:${partner}`) -
        books.balance(`prepaid-from:${region}:${partner}`),
      0n,
    )

  test('waits for a window that only one of two sides has closed, or that they closed differently', () => {
    const books = new Regions()
    books.close({ region: '510700', side: 'home', partner: '510100' }, [100n])
    expect(books.take(books.net())).toBe('nothing-to-net')
    books.close({ region: '510100', side: 'care', partner: '510700' }, [90n])
    books.closeBoth('310100', '440100', [70n])
    const done = books.net()
    expect(done).toMatchObject({ result: { waiting: 1, orders: 1, rows: 2 } })
    expect(books.take(done)).toBe('done')
    expect(books.open()).toHaveLength(2)
    expect(books.take(books.net('2027-01-05'))).toBe('period-not-over')
  })

  test('draws what both sides of a fund have, the earlier window first', () => {
    const books = new Regions()
    books.lay('510700', '510100', 120n, 200n)
    const more = { region: '510100', side: 'held', partner: '510700' } as const
    books.take(
      receivePrepaid(books.found(), { of: more, amount: 30n, operator: 'a', posting: 'p' }),
    )
    books.closeBoth('510700', '510100', [100n], '2026-02')
    books.closeBoth('510700', '510100', [100n], '2026-03')
    const done = books.net()
    if (isRefusal(done)) throw new Error(done.code)
    expect(done.clearing?.taken?.map(({ drawn, available }) => [drawn, available])).toEqual([
      [100n, 120n],
      [100n, 120n],
      [20n, 20n],
      [20n, 20n],
    ])
    expect(prepaidsOf(books.open())).toHaveLength(2)
    expect(done.clearing?.orders).toMatchObject([
      { debtor: '510700', creditor: '510100', amount: 80n },
    ])
  })
})

describe('money between regions', () => {
  const order = { id: 'N-1', netting: 'N', debtor: '510700', creditor: '510100', amount: 80n }
  const by = (operator: string, posting = 'p') => ({ order, operator, posting })

  test('is paid once by two people there, and received once here', () => {
    const books = new ClearingBooks()
    expect(books.take(approvePayment(books.found(), by('op2')))).toBe('nothing-to-approve')
    expect(books.take(askPayment(books.found(), by('op1')))).toBe('done')
    expect(books.take(askPayment(books.found(), by('op1')))).toBe('clearing-state-forbids')
    expect(books.take(approvePayment(books.found(), by('op1')))).toBe('second-person-needed')
    expect(books.take(approvePayment(books.found(), by('op2')))).toBe('done')
    expect(books.take(approvePayment(books.found(), by('op2')))).toBe('nothing-to-approve')
    expect(books.take(receivePayment(books.found(), by('op1')))).toBe('done')
    expect(books.take(receivePayment(books.found(), by('op1')))).toBe('clearing-state-forbids')
    expect(books.balance('bank:510700')).toBe(80n)
    expect(books.balance('bank:510100')).toBe(-80n)
  })

  test('is laid beforehand by two people', () => {
    const books = new ClearingBooks()
    const of = { region: '510700', side: 'laid', partner: '510100' } as const
    const asked = { of, amount: 80n, operator: 'op1', posting: 'p' }
    expect(books.take(approvePrepaid(books.found(), asked))).toBe('nothing-to-approve')
    expect(books.take(askPrepaid(books.found(), asked))).toBe('done')
    expect(books.take(askPrepaid(books.found(), asked))).toBe('approval-pending')
    expect(books.take(approvePrepaid(books.found(), asked))).toBe('second-person-needed')
    expect(books.take(approvePrepaid(books.found(), { ...asked, operator: 'op2' }))).toBe('done')
  })
})

test('an advance to an institution leaves when two people want it', () => {
  const books = new ClearingBooks()
  const asked = { institution: 'H1', region: '510100', amount: 80n, operator: 'op1', posting: 'p' }
  expect(books.take(approveAdvance(books.found(), asked))).toBe('nothing-to-approve')
  expect(books.take(askAdvance(books.found(), asked))).toBe('done')
  expect(books.take(askAdvance(books.found(), asked))).toBe('approval-pending')
  expect(books.take(approveAdvance(books.found(), asked))).toBe('second-person-needed')
  expect(books.take(approveAdvance(books.found(), { ...asked, operator: 'op2' }))).toBe('done')
  expect(books.balance('advance:H1')).toBe(-80n)
})
