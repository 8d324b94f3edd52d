import { maybeMany, may, must, type ReadBy } from '../field.ts'
import { code, day, text } from '../kinds.ts'
import { listTypeOf } from '../catalogueItem.ts'
import { type Mapping, mappingSubject, upload } from '../mapping.ts'
import { institutionOwner } from '../files.ts'
import { isRefusal } from '../../../engine/refusal.ts'
import { tell } from '../tell.ts'
import { type Call, transaction } from '../transaction.ts'

/** What is kept of an item beside its mapping, to be told again by 1317. */
export const mappingDetails = {
  drugadm_strdcod: may(text(50), '药监本位码'),
  aprvno: may(text(100), '批准文号'),
  dosform: may(text(200), '剂型'),
  exct_cont: may(text(2000), '除外内容'),
  item_cont: may(text(2000), '项目内涵'),
  prcunt: may(text(100), '计价单位'),
  spec: may(text(200), '规格'),
  pacspec: may(text(100), '包装规格'),
  memo: may(text(500), '备注'),
} as const

const table = {
  fixmedins_hilist_id: must(text(30), '定点医药机构目录编号'),
  fixmedins_hilist_name: must(text(200), '定点医药机构目录名称'),
  list_type: must(code('list_type', 30), '目录类别'),
  med_list_codg: must(text(50), '医疗目录编码'),
  begndate: must(day, '开始日期'),
  enddate: may(day, '结束日期'),
  ...mappingDetails,
} as const

/** [J] As many as are taken at once. */
const most = 100

/** Tells what an institution's own codes mean in the national catalogue (目录对照上传). */
export const uploadMappings = transaction({
  infno: '3301',
  name: { zh: '目录对照上传', en: 'map own codes to the catalogue' },
  // The document names the node catalogcompin; some clients send data.
  input: { catalogcompin: maybeMany(table), data: maybeMany(table) },
  output: {},
  writes: true,
  async handle({ catalogcompin, data }, call) {
    const { key, institution, submit, world } = call
    const mappings = (catalogcompin ?? data ?? []).map(readMapping)
    const wrong = wrongIn(mappings, call)
    if (wrong !== undefined) return { refused: wrong }
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: institutionOwner(institution.code),
      subjects: mappings.map(({ listType, ownCode }) =>
        mappingSubject(institution.code, listType, ownCode),
      ),
      enter: (found) => {
        const entries = upload(institution.code, mappings, found)
        return isRefusal(entries) ? entries : { entries }
      },
    })
    return tell(outcome, 'entered', world, () => ({ output: {} }))
  },
})

function readMapping(row: ReadBy<typeof table>): Mapping {
  const { fixmedins_hilist_id, fixmedins_hilist_name, list_type, med_list_codg } = row
  const { begndate: from, enddate: until, ...rest } = row
  return {
    listType: list_type,
    ownCode: fixmedins_hilist_id,
    ownName: fixmedins_hilist_name,
    item: med_list_codg,
    from,
    until,
    details: Object.fromEntries(
      Object.keys(mappingDetails).map((name) => [name, rest[name as keyof typeof mappingDetails]]),
    ),
  }
}

function wrongIn(mappings: readonly Mapping[], { settings, world }: Call): string | undefined {
  if (mappings.length === 0) return '缺少节点 catalogcompin'
  if (mappings.length > most) return `一次至多上传${most}条对照`
  const items = new Set(world.catalogue(settings.division).map((item) => item.code))
  const seen = new Set<string>()
  for (const { listType, ownCode, item, from, until } of mappings) {
    if (!items.has(item)) return `医疗目录编码${item}不在本统筹区目录内`
    if (listTypeOf(item) !== listType) return `医疗目录编码${item}不属于目录类别${listType}`
    if (until !== undefined && until < from) return `${ownCode}的结束日期早于开始日期`
    if (seen.has(`${listType} ${ownCode}`)) return `定点医药机构目录编号${ownCode}重复`
    seen.add(`${listType} ${ownCode}`)
  }
  return undefined
}
