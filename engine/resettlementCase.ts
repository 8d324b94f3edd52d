import type { World } from './decide.ts'
import { caseEntry, caseResult, caseSubject, type DeskCase, enteredEntry } from './deskCase.ts'
import type { Entry, Subject } from './dossier.ts'
import { keep, reread } from './keptJson.ts'
import { toYuan, zero } from './money.ts'
import type { Entered, Found } from './ports.ts'
import { partsOf, recoveryOf } from './recovery.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import {
  type CaseAsked,
  deskPolicyOf,
  expectedOf,
  lastReview,
  type Suspects,
} from './reimbursement.ts'
import { resettle, type Resettled, type ResettlementForm } from './resettlement.ts'
import type { Settlement } from './settlement.ts'

export const resettlementFormOf = ({ form }: Pick<DeskCase, 'form'>): ResettlementForm =>
  reread(form) as ResettlementForm

/** What somebody enters of a resettlement, and the case that it begins. */
export interface ResettlementEntered {
  readonly subject: Subject
  readonly id: string
  readonly region: string
  readonly by: string
  readonly form: ResettlementForm
  readonly dayOf: (at: number) => Settlement['day']
}

/** Enters that a settlement is to be settled anew, with what it is expected to come to; nothing is changed yet. */
export function enterResettlement(
  found: Found,
  { subject, id, region, by, form, dayOf: dayAt }: ResettlementEntered,
  world: World,
): Entered | Refusal {
  if (!world.regions.serves(region))
    return refuse('institution-unknown', { institution: `agency:${region}` })
  const { head, facts, dossiers } = found
  const { balances, counters } = facts
  const undo = { head, transfers: [], later: [], balances, counters }
  const postedOn = dayAt(head?.postedAt ?? found.now)
  const expected = resettle(form, { facts, undo, dossiers, region, postedOn }, world)
  if (isRefusal(expected)) return expected
  const { settlement, overrides, due, owed } = expected
  const { approvalAbove } = deskPolicyOf(world, region)
  const approval = settlement.total > approvalAbove
  const entry = enteredEntry(subject, { by, form: keep(form), amount: settlement.total, approval })
  const result = caseResult({ id, kind: 'resettlement' }, 'entered', {
    approval,
    overrides,
    due: toYuan(due),
    owed: toYuan(owed),
    expected: expectedOf(settlement),
  })
  return { entries: [entry], result }
}

/** The form of a resettlement that is reviewed for the last time. */
export function formOfCase(
  found: Found,
  asked: CaseAsked & Suspects,
): { readonly form: ResettlementForm; readonly case: string } | Refusal {
  const last = lastReview(found, asked)
  return isRefusal(last) ? last : { form: resettlementFormOf(last.of), case: last.of.id }
}

/** Enters that it is settled anew: what is to be paid, or a recovery of what the person owes. */
export function enterResettled(
  found: Found,
  done: Resettled & { readonly id: string; readonly row: string },
  asked: CaseAsked & Suspects,
): Entered | Refusal {
  const last = lastReview(found, asked)
  if (isRefusal(last)) return last
  const { of, entry } = last
  const { overrides, due, before, id, row } = done
  const { affected } = done.undone
  const body = { settlement: id, due: toYuan(due), undone: row, affected, overrides }
  const replaced = before
    .filter(({ state }) => state !== 'superseded')
    .map(({ subject }) => caseEntry(subject, 'superseded', { case: of.id }, 'never'))
  const state = due > zero ? 'settled' : 'closed'
  return {
    entries: [
      entry,
      caseEntry(of.subject, 'settled', body),
      ...replaced,
      ...owing(of, done, asked.by),
    ],
    result: caseResult(of, state, { ...body, owed: toYuan(done.owed) }),
  }
}

/** What a person owes is a recovery of its own, known by the same number; the fund that paid before bears it if nobody pays. */
function owing(
  of: DeskCase,
  { owed, undone, settlement, id }: Resettled & { readonly id: string },
  by: string,
): readonly Entry[] {
  if (owed === zero) return []
  const { person } = settlement
  const { scheme, shares } = undone.content
  const [first = 'pool'] = shares.map(({ fund }) => fund)
  const funds = partsOf([{ fund: first, amount: owed }], zero, owed)
  return recoveryOf(caseSubject(person, 'recovery', of.id), [...of.hands, by], {
    settlement: id,
    debtor: { kind: 'person' },
    amount: owed,
    reason: 'resettled',
    party: `person:${person}`,
    scheme,
    funds,
  })
}
