import type { Card } from '../../../engine/card.ts'
import type { Claim, FeeLine } from '../../../engine/claim.ts'
import { type Decision, decide, type World } from '../../../engine/decide.ts'
import { agreementKinds, type Institution } from '../../../engine/institution.ts'
import {
  extend,
  type Fen,
  parseQuantity,
  parseUnitPrice,
  parseYuan,
  whole,
} from '../../../engine/money.ts'
import type { Packs, Rule } from '../../../engine/pack.ts'
import type { Coverage, Person } from '../../../engine/person.ts'
import type { Counters, Facts } from '../../../engine/ports.ts'
import type { Rulebooks } from '../../../engine/rulebook.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { applyDeltas } from '../../../engine/split.ts'
import { day, rulebooks, scheme } from './packs.ts'

/** One person, one hospital and one bill, each with defaults; a case changes what it is about. */
export const yuan = (text: string): Fen => parseYuan(text)

/** 2026-11-23 at noon in China. */
export const now = Date.UTC(2026, 10, 23, 4)
export const today = day('2026-11-23')

export const coverage = (more: Partial<Coverage> = {}): Coverage => ({
  scheme: 'employee',
  region: '510100',
  group: 'working',
  from: day('2015-01-01'),
  ...more,
})

export const person = (more: Partial<Person> = {}): Person => ({
  id: 'P1',
  birth: day('1980-05-05'),
  sex: 'female',
  coverages: [coverage()],
  civilServant: false,
  identities: [],
  benefits: [],
  diseases: [],
  filings: [],
  injuries: [],
  maternity: [],
  familyShares: [],
  ...more,
})

export const institution = (more: Partial<Institution> = {}): Institution => ({
  code: 'H51010000001',
  name: 'a hospital',
  type: 'hospital',
  level: 'tertiary',
  division: '510100',
  cardEvidence: 'reader-trusted',
  agreements: agreementKinds.map((kind) => ({ kind, from: day('2015-01-01') })),
  ...more,
})

export const card = (more: Partial<Card> = {}): Card => ({
  id: 'c1',
  version: '3.00',
  managedIn: '510100',
  number: 'A12345678',
  serial: '510100D15600000500BF7C7A48FB4966',
  owner: 'P1',
  life: 'active',
  loss: { kind: 'none' },
  pin: 'set',
  issued: day('2020-01-01'),
  expires: day('2030-01-01'),
  photo: true,
  ...more,
})

/** A line of class A in every catalogue, unless it says otherwise; its own number is its place in the bill. */
export function line(amount: string, more: Partial<FeeLine> & Partial<Classified> = {}): FeeLine {
  const { class: chargeClass = 'A', firstSelfPayRate = whole, kind, limit, funds, ...rest } = more
  const unitPrice = parseUnitPrice(amount)
  const quantity = rest.quantity ?? parseQuantity('1')
  return {
    id: amount,
    item: 'I1',
    quantity,
    unitPrice,
    amount: extend(unitPrice, quantity, 'halfUp'),
    classification: {
      class: chargeClass,
      firstSelfPayRate,
      funds: funds ?? ['medical', 'workInjury', 'maternity'],
      kind,
      limit,
    },
    ...rest,
  }
}

type Classified = NonNullable<FeeLine['classification']>

export const lines = (...amounts: readonly string[]): FeeLine[] =>
  amounts.map((amount, i) => line(amount, { id: `L${i + 1}` }))

export const stay = (
  admission: string,
  discharge: string,
  interim = false,
): NonNullable<Claim['stay']> => ({ admission: day(admission), discharge: day(discharge), interim })

/** An inpatient bill of the days given; `bill` stands for its lines, all of class A. */
export function claim(bill: string | readonly FeeLine[], more: Partial<Claim> = {}): Claim {
  const own = typeof bill === 'string' ? lines(bill) : bill
  const on = more.stay?.discharge ?? more.day ?? day('2026-03-02')
  return {
    institution: 'H51010000001',
    day: on,
    credential: { type: 'citizen-number', number: '510199194912310024' },
    care: 'inpatient',
    useAccount: false,
    useFamilyAccount: false,
    emergency: false,
    total: own.reduce((all, l) => (all + l.amount) as Fen, 0n as Fen),
    lines: own,
    ...(more.stay === undefined && (more.care ?? 'inpatient') === 'inpatient'
      ? { stay: { admission: on, discharge: on, interim: false } }
      : {}),
    ...more,
  }
}

export const facts = (more: Partial<Facts> = {}): Facts => ({
  institution: institution(),
  person: person(),
  card: undefined,
  balances: new Map(),
  counters: new Map(),
  settledLines: new Set(),
  sameBills: [],
  ...more,
})

export function world(books: Rulebooks, more: Partial<World> = {}): World {
  const served = books.all.map((book) => book.region.division)
  return {
    rulebooks: books,
    regions: books.directory(served),
    now,
    today,
    packHash: 'hash',
    ...more,
  }
}

export const worldOf = (some: Partial<Packs>, more: Partial<World> = {}): World =>
  world(rulebooks(some), more)

/** A world whose one scheme has these rules. */
export const ruled = (...rules: readonly Rule[]): World => worldOf({ schemes: [scheme(rules)] })

export function settled(decision: Decision): Settlement {
  if (decision.kind === 'settle') return decision.settlement
  throw new Error(
    decision.kind === 'refuse'
      ? `refused: ${decision.refusal.code} ${JSON.stringify(decision.refusal.facts)}`
      : 'the home region is to be asked',
  )
}

export function refused(decision: Decision): string {
  return decision.kind === 'refuse' ? decision.refusal.code : decision.kind
}

/** Settles bills one after the other, each on what the ones before it leave. */
export class Desk {
  counters: Counters = new Map()
  balances: ReadonlyMap<string, Fen>
  readonly #world: World
  readonly #facts: Partial<Facts>

  constructor(at: World, more: Partial<Facts> = {}) {
    this.#world = at
    this.#facts = more
    this.balances = more.balances ?? new Map()
  }

  decide(asked: Claim, more: Partial<Facts> = {}): Decision {
    const { counters, balances } = this
    return decide(asked, facts({ ...this.#facts, counters, balances, ...more }), this.#world)
  }

  settle(asked: Claim, more: Partial<Facts> = {}): Settlement {
    const settlement = settled(this.decide(asked, more))
    this.counters = applyDeltas(this.counters, settlement.counters)
    const left = new Map(this.balances)
    for (const { owner, amount } of settlement.draws)
      left.set(owner, ((left.get(owner) ?? 0n) - amount) as Fen)
    this.balances = left
    return settlement
  }
}

/** One bill by one rule, with nothing used before. */
export const settleBy = (
  asked: Claim,
  rules: readonly Rule[],
  more: Partial<Facts> = {},
): Settlement => new Desk(ruled(...rules), more).settle(asked)
