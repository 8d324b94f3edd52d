import type { Day } from '../../engine/day.ts'
import { covers } from '../../engine/day.ts'
import type { CatalogueItem } from '../../engine/pack.ts'
import type { ReadBy, Table } from './field.ts'
import { may } from './field.ts'
import { code, day, text } from './kinds.ts'

/** The catalogues (目录类别, list_type) by how the national codes of their items begin. */
const listTypes: readonly (readonly [RegExp, string])[] = [
  [/^[XZ]/, '101'], // 西药中成药
  [/^T/, '102'], // 中药饮片
  [/^\d/, '201'], // 医疗服务项目
  [/^C/, '301'], // 医用耗材
]

/** The catalogue that an item stands in (目录类别, list_type). */
export const listTypeOf = (itemCode: string): string | undefined =>
  listTypes.find(([begins]) => begins.test(itemCode))?.[1]

/** The day on which an entry last changed: it began, or it has ended since. Nothing else of it changes. */
export const changedOn = ({ from, until }: CatalogueItem, today: Day): Day =>
  until !== undefined && until < today ? until : from

/** An entry has no number of its own but its code and first day. */
export const recordOf = ({ code: itemCode, from }: CatalogueItem): string => `${itemCode}-${from}`

/** By what most catalogue queries choose their rows. */
export const itemsAsked = {
  query_date: may(day, '查询时间点'),
  hilist_code: may(text(50), '医保目录编码'),
  list_type: may(code('list_type', 30), '目录类别'),
  insu_admdvs: may(text(6), '参保机构医保区划'),
  begndate: may(day, '开始日期'),
  vali_flag: may(code('flag', 3), '有效标志'),
  updt_time: may(day, '更新时间'),
} satisfies Table

export type ItemsAsked = Partial<ReadBy<typeof itemsAsked>>

/** The entries that are asked for: one that is not in force on the day asked about is there, but not valid. */
export function chooseItems(
  items: readonly CatalogueItem[],
  asked: ItemsAsked,
  today: Day,
): CatalogueItem[] {
  const { query_date: on = today, hilist_code, list_type, begndate, vali_flag, updt_time } = asked
  const valid = vali_flag === undefined ? undefined : vali_flag === '1'
  return items.filter(
    (item) =>
      (hilist_code === undefined || item.code === hilist_code) &&
      (list_type === undefined || listTypeOf(item.code) === list_type) &&
      (begndate === undefined || item.from >= begndate) &&
      (updt_time === undefined || changedOn(item, today) >= updt_time) &&
      (asked.query_date === undefined || vali_flag !== undefined || covers(item, on)) &&
      (valid === undefined || covers(item, on) === valid),
  )
}

export const flagOf = (holds: boolean): '0' | '1' => (holds ? '1' : '0')
