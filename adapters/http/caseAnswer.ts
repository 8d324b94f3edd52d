import type { DeskCase } from '../../engine/deskCase.ts'
import type { Json } from '../../engine/dossier.ts'
import { toYuan } from '../../engine/money.ts'
import type { Outcome } from '../../engine/outcome.ts'
import { recoveryFormOf } from '../../engine/recovery.ts'
import { type PaperForm, paperFormOf } from '../../engine/reimbursement.ts'
import { resettlementFormOf } from '../../engine/resettlementCase.ts'
import type { CaseDetail } from './caseSchema.ts'
import { writeInstant } from './instant.ts'
import { asKept } from './kept.ts'
import { type Told, tell } from './outcome.ts'

type Result = Readonly<Record<string, Json | undefined>>

/** Whether what was told under a key is a step of a case. */
export const isCase = (result: Json | undefined): result is Result =>
  typeof result === 'object' && result !== null && !Array.isArray(result) && 'case' in result

export function writeCaseResult(result: Result): object {
  const { case: id, ...more } = asKept(result) as Result
  return { id, ...more }
}

/** A step of a case is told by its own result, whether it settled, moved money, or only entered something. */
export function tellCase(outcome: Outcome): Told {
  const result = 'result' in outcome ? outcome.result : undefined
  if (!isCase(result) || !('replayed' in outcome)) return tell(outcome)
  return { status: 201, body: writeCaseResult(result), replayed: outcome.replayed }
}

/** A case as it stands; whom it is about is not told who worked on it. */
export function writeCase(of: DeskCase, forPerson: boolean): CaseDetail {
  const { id, kind, state, region, subject, amount, approval, settlement, due, paid, left } = of
  return {
    id,
    kind,
    state,
    region,
    person: subject.owner,
    total: toYuan(amount),
    approval,
    ...(settlement !== undefined && { settlement }),
    due: toYuan(due),
    paid: toYuan(paid),
    left: toYuan(left),
    form: formFor(of),
    steps: of.steps.map(({ kind: step, at, by, facts }) => ({
      kind: step,
      at: writeInstant(at),
      ...(by !== undefined && !forPerson && { by }),
      facts,
    })),
  }
}

function formFor(of: DeskCase): object {
  switch (of.kind) {
    case 'reimbursement':
      return writePaper(paperFormOf(of))
    case 'resettlement': {
      const { settlement, cause, note, about, useAccount } = resettlementFormOf(of)
      return { settlement, cause, note, ...about, useAccount }
    }
    case 'recovery': {
      const { settlement, debtor, reason, note, party, funds = [] } = recoveryFormOf(of)
      const parts = funds.map(({ fund, amount }) => ({ fund, amount: toYuan(amount) }))
      return { settlement, debtor, reason, note, party, funds: parts }
    }
  }
}

function writePaper({ claim, invoices, note }: PaperForm): object {
  const { paper, lines, total, day, care, scheme, stay, disease, emergency, useAccount } = claim
  const { code, name, level, type, division } = paper.institution
  return {
    reason: paper.reason,
    note,
    institution: { code, name, level, type, division, province: paper.province },
    invoices,
    day,
    care,
    scheme,
    stay,
    disease,
    emergency,
    useAccount,
    total: toYuan(total),
    lines: lines.map(({ id, item, amount, classification }) => ({
      id,
      item,
      amount: toYuan(amount),
      ...(classification && { class: classification.class, source: classification.source }),
    })),
  }
}
