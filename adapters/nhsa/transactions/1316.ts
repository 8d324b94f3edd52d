import { covers } from '../../../engine/day.ts'
import {
  changedOn,
  chooseItems,
  flagOf,
  itemsAsked,
  listTypeOf,
  recordOf,
} from '../catalogueItem.ts'
import { many, may, must, nameless, one } from '../field.ts'
import { code, day, text } from '../kinds.ts'
import { isInForce, mappingsOf } from '../mapping.ts'
import { pageAsked, pageOf, pageTold } from '../page.ts'
import { transaction } from '../transaction.ts'

/** Which item of the insurance catalogue a national item is (医疗目录与医保目录匹配信息查询): here they have one code. */
export const catalogueMatches = transaction({
  infno: '1316',
  name: {
    zh: '医疗目录与医保目录匹配信息查询',
    en: 'national items and those of the insurance catalogue',
  },
  input: {
    data: one({
      ...itemsAsked,
      medins_list_codg: may(text(30), '定点医药机构目录编号'),
      ...pageAsked,
    }),
  },
  output: {
    data: many({
      med_list_codg: must(text(50), '医疗目录编码'),
      hilist_code: must(text(30), '医保目录编码'),
      list_type: may(code('list_type', 3), '目录类别'),
      insu_admdvs: must(text(6), '参保机构医保区划'),
      begndate: must(day, '开始日期'),
      enddate: may(day, '结束日期'),
      memo: may(text(500), '备注'),
      vali_flag: must(code('flag', 3), '有效标志'),
      rid: must(text(70), '唯一记录号'),
      updt_time: must(day, '更新时间'),
      crte_time: must(day, '创建时间'),
      poolarea_no: may(text(6), '统筹区'),
    }),
    [nameless]: one(pageTold),
  },
  writes: false,
  async handle({ data }, { institution, settings: { division }, today, world }) {
    const { medins_list_codg: own, query_date: on = today } = data
    const mapped = own === undefined ? [] : await mappingsOf(world, institution.code)
    const meant = mapped.filter((each) => each.ownCode === own && isInForce(each, on))
    const chosen = chooseItems(world.catalogue(division), data, today).filter(
      (item) => own === undefined || meant.some((each) => each.item === item.code),
    )
    const page = pageOf(chosen, data)
    const rows = page.rows.map((item) => ({
      med_list_codg: item.code,
      hilist_code: item.code,
      list_type: listTypeOf(item.code),
      insu_admdvs: division,
      begndate: item.from,
      enddate: item.until,
      memo: undefined,
      vali_flag: flagOf(covers(item, on)),
      rid: recordOf(item),
      updt_time: changedOn(item, today),
      crte_time: item.from,
      poolarea_no: division,
    }))
    return { output: { data: rows, [nameless]: page.told } }
  },
})
