import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mirror, type Transfer } from '../../engine/ledger.ts'
import { type Fen, sum } from '../../engine/money.ts'
import {
  benefitKinds,
  mayMove,
  move,
  type Movement,
  type MovementRow,
  payers,
  postMovement,
  refuseAmounts,
  sourceOf,
  takeBack,
} from '../../engine/movement.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { day } from './support/packs.ts'
import { yuan } from './support/world.ts'

const contribution: Movement = {
  kind: 'contribution',
  person: 'P1',
  region: '510100',
  scheme: 'employee',
  month: '2026-10',
  day: day('2026-10-15'),
  reference: 'TAX-1',
  total: yuan('1000.00'),
  paid: [
    { payer: 'employer', amount: yuan('750.00') },
    { payer: 'person', amount: yuan('250.00') },
  ],
  funds: [
    { fund: 'pool', amount: yuan('700.00') },
    { fund: 'largeExpense', amount: yuan('100.00') },
  ],
  account: yuan('200.00'),
}
const credit: Movement = {
  ...contribution,
  kind: 'credit',
  paid: [],
  funds: [{ fund: 'pool', amount: yuan('83.00') }],
  account: yuan('83.00'),
  total: yuan('83.00'),
}
const benefit: Movement = {
  ...contribution,
  kind: 'benefit',
  scheme: 'unemployment',
  benefit: 'unemployment',
  paid: [],
  funds: [{ fund: 'unemployment', amount: yuan('1680.00') }],
  account: yuan('0.00'),
  total: yuan('1680.00'),
}

const legs = (movement: Movement): string[] =>
  postMovement(movement).map(({ debit, credit: to, amount }) => `${debit} → ${to} ${amount}`)

describe('the transfers of a movement', () => {
  test('a contribution: what people paid fills their account first, the rest goes to funds', () => {
    expect(legs(contribution)).toEqual([
      'income:510100:employee:person → personal:P1 20000',
      'income:510100:employee:person → fund:510100:employee:pool 5000',
      'income:510100:employee:employer → fund:510100:employee:pool 65000',
      'income:510100:employee:employer → fund:510100:employee:largeExpense 10000',
    ])
  })

  test('a monthly credit goes from the fund to the personal account', () => {
    expect(legs(credit)).toEqual(['fund:510100:employee:pool → personal:P1 8300'])
  })

  test('a benefit goes from its fund to the bank account of the card', () => {
    expect(legs(benefit)).toEqual([
      'fund:510100:unemployment:unemployment → payout:510100:unemployment 168000',
    ])
  })

  test('what others entrusted, such as wages, is paid out of their money and of no fund', () => {
    expect(legs({ ...benefit, scheme: undefined, benefit: 'wage', funds: [] })).toEqual([
      'entrusted:510100:wage → payout:510100:wage 168000',
    ])
  })

  test('a collection moves the cash of a window to the bank that collected it', () => {
    const collection: Movement = {
      ...benefit,
      kind: 'collection',
      scheme: undefined,
      benefit: undefined,
      funds: [],
      settlement: 'S1',
      institution: 'H1',
    }
    expect(legs(collection)).toEqual(['memo:window:H1 → memo:bank:H1 168000'])
  })
})

describe('amounts', () => {
  test('that do not add up are refused with both sums', () => {
    expect(refuseAmounts(contribution)).toBeUndefined()
    expect(refuseAmounts({ ...contribution, account: yuan('199.99') })).toMatchObject({
      code: 'movement-amounts-wrong',
      facts: { total: '1000.00', from: '1000.00', to: '999.99' },
    })
    expect(refuseAmounts({ ...credit, total: yuan('84.00') })?.code).toBe('movement-amounts-wrong')
  })

  test('of nothing are no movement', () => {
    const nothing = { ...contribution, total: yuan('0.00'), paid: [], funds: [] }
    expect(refuseAmounts({ ...nothing, account: yuan('0.00') })?.code).toBe(
      'movement-amounts-wrong',
    )
  })
})

describe('who and what', () => {
  test('an agency books in its own region; an institution only the cash of its own window', () => {
    expect(mayMove('agency:510100', contribution)).toBe(true)
    expect(mayMove('agency:510700', contribution)).toBe(false)
    expect(mayMove('H1', contribution)).toBe(false)
    expect(mayMove('H1', { ...contribution, institution: 'H1' })).toBe(true)
  })

  test('a source tells kind, scheme, benefit, month and reference apart', () => {
    const others: Movement[] = [
      contribution,
      credit,
      benefit,
      { ...benefit, benefit: 'subsidy' },
      { ...contribution, scheme: 'resident' },
      { ...contribution, scheme: undefined },
      { ...contribution, month: '2026-11' },
      { ...contribution, reference: 'TAX-2' },
    ]
    expect(new Set(others.map(sourceOf)).size).toBe(others.length)
    expect(sourceOf({ ...contribution, total: yuan('1.00') })).toBe(sourceOf(contribution))
  })
})

