import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import type { ToldSplit } from '../../engine/awayClaim.ts'
import { decide } from '../../engine/decide.ts'
import { amountNames, type AmountName } from '../../engine/settlement.ts'
import type { Fen } from '../../engine/money.ts'
import {
  addsUp,
  awayClaimOf,
  balanceBefore,
  claimTreatedAway,
  institutionAway,
} from '../../engine/treatedAway.ts'
import { day, deductible, layer, pays, region, rule, rulebooks, scheme } from './support/packs.ts'
import {
  claim,
  coverage,
  facts,
  institution,
  line,
  person,
  refused,
  settled,
  world,
  yuan,
} from './support/world.ts'

const pool = layer('pool', pays('0.8'), { deductible: deductible('year', '100.00') })
const rules = [
  rule([
    pool,
    layer('employer', pays('0.1'), { base: ['copay'] }),
    layer('hospital', pays('0.1'), { base: ['copay'] }),
  ]),
]
const books = rulebooks({
  regions: [region(), region('500100')],
  schemes: [scheme(rules), scheme(rules, { region: '500100' })],
})
const reached = [books.directory([]).regionOf('500100')].flatMap((one) => one ?? [])
const care = world(books, { regions: books.directory(['510100'], reached) })
const home = world(books, { regions: books.directory(['500100']) })
const known = facts({
  person: person({
    coverages: [coverage({ region: '500100' })],
    familyShares: [{ owner: 'P2', relation: 'spouse', from: day('2020-01-01') }],
  }),
  balances: new Map([
    ['P1', yuan('60.00')],
    ['P2', yuan('20.00')],
  ]),
})

const bill = claim(
  [
    line('1000.00', { id: 'A' }),
    line('200.00', { id: 'B', class: 'C' }),
    line('30.00', { id: 'C', at: day('2026-03-01'), limit: '20.00' as never }),
  ],
  {
    useAccount: true,
    useFamilyAccount: true,
    visit: 'V1',
    prescription: { number: 'R', circulating: false },
  },
)

function asked(more: Parameters<typeof claim>[1] = {}) {
  const decision = decide({ ...bill, ...more }, known, care)
  if (decision.kind !== 'askHome') throw new Error(refused(decision))
  return decision
}

const away = asked().claim
const atHome = settled(decide(claimTreatedAway(away), known, home))
const { draws: _draws, counters: _counters, ...split } = atHome
const told: ToldSplit = split

describe('what a region asks another of a bill', () => {
  test('is who is to be asked, about whom, and the lines as they are classified here', () => {
    const { home: to, person: who, claim: sent } = asked()
    expect([to, who]).toEqual(['500100', 'P1'])
    expect(sent.scoped).toMatchObject({ careRegion: '510100', total: bill.total, visit: 'V1' })
    expect(sent.scoped.lines.map(({ id, class: c }) => [id, c])).toEqual([
      ['A', 'A'],
      ['B', 'C'],
      ['C', 'A'],
    ])
  })

  test('says of the credential what home has to know, and no more', () => {
    const { credential } = awayClaimOf(
      {
        ...bill,
        credential: {
          type: 'card',
          number: 'A12345678',
          cardSn: 'S',
          proof: 'reader',
          pinChecked: true,
          eCredential: 'social-security',
          authentication: 'X1',
          proofDue: 'always',
          token: { kind: 'social-security' } as never,
        } as never,
      },
      away.scoped,
    )
    expect(Object.keys(credential)).toEqual([
      'type',
      'number',
      'cardSn',
      'proof',
      'pinChecked',
      'eCredential',
    ])
  })

  test('holds no name, nobody else and no institution by name', () => {
    const text = JSON.stringify(away, (_, v) => (typeof v === 'bigint' ? `${v}` : v))
    expect(text).not.toContain(institution().name)
    expect(text).not.toContain('P1')
    expect(text).not.toContain('P2')
    expect(Object.keys(away).toSorted()).toEqual([
      'credential',
      'earlier',
      'externalInjury',
      'scheme',
      'scoped',
    ])
  })

  test('is the same bill at home: its lines keep what they came to', () => {
    const there = claimTreatedAway(away)
    expect(there).toMatchObject({
      institution: bill.institution,
      day: bill.day,
      care: bill.care,
      visit: 'V1',
      total: bill.total,
      prescription: bill.prescription,
      away: away.scoped,
    })
    expect(there.lines.map(({ id, amount }) => [id, amount])).toEqual(
      bill.lines.map(({ id, amount }) => [id, amount]),
    )
    expect(there.lines[2]?.at).toBe('2026-03-01')
  })

  test('comes from an institution that is designated where it is, since that is for its own region to see to', () => {
    expect(institutionAway(away.scoped)).toMatchObject({
      code: bill.institution,
      division: '510100',
      level: 'tertiary',
      cardEvidence: 'reader-trusted',
    })
  })

  test('is not asked where a line of the visit is settled already', () => {
    const again = decide(bill, { ...known, settledLines: new Set(['A']) }, care)
    expect(refused(again)).toBe('line-already-settled')
  })
})

