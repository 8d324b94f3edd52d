import type { World } from './decide.ts'
import { caseEntry, caseResult, type DeskCase, enteredEntry } from './deskCase.ts'
import type { Division } from './claim.ts'
import type { Subject } from './dossier.ts'
import { keep, reread } from './keptJson.ts'
import { type Fen, least, subtract, toYuan, zero } from './money.ts'
import type { Entered, Found, Row } from './ports.ts'
import { claimRecovery, recoveredOf } from './recovered.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import { actOn, type CaseAsked, deskPolicyOf, lastReview } from './reimbursement.ts'
import type { Share } from './settlement.ts'
import { isEffective } from './undo.ts'

/** Why money is recovered (追回原因). */
export const recoveryReasons = [
  'overpaid', // 多支付
  'not-entitled', // 不符合待遇条件
  'double-claim', // 重复报销
  'third-party', // 第三人责任
  'institution-violation', // 定点机构违规
  'employer-liable', // 用人单位责任
  'deceased', // 死亡后冒领
  'resettled', // 补充结算差额
  'other', // 其他
] as const
export type RecoveryReason = (typeof recoveryReasons)[number]

/** Whom it is recovered from (追回对象). */
export const debtorKinds = ['person', 'institution', 'employer'] as const

/** A recovery as its form is kept. */
export interface RecoveryForm {
  readonly settlement: string
  readonly debtor: { readonly kind: (typeof debtorKinds)[number]; readonly employer?: string }
  readonly amount: Fen
  readonly reason: RecoveryReason
  readonly note?: string | undefined
  /** Set once entered: who that is in the ledger, under which scheme, and which funds get it back. */
  readonly party?: string
  readonly scheme?: string
  readonly funds?: readonly { readonly fund: string; readonly amount: Fen }[]
}

export const recoveryFormOf = ({ form }: Pick<DeskCase, 'form'>): RecoveryForm =>
  reread(form) as RecoveryForm

/** The parts of an amount that fall to funds in their order, after a part of them that others have. */
export function partsOf(
  shares: readonly Pick<Share, 'fund' | 'amount'>[],
  before: Fen,
  amount: Fen,
): { fund: string; amount: Fen }[] {
  let skip = before
  let open = amount
  const parts: { fund: string; amount: Fen }[] = []
  for (const { fund, amount: own } of shares) {
    const skipped = least(skip, own)
    const part = least(open, subtract(own, skipped))
    skip = subtract(skip, skipped)
    open = subtract(open, part)
    if (part > zero) parts.push({ fund, amount: part })
  }
  return parts
}

/** The settlement that money is recovered of, or that is settled anew: in force, and whole in the books of the region that asks. */
export function headFor(
  head: Row | undefined,
  region: Division,
  settlement: string,
): Row | Refusal {
  if (!head || head.content.homeRegion !== region)
    return refuse('settlement-unknown', { settlement })
  // The other half of it is in books of another region, whose part this is not.
  if (head.content.side) return refuse('resettlement-not-possible', { because: 'other-region' })
  return isEffective(head) ? head : refuse('already-undone', { settlement, by: head.id })
}

/** What somebody enters of a recovery, and the case that it begins. */
export interface RecoveryEntered {
  readonly subject: Subject
  readonly id: string
  readonly region: Division
  readonly by: string
  readonly form: RecoveryForm
}

/** Enters that money is to be recovered (追回录入): no more of a settlement than its funds paid. */
export function enterRecovery(
  found: Found,
  { subject, id, region, by, form }: RecoveryEntered,
  world: World,
): Entered | Refusal {
  const { settlement, amount } = form
  if (!world.regions.serves(region))
    return refuse('institution-unknown', { institution: `agency:${region}` })
  const head = headFor(found.head, region, settlement)
  if (isRefusal(head)) return head
  const { shares, fundTotal, scheme, person } = head.content
  const before = recoveredOf(found.dossiers, person, settlement)
  const left = subtract(fundTotal, before)
  if (amount <= zero || amount > left)
    return refuse('recovery-too-large', { settlement, left: toYuan(left) })
  const funds = partsOf(shares, before, amount)
  const whole = { ...form, party: partyOf(form, head), scheme, funds }
  const { approvalAbove } = deskPolicyOf(world, region)
  const approval = amount > approvalAbove
  return {
    entries: [
      enteredEntry(subject, { by, form: keep(whole), amount, approval }),
      claimRecovery(person, { settlement, case: id, amount }),
    ],
    result: caseResult({ id, kind: 'recovery' }, 'entered', { approval }),
  }
}

function partyOf({ debtor }: RecoveryForm, { content }: Row): string {
  if (debtor.kind === 'person') return `person:${content.person}`
  return debtor.kind === 'institution'
    ? `institution:${content.institution}`
    : `employer:${debtor.employer ?? ''}`
}

/** The last review of a recovery opens it: it is a receivable from now on. */
export function openRecovery(found: Found, asked: CaseAsked, movement: string): Entered | Refusal {
  const last = lastReview(found, { ...asked, suspects: [] })
  if (isRefusal(last)) return last
  const { of, entry } = last
  const { settlement } = recoveryFormOf(of)
  const head = headFor(found.head, asked.region, settlement)
  if (isRefusal(head)) return head
  const amount = toYuan(of.amount)
  return {
    entries: [entry, caseEntry(of.subject, 'opened', { amount, movement })],
    result: caseResult(of, 'open', { left: amount, movement }),
  }
}

