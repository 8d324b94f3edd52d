import type { Division } from './claim.ts'
import { clearingAccounts, institutionOwner, payableStage, postingOf } from './clearing.ts'
import { closedEntry, type NextRun, refuseNext, runTold } from './clearingRun.ts'
import { keptOf, MoreNeeded, type Subject, subjectKey } from './dossier.ts'
import { stageFlow } from './institutionRun.ts'
import type { Entered, Found } from './ports.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import { noStages, progressOf, type RunProgress, runSubject, stageEntry } from './runStages.ts'

export const finalChain = (institution: string): Subject => ({
  owner: institutionOwner(institution),
  name: 'clearing-final',
})

/** An institution's year that is closed (年终清算). */
export interface FinalAsked extends NextRun {
  readonly region: Division
  readonly institution: string
  readonly run: string
  /** Its runs until the last day of the year that are in no year yet: also what came too late for the year before. */
  readonly runs: readonly string[]
  readonly operator: string
}

/**
 * Closes the year of an institution once all of its runs are paid: what was retained comes back into review, to be assessed,
 * settled with the difference of case payment and paid like any run; what was deducted is so for good.
 */
export function closeYear(found: Found, asked: FinalAsked): Entered | Refusal {
  const refusal = refuseNext(found, asked)
  if (isRefusal(refusal)) return refusal
  const { region, institution, run: id, operator, window, chain } = asked
  const runs = runsOfYear(found, asked)
  const open = runs.filter(({ progress }) => progress.state !== 'paid').map((one) => one.id)
  if (open.length > 0 || runs.length === 0) return refuse('runs-open', { runs: open })
  const [retained, deducted] = (['retained', 'deducted'] as const).map((stage) =>
    runs.reduce((all, { progress }) => all + progress.stages[stage], 0n),
  ) as [bigint, bigint]
  const { owner } = chain
  const run = {
    id,
    owner,
    kind: 'final',
    chain: chain.name,
    sequence: asked.seen + 1,
    window: window.name,
    until: window.until,
    region,
    institution,
    closedAt: found.now,
    rows: runs.length,
    due: retained,
    totals: [],
  } as const
  const stages = { ...noStages, review: retained }
  const accepted = stageEntry({ id, institution }, 'accepted', stages, { by: operator })
  const about = { id, owner, subject: accepted.subject.name, kind: 'stage' }
  const taken = runs.map(({ id: taken, progress: { stages: its } }) => {
    return { owner, run: taken, by: id, due: its.retained, drawn: 0n, available: 0n }
  })
  const flows = [
    stageFlow(institution, 'retained', 'review', retained),
    {
      ...stageFlow(institution, 'deducted', 'deducted', deducted),
      debit: payableStage(institution, 'deducted'),
      credit: clearingAccounts.deductions(region),
    },
  ]
  return {
    entries: [closedEntry(asked, id), accepted],
    result: runTold(run),
    clearing: { ...postingOf(about, flows), run, taken },
  }
}

/** Every run of the year; where what is kept of one was not read yet, it is. */
function runsOfYear(
  { dossiers }: Found,
  { institution, runs }: FinalAsked,
): { readonly id: string; readonly progress: RunProgress }[] {
  const subjects = runs.map((id) => ({ id, subject: runSubject({ id, institution }) }))
  const missing = subjects.filter(({ subject }) => !dossiers.has(subjectKey(subject)))
  if (missing.length > 0) throw new MoreNeeded(missing.map(({ subject }) => subject))
  return subjects.map(({ id, subject }) => ({
    id,
    progress: progressOf(keptOf(dossiers, subject)) as RunProgress,
  }))
}
