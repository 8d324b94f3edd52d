import type { Kept } from './dossier.ts'
import { type Refusal, refuse } from './refusal.ts'

/** Money leaves when two people want it (双人复核): whoever asks, and somebody else who approves. */
export interface Asking {
  readonly by: string
  readonly amount: string
}

/**
 * What is asked for and waits for its approval. Only a payment answers an asking: what is drawn or received meanwhile
 * leaves it waiting.
 */
export function waitingIn(kept: readonly Kept[]): Asking | undefined {
  const last = kept.findLast(({ kind }) => kind === 'asked' || kind === 'paid')
  return last?.kind === 'asked' ? (last.body as unknown as Asking) : undefined
}

/** How two spellings of one name compare: whoever writes it wide or in capitals is no second person. */
export const hand = (by: string): string => by.normalize('NFKC').replaceAll(/\s/g, '').toLowerCase()

/** Refuses an approval where nothing waits, or by the very person who asked. */
export function refuseApproval(waiting: Asking | undefined, operator: string): Refusal | undefined {
  if (!waiting) return refuse('nothing-to-approve')
  return hand(waiting.by) === hand(operator)
    ? refuse('second-person-needed', { operator })
    : undefined
}
