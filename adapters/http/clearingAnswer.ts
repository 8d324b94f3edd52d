import type { ClearedAmounts } from '../../engine/clearing.ts'
import type { Dispute } from '../../engine/clearingStatement.ts'
import type { StatementRow } from '../../engine/awayClaim.ts'
import type { Json } from '../../engine/dossier.ts'
import { toYuan } from '../../engine/money.ts'
import type { RunProgress, StepTold } from '../../engine/runStages.ts'
import type {
  FoundApplication,
  FoundOrder,
  FoundPrepaid,
  FoundRun,
  RunRow,
  StoredRun,
} from './clearingNeeds.ts'
import { writeInstant } from './instant.ts'

const moneyNames = new Set([
  'due',
  'amount',
  'balance',
  'size',
  'review',
  'deducted',
  'retained',
  'approved',
  'drawn',
  'paid',
  'difference',
])

/** What a step was answered: fen become yuan, in the order in which it is kept. */
export function writeDone(result: Json): object {
  const members = Object.entries(result as { readonly [name: string]: Json })
  return Object.fromEntries(
    members
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null
          ? writeDone(value)
          : moneyNames.has(name) && typeof value === 'string'
            ? toYuan(BigInt(value))
            : value,
      ]),
  )
}

const writeAmounts = ({ total, fundTotal, account, due }: ClearedAmounts) => ({
  total: toYuan(total),
  fundTotal: toYuan(fundTotal),
  account: toYuan(account),
  due: toYuan(due),
})

export const writeRun = (run: StoredRun) => ({
  run: run.id,
  kind: run.kind,
  window: run.window,
  until: run.until,
  region: run.region,
  ...(run.side !== undefined && { side: run.side }),
  ...(run.partner !== undefined && { partner: run.partner }),
  ...(run.institution !== undefined && { institution: run.institution }),
  ...(run.category !== undefined && { category: run.category }),
  closedAt: writeInstant(run.closedAt),
  rows: run.rows,
  due: toYuan(run.due),
  ...(run.takenBy !== undefined && { takenBy: run.takenBy }),
})

export const writeFoundRun = ({ run, totals, progress }: FoundRun) => ({
  ...writeRun(run),
  totals: totals.map((total) => ({ ...total, ...writeAmounts(total) })),
  ...(progress && writeProgress(progress)),
})

const writeProgress = ({ state, stages, steps }: RunProgress) => ({
  state,
  stages: Object.fromEntries(
    Object.entries(stages).map(([name, amount]) => [name, toYuan(amount)]),
  ),
  steps: steps.map(writeStep),
})

const writeStep = ({ step, by, at, amount, of, reason }: StepTold) => ({
  step,
  by,
  at: writeInstant(at),
  ...(amount !== undefined && { amount: toYuan(BigInt(amount)) }),
  ...(of !== undefined && { of }),
  ...(reason !== undefined && { reason }),
})

export const writeRow = (row: RunRow) => ({ ...row, ...writeAmounts(row) })

export const writeDispute = ({ amounts, ...dispute }: Dispute) => ({
  ...dispute,
  amounts: amounts.map(({ of, ours, theirs, by }) => ({
    of,
    ours: toYuan(ours),
    theirs: toYuan(theirs),
    by: toYuan(by),
  })),
})

export const writeStated = (row: StatementRow) => ({ ...row, ...writeAmounts(row) })

export const writeOrder = ({
  id,
  netting,
  debtor,
  creditor,
  amount,
  payment,
  receipt,
}: FoundOrder) => ({
  order: id,
  netting,
  debtor,
  creditor,
  amount: toYuan(amount),
  ...(payment !== undefined && { payment }),
  ...(receipt !== undefined && { receipt }),
})

export const writePrepaid = ({ balance, size, waiting, ...fund }: FoundPrepaid) => ({
  ...fund,
  balance: toYuan(balance),
  size: toYuan(size),
  ...(waiting !== undefined && { waiting: toYuan(BigInt(waiting)) }),
})

export const writeApplication = ({ at, run, reason, ...rest }: FoundApplication) => ({
  ...rest,
  ...(run !== undefined && { run }),
  ...(reason !== undefined && { reason }),
  at: writeInstant(at),
})
