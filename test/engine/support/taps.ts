import type { Card } from '../../../engine/card.ts'
import { type CardPolicy, type QuickPolicy, usualCardPolicy } from '../../../engine/cardPolicy.ts'
import type { Claim, QuickClaim } from '../../../engine/claim.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Clock, SettleAsk } from '../../../engine/ports.ts'
import type { PastCard } from '../../../engine/quickPaymentPast.ts'
import { agreementKinds } from '../../../engine/institution.ts'
import { desk, keyOf } from './desk.ts'
import { day, layer, pays, region, rule, rulebooks, scheme } from './packs.ts'
import { card, claim, coverage, institution, line, now, person, today, yuan } from './world.ts'

export const shop = institution({
  code: 'P51010000001',
  type: 'pharmacy',
  level: 'none',
  agreements: agreementKinds.map((kind) => ({ kind, from: day('2020-01-01') })),
})
export const farShop = institution({ ...shop, code: 'P51070000001', division: '510700' })

export const numbers = { P1: 'A12345678', P2: 'A12345679' } as const
const minute_ms = 60_000
export const hour_ms = 60 * minute_ms
export const day_ms = 24 * hour_ms

export interface TillWords {
  readonly quick?: Partial<Omit<QuickPolicy, 'offline'>> & {
    offline?: Partial<QuickPolicy['offline']>
  }
  readonly card?: Partial<Card>
  readonly balance?: string
  readonly family?: string
  /** The states the card was in before, from a moment each. */
  readonly history?: readonly (Partial<Card> & { readonly from: number })[]
}

const policyOf = ({ quick }: TillWords): CardPolicy => ({
  ...usualCardPolicy,
  quick: {
    ...usualCardPolicy.quick,
    risks: [],
    ...quick,
    offline: { ...usualCardPolicy.quick.offline, ...quick?.offline },
  },
})

const rulesOf = (division: string) =>
  scheme([rule([layer('pool', pays('0.5'))], { care: ['pharmacy'] })], { region: division })

/** A pharmacy with a till, somebody with a card and an account, and a relative who lets them use another. */
export function till(words: TillWords = {}) {
  const cards = policyOf(words)
  const books = rulebooks({
    regions: [region('510100', { cards }), region('510700', { cards })],
    schemes: [rulesOf('510100'), rulesOf('510700')],
  })
  let at = now
  const clock: Clock = { now: () => at, today: () => today }
  const world = desk({ rulebooks: books, regions: books.directory(['510100', '510700']), clock })
  const kept = world.books
  kept.institutions.set(shop.code, shop)
  kept.institutions.set(farShop.code, farShop)
  const familyShares = [{ owner: 'P2', relation: 'spouse', from: day('2020-01-01') }]
  kept.people.set(numbers.P1, person({ id: 'P1', coverages: [coverage()], familyShares }))
  kept.people.set(numbers.P2, person({ id: 'P2' }))
  const own = card({ number: numbers.P1, ...words.card })
  kept.cards.set('P1', [own])
  const history: PastCard[] = (words.history ?? [{ from: 0 }]).map(({ from, ...state }) => ({
    from,
    card: { ...own, ...state },
  }))
  kept.histories.set(numbers.P1, history)
  kept.balances.set('P1', yuan(words.balance ?? '5000.00'))
  kept.balances.set('P2', yuan(words.family ?? '0.00'))
  return {
    ...world,
    own,
    pass: (ms: number): void => void (at += ms),
    now: () => at,
    run: async (...asks: readonly SettleAsk[]): Promise<string[]> =>
      (await world.settle(asks)).map(told),
  }
}

export interface TapWords extends Partial<Omit<QuickClaim, 'offline'>> {
  readonly key?: string
  readonly amount?: string
  readonly offline?: Partial<NonNullable<QuickClaim['offline']>>
  readonly claim?: Partial<Claim>
}

let taps = 0

/** A tap of the card of P1, of twenty yuan at the first till, unless it says otherwise. */
export function tap(counter: number, words: TapWords = {}): SettleAsk {
  const { key = `tap ${++taps}`, amount = '20.00', offline, claim: more, ...quick } = words
  const bill = [line(amount, { id: 'L1' })]
  return {
    kind: 'settle',
    key: { ...keyOf(key), institution: more?.institution ?? shop.code },
    claim: claim(bill, {
      institution: shop.code,
      day: today,
      stay: undefined,
      care: 'pharmacy',
      credential: { type: 'card', number: numbers.P1, cardSn: card().serial },
      useAccount: true,
      quick: {
        terminal: { division: '510100', id: 'T1' },
        counter,
        at: now,
        pin: { kind: 'absent' },
        ...quick,
        ...(offline && { offline: { hotList: 0, record: `${counter}`, ...offline } }),
      },
      ...more,
    }),
  }
}

/** In few words: what an account paid, what is owed and what is warned of, or why not. */
export function told(outcome: Outcome): string {
  if (outcome.kind === 'refused') return outcome.refusal.code
  if (outcome.kind !== 'settled') return outcome.kind === 'bug' ? 'bug' : outcome.kind
  const { account, receivable = 0n, warnings } = outcome.row.content
  const codes = warnings.map(({ code }) => code).filter((code) => code !== 'same-bill-settled')
  return [String(account), ...(receivable > 0n ? [`owes ${receivable}`] : []), ...codes].join(' ')
}
