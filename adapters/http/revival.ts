import type { Ask, Key } from '../../engine/ports.ts'
import type { CancellationBody, ClaimBody } from './claimSchema.ts'
import type { Desk } from './needs.ts'
import { askToReverse, type Reversed } from './reversals.ts'
import { askToSettle } from './settlements.ts'

type Kept = ClaimBody | Reversed | (CancellationBody & { readonly settlement: string })

/** The ask that a request of this interface was, from what its key keeps. */
export function reviveAsk(desk: Pick<Desk, 'fingerprint' | 'evidence'>, key: Key): Ask {
  const kept = JSON.parse(key.input) as Kept
  if ('lines' in kept) return { ...askToSettle(desk, key.key, kept), key }
  if ('reverses' in kept) return askToReverse(key, kept)
  const { settlement, institution } = kept
  return { kind: 'cancel', key, settlement, institution }
}
