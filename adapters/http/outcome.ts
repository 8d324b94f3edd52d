import type { Json } from '../../engine/dossier.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Preview } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { complain, explain, type Problem } from './problem.ts'
import type { CollectionAnswer } from './collectionSchema.ts'
import { writeMovement } from './movement.ts'
import type { MovementAnswer } from './movementSchema.ts'
import { writeCancellation, writePreview, writeReversal, writeSettlement } from './settlement.ts'
import type {
  CancellationAnswer,
  PreviewAnswer,
  ReversalAnswer,
  SettlementAnswer,
} from './settlementSchema.ts'

/** What an outcome becomes outside: the same for one claim, for a line of a batch, and for a question by key. */
export type Told =
  | {
      readonly status: 200 | 201
      readonly body:
        | SettlementAnswer
        | CancellationAnswer
        | ReversalAnswer
        | PreviewAnswer
        | MovementAnswer
        | CollectionAnswer
        | object
      readonly replayed: boolean
    }
  | { readonly status: number; readonly problem: Problem; readonly replayed: boolean }

const tellProblem = (problem: Problem, replayed = false): Told => ({
  status: problem.status,
  problem,
  replayed,
})

export function tell(outcome: Outcome): Told {
  switch (outcome.kind) {
    case 'settled':
      return {
        status: 201,
        body: { ...writeSettlement(outcome.row), ...quickOf(outcome.result) },
        replayed: outcome.replayed,
      }
    case 'undone':
      return {
        status: 201,
        body: writeCancellation(outcome.row, outcome.affected),
        replayed: outcome.replayed,
      }
    case 'reversed':
      return { status: 201, body: writeReversal(outcome.row), replayed: outcome.replayed }
    case 'moved':
      return { status: 201, body: writeMovement(outcome.movement), replayed: outcome.replayed }
    case 'entered':
      // Whoever asks to enter something tells it in their own way; here it is a key that was used for something else.
      return tellProblem(complain('idempotency-key-reused', { field: 'input' }), outcome.replayed)
    case 'refused':
      return tellProblem(explain(outcome.refusal), outcome.replayed)
    case 'differs':
      return tellProblem(complain('idempotency-key-reused', { field: outcome.field }))
    case 'inProgress':
      return tellProblem(complain('in-progress'))
    case 'busy':
      return tellProblem(complain('busy'))
    case 'unknown':
      return tellProblem(complain('outcome-unknown'))
    case 'bug':
      return tellProblem(complain('internal-error', { reference: outcome.reference }))
  }
}

/**
 * What a till is told of a quick payment beside its settlement. It is kept with the answer in another order of members, and a
 * repeat has the same bytes.
 */
function quickOf(result: Json | undefined): Pick<SettlementAnswer, 'quick'> {
  const { quick } = (result ?? {}) as Pick<SettlementAnswer, 'quick'>
  if (!quick) return {}
  const { amount, payments } = quick.remainingToday
  return { quick: { remainingToday: { amount, payments }, pin: quick.pin } }
}

export const tellPreview = (preview: Preview): Told =>
  preview.kind === 'preview'
    ? { status: 200, body: writePreview(preview.settlement), replayed: false }
    : tellProblem(explain(preview.refusal))

/** A settlement of somebody else is told exactly like none at all: its existence is not the asker's to know. */
export function tellCancellation(settlement: string, outcome: Outcome): Told {
  const hidden =
    outcome.kind === 'refused' && outcome.refusal.code === 'settlement-of-another-institution'
  return tell(
    hidden ? { ...outcome, refusal: refuse('settlement-unknown', { settlement }) } : outcome,
  )
}
