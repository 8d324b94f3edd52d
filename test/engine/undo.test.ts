import { describe, expect, test } from 'vitest'
import { mirror, post } from '../../engine/ledger.ts'
import { applyDeltas } from '../../engine/split.ts'
import { type Settlement } from '../../engine/settlement.ts'
import type { Fen } from '../../engine/money.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { cancel, isEffective, reverse, turn } from '../../engine/undo.ts'
import { day, deductible, layer, pays, region, rule, scheme } from './support/packs.ts'
import { claim, coverage, Desk, institution, person, stay, world, yuan } from './support/world.ts'
import { row, rowOf, undoFacts } from './support/rows.ts'
import { rulebooks } from './support/packs.ts'

const layers = [
  layer('pool', pays('0.6'), { deductible: deductible('year', '100.00') }),
  layer('hospital', pays('0.1'), { base: ['copay'] }),
  layer('employer', pays('0.5'), { base: ['deductible'] }),
]

const books = rulebooks({
  regions: [region(), region('500100')],
  schemes: [scheme([rule(layers)]), scheme([rule(layers)], { region: '500100' })],
})

const family = { owner: 'P2', relation: 'spouse', from: day('2020-01-01') }

const purses = new Map([
  ['P1', yuan('120.00')],
  ['P2', yuan('30.00')],
])

/** 1,000.00: pool 540.00, hospital 36.00, employer 50.00, accounts 150.00, cash 224.00. */
function settleIn(home: string, at = '510100'): Settlement {
  const desk = new Desk(world(books), { balances: purses })
  return desk.settle(claim('1000.00', { useAccount: true, useFamilyAccount: true }), {
    person: person({ coverages: [coverage({ region: home })], familyShares: [family] }),
    institution: institution({ division: at }),
  })
}

const local = settleIn('510100')

describe('undoing', () => {
  const policy = { acrossMonths: false, acrossYears: false, laterSettlements: 'list' } as const
  const asked = {
    institution: 'H51010000001',
    today: day('2026-03-31'),
    postedOn: day('2026-03-02'),
    policy,
    yearStarts: '01-01',
  }
  const undone = (facts: Parameters<typeof cancel>[0], more = {}) => {
    const found = cancel(facts, { ...asked, ...more })
    if (isRefusal(found)) throw new Error(found.code)
    return found
  }
  const left = new Map([
    ['P1', 0n as Fen],
    ['P2', yuan('5.00')],
  ])

  test('mirrors transfers, negates sums and gives every account back what it paid', () => {
    const head = rowOf(local)
    const found = undone(undoFacts(head, { balances: left }))
    expect(found.transfers).toEqual(mirror(post(local)))
    expect(found.balances).toEqual([
      { owner: 'P1', balance: yuan('120.00') },
      { owner: 'P2', balance: yuan('35.00') },
    ])
    expect(found.content.accountBalance).toBe(yuan('120.00'))
    expect(found.affected).toEqual([])
    const restored = applyDeltas(applyDeltas(new Map(), local.counters), found.counters)
    expect([...restored.values()].every((sums) => sums.size === 0)).toBe(true)
  })

  test('of a bill that no account paid tells the balance as it is', () => {
    const facts = undoFacts(row(), { balances: new Map([['P1', yuan('7.00')]]) })
    expect(undone(facts).content.accountBalance).toBe(yuan('7.00'))
    expect(undone(undoFacts(row())).content.accountBalance).toBe(0n)
  })

  test('lists the later settlements of the same benefit year', () => {
    const later = ['2025', '2026'].map((year) => ({
      settlement: year,
      head: year,
      postedAt: 0,
      day: day('2026-03-03'),
      year,
    }))
    expect(undone(undoFacts(row(), { later })).affected).toEqual(['2026'])
  })

  test('stops at the month, or at the benefit year, as the region says', () => {
    const on = (today: string, more = {}, yearStarts = '01-01') => {
      const found = cancel(undoFacts(row()), {
        ...asked,
        today: day(today),
        policy: { ...policy, ...more },
        yearStarts,
      })
      return isRefusal(found) ? found.facts['boundary'] : 'undone'
    }
    expect(on('2026-03-31')).toBe('undone')
    expect(on('2026-04-01')).toBe('month')
    expect(on('2026-04-01', { acrossMonths: true })).toBe('undone')
    expect(on('2027-01-01', { acrossMonths: true })).toBe('year')
    expect(on('2027-01-01', { acrossMonths: true, acrossYears: true })).toBe('undone')
    expect(on('2026-07-01', { acrossMonths: true }, '07-01')).toBe('year')
    expect(on('2027-01-01', { acrossYears: true })).toBe('month')
  })

  test('a row and its undoing cancel out for ever', () => {
    const head = rowOf(local)
    const facts = undoFacts(head, { balances: left })
    const back = turn(head, facts)
    const cancelled = { ...head, id: 'C1', kind: 'cancellation' as const, content: back.content }
    const again = turn(cancelled, {
      ...facts,
      head: cancelled,
      transfers: back.transfers,
      balances: new Map(back.balances.map((b) => [b.owner, b.balance])),
    })
    expect(again.transfers).toEqual(post(local))
    expect(again.counters).toEqual(local.counters)
    expect(again.balances).toEqual([
      { owner: 'P1', balance: 0n },
      { owner: 'P2', balance: yuan('5.00') },
    ])
    expect([isEffective(head), isEffective(cancelled)]).toEqual([true, false])
  })
})

