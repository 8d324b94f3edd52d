import type { Outcome } from '../../engine/ports.ts'
import type { Call } from './transaction.ts'

/**
 * What became of a settlement since it was told first (warn_msg). A repeat has the first output whatever happened, and
 * whoever takes that for the present would charge for what was taken back.
 */
export async function sinceThen(
  { row, replayed }: Extract<Outcome, { kind: 'settled' }>,
  { world }: Call,
): Promise<string[]> {
  if (!replayed) return []
  const last = (await world.settlements.chain(row.settlement))?.at(-1)
  if (last?.kind !== 'cancellation' && last?.kind !== 'reversal') return []
  const undone = last.kind === 'reversal' ? '冲正' : '撤销'
  return [`本应答为第一次的结果；该结算其后已${undone}，现已无效，不得据此收费`]
}
