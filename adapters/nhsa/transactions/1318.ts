import { covers } from '../../../engine/day.ts'
import type { HospitalLevel } from '../../../engine/institution.ts'
import type { UnitPrice } from '../../../engine/money.ts'
import { changedOn, chooseItems, flagOf, itemsAsked, recordOf } from '../catalogueItem.ts'
import { many, may, must, nameless, one } from '../field.ts'
import { code, day, price, text } from '../kinds.ts'
import { pageAsked, pageOf, pageTold } from '../page.ts'
import { transaction } from '../transaction.ts'

/** [J] Provinces have their own kinds of price limits (医保目录限价类型); ours are the levels that a limit is for. */
const limitTypes: Readonly<Record<HospitalLevel, string>> = {
  tertiary: '3',
  secondary: '2',
  primary: '1',
  community: '0',
  none: '9',
}
/** [J] What lies over a limit is paid by the person (超限自付). */
const paidByPerson = '1'

/** Price limits of items by level of hospital (医保目录限价信息查询). */
export const priceLimits = transaction({
  infno: '1318',
  name: { zh: '医保目录限价信息查询', en: 'price limits' },
  input: {
    data: one({
      ...itemsAsked,
      hilist_lmtpric_type: may(text(6), '医保目录限价类型'),
      overlmt_dspo_way: may(text(6), '医保目录超限处理方式'),
      enddate: may(day, '结束日期'),
      rid: may(text(70), '唯一记录号'),
      tabname: may(text(100), '表名'),
      poolarea_no: may(text(6), '统筹区'),
      ...pageAsked,
    }),
  },
  output: {
    data: many({
      hilist_code: must(text(30), '医保目录编码'),
      hilist_lmtpric_type: must(text(6), '医保目录限价类型'),
      overlmt_dspo_way: must(text(6), '医保目录超限处理方式'),
      insu_admdvs: must(text(6), '参保机构医保区划'),
      begndate: must(day, '开始日期'),
      enddate: may(day, '结束日期'),
      hilist_pric_uplmt_amt: must(price, '医保目录定价上限金额'),
      vali_flag: must(code('flag', 3), '有效标志'),
      rid: must(text(70), '唯一记录号'),
      updt_time: must(day, '更新时间'),
      crte_time: must(day, '创建时间'),
      tabname: may(text(100), '表名'),
      poolarea_no: may(text(6), '统筹区'),
    }),
    [nameless]: one(pageTold),
  },
  writes: false,
  // oxlint-disable-next-line require-await
  async handle({ data }, { settings: { division }, today, world }) {
    const on = data.query_date ?? today
    const rows = chooseItems(world.catalogue(division), data, today).flatMap((item) =>
      (Object.entries(item.limits) as [HospitalLevel, UnitPrice][]).map(([level, limit]) => ({
        hilist_code: item.code,
        hilist_lmtpric_type: limitTypes[level],
        overlmt_dspo_way: paidByPerson,
        insu_admdvs: division,
        begndate: item.from,
        enddate: item.until,
        hilist_pric_uplmt_amt: limit,
        vali_flag: flagOf(covers(item, on)),
        rid: `${recordOf(item)}-${limitTypes[level]}`,
        updt_time: changedOn(item, today),
        crte_time: item.from,
        tabname: undefined,
        poolarea_no: division,
      })),
    )
    const { hilist_lmtpric_type: type, rid } = data
    const chosen = rows.filter(
      (row) =>
        (type ?? row.hilist_lmtpric_type) === row.hilist_lmtpric_type &&
        (rid ?? row.rid) === row.rid,
    )
    const page = pageOf(chosen, data)
    return { output: { data: page.rows, [nameless]: page.told } }
  },
})
