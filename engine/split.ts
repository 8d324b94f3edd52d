import { balanceAfter, drawAccounts } from './account.ts'
import { Burden, type LineSums, sumLines } from './burden.ts'
import type { Case } from './case.ts'
import type { VisitSums } from './claim.ts'
import { covers, type Day } from './day.ts'
import type { Parameters } from './layer.ts'
import { add, type Fen, least, ratioText, share, subtract, sum, zero } from './money.ts'
import type { Counters } from './ports.ts'
import type { FamilyShare } from './person.ts'
import { assert } from './refusal.ts'
import type { CompiledRule } from './rulebook.ts'
import type { ScopedClaim } from './scoped.ts'
import type {
  AccountDraw,
  CounterDelta,
  CrossRegionStep,
  Share,
  Split,
  Step,
} from './settlement.ts'
import { runLayer } from './step.ts'
import { Tally, type TallySetting } from './tally.ts'

/** What the home region knows when it computes: the rule, the case, and what has been used so far. */
export interface HomeFacts {
  readonly person: string
  readonly of: Case
  readonly rule: CompiledRule
  readonly parameters: Parameters
  readonly tally: TallySetting
  readonly counters: Counters
  readonly balances: ReadonlyMap<string, Fen>
  readonly families: readonly FamilyShare[]
  /** The day on which leave to use a family account is judged. */
  readonly on: Day
}

const payersOutsideFunds = new Set(['hospital', 'employer'])

/**
 * The waterfall (基金拆分): extra first pay away from home, then the rule's layers in order, then the accounts, then cash.
 * Pure: the same claim, rule and facts always give the same split.
 */
export function split(scoped: ScopedClaim, facts: HomeFacts): Split {
  const { rule, tally: setting } = facts
  const bill = sumLines(scoped.lines)
  const burden = new Burden(scoped.lines, bill)
  const tally = new Tally(facts.counters, setting)
  const crossRegion = setAside(bill, facts, burden)
  const trace: Step[] = []
  for (const layer of scoped.accountOnly ? [] : rule.layers) {
    if (layer.span && !covers(layer.span, facts.on)) continue
    // A hospital that was paid in full bears nothing of a bill any more.
    if (scoped.paidAtWindow && layer.payer === 'hospital') continue
    const step = runLayer(layer, {
      rule,
      of: facts.of,
      parameters: facts.parameters,
      burden,
      tally,
    })
    if (step) trace.push(step)
  }
  countStay(bill, facts, tally)
  const borne = burden.withinPolicy()
  const draws = drawAccounts(
    {
      person: facts.person,
      useAccount: scoped.useAccount,
      useFamilyAccount: scoped.useFamilyAccount,
      families: facts.families,
      balances: facts.balances,
      on: facts.on,
    },
    rule.account,
    burden,
  )
  tally.feed('burden', rule.account.countsAsBurden === false ? burden.withinPolicy() : borne)
  if (scoped.stay?.interim !== true) tally.closeStay()
  const counters = tally.deltas()
  const parts = {
    ...summarise(bill, { facts, crossRegion, trace, draws, counters }),
    visitSums: visitSumsOf(tally, setting),
  }
  assert(burden.total() === parts.cash - parts.employerShare, 'what no payer took is the cash')
  return parts
}

const visitSumsOf = (tally: Tally, { visit }: TallySetting): VisitSums | undefined =>
  visit === undefined ? undefined : { under: visit, sums: tally.visitSums() }

/** 转外先自付: a part of the in-scope amount set aside before the deductible, where the pack says so. */
function setAside(
  { inScope }: LineSums,
  { rule, of }: HomeFacts,
  burden: Burden,
): CrossRegionStep | undefined {
  const { crossRegion } = rule
  if (!crossRegion || of.reason === 'none') return undefined
  const rate = crossRegion.firstPay?.(of)
  const firstPay = rate ? share(inScope, rate, 'halfUp') : zero
  if (firstPay > 0n) burden.setAside(firstPay)
  const { coefficient, points } = crossRegion
  return {
    reason: of.reason,
    place: of.place,
    coefficient: coefficient && ratioText(coefficient(of)),
    points: points && ratioText(points(of)),
    firstPayRate: rate && ratioText(rate),
    firstPay,
    citation: rule.cite(crossRegion.source),
  }
}

/** Sums the engine itself keeps: admissions once a stay, what was in scope, and that the stay has one more part. */
function countStay({ inScope }: LineSums, { rule, of }: HomeFacts, tally: Tally): void {
  if (rule.countsAdmission && !of.continued) tally.feed(admissionsOf(rule.careGroup), 1n)
  tally.feed('inScope', inScope)
  if (!of.continued) tally.feedStay('admission', BigInt(of.admission))
  tally.feedStay('parts', 1n)
}

export const admissionsOf = (careGroup: string): string => `admissions.${careGroup}`

interface Summing {
  readonly facts: HomeFacts
  readonly crossRegion: CrossRegionStep | undefined
  readonly trace: readonly Step[]
  readonly draws: readonly AccountDraw[]
  readonly counters: readonly CounterDelta[]
}

