import { refuseApproval, waitingIn } from './approval.ts'
import { clearingAccounts, type Flow, postingOf, regionOwner } from './clearing.ts'
import type { NumberedOrder } from './clearingRun.ts'
import { type Kept, keptOf, type Subject } from './dossier.ts'
import type { Entered, Found } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'

export const orderPrefix = 'clearing-order '

/** What became of a payment order, as the one who pays or the one who gets it keeps it. */
export const orderSubject = (
  { id, debtor, creditor }: Pick<NumberedOrder, 'id' | 'debtor' | 'creditor'>,
  side: 'debtor' | 'creditor',
): Subject => ({
  owner: regionOwner(side === 'debtor' ? debtor : creditor),
  name: `${orderPrefix}${id}`,
})

/** Where a payment order stands (付款状态): asked for, paid; and with its creditor, received. */
export const orderStates = ['ordered', 'asked', 'paid', 'received'] as const
export type OrderState = (typeof orderStates)[number]

export const orderState = (kept: readonly Kept[]): OrderState =>
  (kept.at(-1)?.kind as OrderState | undefined) ?? 'ordered'

/** A step of paying an order, by somebody at the agency of the one who pays or gets it. */
export interface OrderStep {
  readonly order: NumberedOrder
  readonly operator: string
  readonly posting: string
}

export function askPayment(found: Found, { order, operator: by }: OrderStep): Entered | Refusal {
  const subject = orderSubject(order, 'debtor')
  const state = orderState(keptOf(found.dossiers, subject))
  if (state !== 'ordered')
    return refuse('clearing-state-forbids', { run: order.id, state, step: 'payment-request' })
  const body = { by, amount: String(order.amount) }
  return { entries: [{ subject, kind: 'asked', body }], result: told(order, 'asked') }
}

/** The money leaves the debtor's bank. */
export function approvePayment(found: Found, step: OrderStep): Entered | Refusal {
  const { order, operator } = step
  const subject = orderSubject(order, 'debtor')
  const refusal = refuseApproval(waitingIn(keptOf(found.dossiers, subject)), operator)
  if (refusal) return refusal
  const { debtor } = order
  const [debit, credit] = [clearingAccounts.net(debtor), clearingAccounts.bank(debtor)]
  return moved(step, subject, { kind: 'paid', debit, credit })
}

/** The money has come to the creditor's bank: it is settled, and may be used. */
export function receivePayment(found: Found, step: OrderStep): Entered | Refusal {
  const { order } = step
  const subject = orderSubject(order, 'creditor')
  const state = orderState(keptOf(found.dossiers, subject))
  if (state !== 'ordered')
    return refuse('clearing-state-forbids', { run: order.id, state, step: 'receipt' })
  const { creditor } = order
  const [debit, credit] = [clearingAccounts.bank(creditor), clearingAccounts.net(creditor)]
  return moved(step, subject, { kind: 'received', debit, credit })
}

function moved(
  { order, operator: by, posting: id }: OrderStep,
  subject: Subject,
  { kind, debit, credit }: { kind: 'paid' | 'received' } & Pick<Flow, 'debit' | 'credit'>,
): Entered {
  const { owner } = subject
  const about = { id, owner, subject: subject.name, kind: 'payment' }
  const flow: Flow = { kind: 'payment', owner, debit, credit, amount: order.amount }
  return {
    entries: [{ subject, kind, body: { by, amount: String(order.amount) } }],
    result: told(order, kind),
    clearing: postingOf(about, [flow]),
  }
}

const told = ({ id, debtor, creditor, amount }: NumberedOrder, state: OrderState) => ({
  order: id,
  debtor,
  creditor,
  amount: String(amount),
  state,
})
