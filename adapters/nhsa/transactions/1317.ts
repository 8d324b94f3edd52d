import { many, may, must, nameless, one, type ReadBy } from '../field.ts'
import { flagOf } from '../catalogueItem.ts'
import { code, day, text } from '../kinds.ts'
import { isInForce, type KeptMapping, mappingsOf } from '../mapping.ts'
import { dayOf } from '../moment.ts'
import { pageAsked, pageOf, pageTold } from '../page.ts'
import { type Call, transaction } from '../transaction.ts'
import { mappingDetails } from './3301.ts'

const asked = {
  query_date: may(day, '查询时间点'),
  fixmedins_code: may(text(30), '定点医药机构编号'),
  medins_list_codg: may(text(30), '定点医药机构目录编号'),
  medins_list_name: may(text(200), '定点医药机构目录名称'),
  insu_admdvs: may(text(6), '参保机构医保区划'),
  list_type: may(code('list_type', 30), '目录类别'),
  med_list_codg: may(text(50), '医疗目录编码'),
  begndate: may(day, '开始日期'),
  vali_flag: may(code('flag', 3), '有效标志'),
  updt_time: may(day, '更新时间'),
  ...pageAsked,
} as const

/** An institution's own codes and what they mean (医药机构目录匹配信息查询), as 3301 told them. */
export const ownMappings = transaction({
  infno: '1317',
  name: { zh: '医药机构目录匹配信息查询', en: "an institution's mapped codes" },
  input: { data: one(asked) },
  output: {
    data: many({
      fixmedins_code: must(text(30), '定点医药机构编号'),
      medins_list_codg: must(text(30), '定点医药机构目录编号'),
      medins_list_name: must(text(200), '定点医药机构目录名称'),
      insu_admdvs: must(text(6), '参保机构医保区划'),
      list_type: must(code('list_type', 30), '目录类别'),
      med_list_codg: must(text(50), '医疗目录编码'),
      begndate: must(day, '开始日期'),
      enddate: may(day, '结束日期'),
      ...mappingDetails,
      vali_flag: must(code('flag', 3), '有效标志'),
      rid: must(text(100), '唯一记录号'),
      updt_time: must(day, '更新时间'),
    }),
    [nameless]: one(pageTold),
  },
  writes: false,
  async handle({ data }, call) {
    const { institution, world } = call
    if ((data.fixmedins_code ?? institution.code) !== institution.code)
      return { refused: '定点医药机构编号须为本机构的编号' }
    const all = await mappingsOf(world, institution.code)
    const on = data.query_date ?? call.today
    const page = pageOf(
      all.filter((mapping) => isAsked(mapping, data, on)),
      data,
    )
    return {
      output: {
        data: page.rows.map((mapping) => tellMapping(mapping, call, on)),
        [nameless]: page.told,
      },
    }
  },
})

function isAsked(
  mapping: KeptMapping,
  { medins_list_codg, medins_list_name, list_type, med_list_codg, ...more }: ReadBy<typeof asked>,
  on: Call['today'],
): boolean {
  const { begndate, vali_flag, updt_time } = more
  return (
    (medins_list_codg ?? mapping.ownCode) === mapping.ownCode &&
    mapping.ownName.includes(medins_list_name ?? '') &&
    (list_type ?? mapping.listType) === mapping.listType &&
    (med_list_codg ?? mapping.item) === mapping.item &&
    (begndate === undefined || mapping.from >= begndate) &&
    (updt_time === undefined || dayOf(mapping.changed) >= updt_time) &&
    (vali_flag === undefined || flagOf(isInForce(mapping, on)) === vali_flag)
  )
}

const tellMapping = (mapping: KeptMapping, { institution, settings }: Call, on: Call['today']) => ({
  ...(mapping.details as Readonly<Record<keyof typeof mappingDetails, string | undefined>>),
  fixmedins_code: institution.code,
  medins_list_codg: mapping.ownCode,
  medins_list_name: mapping.ownName,
  insu_admdvs: settings.division,
  list_type: mapping.listType,
  med_list_codg: mapping.item,
  begndate: mapping.from,
  enddate: mapping.until,
  vali_flag: flagOf(isInForce(mapping, on)),
  rid: `${mapping.listType}-${mapping.ownCode}`,
  updt_time: dayOf(mapping.changed),
})
