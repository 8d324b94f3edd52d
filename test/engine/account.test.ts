import { describe, expect, test } from 'vitest'
import type { AccountPolicy } from '../../engine/pack.ts'
import type { FamilyShare } from '../../engine/person.ts'
import type { Fen } from '../../engine/money.ts'
import { cap, day, deductible, layer, pays, rule } from './support/packs.ts'
import { claim, line, person, settleBy, yuan } from './support/world.ts'

const share = (owner: string, more: Partial<FamilyShare> = {}): FamilyShare => ({
  owner,
  relation: 'spouse',
  from: day('2025-01-01'),
  ...more,
})
// 100 deductible; 900 × 80 % = 720 cut to 640 by a cap, which answers for 800: 160 copay, 100 above.
const pool = layer('pool', pays('0.8'), {
  deductible: deductible('visit', '100.00'),
  caps: [cap('visit', '640.00')],
})
const bill = claim([line('1000.00'), line('50.00', { class: 'C' })], {
  useAccount: true,
  useFamilyAccount: true,
})

interface Purses {
  readonly own?: string
  readonly family?: readonly (readonly [FamilyShare, string])[]
  readonly policy?: Partial<AccountPolicy>
  readonly asked?: object
}

function settle({ own = '0.00', family = [], policy, asked }: Purses) {
  const plain = rule([pool])
  const balances = new Map<string, Fen>([
    ['P1', yuan(own)],
    ...family.map(([f, balance]) => [f.owner, yuan(balance)] as const),
  ])
  return settleBy({ ...bill, ...asked }, [{ ...plain, account: { ...plain.account, ...policy } }], {
    person: person({ familyShares: family.map(([f]) => f) }),
    balances,
  })
}

describe('the own account', () => {
  test('pays the person’s side as far as it reaches', () => {
    // 100 + 160 + 100 + 50 = 410 are the person's.
    const rich = settle({ own: '1000.00' })
    expect([rich.personTotal, rich.account, rich.cash, rich.accountBalance]).toEqual(
      ['410.00', '410.00', '0.00', '590.00'].map(yuan),
    )
    const poor = settle({ own: '150.00' })
    expect([poor.account, poor.cash, poor.accountBalance]).toEqual(
      ['150.00', '260.00', '0.00'].map(yuan),
    )
  })

  test('pays only when asked, and only the parts it may', () => {
    const kept = settle({ own: '1000.00', asked: { useAccount: false } })
    expect([kept.account, kept.cash, kept.accountBalance]).toEqual(
      ['0.00', '410.00', '1000.00'].map(yuan),
    )
    expect(settle({ own: '1000.00', policy: { own: ['deductible', 'copay'] } }).account).toBe(
      yuan('260.00'),
    )
    expect(settle({ own: '1000.00', policy: { own: [] } }).draws).toEqual([])
  })

  test('may leave what it pays out of the burden of the year', () => {
    const burden = (countsAsBurden: boolean | undefined) =>
      settle({ own: '300.00', policy: { countsAsBurden } }).counters.find((c) =>
        c.key.endsWith('|burden|year'),
      )?.delta
    // 100 + 160 + 100 are in the policy's scope; the account pays 300 of them before the class C.
    expect(burden(undefined)).toBe(yuan('360.00'))
    expect(burden(true)).toBe(yuan('360.00'))
    expect(burden(false)).toBe(yuan('60.00'))
  })

  test('pays a part once, even where a policy names it twice', () => {
    expect(settle({ own: '1000.00', policy: { own: ['copay', 'copay'] } }).account).toBe(
      yuan('160.00'),
    )
  })

  test('pays in-scope amounts that no layer took up', () => {
    const s = settleBy(claim('100.00', { useAccount: true }), [rule([])], {
      balances: new Map([['P1', yuan('60.00')]]),
    })
    expect([s.account, s.cash]).toEqual([yuan('60.00'), yuan('40.00')])
  })
})

describe('family accounts', () => {
  test('pay after the own one, in the order of their filing', () => {
    const s = settle({
      own: '100.00',
      family: [
        [share('P2'), '200.00'],
        [share('P3', { relation: 'child' }), '500.00'],
      ],
    })
    expect(s.draws).toEqual([
      { owner: 'P1', amount: yuan('100.00') },
      { owner: 'P2', amount: yuan('200.00') },
      { owner: 'P3', amount: yuan('110.00') },
    ])
    expect([s.account, s.familyAccount, s.cash, s.accountBalance]).toEqual(
      ['410.00', '310.00', '0.00', '0.00'].map(yuan),
    )
  })

  test('pay before the own one where the policy says so', () => {
    const s = settle({
      own: '100.00',
      family: [[share('P2'), '390.00']],
      policy: { order: 'family-first' },
    })
    expect(s.draws.map((d) => d.owner)).toEqual(['P2', 'P1'])
    expect(s.accountBalance).toBe(yuan('80.00'))
  })

  test('pay only where leave holds on the day, for the relations allowed, and never as one’s own', () => {
    const owners = (f: FamilyShare, policy: Partial<AccountPolicy> = {}) =>
      settle({ family: [[f, '10.00']], policy }).draws.map((d) => d.owner)
    expect(owners(share('P2'))).toEqual(['P2'])
    expect(owners(share('P2', { until: day('2026-03-01') }))).toEqual([])
    expect(owners(share('P2', { from: day('2026-03-03') }))).toEqual([])
    expect(owners(share('P2', { relation: 'friend' }))).toEqual([])
    expect(owners(share('P2'), { relations: [] })).toEqual([])
    expect(owners(share('P1'))).toEqual(['P1'])
    expect(
      settle({ family: [[share('P2'), '10.00']], asked: { useFamilyAccount: false } }).draws,
    ).toEqual([])
  })

  test('filed twice are drawn on once', () => {
    const s = settle({
      family: [
        [share('P2'), '100.00'],
        [share('P2', { relation: 'child' }), '100.00'],
      ],
    })
    expect(s.draws).toEqual([{ owner: 'P2', amount: yuan('100.00') }])
  })

  test('pay only the parts they may, after the own account took its own', () => {
    const s = settle({
      own: '200.00',
      family: [[share('P2'), '500.00']],
      policy: { own: ['deductible', 'copay'], family: ['deductible', 'copay', 'aboveCap'] },
    })
    // Own: 100 + 100 of 160; family: 60 of the copay and 100 above the cap; the 50 of class C in cash.
    expect([s.account, s.familyAccount, s.cash]).toEqual(['360.00', '160.00', '50.00'].map(yuan))
  })
})
