import { type Asking, refuseApproval, waitingIn } from './approval.ts'
import type { Division } from './claim.ts'
import { clearingAccounts, type Flow, postingOf, regionOwner } from './clearing.ts'
import type { ClearingPolicy } from './clearingPolicy.ts'
import { type Entry, type Json, type Kept, keptOf, type Subject } from './dossier.ts'
import type { Entered, Found } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'

/**
 * A prepaid fund (预付金): what the home region has laid with the care region before it is due. Each keeps its own side:
 * `laid` is the home region's, `held` the care region's.
 */
export interface PrepaidSide {
  readonly region: Division
  readonly side: 'laid' | 'held'
  readonly partner: Division
}

export const prepaidPrefix = 'prepaid '

export const prepaidSubject = ({ region, side, partner }: PrepaidSide): Subject => ({
  owner: regionOwner(region),
  name: `${prepaidPrefix}${side} ${partner}`,
})

/** Where one side of a prepaid fund stands. */
export interface Prepaid {
  readonly balance: bigint
  /** 预付金额度: what it is to hold; how much of it is used is what warnings go by. */
  readonly size: bigint
  readonly waiting?: (Asking & { readonly size?: string | undefined }) | undefined
}

export function prepaidIn(kept: readonly Kept[]): Prepaid {
  const held = kept.findLast(({ kind }) => kind !== 'asked')
  const body = held?.body as { readonly balance: string; readonly size: string } | undefined
  return {
    balance: BigInt(body?.balance ?? '0'),
    size: BigInt(body?.size ?? '0'),
    waiting: waitingIn(kept),
  }
}

/** How much of a prepaid fund is used up (预警): whoever sees yellow or red adds to it. */
export type PrepaidLevel = 'normal' | 'yellow' | 'red'

export function levelOf(
  { balance, size }: Pick<Prepaid, 'balance' | 'size'>,
  { yellow, red }: Pick<ClearingPolicy, 'yellow' | 'red'>,
): PrepaidLevel {
  const used = size - balance
  const reaches = (level: ClearingPolicy['red']): boolean =>
    used > 0n && used * level.denominator >= size * level.numerator
  return reaches(red) ? 'red' : reaches(yellow) ? 'yellow' : 'normal'
}

/** An amount for a prepaid fund, and what it is to hold from now on. */
export interface PrepaidAsked {
  readonly of: PrepaidSide
  readonly operator: string
  readonly amount: bigint
  readonly size?: bigint | undefined
  readonly posting: string
}

/** Asks that money be laid; nothing leaves before somebody else approves. */
export function askPrepaid(found: Found, asked: PrepaidAsked): Entered | Refusal {
  const { of, operator: by, amount, size } = asked
  const subject = prepaidSubject(of)
  if (prepaidIn(keptOf(found.dossiers, subject)).waiting) return refuse('approval-pending')
  const body = { by, amount: String(amount), ...(size !== undefined && { size: String(size) }) }
  return { entries: [{ subject, kind: 'asked', body }], result: body }
}

/** Lays it: the money leaves the home region's bank, and is its own until it is drawn. */
export function approvePrepaid(
  found: Found,
  { of, operator, posting }: Omit<PrepaidAsked, 'amount'>,
): Entered | Refusal {
  const before = prepaidIn(keptOf(found.dossiers, prepaidSubject(of)))
  const refusal = refuseApproval(before.waiting, operator)
  const { amount = '0', size } = before.waiting ?? {}
  if (refusal) return refusal
  const { region, partner } = of
  const flow = {
    debit: clearingAccounts.prepaidTo(region, partner),
    credit: clearingAccounts.bank(region),
  }
  const asked = { of, operator, posting, amount: BigInt(amount), size: size && BigInt(size) }
  return add(before, asked as PrepaidAsked, { kind: 'paid', ...flow })
}

/** The care region has received it; until it is drawn it is held apart and pays nothing else. */
export function receivePrepaid(found: Found, asked: PrepaidAsked): Entered | Refusal {
  const { of } = asked
  const before = prepaidIn(keptOf(found.dossiers, prepaidSubject(of)))
  const flow = {
    debit: clearingAccounts.bankHeld(of.region),
    credit: clearingAccounts.prepaidFrom(of.region, of.partner),
  }
  return add(before, asked, { kind: 'received', ...flow })
}

function add(
  before: Prepaid,
  { of, operator: by, amount, size, posting: id }: PrepaidAsked,
  { kind, debit, credit }: { kind: string } & Pick<Flow, 'debit' | 'credit'>,
): Entered {
  const subject = prepaidSubject(of)
  const { owner } = subject
  const balance = before.balance + amount
  const larger = balance > before.size ? balance : before.size
  const body = prepaidTold({ balance, size: size ?? larger }, { by, amount })
  const about = { id, owner, subject: subject.name, kind: 'prepaid' }
  return {
    entries: [{ subject, kind, body }],
    result: body,
    clearing: postingOf(about, [{ kind: 'prepaid', owner, debit, credit, amount }]),
  }
}

const prepaidTold = (
  { balance, size }: Pick<Prepaid, 'balance' | 'size'>,
  { by, amount }: { readonly by: string; readonly amount: bigint },
): { readonly [name: string]: Json } => ({
  by,
  amount: String(amount),
  balance: String(balance),
  size: String(size),
})

/** What is drawn from one side of a prepaid fund: its entry, and its flows. What was held becomes money that may be used. */
export function drawPrepaid(
  of: PrepaidSide,
  before: Prepaid,
  amount: bigint,
  by: string,
): { readonly entry: Entry; readonly flows: readonly Flow[] } {
  const { region, side, partner } = of
  const subject = prepaidSubject(of)
  const { owner } = subject
  const between = clearingAccounts.between(region, partner)
  const body = prepaidTold({ ...before, balance: before.balance - amount }, { by, amount })
  const flow = { kind: 'prepaid', owner, amount } as const
  return {
    entry: { subject, kind: 'drawn', body },
    flows:
      side === 'laid'
        ? [{ ...flow, debit: between, credit: clearingAccounts.prepaidTo(region, partner) }]
        : [
            { ...flow, debit: clearingAccounts.prepaidFrom(region, partner), credit: between },
            {
              ...flow,
              debit: clearingAccounts.bank(region),
              credit: clearingAccounts.bankHeld(region),
            },
          ],
  }
}
