import { describe, expect, test } from 'vitest'
import { approvePrepaid, askPrepaid } from '../../engine/prepaid.ts'
import { Regions } from './support/regions.ts'

describe('a netting', () => {
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