const amount = fc.bigInt({ min: 1n, max: 10_000_000n }).map((fen) => fen as Fen)

/** Splits an amount at random places; parts of nothing are left out. */
const split = (all: Fen, cuts: readonly number[]): Fen[] => {
  const at = cuts.map((cut) => (all * BigInt(cut)) / 1000n).toSorted((a, b) => (a < b ? -1 : 1))
  return [0n, ...at, all].slice(1).map((end, i) => (end - [0n, ...at][i]!) as Fen)
}
const cuts = (n: number) => fc.array(fc.nat(1000), { minLength: n, maxLength: n })
const isSome = (part: { readonly amount: Fen }): boolean => part.amount > 0n

const contributions = fc.tuple(amount, cuts(2), cuts(2)).map(([total, paidAt, toAt]): Movement => {
  const [account = 0n, pool = 0n, large = 0n] = split(total, toAt)
  return {
    ...contribution,
    total,
    paid: split(total, paidAt)
      .map((fen, i) => ({ payer: payers[i] as (typeof payers)[number], amount: fen }))
      .filter(isSome),
    funds: [
      { fund: 'pool', amount: pool as Fen },
      { fund: 'largeExpense', amount: large as Fen },
    ].filter(isSome),
    account: account as Fen,
  }
})
const credits = amount.map(
  (total): Movement => ({
    ...credit,
    total,
    account: total,
    funds: [{ fund: 'pool', amount: total }],
  }),
)
const benefits = fc.tuple(amount, fc.constantFrom(...benefitKinds), fc.boolean()).map(
  ([total, kind, entrusted]): Movement => ({
    ...benefit,
    benefit: kind,
    total,
    ...(entrusted
      ? { scheme: undefined, funds: [] }
      : { funds: [{ fund: 'unemployment', amount: total }] }),
  }),
)
const movements = fc.oneof(contributions, credits, benefits)

const balancesOf = (transfers: readonly Transfer[]): Map<string, bigint> => {
  const balances = new Map<string, bigint>()
  const add = (account: string, fen: bigint) => {
    const after = (balances.get(account) ?? 0n) + fen
    if (after === 0n) balances.delete(account)
    else balances.set(account, after)
  }
  for (const { debit, credit: to, amount: fen } of transfers) {
    add(debit, -fen)
    add(to, fen)
  }
  return balances
}

const rowOf = (movement: Movement, balance: Fen): MovementRow => ({
  id: 'M1',
  movement: 'M1',
  sequence: 1,
  kind: 'movement',
  postedAt: 0,
  booking: 1,
  content: move(movement, balance).content,
})

describe('every movement', () => {
  test('balances, moves its total and nothing else, and gives the account its part', () => {
    fc.assert(
      fc.property(movements, amount, (movement, before) => {
        expect(refuseAmounts(movement)).toBeUndefined()
        const { transfers, balances } = move(movement, before)
        expect(transfers.map(({ leg }) => leg)).toEqual(transfers.map((_, i) => i + 1))
        expect(transfers.every(({ amount: fen }) => fen > 0n)).toBe(true)
        expect(sum(transfers.map(({ amount: fen }) => fen))).toBe(movement.total)
        const after = balancesOf(transfers)
        expect(after.get('personal:P1') ?? 0n).toBe(movement.account)
        for (const { fund, amount: fen } of movement.funds) {
          const account = `fund:510100:${movement.scheme}:${fund}`
          expect(after.get(account)).toBe(movement.kind === 'contribution' ? fen : -fen)
        }
        expect(balances).toEqual(
          movement.account > 0n ? [{ owner: 'P1', balance: before + movement.account }] : [],
        )
      }),
    )
  })

  test('that is taken back leaves every account as it was', () => {
    fc.assert(
      fc.property(movements, amount, (movement, before) => {
        const booked = move(movement, before)
        const held = booked.balances[0]?.balance ?? before
        const back = takeBack(rowOf(movement, before), booked.transfers, held)
        if (isRefusal(back)) throw new Error(back.code)
        expect(balancesOf([...booked.transfers, ...back.transfers])).toEqual(new Map())
        expect(back.transfers).toEqual(mirror(booked.transfers))
        expect(back.balances[0]?.balance ?? before).toBe(before)
      }),
    )
  })

  test('is not taken back from an account that has less left, nor twice', () => {
    fc.assert(
      fc.property(contributions, amount, (movement, spent) => {
        fc.pre(movement.account > 0n)
        const row = rowOf(movement, 0n as Fen)
        const { transfers } = move(movement, 0n as Fen)
        const left = (movement.account > spent ? movement.account - spent : 0n) as Fen
        expect(takeBack(row, transfers, left)).toMatchObject({ code: 'account-short' })
        expect(
          takeBack({ ...row, kind: 'cancellation' }, transfers, movement.account),
        ).toMatchObject({ code: 'already-undone', facts: { movement: 'M1', by: 'M1' } })
      }),
    )
  })
})
