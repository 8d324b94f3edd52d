import { type Collection, settlementOf } from '../../engine/collection.ts'
import { subtract, sum, toYuan, zero } from '../../engine/money.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Row } from '../../engine/ports.ts'
import { isEffective } from '../../engine/undo.ts'
import type { CollectionAnswer, CollectionList } from './collectionSchema.ts'
import { isService, writeService } from './cardAnswer.ts'
import { isCase, tellCase } from './caseAnswer.ts'
import { writeInstant } from './instant.ts'
import type { CollectionQueries } from './needs.ts'
import { type Told, tell } from './outcome.ts'

export const writeCollection = (settlement: string, one: Collection): CollectionAnswer => ({
  settlement,
  state: one.state === 'asked' ? 'unknown' : one.state,
  amount: toYuan(one.amount),
  reference: one.reference,
  ...(one.reason !== undefined && { reason: one.reason }),
  askedAt: writeInstant(one.askedAt),
  at: writeInstant(one.at),
})

export function writeCollections(head: Row, collections: readonly Collection[]): CollectionList {
  const { cash, employerShare } = head.content
  const due = isEffective(head) ? subtract(cash, employerShare) : zero
  const held = collections.filter(({ state }) => state === 'collected' || state === 'returning')
  const collected = sum(held.map(({ amount }) => amount))
  return {
    settlement: head.settlement,
    cash: toYuan(subtract(cash, employerShare)),
    collected: toYuan(collected),
    atWindow: toYuan(due > collected ? subtract(due, collected) : zero),
    items: collections.map((one) => writeCollection(head.settlement, one)),
  }
}

/** What was answered under a key; of a collection, how it stands now. */
export async function tellByKey(
  outcome: Outcome,
  collections: CollectionQueries | undefined,
): Promise<Told> {
  if ('result' in outcome && isCase(outcome.result)) return tellCase(outcome)
  if (outcome.kind !== 'entered') return tell(outcome)
  const { result, replayed } = outcome
  if (isService(result)) return { status: 201, body: writeService(result), replayed }
  if (!collections) return tell(outcome)
  const settlement = settlementOf({ name: outcome.subject })
  const { reference } = outcome.result as { readonly reference?: string }
  const found = await collections.find(settlement)
  const one = found?.collections.find((each) => each.reference === reference)
  if (!one) return tell(outcome)
  return { status: 201, body: writeCollection(settlement, one), replayed: outcome.replayed }
}