function summarise(bill: LineSums, { facts, crossRegion, trace, draws, counters }: Summing): Split {
  const { person, rule, balances } = facts
  const shares = sharesOf(trace)
  const paidBy = (payer: string): Fen =>
    sum(trace.filter((step) => step.payer === payer).map((step) => step.paid))
  const { amount: total, selfPaid, overLimit, firstSelfPay, inScope } = bill
  const fundTotal = sum(shares.map((s) => s.amount))
  const hospitalShare = paidBy('hospital')
  const personTotal = subtract(subtract(total, fundTotal), hospitalShare)
  const account = sum(draws.map((d) => d.amount))
  return {
    total,
    selfPaid,
    overLimit,
    firstSelfPay,
    inScope,
    deductible: sum(trace.map(deductibleInScope)),
    crossRegionFirstPay: crossRegion?.firstPay ?? zero,
    shares,
    fundTotal,
    personTotal,
    account,
    familyAccount: sum(draws.filter((d) => d.owner !== person).map((d) => d.amount)),
    cash: subtract(personTotal, account),
    hospitalShare,
    employerShare: paidBy('employer'),
    accountBalance: balanceAfter(balances.get(person) ?? zero, person, draws),
    draws,
    counters,
    crossRegion,
    trace,
    rules: [{ id: rule.id, pack: rule.pack, from: rule.from }],
  }
}

/** What a deductible took of the in-scope amount; of other parts of its base it takes nothing that would be new. */
const deductibleInScope = ({ base, deductible }: Step): Fen =>
  least(
    deductible?.taken ?? zero,
    sum(base.filter(({ part }) => part === 'inScope').map(({ amount }) => amount)),
  )

function sharesOf(trace: readonly Step[]): Share[] {
  const shares = new Map<string, Share>()
  for (const step of trace) {
    if (payersOutsideFunds.has(step.payer) || step.paid === 0n) continue
    const before = shares.get(step.payer)
    const illustrative = step.illustrative || before?.illustrative
    shares.set(step.payer, {
      fund: step.payer,
      amount: add(before?.amount ?? zero, step.paid),
      ...(illustrative ? { illustrative: true as const } : {}),
    })
  }
  return [...shares.values()]
}

/** Adds the later part of a bill that was split at the end of a benefit year. */
export function join(a: Split, b: Split): Split {
  const both = (pick: (s: Split) => Fen): Fen => add(pick(a), pick(b))
  const funds = new Map<string, Share>()
  for (const s of [...a.shares, ...b.shares]) {
    const before = funds.get(s.fund)
    funds.set(s.fund, before ? { ...before, ...s, amount: add(before.amount, s.amount) } : s)
  }
  const draws = new Map<string, AccountDraw>()
  for (const d of [...a.draws, ...b.draws])
    draws.set(d.owner, {
      owner: d.owner,
      amount: add(draws.get(d.owner)?.amount ?? zero, d.amount),
    })
  return {
    total: both((s) => s.total),
    selfPaid: both((s) => s.selfPaid),
    overLimit: both((s) => s.overLimit),
    firstSelfPay: both((s) => s.firstSelfPay),
    inScope: both((s) => s.inScope),
    deductible: both((s) => s.deductible),
    crossRegionFirstPay: both((s) => s.crossRegionFirstPay),
    shares: [...funds.values()],
    fundTotal: both((s) => s.fundTotal),
    personTotal: both((s) => s.personTotal),
    account: both((s) => s.account),
    familyAccount: both((s) => s.familyAccount),
    cash: both((s) => s.cash),
    hospitalShare: both((s) => s.hospitalShare),
    employerShare: both((s) => s.employerShare),
    accountBalance: b.accountBalance,
    draws: [...draws.values()],
    counters: joinCounters([...a.counters, ...b.counters]),
    crossRegion:
      a.crossRegion && b.crossRegion
        ? { ...a.crossRegion, firstPay: add(a.crossRegion.firstPay, b.crossRegion.firstPay) }
        : (a.crossRegion ?? b.crossRegion),
    trace: [...a.trace, ...b.trace],
    rules: [...a.rules, ...b.rules.filter((r) => a.rules.every((x) => x.id !== r.id))],
  }
}

function joinCounters(deltas: readonly CounterDelta[]): CounterDelta[] {
  const joined = new Map<string, CounterDelta>()
  for (const { year, key, delta } of deltas) {
    const before = joined.get(`${year} ${key}`)?.delta ?? 0n
    joined.set(`${year} ${key}`, { year, key, delta: before + delta })
  }
  return [...joined.values()].filter(({ delta }) => delta !== 0n)
}

/** The counters as they stand once a claim's changes are made; a sum that comes to nothing is dropped. */
export function applyDeltas(counters: Counters, deltas: readonly CounterDelta[]): Counters {
  const years = new Map([...counters].map(([year, sums]) => [year, new Map(sums)]))
  for (const { year, key, delta } of deltas) {
    const sums = years.get(year) ?? new Map<string, bigint>()
    const value = (sums.get(key) ?? 0n) + delta
    if (value === 0n) sums.delete(key)
    else sums.set(key, value)
    years.set(year, sums)
  }
  return years
}
