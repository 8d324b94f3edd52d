import { describe, expect, test } from 'vitest'
import {
  type LedgerAccount,
  mirror,
  openingAccount,
  post,
  type Transfer,
} from '../../engine/ledger.ts'
import { assertIdentities, type Settlement } from '../../engine/settlement.ts'
import type { Fen } from '../../engine/money.ts'
import { day, deductible, layer, pays, region, rule, scheme } from './support/packs.ts'
import {
  claim,
  coverage,
  Desk,
  institution,
  person,
  world,
  worldOf,
  yuan,
} from './support/world.ts'
import { settlement } from './support/rows.ts'
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

const away = settleIn('500100')

function balanceOf(transfers: readonly Transfer[]): Map<LedgerAccount, bigint> {
  const balances = new Map<LedgerAccount, bigint>()
  for (const { debit, credit, amount } of transfers) {
    balances.set(debit, (balances.get(debit) ?? 0n) - amount)
    balances.set(credit, (balances.get(credit) ?? 0n) + amount)
  }
  return balances
}

const legs = (transfers: readonly Transfer[]) =>
  transfers.map((t) => [t.leg, t.owner, t.kind, t.debit, t.credit, t.amount])

describe('the transfers of a settlement', () => {
  test('at home have each fen in exactly one leg', () => {
    expect(legs(post(local))).toEqual([
      [
        1,
        'P1',
        'fund',
        'fund:510100:employee:pool',
        'payable:H51010000001:settled',
        yuan('540.00'),
      ],
      [2, 'P1', 'account', 'personal:P1', 'payable:H51010000001:settled', yuan('120.00')],
      [3, 'P2', 'family', 'personal:P2', 'payable:H51010000001:settled', yuan('30.00')],
      [4, 'P1', 'cash', 'memo:person:P1', 'memo:window:H51010000001', yuan('224.00')],
      [5, 'P1', 'employer', 'memo:employer:510100', 'memo:window:H51010000001', yuan('50.00')],
      [
        6,
        'P1',
        'hospital',
        'memo:hospital:H51010000001',
        'memo:window:H51010000001',
        yuan('36.00'),
      ],
    ])
    expect(post(local).reduce((all, t) => all + t.amount, 0n)).toBe(local.total)
  })

  test('away from home owe and are owed the same, and pay the institution all of it', () => {
    expect(legs(post(away)).slice(0, 4)).toEqual([
      [
        1,
        'P1',
        'fund',
        'fund:500100:employee:pool',
        'due-to:500100:510100:employee:2026-03',
        yuan('540.00'),
      ],
      [2, 'P1', 'account', 'personal:P1', 'due-to:500100:510100:employee:2026-03', yuan('120.00')],
      [3, 'P2', 'family', 'personal:P2', 'due-to:500100:510100:employee:2026-03', yuan('30.00')],
      [
        4,
        'P1',
        'dueTo',
        'due-from:510100:500100:employee:2026-03',
        'payable:H51010000001:settled',
        yuan('690.00'),
      ],
    ])
    const balances = balanceOf(post(away))
    expect(balances.get('due-to:500100:510100:employee:2026-03')).toBe(yuan('690.00'))
    expect(balances.get('due-from:510100:500100:employee:2026-03')).toBe(-yuan('690.00'))
    expect(balances.get('payable:H51010000001:settled')).toBe(yuan('690.00'))
  })

  test('of nothing are none', () => {
    expect(post(settlement({ lines: [], total: 0n as Fen }))).toEqual([])
  })

  test('balance to nothing, and with their mirror each account does', () => {
    const all = [...post(local), ...post(away)]
    expect([...balanceOf(all).values()].reduce((a, b) => a + b, 0n)).toBe(0n)
    for (const balance of balanceOf([...all, ...mirror(all)]).values()) expect(balance).toBe(0n)
    expect(openingAccount('510100')).toBe('opening:510100')
  })
})

describe('identities', () => {
  const before = yuan('120.00')
  const broken = (more: Partial<Settlement>) => () =>
    assertIdentities({ ...local, ...more }, before)

  test('hold for a settlement', () => expect(broken({})).not.toThrow())

  test.each<[string, Partial<Settlement>]>([
    ['I1 total by scope', { inScope: yuan('999.99') }],
    ['I1 line L1', { lines: local.lines.map((l) => ({ ...l, inScope: 0n as Fen })) }],
    ['I1 total by lines', { lines: [] }],
    ['I2 fund total by shares', { shares: [] }],
    ['I3 person by account and cash', { cash: 0n as Fen }],
    ['I4 total by payers', { hospitalShare: 0n as Fen }],
    ['I7 balance', { accountBalance: 1n as Fen }],
    ['no part is negative', { crossRegionFirstPay: -1n as Fen }],
    ['the employer owes at most what the window collects', { employerShare: yuan('999.00') }],
    ['the deductible lies within the scope', { deductible: yuan('1000.01') }],
  ])('%s is asserted', (name, more) => {
    expect(broken(more)).toThrow(name)
  })

  test('the family part lies within the account part', () => {
    const more = { familyAccount: yuan('150.01'), accountBalance: yuan('120.01') }
    expect(broken(more)).toThrow('the family part lies within the account part')
  })
})

test('a world without regions serves nobody', () => {
  expect(worldOf({ regions: [] }).regions.regionOf('510100')).toBeUndefined()
})
