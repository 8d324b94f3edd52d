import { benefitYear, type Day, monthOf } from './day.ts'
import { mirror, type Transfer } from './ledger.ts'
import { add, type Fen, subtract, zero } from './money.ts'
import type { UndoPolicy } from './pack.ts'
import type { CancelAsk, Neighbour, Row, UndoFacts } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { CounterDelta, Settlement } from './settlement.ts'
import type { VisitKind } from './visit.ts'

/** Who asks to undo what, on which day, and under which rules of the home region. */
export interface UndoAsked {
  readonly institution: string
  readonly today: Day
  /** The China day on which the row to be undone was posted. */
  readonly postedOn: Day
  readonly policy: UndoPolicy
  /** The first day of the benefit year, as 01-01. */
  readonly yearStarts: string
  /** What else stands in the way of a settlement in force, such as an applied clearing (清算申请). */
  readonly blocked?: ((head: Row) => Refusal | undefined) | undefined
  /** The agency itself asks: what its desk settled is no institution's to undo. */
  readonly byAgency?: boolean | undefined
  /** The other region has undone its half: what might have stood in the way came too late. */
  readonly agreed?: boolean | undefined
}

/** The mirror of a settlement: never a change to it. */
export interface Undone {
  readonly head: Row
  readonly content: Settlement
  readonly transfers: readonly Transfer[]
  readonly counters: readonly CounterDelta[]
  readonly balances: readonly { readonly owner: string; readonly balance: Fen }[]
  /** Later settlements that were computed with this one counted; the desk decides whether to settle them again. */
  readonly affected: readonly string[]
}

/** Cancellation (撤销) of a known success: the whole settlement, by mirror rows; accounts and running sums are given back exactly. */
export function cancel(facts: UndoFacts, asked: UndoAsked): Undone | Refusal {
  const { head } = facts
  if (!head) return refuse('settlement-unknown')
  const ours = head.content.desk === undefined || asked.byAgency === true
  if (head.content.institution !== asked.institution || !ours)
    return refuse('settlement-of-another-institution', { settlement: head.settlement })
  if (!isEffective(head))
    return refuse('already-undone', { settlement: head.settlement, by: head.id })
  const affected = sameYear(head, facts.later).map((n) => n.settlement)
  const blocked = asked.agreed ? undefined : refuseNow(head, facts, asked, affected)
  return blocked ?? { ...turn(head, facts), affected }
}

const refuseNow = (
  head: Row,
  { later }: UndoFacts,
  asked: UndoAsked,
  affected: readonly string[],
): Refusal | undefined =>
  refuseBoundary(head, asked) ??
  asked.blocked?.(head) ??
  refuseLaterPart(head, later) ??
  (affected.length > 0 && asked.policy.laterSettlements === 'refuse'
    ? refuse('later-settlements', { settlements: affected })
    : undefined)

/** Whoever names another person or visit than the settlement's has the wrong settlement. */
export const isAsked = (
  { person, visit }: Settlement,
  asked: Pick<CancelAsk, 'person' | 'visit'>,
): boolean => (asked.person ?? person) === person && (asked.visit ?? visit) === visit

/** The kind of visit of a settlement whose visit was not registered. */
export function kindOf({ stay, care }: Settlement): VisitKind {
  if (stay) return 'inpatient'
  return care === 'pharmacy' ? 'pharmacy' : 'outpatient'
}

/** What a reversal comes to: new rows, the row of an earlier reversal, or nothing because nothing had happened. */
export type Reversed =
  | { readonly kind: 'turned'; readonly undone: Undone; readonly as: 'reversal' | 'restoration' }
  | { readonly kind: 'already'; readonly row: Row }

/**
 * Reversal (冲正) of a request whose outcome its asker does not know. A settlement is turned back, a cancellation is
 * turned into a settlement again; asked twice, the second finds the first. No boundary of months or years applies,
 * since what is undone is not known to have happened.
 */
