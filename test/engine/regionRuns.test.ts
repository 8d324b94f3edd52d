import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { approveAdvance, askAdvance } from '../../engine/advance.ts'
import type { Clearable } from '../../engine/clearing.ts'
import type { PairRun } from '../../engine/nettingClaims.ts'
import { net, nettingChain, prepaidsOf } from '../../engine/nettingRun.ts'
import { approvePayment, askPayment, receivePayment } from '../../engine/orderPayment.ts'
import { closePair, type Pair, pairChain } from '../../engine/pairRun.ts'
import { approvePrepaid, askPrepaid, receivePrepaid } from '../../engine/prepaid.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { ClearingBooks } from './support/clearing.ts'
import { day } from './support/packs.ts'

const regions = ['310100', '440100', '510100', '510700', '610700']

const rowOf = (id: string, account: string, due: bigint): Clearable => ({
  id,
  owner: 'P1',
  reference: id,
  undo: due < 0n,
  category: 'inpatient',
  way: 'groups',
  scheme: 'employee',
  month: '2026-03',
  postedOn: day('2026-03-02'),
  in: account,
  total: due,
  fundTotal: due,
  account: 0n,
  due,
})

/** The books of regions, of which some are kept here. */
class Regions extends ClearingBooks {
  readonly #served: readonly string[]
  #ids = 0
  constructor(served: readonly string[] = regions) {
    super()
    this.#served = served
  }

  close(pair: Pair, dues: readonly bigint[], name = '2026-03', seen?: number): string {
    return this.closeUntil(pair, `${name}-28`, dues, name, seen)
  }

  closeUntil(
    pair: Pair,
    until: string,
    dues: readonly bigint[],
    name = until,
    seen?: number,
  ): string {
    const chain = pairChain(pair)
    const [home, care] =
      pair.side === 'home' ? [pair.region, pair.partner] : [pair.partner, pair.region]
    const due = pair.side === 'home' ? `due-to:${home}:${care}` : `due-from:${care}:${home}`
    const done = closePair(this.found(), {
      pair,
      chain,
      seen: seen ?? this.versionOf(chain),
      window: { name, until: day(until) },
      run: `run${++this.#ids}`,
      agreed: dues.map((one, i) => rowOf(`${name} ${home} ${care} ${i}`, `${due}:${i % 2}`, one)),
      disputes: [],
      nextDue: 9,
    })
    return this.take(done)
  }

  /** Both sides of what one region owes another, as far as they are kept here. */
  closeBoth(home: string, care: string, dues: readonly bigint[], name = '2026-03'): void {
    const sides: Pair[] = [
      { region: home, side: 'home', partner: care },
      { region: care, side: 'care', partner: home },
    ]
    for (const side of sides) if (this.#served.includes(side.region)) this.close(side, dues, name)
  }

  lay(home: string, care: string, amount: bigint, size?: bigint): void {
    const of = { region: home, side: 'laid', partner: care } as const
    const held = { region: care, side: 'held', partner: home } as const
    const posting = `laid${++this.#ids}`
    this.take(askPrepaid(this.found(), { of, amount, size, operator: 'a', posting }))
    this.take(approvePrepaid(this.found(), { of, operator: 'b', posting }))
    this.take(
      receivePrepaid(this.found(), {
        of: held,
        amount,
        size,
        operator: 'a',
        posting: `${posting}r`,
      }),
    )
  }

  open(): PairRun[] {
    const taken = new Set(this.written.flatMap((one) => one.taken ?? []).map(({ run }) => run))
    return this.written
      .flatMap(({ run }) => (run?.kind === 'pair' && !taken.has(run.id) ? [run as PairRun] : []))
      .toReversed()
  }

  net(until = '2026-03-28'): ReturnType<typeof net> {
    const chain = nettingChain('510100')
    return net(this.found(), {
      id: `net${++this.#ids}`,
      centre: '510100',
      chain,
      seen: this.versionOf(chain),
      window: { name: until, until: day(until) },
      runs: this.open(),
      serves: (region) => this.#served.includes(region),
    })
  }
}

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

  test.each([
    {
      of: 'one side closed by days and the other by months',
      home: [
        ['2026-03-10', [60n]],
        ['2026-03-28', [-20n, 50n]],
      ],
      care: [['2026-03-28', [60n, -20n, 50n]]],
    },
    {
      of: 'one side let a month pass by',
      home: [['2026-03-28', [90n]]],
      care: [
        ['2026-02-28', [120n]],
        ['2026-03-28', [-30n]],
      ],
    },
    {
      of: 'a row came to one side in time and to the other in the next window',
      home: [
        ['2026-02-28', []],
        ['2026-03-28', [90n]],
      ],
      care: [
        ['2026-02-28', [40n]],
        ['2026-03-28', [50n]],
      ],
    },
  ] as const)('takes windows of two sides together until they agree: $of', ({ home, care }) => {
    const books = new Regions()
    books.lay('510700', '510100', 70n)
    for (const [until, dues] of home)
      books.closeUntil({ region: '510700', side: 'home', partner: '510100' }, until, dues)
    for (const [until, dues] of care)
      books.closeUntil({ region: '510100', side: 'care', partner: '510700' }, until, dues)
    const done = books.net()
    expect(done).toMatchObject({ result: { waiting: 0, orders: 1, due: '90' } })
    expect(books.take(done)).toBe('done')
    expect(books.written.at(-1)?.orders).toMatchObject([
      { debtor: '510700', creditor: '510100', amount: 20n },
    ])
    for (const { due, drawn, available } of books.written.at(-1)?.taken ?? [])
      expect(drawn).toBe(due <= 0n ? 0n : due < available ? due : available)
    for (const account of [
      'clearing:510700:510100',
      'clearing:510100:510700',
      'prepaid-to:510700:510100',
      'prepaid-from:510100:510700',
    ])
      expect(books.balance(account)).toBe(0n)
    expect(books.balance('net:510700')).toBe(20n)
    expect(books.balance('net:510100')).toBe(-20n)
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

describe('what waits for somebody to approve it', () => {
  test('still waits after a netting has drawn on the same prepaid fund', () => {
    const books = new Regions()
    books.lay('510700', '510100', 120n)
    const of = { region: '510700', side: 'laid', partner: '510100' } as const
    const asked = { of, amount: 80n, operator: 'op1', posting: 'more' }
    expect(books.take(askPrepaid(books.found(), asked))).toBe('done')
    books.closeBoth('510700', '510100', [100n])
    expect(books.take(books.net())).toBe('done')
    expect(books.take(askPrepaid(books.found(), asked))).toBe('approval-pending')
    expect(books.take(approvePrepaid(books.found(), asked))).toBe('second-person-needed')
    expect(books.take(approvePrepaid(books.found(), { ...asked, operator: 'op2' }))).toBe('done')
    expect(books.balance('prepaid-to:510700:510100')).toBe(-100n)
    expect(books.take(approvePrepaid(books.found(), { ...asked, operator: 'op2' }))).toBe(
      'nothing-to-approve',
    )
  })
})
