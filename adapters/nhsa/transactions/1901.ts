import { cumTypes } from '../accumulators.ts'
import { codeTables, isCodeTable } from '../codes.ts'
import { many, may, must, one } from '../field.ts'
import { code, count, day, text } from '../kinds.ts'
import type { RegionSettings } from '../settings.ts'
import { transaction } from '../transaction.ts'

/** The code tables (字典表查询): those that every input is read by, and those that outputs are written in. */
export const dictionary = transaction({
  infno: '1901',
  name: { zh: '字典表查询', en: 'the values of a code table' },
  input: {
    data: one({
      type: must(text(30), '字典类型'),
      parentValue: may(text(10), '父字典键值'),
      admdvs: may(text(6), '行政区划'),
      date: may(day, '查询日期'),
      valiFlag: may(code('flag', 3), '有效标志'),
    }),
  },
  output: {
    list: many({
      type: must(text(30), '字典类型'),
      label: must(text(50), '字典标签'),
      value: must(text(20), '字典键值'),
      parentValue: may(text(10), '父字典键值'),
      sort: must(count(10), '序号'),
      valiFlag: must(code('flag', 3), '有效标志'),
      createUser: may(text(30), '创建账户'),
      createDate: may(day, '创建时间'),
      version: may(text(20), '版本号'),
    }),
  },
  writes: false,
  // oxlint-disable-next-line require-await
  async handle({ data: { type, parentValue, valiFlag } }, { settings }) {
    const table = type.toLowerCase()
    const labels = labelsOf(table, settings)
    if (!labels) return { refused: `没有字典类型${type}` }
    // What is no longer valid is not kept, so nobody gets it.
    const values = valiFlag === '0' ? [] : valuesOf(labels, parentValue)
    return { output: { list: values.map((each) => tellValue(table, each)) } }
  },
})

type Labels = readonly (readonly [value: string, label: string])[]

function labelsOf(table: string, settings: RegionSettings): Labels | undefined {
  if (table === 'fund_pay_type') return payTypes(settings)
  if (table === 'cum_type_code') return Object.values(cumTypes).map(({ code, zh }) => [code, zh])
  return isCodeTable(table) ? Object.entries(codeTables[table]) : undefined
}

/** 基金支付类型 as setldetail of the region has them; where schemes share one, the name that is given last. */
function payTypes(settings: RegionSettings): Labels {
  const { slots, accountType, familyAccountType, hospitalType } = settings
  const all = [...slots.values(), accountType, familyAccountType, hospitalType]
  return [...new Map(all.map(({ type, name }) => [type, name]))].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
}

interface Value {
  readonly value: string
  readonly label: string
  readonly sort: number
}

/** The values of a table, or those that begin with another: provinces derive theirs that way. */
const valuesOf = (labels: Labels, parent = ''): Value[] =>
  labels
    .map(([value, label], i) => ({ value, label, sort: i + 1 }))
    .filter(({ value }) => value.startsWith(parent) && value !== parent)

const tellValue = (type: string, { value, label, sort }: Value) => ({
  type,
  label,
  value,
  parentValue: undefined,
  sort,
  valiFlag: '1',
  createUser: undefined,
  createDate: undefined,
  version: undefined,
})
