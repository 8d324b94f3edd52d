import type { Division } from './claim.ts'
import {
  amountsOf,
  type Clearable,
  type ClearingCategory,
  institutionOwner,
  payableStage,
  type PayableStage,
  postingOf,
  totalsOf,
} from './clearing.ts'
import { closedEntry, type NextRun, refuseNext, runTold } from './clearingRun.ts'
import type { Subject } from './dossier.ts'
import type { Entered, Found } from './ports.ts'
import { type Refusal, isRefusal } from './refusal.ts'
import { noStages, stageEntry } from './runStages.ts'

/**
 * The runs of what an institution applies for together (清算类别), one after the other. Provinces divide a category further,
 * and each part is applied for by itself: so it is the part that a chain is of.
 */
export const institutionChain = (institution: string, part: string): Subject => ({
  owner: institutionOwner(institution),
  name: `clearing-institution ${part}`,
})

/** A month of an institution that its agency accepts for review (受理), with the rows that are in it. */
export interface InstitutionWindow extends NextRun {
  readonly region: Division
  readonly institution: string
  readonly category: ClearingCategory
  readonly run: string
  readonly rows: readonly Clearable[]
  readonly operator: string
}

/** Accepts an application: every row of the institution until the last day, once; what is owed for them is in review. */
export function acceptRun(found: Found, asked: InstitutionWindow): Entered | Refusal {
  const refusal = refuseNext(found, asked)
  if (isRefusal(refusal)) return refusal
  const { region, institution, category, run: id, rows, operator, window, chain } = asked
  const { owner } = chain
  const { due } = amountsOf(rows)
  const run = {
    id,
    owner,
    kind: 'institution',
    chain: chain.name,
    sequence: asked.seen + 1,
    window: window.name,
    until: window.until,
    region,
    institution,
    category,
    closedAt: found.now,
    rows: rows.length,
    due,
    totals: totalsOf(rows),
  } as const
  const stages = { ...noStages, review: due }
  const accepted = stageEntry({ id, institution }, 'accepted', stages, { by: operator })
  const about = { id, owner, subject: accepted.subject.name, kind: 'stage' }
  return {
    entries: [closedEntry(asked, id), accepted],
    result: runTold(run),
    clearing: {
      ...postingOf(about, [stageFlow(institution, 'settled', 'review', due)]),
      run,
      rows,
    },
  }
}

/** What is owed to an institution goes from one stage to the next. */
export const stageFlow = (
  institution: string,
  from: PayableStage,
  to: PayableStage,
  amount: bigint,
) =>
  ({
    kind: 'stage',
    owner: institutionOwner(institution),
    debit: payableStage(institution, from),
    credit: payableStage(institution, to),
    amount,
  }) as const
