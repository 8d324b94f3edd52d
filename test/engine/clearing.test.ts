import { describe, expect, test } from 'vitest'
import { advanceIn, drawAdvance } from '../../engine/advance.ts'
import { refuseApproval, waitingIn } from '../../engine/approval.ts'
import {
  type Clearable,
  clearingAccounts,
  postingOf,
  totalsOf,
  transfersOf,
} from '../../engine/clearing.ts'
import { clearingPolicyOf, usualClearingPolicy } from '../../engine/clearingPolicy.ts'
import { chainOf } from '../../engine/clearingRun.ts'
import { compareStatements, statementRowOf } from '../../engine/clearingStatement.ts'
import { windowAfter, windowNamed, windowOf } from '../../engine/clearingWindow.ts'
import type { Kept } from '../../engine/dossier.ts'
import { isOfficeOwner } from '../../engine/institution.ts'
import { paymentOrders } from '../../engine/netting.ts'
import { nextFrom, openPair, pairChain, pairOf } from '../../engine/pairRun.ts'
import { noFacts } from '../../engine/ports.ts'
import { levelOf, prepaidIn } from '../../engine/prepaid.ts'
import { progressOf } from '../../engine/runStages.ts'
import { day } from './support/packs.ts'

const kept = (kind: string, body: object, version = 1): Kept => ({
  version,
  kind,
  body: body as Kept['body'],
  institution: 'agency:510100',
  at: 0,
})

describe('a window', () => {
  test('is a month or a day of the calendar, and is followed by the next', () => {
    expect(windowNamed('2026-02')).toEqual({
      kind: 'month',
      name: '2026-02',
      from: '2026-02-01',
      until: '2026-02-28',
    })
    expect(windowNamed('2024-02')?.until).toBe('2024-02-29')
    expect(windowNamed('2026-12')?.until).toBe('2026-12-31')
    expect(windowNamed('2026-03-02')).toMatchObject({ kind: 'day', until: '2026-03-02' })
    for (const wrong of ['2026-13', '2026-02-30', '2026', ''])
      expect(windowNamed(wrong)).toBeUndefined()
    expect(windowAfter(windowOf('month', day('2026-12-05'))).name).toBe('2027-01')
    expect(windowAfter(windowOf('day', day('2026-02-28'))).name).toBe('2026-03-01')
  })

  test('of a pair goes on where the one before ended, or where it all began', () => {
    const pair = { region: '510100', side: 'care', partner: '510700' } as const
    const chain = pairChain(pair)
    expect(pairOf(chain)).toEqual(pair)
    expect(nextFrom([])).toBeUndefined()
    const opened = kept('opened', { first: '2026-03-02' })
    expect(nextFrom([opened])).toBe('2026-03-02')
    const closed = kept('closed', { run: 'R1', window: '2026-03', until: '2026-03-31' }, 2)
    expect(nextFrom([opened, closed])).toBe('2026-04-01')
    expect(chainOf([opened, closed])).toMatchObject({ version: 2, last: { run: 'R1' } })
    const found = { dossiers: new Map(), facts: noFacts, now: 5, today: day('2026-03-02') }
    expect(openPair(found, pair, day('2026-03-02'), 7).entries).toMatchObject([
      { subject: chain, kind: 'opened', body: { first: '2026-03-02' }, due: 7 },
    ])
    const again = { ...found, dossiers: new Map([[`${chain.owner} ${chain.name}`, [opened]]]) }
    expect(openPair(again, pair, day('2026-03-02'), 7).entries).toEqual([])
  })
})

const row = (id: string, more: Partial<Clearable> = {}): Clearable => ({
  id,
  owner: 'P1',
  reference: id,
  undo: false,
  category: 'outpatient',
  way: 'item',
  scheme: 'employee',
  month: '2026-03',
  postedOn: day('2026-03-02'),
  in: 'due-to:510700:510100',
  total: 100n,
  fundTotal: 60n,
  account: 30n,
  due: 90n,
  ...more,
})
const undone = (id: string): Clearable =>
  row(id, { undo: true, total: -100n, fundTotal: -60n, account: -30n, due: -90n })