describe('reversing', () => {
  const by = { institution: 'H51010000001', row: 'S1' }
  const told = (facts: Parameters<typeof reverse>[0], more = {}) => {
    const found = reverse(facts, { ...by, ...more })
    if (isRefusal(found)) return found.code
    return found.kind === 'turned' ? found.as : found.kind
  }
  const head = rowOf(local, {
    content: { ...local, visit: 'V1', stay: stay('2026-03-01', '2026-03-02') },
  })
  const cancelled = { ...head, id: 'C1', kind: 'cancellation' as const, undoes: 'S1' }
  const later = [
    {
      settlement: 'S2',
      head: 'S2',
      postedAt: 0,
      day: day('2026-03-03'),
      visit: 'V1',
      year: '2026',
    },
  ]

  test('turns a settlement back and a cancellation into a settlement again', () => {
    expect(told(undoFacts(head))).toBe('reversal')
    const facts = undoFacts(cancelled, { balances: purses })
    expect(told(facts, { row: 'C1' })).toBe('restoration')
  })

  test('asked twice finds the first', () => {
    const reversed = { ...head, id: 'R1', kind: 'reversal' as const, undoes: 'S1' }
    expect(told(undoFacts(reversed))).toBe('already')
    expect(told(undoFacts({ ...reversed, kind: 'restoration', undoes: 'C1' }), { row: 'C1' })).toBe(
      'already',
    )
  })

  test('is refused where it is not the last row, not one’s own, or not known', () => {
    expect(told(undoFacts(cancelled))).toBe('already-undone')
    expect(told(undoFacts(head), { institution: 'H2' })).toBe('settlement-of-another-institution')
    expect(told({ ...undoFacts(head), head: undefined })).toBe('settlement-unknown')
    expect(reverse(undoFacts(head), { ...by, institution: 'H2' })).toMatchObject({
      facts: { settlement: 'S1' },
    })
  })

  test('of a cancellation needs the accounts to hold what they paid', () => {
    const facts = undoFacts(cancelled, {
      balances: new Map([
        ['P1', yuan('120.00')],
        ['P2', yuan('29.99')],
      ]),
    })
    expect(told(facts, { row: 'C1' })).toBe('account-short')
    expect(told(undoFacts(cancelled), { row: 'C1' })).toBe('account-short')
  })

  test('of a part of a stay is refused while a later part stands', () => {
    expect(told(undoFacts(head, { later }))).toBe('later-part-of-stay')
  })

  test('of a cancellation is refused once the visit was settled again', () => {
    const facts = undoFacts(cancelled, { balances: purses, later })
    expect(told(facts, { row: 'C1' })).toBe('later-settlements')
    const unnamed = { ...cancelled, content: { ...cancelled.content, visit: undefined } }
    expect(told({ ...facts, head: unnamed }, { row: 'C1' })).toBe('restoration')
  })

  test('of a cancellation is none the worse for what it stood on and came back later than it went', () => {
    const facts = undoFacts(cancelled, { balances: purses, later })
    const after = later.map(({ settlement }) => settlement)
    expect(told(facts, { row: 'C1', after })).toBe('restoration')
    expect(told(facts, { row: 'C1', after: after.slice(1) })).toBe('later-settlements')
  })
})