describe('what the home region tells', () => {
  test('is settled here as it was told, without its accounts and running sums', () => {
    const here = settled(decide(bill, known, care, told))
    for (const name of amountNames) expect(here[name]).toBe(atHome[name])
    expect(here).toMatchObject({ side: 'care', draws: [], counters: [], trace: atHome.trace })
    expect(atHome).toMatchObject({ side: 'home' })
    expect(here.packHash).toBe(care.packHash)
  })

  test('is warned of once where both regions would', () => {
    const warning = { code: 'same-bill-settled', facts: { settlements: ['theirs'] } } as const
    const more = { code: 'photo-due', facts: {} } as const
    const warnings = [warning, more]
    const twice = decide(bill, { ...known, sameBills: [{ settlement: 'ours', at: 0 }] }, care, {
      ...told,
      warnings,
    })
    expect(settled(twice).warnings).toEqual([
      { code: 'same-bill-settled', facts: { settlements: ['ours'] } },
      more,
    ])
  })

  const fen = (value: bigint): Fen => value as Fen
  const off = (name: AmountName, by: bigint): ToldSplit => ({
    ...told,
    [name]: fen(told[name] + by),
  })

  test('adds up as it is', () => expect(addsUp(told, away.scoped)).toBe(true))

  const first = told.shares[0] as (typeof told.shares)[number]
  const wrong: readonly (readonly [string, ToldSplit])[] = [
    ...(
      [
        'total',
        'selfPaid',
        'overLimit',
        'firstSelfPay',
        'inScope',
        'fundTotal',
        'personTotal',
        'account',
        'cash',
        'hospitalShare',
      ] as const
    ).flatMap((name) => [
      [`one fen too much of ${name}`, off(name, 1n)] as const,
      [`one fen too little of ${name}`, off(name, -1n)] as const,
    ]),
    ['a deductible beyond the scope', { ...told, deductible: fen(told.inScope + 1n) }],
    ['a family part beyond the account part', { ...told, familyAccount: fen(told.account + 1n) }],
    [
      'an employer who owes more than the window collects',
      { ...told, employerShare: fen(told.cash + 1n) },
    ],
    ['a share that is missing', { ...told, shares: told.shares.slice(1) }],
    ['a share that is there twice', { ...told, shares: [first, ...told.shares] }],
    [
      'a share below nothing that another makes up for',
      {
        ...told,
        shares: [
          { ...first, amount: fen(first.amount + 5n) },
          { ...first, amount: fen(-5n) },
          ...told.shares.slice(1),
        ],
      },
    ],
    ['an account below nothing', { ...told, accountBalance: fen(-1n) }],
    ['something that the person owes', { ...told, receivable: fen(0n) }],
    [
      'a fund that pays more than the bill',
      {
        ...told,
        shares: [{ ...first, amount: fen(first.amount + told.total) }, ...told.shares.slice(1)],
        fundTotal: fen(told.fundTotal + told.total),
        personTotal: fen(told.personTotal - told.total),
        cash: fen(told.cash - told.total),
      },
    ],
    [
      'another total throughout',
      {
        ...told,
        total: fen(told.total + 1n),
        selfPaid: fen(told.selfPaid + 1n),
        cash: fen(told.cash + 1n),
        personTotal: fen(told.personTotal + 1n),
      },
    ],
    [
      'another classification of the same total',
      { ...told, selfPaid: fen(told.selfPaid - 1n), inScope: fen(told.inScope + 1n) },
    ],
  ]

  test.each(wrong)('is no answer with %s', (_, split) => {
    expect(addsUp(split, away.scoped)).toBe(false)
    expect(refused(decide(bill, known, care, split))).toBe('home-answer-wrong')
  })

  test('is no answer where an account pays that was not to be used', () => {
    expect(addsUp(told, asked({ useFamilyAccount: false }).claim.scoped)).toBe(false)
    expect(addsUp(told, asked({ useAccount: false }).claim.scoped)).toBe(false)
    const { claim: none } = asked({ useAccount: false, useFamilyAccount: false })
    expect(addsUp(told, none.scoped)).toBe(false)
    const {
      draws: _d,
      counters: _c,
      ...without
    } = settled(decide(claimTreatedAway(none), known, home))
    expect(addsUp(without, none.scoped)).toBe(true)
    const { claim: family } = asked({ useAccount: false })
    const shared = settled(decide(claimTreatedAway(family), known, home))
    expect([shared.account, shared.familyAccount]).toEqual([yuan('20.00'), yuan('20.00')])
    expect(addsUp(shared, family.scoped)).toBe(true)
  })

  test('is no answer with any one amount of the identities changed by any sum', () => {
    const names = ['total', 'selfPaid', 'inScope', 'fundTotal', 'account', 'cash'] as const
    const by = fc.bigInt(-1_000_000_000n, 1_000_000_000n).filter((some) => some !== 0n)
    fc.assert(
      fc.property(fc.constantFrom(...names), by, (name, some) => {
        expect(addsUp(off(name, some), away.scoped)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('tells what was in the own account before by what is there afterwards', () => {
    expect(balanceBefore(told)).toBe(yuan('60.00'))
  })
})