export function reverse(
  facts: UndoFacts,
  asked: {
    readonly institution: string
    readonly row: string
    /** The settlements that it stood on: those of its visit that were in force when it was settled. */
    readonly after?: readonly string[] | undefined
    readonly agreed?: boolean | undefined
  },
): Reversed | Refusal {
  const { head } = facts
  if (!head) return refuse('settlement-unknown')
  if (head.content.institution !== asked.institution)
    return refuse('settlement-of-another-institution', { settlement: head.settlement })
  // A settlement stands in whatever row is the head of its chain, since it may have been cancelled and restored.
  const settled = asked.row === head.settlement
  if (settled ? head.kind === 'reversal' : isRestorationOf(asked.row, head))
    return { kind: 'already', row: head }
  if (settled ? !isEffective(head) : head.id !== asked.row)
    return refuse('already-undone', { settlement: head.settlement, by: head.id })
  const blocked = isEffective(head)
    ? refuseLaterPart(head, facts.later)
    : refuseSettledAgain(head, facts.later, asked.after)
  if (blocked && !asked.agreed) return blocked
  const short = head.content.draws.find(
    (d) => !isEffective(head) && (facts.balances.get(d.owner) ?? zero) < d.amount,
  )
  if (short) return refuse('account-short', { settlement: head.settlement })
  const affected = sameYear(head, facts.later).map((n) => n.settlement)
  return {
    kind: 'turned',
    undone: { ...turn(head, facts), affected },
    as: isEffective(head) ? 'reversal' : 'restoration',
  }
}

const isRestorationOf = (row: string, head: Row): boolean =>
  head.kind === 'restoration' && head.undoes === row

/** A row counts when it is a settlement, or one restored by reversing its cancellation. */
export const isEffective = (row: Pick<Row, 'kind'>): boolean =>
  row.kind === 'settlement' || row.kind === 'restoration'

/** Turns the head of a chain: transfers mirrored, sums negated, accounts credited or, for a restoration, debited again. */
export function turn(head: Row, facts: UndoFacts): Omit<Undone, 'affected'> {
  const { content } = head
  const sign = isEffective(head) ? 1n : -1n
  const balances = content.draws.map(({ owner, amount }) => ({
    owner,
    balance: add(facts.balances.get(owner) ?? zero, (sign * amount) as Fen),
  }))
  const own = balances.find(({ owner }) => owner === content.person)
  const counters = content.counters.map((c) => ({ ...c, delta: -c.delta }))
  return {
    head,
    content: {
      ...content,
      counters,
      accountBalance:
        content.side === 'care'
          ? balanceTold(head)
          : (own?.balance ?? facts.balances.get(content.person) ?? zero),
      warnings: [],
    },
    transfers: mirror(facts.transfers),
    counters,
    balances,
  }
}

/** The account is kept at home: here it is known as it was told last, and what this gives back to it or takes again. */
function balanceTold(head: Row): Fen {
  const { accountBalance, account, familyAccount } = head.content
  const own = subtract(account, familyAccount)
  return isEffective(head) ? add(accountBalance, own) : subtract(accountBalance, own)
}

function refuseBoundary(
  { settlement }: Row,
  { today, postedOn, policy, yearStarts }: UndoAsked,
): Refusal | undefined {
  if (benefitYear(postedOn, yearStarts) !== benefitYear(today, yearStarts) && !policy.acrossYears)
    return refuse('undo-past-boundary', { settlement, posted: postedOn, boundary: 'year' })
  if (monthOf(postedOn) !== monthOf(today) && !policy.acrossMonths)
    return refuse('undo-past-boundary', { settlement, posted: postedOn, boundary: 'month' })
  return undefined
}

/** Within a stay the last part is undone first. */
function refuseLaterPart({ content }: Row, later: readonly Neighbour[]): Refusal | undefined {
  const parts =
    content.visit === undefined || !content.stay
      ? []
      : later.filter((n) => n.visit === content.visit)
  return parts.length === 0
    ? undefined
    : refuse('later-part-of-stay', { settlements: parts.map((n) => n.settlement) })
}

/**
 * What was cancelled and settled again in its visit must not come back beside it. The settlements it stood on are none
 * of these, although they are posted later where they came back themselves.
 */
function refuseSettledAgain(
  { content: { visit } }: Row,
  later: readonly Neighbour[],
  after: readonly string[] = [],
): Refusal | undefined {
  const again = later.filter(
    (n) => visit !== undefined && n.visit === visit && !after.includes(n.settlement),
  )
  return again.length === 0
    ? undefined
    : refuse('later-settlements', { settlements: again.map((n) => n.settlement) })
}

function sameYear({ content }: Row, later: readonly Neighbour[]): Neighbour[] {
  const years = new Set(content.counters.map((c) => c.year))
  return later.filter((n) => years.has(n.year))
}