describe('rows of clearing', () => {
  test('are summed by category, way, scheme and month, and what was undone takes away', () => {
    const rows = [
      row('a'),
      row('b', { month: '2026-02' }),
      row('c', { scheme: 'resident' }),
      row('d', { way: 'groups' }),
      row('e', { category: 'inpatient' }),
      undone('a'),
    ]
    expect(
      totalsOf(rows).map(({ category, way, scheme, month, rows: n, due }) =>
        [category, way, scheme, month, n, due].join(' '),
      ),
    ).toEqual([
      'inpatient item employee 2026-03 1 90',
      'outpatient groups employee 2026-03 1 90',
      'outpatient item employee 2026-02 1 90',
      'outpatient item employee 2026-03 2 0',
      'outpatient item resident 2026-03 1 90',
    ])
  })

  test('are told positive, and compared by sign, by every amount, and one with one', () => {
    const told = statementRowOf(undone('a'), { kind: 'reversal', sequence: 2 })
    expect(told).toMatchObject({ total: 100n, fundTotal: 60n, account: 30n, due: 90n })
    const original = statementRowOf(row('a'), { kind: 'settlement', sequence: 1 })
    expect(compareStatements([row('a'), undone('a')], [told, original]).disputes).toEqual([])
    // The same money in other parts is another row; so is the settlement where only its undo is there.
    const otherParts = { ...original, fundTotal: 50n, account: 40n } as typeof original
    expect(compareStatements([row('a')], [otherParts]).disputes).toMatchObject([
      {
        kind: 'amounts',
        amounts: [
          { of: 'fundTotal', by: 10n },
          { of: 'account', by: -10n },
        ],
      },
    ])
    const { agreed, disputes } = compareStatements([row('a')], [told])
    expect(agreed).toEqual([])
    expect(disputes.map(({ kind, undo }) => [kind, undo])).toEqual([
      ['missingThere', false],
      ['missingHere', true],
    ])
    // A settlement that came back is there twice: what only one has is one row.
    expect(compareStatements([row('a'), row('a', { id: 'a2' })], [original]).agreed).toHaveLength(1)
  })

  test('that come to nothing on one side, and were never on the other, are held out no longer', () => {
    // A settlement whose answer was lost is taken back at home; in care it never was.
    const whole = compareStatements([row('a'), undone('a'), row('b')], [])
    expect(whole.agreed).toEqual([row('a'), undone('a')])
    expect(whole.disputes.map(({ reference }) => reference)).toEqual(['b'])
    // Settled once more, it stands; and where the other side has it as well, it is compared as ever.
    const more = [row('a'), undone('a'), row('a', { id: 'a3' })]
    expect(compareStatements(more, []).agreed).toEqual([])
    const original = statementRowOf(row('a'), { kind: 'settlement', sequence: 1 })
    const halfThere = compareStatements([row('a'), undone('a')], [original])
    expect(halfThere.agreed).toEqual([row('a')])
    expect(halfThere.disputes).toMatchObject([{ kind: 'missingThere', undo: true }])
  })

  test('move as transfers above nothing, whose sides change where they take away', () => {
    const flow = { kind: 'clearing', owner: 'region:1', debit: 'a', credit: 'b' } as const
    expect(
      transfersOf([
        { ...flow, amount: 0n },
        { ...flow, amount: -5n },
      ]),
    ).toEqual([
      { kind: 'clearing', owner: 'region:1', leg: 1, debit: 'b', credit: 'a', amount: 5n },
    ])
    const about = { id: 'X', owner: 'region:1', subject: 's', kind: 'clearing' }
    expect(postingOf(about, [{ ...flow, amount: 0n }])).toEqual({})
    expect(() => postingOf({ ...about, owner: '' }, [])).toThrow('owner')
  })
})

