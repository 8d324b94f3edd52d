import type { CareKind, Claim } from './claim.ts'
import { covers, type Instant, type Span } from './day.ts'
import { type Refusal, refuse } from './refusal.ts'

/** A settlement in force of the very same bill: the same person, institution, day, items and amounts (疑似重复, decision 20). */
export interface SameBill {
  readonly settlement: string
  readonly at: Instant
  /** The terminal it was settled at, where one was told. */
  readonly terminal?: string | undefined
}

/**
 * What a region has decided of a bill that is the same as one before (重复结算), over a span of days of treatment. Of several rules
 * the first that fits decides; what none fits is suspect: settled, warned of and listed, since two injections a day are lawful.
 */
export interface DuplicateRule extends Span {
  readonly action: 'refuse' | 'suspect'
  /** Only of these kinds of care; absent means of each. */
  readonly care?: readonly CareKind[] | undefined
  /** Only where both were settled at one terminal, which both told. */
  readonly sameTerminal: boolean
  /** Only where no more than so long lies between them. */
  readonly within_seconds?: number | undefined
  readonly source: string
}

/** The terminal at which a claim is settled (终端): that of its tap, or what its sender tells (设备编号, dev_no). */
export const terminalOf = ({ quick, terminal }: Pick<Claim, 'quick' | 'terminal'>) =>
  quick ? quick.terminal.id : terminal

type Repeated = Pick<Claim, 'care' | 'day' | 'quick' | 'terminal' | 'paper' | 'away'>

/**
 * Is this bill sent again by mistake? The window is asked: a home region only hears of what was settled there, and what was
 * sold offline or entered at the desk is no slip of a finger.
 */
export function refuseDuplicate(
  claim: Repeated,
  before: readonly SameBill[],
  { rules, now }: { readonly rules: readonly DuplicateRule[]; readonly now: Instant },
): Refusal | undefined {
  if (before.length === 0 || claim.away || claim.paper || claim.quick?.offline) return undefined
  const terminal = terminalOf(claim)
  const ofDay = rules.filter(
    (rule) => covers(rule, claim.day) && (rule.care?.includes(claim.care) ?? true),
  )
  const fits = (rule: DuplicateRule, bill: SameBill): boolean =>
    (!rule.sameTerminal || (terminal !== undefined && bill.terminal === terminal)) &&
    (rule.within_seconds === undefined || Math.abs(now - bill.at) <= rule.within_seconds * 1000)
  const repeated = before.find(
    (bill) => ofDay.find((rule) => fits(rule, bill))?.action === 'refuse',
  )
  return repeated && refuse('bill-already-settled', { settlement: repeated.settlement })
}
