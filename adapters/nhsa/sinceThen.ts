import type { Outcome } from '../../engine/outcome.ts'
import { readVisit } from '../../engine/visit.ts'
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

/** The same of a visit that was registered (2201, 2401) and taken back since. */
export async function visitSinceThen(
  { subject, replayed }: Extract<Outcome, { kind: 'entered' }>,
  owner: string,
  { world }: Call,
): Promise<string[]> {
  if (!replayed) return []
  const visit = { owner, name: subject }
  const now = readVisit(visit, await world.dossiers.read(visit))
  if (!now?.cancelled) return []
  const [what, undone] = now.kind === 'inpatient' ? ['入院登记', '撤销或冲正'] : ['挂号', '撤销']
  return [`本应答为第一次的结果；该${what}其后已${undone}，现已无效，需要时请用新的msgid重新办理`]
}
