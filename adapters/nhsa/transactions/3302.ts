import { isRefusal } from '../../../engine/refusal.ts'
import { may, maybeMany, must } from '../field.ts'
import { institutionOwner } from '../files.ts'
import { code, text } from '../kinds.ts'
import { mappingSubject, withdraw } from '../mapping.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

const table = {
  fixmedins_code: may(text(30), '定点医药机构编号'),
  fixmedins_hilist_id: must(text(30), '定点医药机构目录编号'),
  list_type: must(code('list_type', 30), '目录类别'),
  med_list_codg: must(text(50), '医疗目录编码'),
} as const

/** Takes back what an institution's own codes mean (目录对照撤销). */
export const withdrawMappings = transaction({
  infno: '3302',
  name: { zh: '目录对照撤销', en: 'take mappings back' },
  // The document names the node catalogcompin; some clients send data.
  input: { catalogcompin: maybeMany(table), data: maybeMany(table) },
  output: {},
  writes: true,
  async handle({ catalogcompin, data }, { key, institution: { code: own }, submit, world }) {
    const rows = catalogcompin ?? data ?? []
    if (rows.length === 0) return { refused: '缺少节点 catalogcompin' }
    if (rows.some(({ fixmedins_code }) => (fixmedins_code ?? own) !== own))
      return { refused: '定点医药机构编号须为本机构的编号' }
    const mappings = rows.map((row) => ({
      listType: row.list_type,
      ownCode: row.fixmedins_hilist_id,
      item: row.med_list_codg,
    }))
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: own,
      owner: institutionOwner(own),
      subjects: mappings.map(({ listType, ownCode }) => mappingSubject(own, listType, ownCode)),
      enter: (found) => {
        const entries = withdraw(own, mappings, found)
        return isRefusal(entries) ? entries : { entries }
      },
    })
    return tell(outcome, 'entered', world, () => ({ output: {} }))
  },
})
