import type { Division } from '../../engine/claim.ts'
import { type CaseAct, type CaseKind, caseSubject, type DeskCase } from '../../engine/deskCase.ts'
import type { Subject } from '../../engine/dossier.ts'
import { type Invoice, invoiceSubject } from '../../engine/invoice.ts'
import type { Fen } from '../../engine/money.ts'
import { zero } from '../../engine/money.ts'
import { agencyOf, type Movement, type MovementKind } from '../../engine/movement.ts'
import { unlisted } from '../../engine/paperBill.ts'
import { orderPayment } from '../../engine/payout.ts'
import type { Ask, EnterAsk, Key } from '../../engine/ports.ts'
import { recoveredSubject } from '../../engine/recovered.ts'
import { openRecovery, recoveryFormOf } from '../../engine/recovery.ts'
import {
  type CaseAsked,
  claimOfCase,
  endCase,
  enterSettled,
  type PaperForm,
  paperFormOf,
  reviewCase,
} from '../../engine/reimbursement.ts'
import { enterResettled, formOfCase, resettlementFormOf } from '../../engine/resettlementCase.ts'
import type { AgencyDesk } from './agencyNeeds.ts'
import type { Desk } from './needs.ts'
import { keyOf } from './settlements.ts'

/** A step of a case that was found, as somebody asks for it under a key. */
export interface StepAsked {
  readonly of: DeskCase
  readonly act: CaseAct
  readonly by: string
  readonly region: Division
  readonly key: Key
  readonly checked?: boolean | undefined
}

export const stepKey = (
  desk: Desk,
  key: string,
  region: Division,
  input: Readonly<Record<string, unknown>>,
): Key => keyOf(desk, agencyOf(region), key, input)

export const askedOf = ({ of, act, by, region }: StepAsked): CaseAsked => ({
  subject: of.subject,
  act,
  by,
  region,
})

export const enterAsk = (
  { of, key, region }: Pick<StepAsked, 'of' | 'key' | 'region'>,
  enter: EnterAsk['enter'],
  subjects: readonly Subject[] = [],
): EnterAsk => ({
  kind: 'enter',
  key,
  institution: agencyOf(region),
  owner: of.subject.owner,
  subjects: [of.subject, ...subjects],
  enter,
})

/** Who reviews a case: the last review settles it, in the transaction that says so. */
export async function askReview(agency: AgencyDesk, step: StepAsked): Promise<Ask> {
  const { of, act, checked } = step
  const suspects = await suspectsOf(agency, of)
  const asked = { ...askedOf(step), suspects, checked }
  if (act === 'review' && of.approval) return enterAsk(step, (found) => reviewCase(found, asked))
  const common = { key: step.key, institution: agencyOf(step.region) }
  const person = of.subject.owner
  switch (of.kind) {
    case 'reimbursement':
      return {
        kind: 'bill',
        ...common,
        person,
        subjects: [of.subject],
        claim: (found) => claimOfCase(found, asked),
        enter: (found, billed) => enterSettled(found, billed, asked),
      }
    case 'resettlement':
      return {
        kind: 'resettle',
        ...common,
        region: step.region,
        person,
        settlement: resettlementFormOf(of).settlement,
        // A recovery of what the person owes has the number of the case that found it.
        subjects: [of.subject, caseSubject(person, 'recovery', of.id)],
        form: (found) => formOfCase(found, asked),
        enter: (found, done) => enterResettled(found, done, asked),
      }
    case 'recovery':
      return moveAsk(agency, step, 'recovery', {
        amount: of.amount,
        funds: recoveryFormOf(of).funds ?? [],
        settlement: recoveryFormOf(of).settlement,
        reference: of.id,
        enter: (found, movement) => openRecovery(found, askedOf(step), movement),
      })
  }
}

/** Settlements that look like the same paper bill: known by day and total, whoever wrote them. */
async function suspectsOf(agency: AgencyDesk, of: DeskCase): Promise<readonly string[]> {
  if (of.kind !== 'reimbursement') return []
  const { claim } = paperFormOf(of)
  return suspectsFor(agency, of.subject.owner, claim)
}

export async function suspectsFor(
  agency: AgencyDesk,
  person: string,
  { day, total, institution }: PaperForm['claim'],
): Promise<readonly string[]> {
  const known = institution === unlisted ? undefined : institution
  return agency.sameTotals({ person, day, total, institution: known })
}

interface Moving {
  readonly amount: Fen
  readonly reference: string
  readonly funds?: Movement['funds']
  readonly settlement?: string | undefined
  readonly subjects?: readonly Subject[]
  readonly enter: NonNullable<Extract<Ask, { kind: 'move' }>['within']>['enter']
}

/** A step of a recovery that moves money: booked with what is entered of it, or not at all. */
export function moveAsk(
  agency: AgencyDesk,
  { of, key, region }: StepAsked,
  kind: MovementKind,
  moving: Moving,
): Ask {
  const { amount, reference, funds = [], settlement, subjects = [], enter } = moving
  const { party, scheme } = recoveryFormOf(of)
  const day = agency.world().today
  const ofFunds = kind === 'recovery' || kind === 'writeOff'
  return {
    kind: 'move',
    key,
    institution: agencyOf(region),
    movement: {
      kind,
      person: of.subject.owner,
      region,
      ...(ofFunds && { scheme: scheme as Movement['scheme'] }),
      month: day.slice(0, 7),
      day,
      reference,
      total: amount,
      paid: [],
      funds,
      account: zero,
      settlement,
      party,
    },
    within: { subjects: [of.subject, ...subjects], enter },
  }
}

/** A case is refused or withdrawn; what it held on to is read with it. */
export const askEnd = (step: StepAsked, reason: string): Ask =>
  enterAsk(step, (found) => endCase(found, askedOf(step), reason), heldBy(step.of))

function heldBy(of: DeskCase): Subject[] {
  if (of.kind === 'reimbursement') return paperFormOf(of).invoices.map(invoiceSubject)
  if (of.kind !== 'recovery') return []
  return [recoveredSubject(of.subject.owner, recoveryFormOf(of).settlement)]
}

export const askPayment = (step: StepAsked, reference: string): Ask =>
  enterAsk(step, (found) => orderPayment(found, askedOf(step), reference))

/** The ask that begins a case. */
export interface Beginning {
  readonly kind: CaseKind
  readonly owner: string
  readonly id: string
  readonly key: Key
  readonly region: Division
  readonly settlement?: string | undefined
  readonly invoices?: readonly Invoice[] | undefined
  readonly enter: EnterAsk['enter']
}

export const beginAsk = (begin: Beginning): EnterAsk => {
  const { kind, owner, id, key, region, settlement, invoices = [], enter } = begin
  const heard = settlement === undefined ? [] : [recoveredSubject(owner, settlement)]
  return {
    kind: 'enter',
    key,
    institution: agencyOf(region),
    owner,
    settlement,
    subjects: [caseSubject(owner, kind, id), ...invoices.map(invoiceSubject), ...heard],
    enter,
  }
}
