import { type Json, keptOf, type Subject } from '../../../engine/dossier.ts'
import type { Entered, Found } from '../../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../../engine/refusal.ts'
import { visitSubject } from '../../../engine/visit.ts'
import { findVisit } from '../../../engine/visiting.ts'
import { must, one } from '../field.ts'
import { text } from '../kinds.ts'
import {
  type Flaw,
  flawsOf,
  type List,
  listNodes,
  listSubject,
  readList,
  refuseList,
} from '../settlementList.ts'
import { tell } from '../tell.ts'
import { type Call, type Refused, transaction } from '../transaction.ts'

/**
 * Uploads the settlement list of a settlement in force (医疗保障基金结算清单上传), its variant 4101A as well. There is one
 * for each settlement: uploaded again it replaces the one before, until quality control found nothing wrong with it.
 */
export const uploadList = transaction({
  infno: '4101',
  name: { zh: '医疗保障基金结算清单信息上传', en: 'upload a settlement list' },
  input: listNodes,
  output: { data: one({ setl_list_id: must(text(30), '清单流水号') }) },
  writes: true,
  async handle(list, call) {
    const { world, submit, key, institution } = call
    const found = await judge(list, call)
    if ('refused' in found) return found
    const { person, flaws } = found
    const { setl_id, mdtrt_id } = list.setlinfo
    const subject = listSubject(person, setl_id)
    const visit = visitSubject(person, mdtrt_id)
    const made = { settlement: setl_id, number: world.newId(person), flaws, call }
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: person,
      subjects: [subject, visit],
      enter: (there): Entered | Refusal => enterList(there, { subject, visit }, made),
    })
    return tell(outcome, 'entered', world, ({ result }) => ({
      output: { data: { setl_list_id: result as string } },
    }))
  },
})

async function judge(
  list: List,
  { world, institution, settings }: Call,
): Promise<{ person: string; flaws: readonly Flaw[] } | Refused> {
  const { setl_id, mdtrt_id, fixmedins_code, psn_name, certno } = list.setlinfo
  // What does not change: whether the settlement is in force is judged with the entry, so that a repeat is told the same.
  const content = (await world.settlements.chain(setl_id))?.[0]?.content
  if (content?.institution !== institution.code || content.visit !== mdtrt_id)
    return { refused: `结算${setl_id}不存在，或不属于本机构的就诊${mdtrt_id}。` }
  if (fixmedins_code !== institution.code)
    return { refused: `清单的定点医药机构编号${fixmedins_code}不是本机构。` }
  const insured = await world.people.byId(content.person)
  if (insured?.name !== psn_name || insured.citizenNumber !== certno.toUpperCase())
    return { refused: '清单的人员姓名或证件号码与结算的参保人不符。' }
  const wrong = refuseList(list, content, settings)
  if (wrong !== undefined) return { refused: wrong }
  return { person: content.person, flaws: flawsOf(list, content) }
}

interface Made {
  readonly settlement: string
  readonly number: string
  readonly flaws: readonly Flaw[]
  readonly call: Call
}

/** Kept whole as it came, beside what quality control found. */
function enterList(
  found: Found,
  at: { readonly subject: Subject; readonly visit: Subject },
  { settlement, number, flaws, call }: Made,
): Entered | Refusal {
  const visit = findVisit(found, at.visit, call.institution.code)
  if (isRefusal(visit)) return visit
  if (visit.settlements.get(settlement)?.inForce !== true)
    return refuse('already-undone', { settlement })
  const before = readList(keptOf(found.dossiers, at.subject))
  if (before?.flaws.length === 0) return refuse('entry-already-there', { entry: before.number })
  const kept = before?.number ?? number
  const body = { number: kept, flaws, list: call.envelope.input } as unknown as Json
  return { entries: [{ subject: at.subject, kind: 'uploaded', body }], result: kept }
}
