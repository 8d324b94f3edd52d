import { covers } from '../../../engine/day.ts'
import { nothing, type Ratio, whole } from '../../../engine/money.ts'
import type { CatalogueItem } from '../../../engine/pack.ts'
import { changedOn, chooseItems, flagOf, itemsAsked, recordOf } from '../catalogueItem.ts'
import { many, may, must, nameless, one } from '../field.ts'
import { code, day, rate, text } from '../kinds.ts'
import { pageAsked, pageOf, pageTold } from '../page.ts'
import { transaction } from '../transaction.ts'

/** [J] The catalogue's ratios are for everybody (目录自付比例); where a scheme has its own, rules say so and 2204 tells them. */
const everybody = '1'
const firstSelfPayment = '1'

/** First self-payment ratios of items (医保目录先自付比例信息查询). */
export const selfPayRatios = transaction({
  infno: '1319',
  name: { zh: '医保目录先自付比例信息查询', en: 'first self-payment ratios' },
  input: {
    data: one({
      ...itemsAsked,
      selfpay_prop_psn_type: may(text(6), '医保目录自付比例人员类别'),
      selfpay_prop_type: may(text(6), '目录自付比例类别'),
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
      selfpay_prop_psn_type: must(text(6), '医保目录自付比例人员类别'),
      selfpay_prop_type: must(text(6), '目录自付比例类别'),
      insu_admdvs: must(text(6), '参保机构医保区划'),
      begndate: must(day, '开始日期'),
      enddate: may(day, '结束日期'),
      selfpay_prop: must(rate, '自付比例'),
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
    const chosen = chooseItems(world.catalogue(division), data, today).filter(
      (item) => (data.rid ?? recordOf(item)) === recordOf(item),
    )
    const page = pageOf(chosen, data)
    const rows = page.rows.map((item) => ({
      hilist_code: item.code,
      selfpay_prop_psn_type: everybody,
      selfpay_prop_type: firstSelfPayment,
      insu_admdvs: division,
      begndate: item.from,
      enddate: item.until,
      selfpay_prop: ratioOf(item),
      vali_flag: flagOf(covers(item, on)),
      rid: recordOf(item),
      updt_time: changedOn(item, today),
      crte_time: item.from,
      tabname: undefined,
      poolarea_no: division,
    }))
    return { output: { data: rows, [nameless]: page.told } }
  },
})

/** Class A nothing, class B its own ratio, class C everything. */
function ratioOf({ class: of, firstSelfPayRate }: CatalogueItem): Ratio {
  if (of === 'A') return nothing
  return of === 'B' ? firstSelfPayRate : whole
}
