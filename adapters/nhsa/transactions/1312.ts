import { covers } from '../../../engine/day.ts'
import type { CatalogueItem } from '../../../engine/pack.ts'
import {
  changedOn,
  chooseItems,
  flagOf,
  itemsAsked,
  listTypeOf,
  recordOf,
} from '../catalogueItem.ts'
import { chargeTypeOf } from '../feedetail.ts'
import { many, may, must, nameless, one } from '../field.ts'
import { code, day, text } from '../kinds.ts'
import { pageAsked, pageOf, pageTold } from '../page.ts'
import { type Call, transaction } from '../transaction.ts'
import { chrgitmLvOf, classOf } from '../translate.ts'

/** The medical insurance catalogue (医保目录信息查询): what each item is, and in which class. */
export const catalogueItems = transaction({
  infno: '1312',
  name: { zh: '医保目录信息查询', en: 'items of the catalogue' },
  input: {
    data: one({
      ...itemsAsked,
      hilist_name: may(text(200), '医保目录名称'),
      med_chrgitm_type: may(code('med_chrgitm_type', 6), '医疗收费项目类别'),
      chrgitm_lv: may(code('chrgitm_lv', 3), '收费项目等级'),
      ...pageAsked,
    }),
  },
  output: {
    data: many({
      hilist_code: must(text(30), '医保目录编码'),
      hilist_name: must(text(200), '医保目录名称'),
      insu_admdvs: must(text(6), '参保机构医保区划'),
      begndate: must(day, '开始日期'),
      enddate: may(day, '结束日期'),
      med_chrgitm_type: must(code('med_chrgitm_type', 6), '医疗收费项目类别'),
      chrgitm_lv: must(code('chrgitm_lv', 3), '收费项目等级'),
      lmt_used_flag: must(code('flag', 3), '限制使用标志'),
      list_type: may(code('list_type', 3), '目录类别'),
      med_use_flag: must(code('flag', 3), '医疗使用标志'),
      matn_used_flag: must(code('flag', 3), '生育使用标志'),
      // No table of these two is confirmed, and the loaded catalogue tells nothing of the kind.
      hilist_use_type: may(text(3), '医保目录使用类别'),
      lmt_cpnd_type: may(text(3), '限复方使用类型'),
      wubi: may(text(30), '五笔助记码'),
      pinyin: may(text(30), '拼音助记码'),
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
  // oxlint-disable-next-line require-await
  async handle({ data }, call) {
    const { settings, today, world } = call
    const { hilist_name = '', med_chrgitm_type: type, chrgitm_lv: level } = data
    const chosen = chooseItems(world.catalogue(settings.division), data, today).filter(
      (item) =>
        item.name.includes(hilist_name) &&
        (type === undefined || chargeTypeOf(item.code, item.kind) === type) &&
        (level === undefined || item.class === classOf(level)),
    )
    const page = pageOf(chosen, data)
    const on = data.query_date ?? today
    return {
      output: { data: page.rows.map((item) => tellItem(item, call, on)), [nameless]: page.told },
    }
  },
})

const tellItem = (item: CatalogueItem, { settings, today }: Call, on: Call['today']) => ({
  hilist_code: item.code,
  hilist_name: item.name,
  insu_admdvs: settings.division,
  begndate: item.from,
  enddate: item.until,
  med_chrgitm_type: chargeTypeOf(item.code, item.kind),
  chrgitm_lv: chrgitmLvOf(item.class),
  lmt_used_flag: flagOf(item.diseases !== undefined || item.prescriptionOnly === true),
  list_type: listTypeOf(item.code),
  med_use_flag: flagOf(item.funds.includes('medical')),
  matn_used_flag: flagOf(item.funds.includes('maternity')),
  hilist_use_type: undefined,
  lmt_cpnd_type: undefined,
  wubi: undefined,
  pinyin: undefined,
  memo: undefined,
  vali_flag: flagOf(covers(item, on)),
  rid: recordOf(item),
  updt_time: changedOn(item, today),
  crte_time: item.from,
  poolarea_no: settings.division,
})
