import type { Division } from './claim.ts'
import { clearingAccounts, type Flow, postingOf, regionOwner } from './clearing.ts'
import {
  type ClearingRun,
  closedEntry,
  type NextRun,
  type NumberedOrder,
  refuseOvertaken,
  runTold,
  type TakenRun,
} from './clearingRun.ts'
import { type Entry, keptOf, type Subject } from './dossier.ts'
import { type Claimed, claimsOf, type PairRun } from './nettingClaims.ts'
import { netBilaterally, netMultilaterally, type Obligation, type PaymentOrder } from './netting.ts'
import type { Entered, Found } from './ports.ts'
import {
  drawPrepaid,
  type Prepaid,
  prepaidIn,
  type PrepaidSide,
  prepaidSubject,
} from './prepaid.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'

/** The nettings of one centre (清算中心), one after the other. */
export const nettingChain = (centre: Division): Subject => ({
  owner: regionOwner(centre),
  name: 'clearing-nettings',
})

/** What is netted: every closed window until a day that is in no netting yet. */
export interface NettingAsked extends NextRun {
  readonly id: string
  readonly centre: Division
  readonly runs: readonly PairRun[]
  readonly serves: (region: Division) => boolean
}

/** The sides of prepaid funds that a netting draws on. */
export const prepaidsOf = (runs: readonly PairRun[]): PrepaidSide[] => [
  ...new Map(
    runs.map((run) => {
      const { region, partner } = run
      const of: PrepaidSide = { region, side: run.side === 'home' ? 'laid' : 'held', partner }
      return [`${region} ${of.side} ${partner}`, of]
    }),
  ).values(),
]

/** What a netting comes to, before it has a row. */
interface Netted {
  readonly entries: Entry[]
  readonly flows: Flow[]
  readonly taken: TakenRun[]
  readonly obligations: Obligation[]
}

/**
 * Nets what is closed (轧差): first the prepaid fund pays of each window what it can, then all regions that are kept here
 * are netted at once, and a region that is kept elsewhere with each of ours by itself. What is left is ordered to be paid.
 */
export function net(found: Found, asked: NettingAsked): Entered | Refusal {
  const refusal = refuseOvertaken(found, asked)
  if (isRefusal(refusal)) return refusal
  const { claims, waiting } = claimsOf(asked.runs, asked.serves)
  if (claims.length === 0) return refuse('nothing-to-net', { until: asked.window.until })
  const netted = netClaims(found, asked, claims)
  const orders = ordersOf(netted.obligations, asked)
  const { id, chain, window, centre } = asked
  const { owner } = chain
  const run: ClearingRun = {
    id,
    owner,
    kind: 'netting',
    chain: chain.name,
    sequence: asked.seen + 1,
    window: window.name,
    until: window.until,
    region: centre,
    closedAt: found.now,
    rows: netted.taken.length,
    due: claims.reduce((all, { due }) => all + due, 0n),
    totals: [],
  }
  const about = { id, owner, subject: chain.name, kind: 'netting' }
  return {
    entries: [closedEntry(asked, id), ...netted.entries],
    result: { ...runTold(run), waiting, orders: orders.length },
    clearing: { ...postingOf(about, netted.flows), run, taken: netted.taken, orders },
  }
}

/** Every claim in turn: of two windows the earlier draws on the prepaid fund first. */
function netClaims(found: Found, { id }: NettingAsked, claims: readonly Claimed[]): Netted {
  const netted: Netted = { entries: [], flows: [], taken: [], obligations: [] }
  const funds = new Map<string, Prepaid>()
  for (const { home, care, due, runs } of claims) {
    const sides = prepaidsOf(runs).map((of) => ({ of, name: subjectName(of) }))
    for (const { of, name } of sides)
      if (!funds.has(name)) funds.set(name, prepaidIn(keptOf(found.dossiers, prepaidSubject(of))))
    const balances = sides.map(({ name }) => (funds.get(name) as Prepaid).balance)
    const available = balances.reduce((least, each) => (each < least ? each : least))
    const drawn = due < available ? due : available
    for (const { of, name } of drawn > 0n ? sides : []) {
      const before = funds.get(name) as Prepaid
      const { entry, flows } = drawPrepaid(of, before, drawn, id)
      netted.entries.push(entry)
      netted.flows.push(...flows)
      funds.set(name, { ...before, balance: before.balance - drawn })
    }
    const amount = drawn > 0n ? due - drawn : due
    for (const side of Map.groupBy(runs, (run) => run.side).values())
      for (const { run, ...taken } of dividedOf(side, drawn > 0n ? drawn : 0n, available)) {
        netted.flows.push(toNet(run, taken.due - taken.drawn))
        netted.taken.push({ owner: run.owner, run: run.id, by: id, ...taken })
      }
    netted.obligations.push({ debtor: home, creditor: care, amount })
  }
  return netted
}

/**
 * How much of each run of a side a prepaid fund pays. Of several that are claimed together, the earlier first, until what is
 * drawn for all of them is used up.
 */
function dividedOf(runs: readonly PairRun[], drawn: bigint, available: bigint) {
  let left = runs.length === 1 ? available : drawn
  return runs.map((run) => {
    const { due } = run
    const there = left
    const part = due <= 0n ? 0n : due < there ? due : there
    left -= part
    return { run, due, drawn: part, available: there }
  })
}

const subjectName = (of: PrepaidSide): string => `${of.region} ${prepaidSubject(of).name}`

/** What is left of a partner goes to what is left of all. */
function toNet({ region, side, partner, owner }: PairRun, amount: bigint): Flow {
  const between = clearingAccounts.between(region, partner)
  const all = clearingAccounts.net(region)
  const [debit, credit] = side === 'home' ? [between, all] : [all, between]
  return { kind: 'netting', owner, debit, credit, amount }
}

function ordersOf(
  obligations: readonly Obligation[],
  { serves, id: netting }: NettingAsked,
): NumberedOrder[] {
  const among = ({ debtor, creditor }: Obligation): boolean => serves(debtor) && serves(creditor)
  const orders: PaymentOrder[] = [
    ...netMultilaterally(obligations.filter(among)),
    ...netBilaterally(obligations.filter((each) => !among(each))),
  ]
  return orders.map((order, i) => ({ ...order, id: `${netting}-${i + 1}`, netting }))
}