describe('payments', () => {
  test('go from the largest debtor to the largest creditor, the smaller code first among equals', () => {
    const positions = new Map([
      ['5', -70n],
      ['4', -30n],
      ['3', 50n],
      ['2', 50n],
      ['1', 0n],
    ])
    expect(paymentOrders(positions)).toEqual([
      { debtor: '5', creditor: '2', amount: 50n },
      { debtor: '5', creditor: '3', amount: 20n },
      { debtor: '4', creditor: '3', amount: 30n },
    ])
    expect(paymentOrders(new Map())).toEqual([])
  })
})

describe('a prepaid fund', () => {
  test('warns by what is used of its size', () => {
    const level = (balance: bigint) => levelOf({ balance, size: 1_000n }, usualClearingPolicy)
    expect([1_000n, 301n, 300n, 101n, 100n, 0n].map(level)).toEqual([
      'normal',
      'normal',
      'yellow',
      'yellow',
      'red',
      'red',
    ])
    expect(levelOf({ balance: 0n, size: 0n }, usualClearingPolicy)).toBe('normal')
  })

  test('stands where its last movement left it, whatever waits', () => {
    expect(prepaidIn([])).toEqual({ balance: 0n, size: 0n, waiting: undefined })
    const held = kept('paid', { balance: '70', size: '90' })
    const asked = kept('asked', { by: 'op1', amount: '5' }, 2)
    expect(prepaidIn([held, asked])).toMatchObject({ balance: 70n, waiting: { amount: '5' } })
  })
})

describe('two people', () => {
  test('are needed: whoever asked does not approve, and nothing is approved that nobody asked for', () => {
    expect(waitingIn([])).toBeUndefined()
    expect(waitingIn([kept('paid', { by: 'op1' })])).toBeUndefined()
    const waiting = waitingIn([kept('asked', { by: 'op1', amount: '1' })])
    expect(refuseApproval(waiting, 'op2')).toBeUndefined()
    for (const same of ['op1', 'OP1', ' ｏｐ１'])
      expect(refuseApproval(waiting, same)).toMatchObject({ code: 'second-person-needed' })
    expect(refuseApproval(undefined, 'op2')).toMatchObject({ code: 'nothing-to-approve' })
  })
})

describe('what is kept of an institution', () => {
  test('is nothing where nothing was done', () => {
    expect(progressOf([])).toBeUndefined()
    expect(advanceIn([])).toEqual({ balance: 0n, waiting: undefined })
  })

  test('an advance is paid back, and what the institution owes becomes one', () => {
    const { entry, flow } = drawAdvance({ institution: 'H1' }, { balance: 10n }, -25n, 'posting')
    expect(entry.body).toMatchObject({ amount: '-25', balance: '35' })
    expect(transfersOf([flow])).toMatchObject([
      { debit: clearingAccounts.advance('H1'), credit: 'payable:H1:approved', amount: 25n },
    ])
  })
})

test('what is a region’s or an institution’s is entered by an agency', () => {
  expect(isOfficeOwner('agency:510100', 'region:510100')).toBe(true)
  expect(isOfficeOwner('agency:510100', 'institution:H1')).toBe(true)
  expect(isOfficeOwner('agency:510100', '510100000000000000001001')).toBe(false)
  expect(isOfficeOwner('H1', 'region:510100')).toBe(false)
})

test('a region clears as it says, or as is usual', () => {
  const own = { ...usualClearingPolicy, window: 'day' } as const
  const books = (clearing?: typeof own) =>
    ({ of: () => ({ region: { clearing } }) }) as unknown as Parameters<typeof clearingPolicyOf>[0]
  expect(clearingPolicyOf(books(own), '510100')).toBe(own)
  expect(clearingPolicyOf(books(), '510100')).toBe(usualClearingPolicy)
  expect(clearingPolicyOf({ of: () => undefined }, '1')).toBe(usualClearingPolicy)
})
