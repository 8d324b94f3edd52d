import Type, { type Static, type TSchema } from 'typebox'
import { careKinds } from '../../engine/claim.ts'
import { hospitalLevels } from '../../engine/institution.ts'
import { groups } from '../../engine/person.ts'
import { places } from '../../engine/route.ts'
import {
  anyWord,
  closed,
  count,
  factor,
  list,
  maybe,
  oneOf,
  oneOrMany,
  rate,
  truth,
  word,
  yuan,
} from './shapes.ts'

export const reasons = ['none', 'long-term', 'referral', 'emergency', 'other'] as const

const band = (what: string) => closed({ from: maybe(count), below: maybe(count) }, what)

/** What a condition may match on; every key given must hold, a list means any of its members. */
const keys = {
  level: maybe(oneOrMany(oneOf(hospitalLevels, 'a hospital level'), 'hospital levels 医院等级')),
  institutionType: maybe(oneOrMany(word, 'kinds of institution, such as pharmacy')),
  institution: maybe(oneOrMany(anyWord, 'codes of institutions')),
  care: maybe(oneOrMany(oneOf(careKinds, 'a kind of care'), 'kinds of care 医疗类别')),
  group: maybe(oneOrMany(oneOf(groups, 'a population group'), 'population groups 人员类别')),
  age: maybe(band('ages: {from: 50, below: 60} is 50 to 59')),
  premiumTier: maybe(oneOrMany(anyWord, 'premium tiers of residents 缴费档次')),
  identity: maybe(oneOrMany(anyWord, 'identity classes 人员身份, such as minimum-living')),
  benefit: maybe(oneOrMany(anyWord, 'benefits being drawn, such as unemployment')),
  civilServant: maybe(truth('is the person a civil servant 公务员?')),
  contributionMonths: maybe(band('months of continuous contribution 连续缴费月数')),
  admission: maybe(band('the ordinal of this admission in the benefit year, from 1')),
  place: maybe(oneOrMany(oneOf(places, 'a place'), 'where treated, seen from home')),
  reason: maybe(oneOrMany(oneOf(reasons, 'a reason'), 'why away from home 异地就医类型')),
  filed: maybe(truth('is the care away from home filed 备案?')),
  disease: maybe(oneOrMany(anyWord, 'codes of special outpatient diseases 慢特病')),
  maternityKind: maybe(oneOrMany(anyWord, 'kinds of delivery or check')),
  fetuses: maybe(band('the number of fetuses')),
  emergency: maybe(truth('treated as an emergency 急诊?')),
  prescription: maybe(truth('with a prescription 处方?')),
  continued: maybe(truth('has an interim part of this stay been settled 中途结算?')),
} as const

export const when = closed(keys, 'a condition; every key given must hold')
export type WhenFields = Static<typeof when>

const row = <T extends TSchema>(value: T) =>
  closed({
    ...keys,
    otherwise: maybe(
      Type.Unsafe<'true'>({
        type: 'string',
        enum: ['true'],
        description: 'the last row of a "first" table: fits whatever the rows before leave',
        editor: 'boolean',
      }),
    ),
    is: value,
  })

/** A value by case: the value itself, rows of which exactly one must fit, or `first` rows tried in order. */
export const table = <T extends TSchema, V extends TSchema>(alone: T, value: V, what: string) =>
  Type.Union([alone, list(row(value), what, 500), closed({ first: list(row(value), what, 500) })], {
    description: `${what}, or rows by case {…, is: …}`,
  })

const amountWords = {
  ...yuan,
  pattern: '^((0|[1-9]\\d{0,11})(\\.\\d{1,2})?|unlimited)$',
  description: 'an amount in yuan, {times: …, of: averageWage}, or unlimited',
}
const multiple = closed({ times: factor, of: word }, 'a multiple of a parameter of the region')
const amount = Type.Union([amountWords, multiple], { description: amountWords.description })
export type AmountFields = Static<typeof amount>

// A table may be an amount, and an amount may be a multiple: the union is written flat so that a mistake is told plainly.
export const amountTable = (what: string) =>
  Type.Union(
    [
      amountWords,
      multiple,
      list(row(amount), what, 500),
      closed({ first: list(row(amount), what, 500) }),
    ],
    { description: `${what}: ${amountWords.description}, or rows by case {…, is: …}` },
  )
export const rateTable = (what: string) => table(rate, rate, `${what}: a rate from 0 to 1`)
export const factorTable = (what: string) => table(factor, factor, `${what}: a factor such as 0.6`)

export type RowFields<V> = WhenFields & { otherwise?: 'true'; is: V }
export type TableFields<V> = V | RowFields<V>[] | { first: RowFields<V>[] }
/** Conditions written beside a value instead of under `when`. */
export const flattened = keys
