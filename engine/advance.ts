import { type Asking, refuseApproval, waitingIn } from './approval.ts'
import type { Division } from './claim.ts'
import {
  clearingAccounts,
  type Flow,
  institutionOwner,
  payableStage,
  postingOf,
} from './clearing.ts'
import { type Entry, type Kept, keptOf, type Subject } from './dossier.ts'
import type { Entered, Found } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What an institution was paid before it was due (周转金, 预付金拨付): later payments pay it back first. */
export interface Advance {
  readonly balance: bigint
  readonly waiting?: Asking | undefined
}

export const advanceSubject = (institution: string): Subject => ({
  owner: institutionOwner(institution),
  name: 'clearing-advance',
})

export function advanceIn(kept: readonly Kept[]): Advance {
  const last = kept.findLast(({ kind }) => kind !== 'asked')
  const { balance } = (last?.body ?? { balance: '0' }) as { readonly balance: string }
  return { balance: BigInt(balance), waiting: waitingIn(kept) }
}

/** An advance for an institution, by its region's agency. */
export interface AdvanceAsked {
  readonly institution: string
  readonly region: Division
  readonly operator: string
  readonly amount: bigint
  readonly posting: string
}

export function askAdvance(
  found: Found,
  { institution, operator: by, amount }: AdvanceAsked,
): Entered | Refusal {
  const subject = advanceSubject(institution)
  if (advanceIn(keptOf(found.dossiers, subject)).waiting) return refuse('approval-pending')
  const body = { by, amount: String(amount) }
  return { entries: [{ subject, kind: 'asked', body }], result: { institution, ...body } }
}

/** The money leaves the bank once somebody else approves. */
export function approveAdvance(
  found: Found,
  { institution, region, operator, posting: id }: Omit<AdvanceAsked, 'amount'>,
): Entered | Refusal {
  const subject = advanceSubject(institution)
  const before = advanceIn(keptOf(found.dossiers, subject))
  const refusal = refuseApproval(before.waiting, operator)
  if (refusal) return refusal
  const amount = BigInt(before.waiting?.amount ?? '0')
  const body = advanceTold(operator, amount, before.balance + amount)
  const { owner } = subject
  const flow: Flow = {
    kind: 'advance',
    owner,
    debit: clearingAccounts.advance(institution),
    credit: clearingAccounts.bank(region),
    amount,
  }
  return {
    entries: [{ subject, kind: 'paid', body }],
    result: { institution, ...body },
    clearing: postingOf({ id, owner, subject: subject.name, kind: 'advance' }, [flow]),
  }
}

/** What a payment pays back of an advance, or, below nothing, what the institution owes from now on. */
export function drawAdvance(
  { institution }: { readonly institution: string },
  { balance }: Advance,
  amount: bigint,
  by: string,
): { readonly entry: Entry; readonly flow: Flow } {
  const subject = advanceSubject(institution)
  return {
    entry: { subject, kind: 'drawn', body: advanceTold(by, amount, balance - amount) },
    flow: {
      kind: 'advance',
      owner: subject.owner,
      debit: payableStage(institution, 'approved'),
      credit: clearingAccounts.advance(institution),
      amount,
    },
  }
}

const advanceTold = (by: string, amount: bigint, balance: bigint) => ({
  by,
  amount: String(amount),
  balance: String(balance),
})
