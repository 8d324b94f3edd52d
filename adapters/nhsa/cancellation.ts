import { must, one } from './field.ts'
import { text } from './kinds.ts'
import { asJson, cancelinfoOf, cancelResultOf, keptCancelResult } from './setlinfo.ts'
import { cancelTable } from './setlinfoTable.ts'
import { tell } from './tell.ts'
import { type Call, type Told, transaction } from './transaction.ts'

const data = one({
  setl_id: must(text(30), '结算ID'),
  mdtrt_id: must(text(30), '就诊ID'),
  psn_no: must(text(30), '人员编号'),
})

const output = { setlinfo: one(cancelTable) }

/**
 * Cancels a settlement that is known (结算撤销): 2208 and 2305 take the same three ids and answer negated amounts, each of
 * its own kind of visit.
 */
export const cancellation = (
  infno: string,
  name: { zh: string; en: string },
  of: 'outpatient' | 'inpatient',
) =>
  transaction({
    infno,
    name,
    input: { data },
    output,
    writes: true,
    handle: (input, call) => cancelBy(input.data, of, call),
  })

async function cancelBy(
  { setl_id, mdtrt_id, psn_no }: { setl_id: string; mdtrt_id: string; psn_no: string },
  of: 'outpatient' | 'inpatient',
  call: Call,
): Promise<Told<typeof output>> {
  const { key, institution, settings, submit, world } = call
  // An ask to cancel is not told what its person is called.
  const name = (await world.people.byId(psn_no))?.name ?? ''
  const outcome = await submit({
    kind: 'cancel',
    key,
    settlement: setl_id,
    institution: institution.code,
    person: psn_no,
    visit: mdtrt_id,
    of,
    result: (_found, row) => asJson(cancelResultOf(name, row.content, call)),
  })
  return tell(outcome, 'undone', world, ({ row, affected, result }) => {
    const { content, settlement: id, postedAt } = row
    const kept = keptCancelResult(result)
    return {
      output: { setlinfo: cancelinfoOf(content, kept, { id, postedAt }, settings) },
      warnings: affectedWarnings(affected),
    }
  })
}

/** Later settlements that counted what is cancelled: the desk decides whether to settle them again. */
export const affectedWarnings = (affected: readonly string[]): string[] =>
  affected.length > 0 ? [`以下结算按本次撤销前的累计计算：${affected.join('、')}`] : []
