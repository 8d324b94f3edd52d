import { refuseApproval } from './approval.ts'
import type { Division } from './claim.ts'
import {
  clearingAccounts,
  type Flow,
  institutionOwner,
  payableStage,
  postingOf,
} from './clearing.ts'
import type { ClearingPolicy } from './clearingPolicy.ts'
import { type Entry, keptOf } from './dossier.ts'
import { stageFlow } from './institutionRun.ts'
import { type Fen, share, toYuan } from './money.ts'
import type { Entered, Found } from './ports.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import {
  progressOf,
  type RunProgress,
  type RunStep,
  runSteps,
  runSubject,
  stageEntry,
  type Stages,
  stagesTold,
} from './runStages.ts'
import { advanceIn, advanceSubject, drawAdvance } from './advance.ts'

/** Why something is deducted (扣款类型): by review or by inspection. What is retained and what pays an advance back has steps of its own. */
export const deductionKinds = ['review', 'inspection'] as const
export type DeductionKind = (typeof deductionKinds)[number]

/** A step that somebody at the agency does to a run. */
export interface StepAsked {
  readonly run: {
    readonly id: string
    readonly institution: string
    readonly region: Division
    readonly kind: 'institution' | 'final'
  }
  readonly step: RunStep
  readonly operator: string
  /** What is deducted or retained, or by how much case payment gives more; below nothing where it gives less. */
  readonly amount?: bigint | undefined
  readonly of?: DeductionKind | undefined
  readonly reason?: string | undefined
  readonly posting: string
}

/** What a step comes to. */
interface Done {
  readonly stages: Stages
  readonly amount?: bigint | undefined
  readonly flows?: readonly Flow[]
  readonly entries?: readonly Entry[]
}

/** Does one step of the table to a run, where it stands so that it may be done. */
export function stepRun(
  found: Found,
  asked: StepAsked,
  policy: Pick<ClearingPolicy, 'retained'>,
): Entered | Refusal {
  const { run, step, operator: by, of, reason } = asked
  const progress = progressOf(keptOf(found.dossiers, runSubject(run)))
  if (!progress) return refuse('clearing-run-unknown', { run: run.id })
  const { state } = progress
  if (state !== runSteps[step].from)
    return refuse('clearing-state-forbids', { run: run.id, state, step })
  const done = does[step]({ found, asked, progress, policy })
  if (isRefusal(done)) return done
  const { stages, amount, flows = [], entries = [] } = done
  const told = amount === undefined ? {} : { amount: String(amount) }
  const entry = stageEntry(run, step, stages, { by, of, reason, ...told })
  const owner = institutionOwner(run.institution)
  const about = { id: asked.posting, owner, subject: entry.subject.name, kind: 'stage' }
  return {
    entries: [entry, ...entries],
    result: { run: run.id, state: runSteps[step].to, stages: stagesTold(stages), ...told },
    clearing: postingOf(about, flows),
  }
}

interface Doing {
  readonly found: Found
  readonly asked: StepAsked
  readonly progress: RunProgress
  readonly policy: Pick<ClearingPolicy, 'retained'>
}

const stay = ({ progress: { stages } }: Doing): Done => ({ stages })

const does: Readonly<Record<RunStep, (doing: Doing) => Done | Refusal>> = {
  review: stay,
  deduction: deduct,
  difference: settleDifference,
  'review-end': endReview,
  approval: approve,
  'payment-request': stay,
  payment: pay,
}

/** No more is taken than there is; of what the institution owes nothing can be. */
function refuseTooMuch(amount: bigint, most: bigint): Refusal | undefined {
  const left = most > 0n ? most : 0n
  return amount > left
    ? refuse('clearing-amount-too-large', { amount: toYuan(amount), most: toYuan(left) })
    : undefined
}

/** What a year’s final run deducts is so for good at once: no later run is about it. */
function deduct({ asked: { run, amount = 0n }, progress: { stages } }: Doing): Done | Refusal {
  const { review, deducted } = stages
  const { institution, region } = run
  return (
    refuseTooMuch(amount, review) ?? {
      amount,
      stages: { ...stages, review: review - amount, deducted: deducted + amount },
      flows: [
        run.kind === 'final'
          ? {
              ...stageFlow(institution, 'review', 'deducted', amount),
              credit: clearingAccounts.deductions(region),
            }
          : stageFlow(institution, 'review', 'deducted', amount),
      ],
    }
  )
}

/** Case payment gives the institution more, or less, than was settled for its patients; they pay neither. */
function settleDifference({ asked: { run, amount = 0n }, progress: { stages } }: Doing): Done {
  return {
    amount,
    stages: {
      ...stages,
      review: stages.review + amount,
      difference: stages.difference + amount,
    },
    flows: [
      {
        kind: 'stage',
        owner: institutionOwner(run.institution),
        debit: clearingAccounts.caseDifference(run.region),
        credit: payableStage(run.institution, 'review'),
        amount,
      },
    ],
  }
}

/**
 * Ends the review: a part is retained, by the region's rate unless somebody says how much. Of a year's final run nothing
 * is: no later one would give it back.
 */
function endReview({ asked, progress: { stages }, policy }: Doing): Done | Refusal {
  const { review } = stages
  const { run } = asked
  const most = run.kind !== 'final' && review > 0n ? review : 0n
  const { amount = share(most as Fen, policy.retained, 'halfUp') } = asked
  return (
    refuseTooMuch(amount, most) ?? {
      amount,
      stages: { ...stages, review: review - amount, retained: stages.retained + amount },
      flows: [stageFlow(run.institution, 'review', 'retained', amount)],
    }
  )
}

/** Whoever ended the review does not approve it as well. */
function approve({ asked: { run, operator }, progress }: Doing): Done | Refusal {
  const { stages } = progress
  const { review } = stages
  return (
    refuseSame(progress, 'review-end', operator) ?? {
      amount: review,
      stages: { ...stages, review: 0n, approved: review },
      flows: [stageFlow(run.institution, 'review', 'approved', review)],
    }
  )
}

const refuseSame = (
  { steps }: RunProgress,
  before: RunStep,
  operator: string,
): Refusal | undefined => {
  const asked = steps.findLast(({ step }) => step === before)
  return refuseApproval(asked && { by: asked.by, amount: '0' }, operator)
}

/**
 * Pays what is approved: an advance is paid back with it first, and what an institution owes becomes one. The rest leaves
 * the bank; so much is paid.
 */
function pay({ found, asked, progress }: Doing): Done | Refusal {
  const { run, operator, posting } = asked
  const { stages } = progress
  const { approved } = stages
  const refusal = refuseSame(progress, 'payment-request', operator)
  if (refusal) return refusal
  const advance = advanceIn(keptOf(found.dossiers, advanceSubject(run.institution)))
  const drawn = approved < advance.balance ? approved : advance.balance
  const paid = approved - drawn
  const kept = drawn === 0n ? undefined : drawAdvance(run, advance, drawn, posting)
  return {
    amount: paid,
    stages: { ...stages, approved: 0n, drawn, paid },
    entries: kept ? [kept.entry] : [],
    flows: [
      ...(kept ? [kept.flow] : []),
      stageFlow(run.institution, 'approved', 'paid', paid),
      {
        kind: 'stage',
        owner: institutionOwner(run.institution),
        debit: payableStage(run.institution, 'paid'),
        credit: clearingAccounts.bank(run.region),
        amount: paid,
      },
    ],
  }
}