/** What is taken off a recovery, and how. */
export interface TakenOff extends CaseAsked {
  readonly amount: Fen
  readonly movement: string
}

function takeOff(found: Found, asked: CaseAsked, amount: Fen): DeskCase | Refusal {
  const of = actOn(found, asked)
  if (isRefusal(of)) return of
  // What somebody is about to write off is not there to be paid meanwhile.
  const left = subtract(of.left, of.writeOff?.amount ?? zero)
  if (amount <= zero || amount > left)
    return refuse('recovery-too-large', { settlement: of.id, left: toYuan(left) })
  return of
}

const leftOf = (of: DeskCase, amount: Fen) => {
  const left = subtract(of.left, amount)
  return caseResult(of, left === zero ? 'closed' : 'open', { left: toYuan(left) })
}

/** An instalment, or all of it, came back (追回到账). */
export function enterRepayment(
  found: Found,
  asked: TakenOff & { readonly reference: string },
): Entered | Refusal {
  const { by, amount, movement, reference, subject } = asked
  const of = takeOff(found, asked, amount)
  if (isRefusal(of)) return of
  const body = { by, amount: toYuan(amount), movement, reference }
  return { entries: [caseEntry(subject, 'repaid', body)], result: leftOf(of, amount) }
}

/** A part is kept back of what a person is to get by another case (抵扣), where the region allows that. */
export function enterSetOff(
  found: Found,
  asked: TakenOff & { readonly against: Subject },
  world: World,
): Entered | Refusal {
  const { by, amount, movement, subject, against, region } = asked
  if (!deskPolicyOf(world, region).setOff) return refuse('set-off-not-allowed', { region })
  const of = takeOff(found, asked, amount)
  if (isRefusal(of)) return of
  const paying = actOn(found, { act: 'payment', by: '', region, subject: against })
  if (isRefusal(paying)) return paying
  const rest = subtract(paying.due, paying.paid)
  const { party = '' } = recoveryFormOf(of)
  // Nobody pays for another: it is owed by the very person who is to get it.
  if (party !== `person:${against.owner}`) return refuse('set-off-not-allowed', { region })
  if (amount > rest) return refuse('recovery-too-large', { settlement: of.id, left: toYuan(rest) })
  const yuan = toYuan(amount)
  return {
    entries: [
      caseEntry(subject, 'setOff', { by, amount: yuan, movement, against: paying.id }),
      caseEntry(against, 'keptBack', { amount: yuan, recovery: of.id }),
    ],
    result: leftOf(of, amount),
  }
}

/** Somebody asks for a part to be written off (核销申请); another one approves. */
export function askWriteOff(
  found: Found,
  asked: CaseAsked & { readonly amount: Fen; readonly reason: string },
): Entered | Refusal {
  const { by, amount, reason, subject } = asked
  const of = takeOff(found, asked, amount)
  if (isRefusal(of)) return of
  if (of.writeOff)
    return refuse('case-state-forbids', { case: of.id, caseState: of.state, act: asked.act })
  const body = { by, amount: toYuan(amount), reason }
  return {
    entries: [caseEntry(subject, 'writeOffAsked', body)],
    result: caseResult(of, 'open', { writeOff: toYuan(amount) }),
  }
}

/** It is written off: the funds bear it. `amount` is what was read of the case before, and must be so still. */
export function enterWriteOff(found: Found, asked: TakenOff): Entered | Refusal {
  const { by, amount, movement, subject } = asked
  const of = actOn(found, asked)
  if (isRefusal(of)) return of
  if (of.writeOff?.amount !== amount)
    return refuse('case-state-forbids', { case: of.id, caseState: of.state, act: asked.act })
  const body = { by, amount: toYuan(amount), movement }
  return { entries: [caseEntry(subject, 'writtenOff', body)], result: leftOf(of, amount) }
}

export function refuseWriteOff(found: Found, asked: CaseAsked): Entered | Refusal {
  const of = actOn(found, asked)
  if (isRefusal(of)) return of
  return {
    entries: [caseEntry(asked.subject, 'writeOffRefused', { by: asked.by })],
    result: caseResult(of, 'open', { left: toYuan(of.left) }),
  }
}

/** Which funds bear a part that is written off: those behind what came back already. */
export function fundsWrittenOff(of: DeskCase): { fund: string; amount: Fen }[] {
  const { funds = [] } = recoveryFormOf(of)
  const amount = of.writeOff?.amount ?? zero
  return partsOf(funds, subtract(of.amount, of.left), amount)
}

/** A receivable that a resettlement leaves: reviewed with it, and open at once. */
export function recoveryOf(
  subject: Subject,
  hands: readonly string[],
  form: RecoveryForm,
): ReturnType<typeof caseEntry>[] {
  const [by = '', ...others] = hands
  const amount = toYuan(form.amount)
  return [
    enteredEntry(subject, {
      by,
      form: keep(form),
      amount: form.amount,
      approval: others.length > 1,
    }),
    ...others.map((other, i) =>
      caseEntry(subject, i === 0 ? 'reviewed' : 'approved', { by: other }),
    ),
    caseEntry(subject, 'opened', { amount }),
  ]
}
