import { caseEntry, caseResult, type DeskCase, keptCase } from './deskCase.ts'
import type { Subject } from './dossier.ts'
import { toYuan, subtract } from './money.ts'
import type { Entered, Found } from './ports.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import { actOn, type CaseAsked } from './reimbursement.ts'

/** Why a bank pays nothing (银行退回原因). */
export const returnReasons = ['account-closed', 'name-differs', 'account-missing', 'other'] as const
export type ReturnReason = (typeof returnReasons)[number]

/** The bank is asked what became of a payment after 5 s, and then with the pauses of a collection. */
const firstLook_ms = 5_000

/**
 * Orders that the person gets what is due to them, on the bank account of their card (代发). It is recorded before the bank is
 * told; under its reference the bank pays once.
 */
export function orderPayment(found: Found, asked: CaseAsked, reference: string): Entered | Refusal {
  const of = actOn(found, asked)
  if (isRefusal(of)) return of
  if (found.facts.identity?.bankAccount === undefined) return refuse('bank-account-missing')
  const amount = toYuan(subtract(of.due, of.paid))
  const body = { by: asked.by, reference, amount }
  return {
    entries: [caseEntry(of.subject, 'ordered', body, found.now + firstLook_ms)],
    result: caseResult(of, 'ordered', { reference, amount }),
  }
}

/** The case whose payment is under way under this very reference; what was overtaken is not. */
function underWay(
  { dossiers }: Pick<Found, 'dossiers'>,
  subject: Subject,
  reference: string,
): DeskCase | undefined {
  const of = keptCase(dossiers, subject)
  return of?.state === 'ordered' && of.order?.reference === reference ? of : undefined
}

/** The bank has paid: entered in the transaction of the movement that books it. */
export function enterPaid(
  found: Pick<Found, 'dossiers'>,
  subject: Subject,
  { reference, movement }: { readonly reference: string; readonly movement: string },
): Entered | Refusal {
  const of = underWay(found, subject, reference)
  if (!of) return refuse('case-unknown')
  return { entries: [caseEntry(subject, 'paid', { reference, movement }, 'never')] }
}

/** The bank gave it back (退汇): it may be ordered again once the account is put right. */
export function enterReturned(
  found: Pick<Found, 'dossiers'>,
  subject: Subject,
  { reference, reason }: { readonly reference: string; readonly reason: string },
): Entered {
  const of = underWay(found, subject, reference)
  return {
    entries: of ? [caseEntry(subject, 'returned', { reference, reason }, 'never')] : [],
  }
}
