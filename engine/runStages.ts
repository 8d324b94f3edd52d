import { institutionOwner } from './clearing.ts'
import type { Entry, Json, Kept, Subject } from './dossier.ts'

/**
 * Where the run of an institution stands (清算状态): what is applied for is no run yet, and after `paid` only the year's
 * final run touches what was retained.
 */
export const runStates = [
  'accepted', // 已受理
  'inReview', // 审核中
  'reviewed', // 审核完成
  'cleared', // 已清算
  'requested', // 已清算，待拨付
  'paid', // 已拨付
] as const
export type RunState = (typeof runStates)[number]

/** What is done to a run, and what it comes to (decision 24). The picture in docs/clearing.md is drawn from this table. */
export const runSteps = {
  review: { from: 'accepted', to: 'inReview' }, // 审核
  deduction: { from: 'inReview', to: 'inReview' }, // 审核扣款、稽核扣款
  difference: { from: 'inReview', to: 'inReview' }, // 病种结算差额
  'review-end': { from: 'inReview', to: 'reviewed' }, // 审核完成、预留金暂扣
  approval: { from: 'reviewed', to: 'cleared' }, // 复核
  'payment-request': { from: 'cleared', to: 'requested' }, // 拨付申请
  payment: { from: 'requested', to: 'paid' }, // 拨付、预付金抵扣
} as const satisfies Record<string, { readonly from: RunState; readonly to: RunState }>

/** What is done to the run of an institution. */
export type RunStep = keyof typeof runSteps
export const runStepNames = Object.keys(runSteps) as RunStep[]

/** Where the money of a run is (decision 24). What is drawn paid an advance back; a difference is of case payment. */
export interface Stages {
  readonly review: bigint
  readonly deducted: bigint
  readonly retained: bigint
  readonly approved: bigint
  readonly drawn: bigint
  readonly paid: bigint
  readonly difference: bigint
}

export const noStages: Stages = {
  review: 0n,
  deducted: 0n,
  retained: 0n,
  approved: 0n,
  drawn: 0n,
  paid: 0n,
  difference: 0n,
}

/** One thing that was done to a run, as it is told. */
export interface StepTold {
  readonly step: RunStep | 'accepted'
  readonly by: string
  readonly at: number
  readonly amount?: string | undefined
  readonly of?: string | undefined
  readonly reason?: string | undefined
}

/** What is known of a run by the entries of its subject. */
export interface RunProgress {
  readonly state: RunState
  readonly stages: Stages
  readonly steps: readonly StepTold[]
}

interface Named {
  readonly id: string
  readonly institution: string
}

export const runSubject = ({ id, institution }: Named): Subject => ({
  owner: institutionOwner(institution),
  name: `clearing-run ${id}`,
})

/** The entry of one step, which tells where the money is afterwards. */
export const stageEntry = (
  run: Named,
  kind: StepTold['step'],
  stages: Stages,
  body: { readonly [name: string]: Json | undefined },
): Entry => ({ subject: runSubject(run), kind, body: { ...body, stages: stagesTold(stages) } })

export const stagesTold = (stages: Stages): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(stages).map(([name, amount]) => [name, String(amount)]))

/** Undefined where there is no such run. */
export function progressOf(kept: readonly Kept[]): RunProgress | undefined {
  const last = kept.at(-1)
  if (!last) return undefined
  const { stages } = last.body as unknown as { readonly stages: Record<keyof Stages, string> }
  const step = last.kind as StepTold['step']
  return {
    state: step === 'accepted' ? 'accepted' : runSteps[step].to,
    stages: Object.fromEntries(
      Object.entries(stages).map(([name, amount]) => [name, BigInt(amount)]),
    ) as unknown as Stages,
    steps: kept.map(({ kind, body, at }) => {
      const { by, amount, of, reason } = body as unknown as StepTold
      return { step: kind as StepTold['step'], by, at, amount, of, reason }
    }),
  }
}
