import type { CareKind, Scheme } from '../../engine/claim.ts'
import { type Fen, toYuan } from '../../engine/money.ts'
import type {
  AmountDifference,
  ComparedAmount,
  Stated,
  StatedSums,
  Standing,
} from '../../engine/reconcile.ts'
import { isEffective } from '../../engine/undo.ts'
import type { Kind } from './field.ts'
import { count } from './kinds.ts'
import type { Posted, PostedFilter, PostedSums, World } from './needs.ts'
import type { RegionSettings } from './settings.ts'

/** 数值型10: how many settlements are left of some days, which refunds of earlier ones may bring below nothing. */
export const netCount: Kind<number> = {
  ...count(10),
  read(given) {
    const digits = String(given).trim()
    const taken = count(10).read(digits.replace(/^-/, ''))
    return 'value' in taken && digits.startsWith('-') ? { value: -taken.value } : taken
  },
}

/** What an institution's rows of some days come to (对总账): settlements less what undid them. */
export interface Net extends StatedSums {
  readonly cash: Fen
  readonly settled: number
  readonly undone: number
}

const flows = ['total', 'fundTotal', 'account', 'cash'] as const

/** Sums rows; `refunds` says whether those that undo count (REFD_SETL_FLAG): both where it is absent. */
export function netOf(sums: readonly PostedSums[], refunds?: boolean): Net {
  const counted = sums.filter(({ undo }) => refunds === undefined || undo === refunds)
  const net = (of: (one: PostedSums) => bigint): bigint =>
    counted.reduce((so, one) => (one.undo ? so - of(one) : so + of(one)), 0n)
  const amounts = Object.fromEntries(flows.map((of) => [of, net((one) => one[of])]))
  const rowsOf = (undo: boolean): number =>
    counted.filter((one) => one.undo === undo).reduce((so, { rows }) => so + rows, 0)
  const settled = rowsOf(false)
  const undone = rowsOf(true)
  return {
    ...(amounts as Record<(typeof flows)[number], Fen>),
    rows: refunds === true ? undone : settled - undone,
    settled,
    undone,
  }
}

/** The region's clr_type (清算类别) that a value is or was derived from, and the kinds of care that are cleared under it. */
export function clearedUnder(
  { clearing }: Pick<RegionSettings, 'clearing'>,
  clrType: string,
): { readonly type: string; readonly cares: readonly CareKind[] } | undefined {
  const types = [...new Set(clearing.types.values())].filter((type) => clrType.startsWith(type))
  const [type] = types.toSorted((a, b) => b.length - a.length)
  if (type === undefined) return undefined
  return { type, cares: [...clearing.types].flatMap(([care, of]) => (of === type ? [care] : [])) }
}

/** The kinds of care that are cleared under a clr_type, or nothing where it is not one of the region's. */
export const caresOf = (
  settings: Pick<RegionSettings, 'clearing'>,
  clrType: string,
): readonly CareKind[] | undefined => clearedUnder(settings, clrType)?.cares

/** Whether an agency is the one whose settlements are here: a district of the pooling area is as good as its city. */
export const isOurs = ({ clearing }: Pick<RegionSettings, 'clearing'>, agency: string): boolean =>
  agency.slice(0, 4) === clearing.agency.slice(0, 4)

/** The rows to be compared: an institution's, of some days, of a scheme or of kinds of care where wanted. */
export const filterOf = (
  institution: string,
  days: Pick<PostedFilter, 'from' | 'until'>,
  only: { readonly scheme?: Scheme | undefined; readonly cares?: readonly CareKind[] | undefined },
): PostedFilter => ({
  institution,
  ...days,
  schemes: only.scheme && [only.scheme],
  cares: only.cares,
})

/** One of our rows as it is compared: what undoes a settlement counts negative. */
export type OurRow = Stated & { readonly posted: Posted }

export function statedOf(posted: Posted): OurRow {
  const undo = !isEffective(posted)
  const sign = undo ? -1n : 1n
  const { settlement, total, fundTotal, account } = posted
  return {
    posted,
    settlement,
    undo,
    total: (sign * total) as Fen,
    fundTotal: (sign * fundTotal) as Fen,
    account: (sign * account) as Fen,
  }
}

/** Every row of an institution in some days, as it is compared. */
export const ourRows = async (
  { settlements }: Pick<World, 'settlements'>,
  filter: PostedFilter,
): Promise<OurRow[]> => (await settlements.posted(filter)).map(statedOf)

const amountNames: Readonly<Record<ComparedAmount, string>> = {
  total: '医疗费总额',
  fundTotal: '基金支付总额',
  account: '个人账户支付',
}

/** By how much amounts differ, in yuan: 医疗费总额差1.00元（中心3.00元、机构2.00元）. */
export const describeAmounts = (amounts: readonly AmountDifference[]): string[] =>
  amounts.map(
    ({ of, ours, theirs, by }) =>
      `${amountNames[of]}差${toYuan(by)}元（中心${toYuan(ours)}元、机构${toYuan(theirs)}元）`,
  )

/** The code of how two totals stand (对账结果, stmt_rslt); provinces have two sets of them. */
export function resultOf(
  { statementResults: codes }: Pick<RegionSettings, 'statementResults'>,
  standing: Standing,
): string {
  switch (standing) {
    case 'level':
      return codes.level
    case 'oursMore':
      return codes.centreMore
    case 'theirsMore':
      return codes.institutionMore
    case 'different':
      return codes.different
  }
}
