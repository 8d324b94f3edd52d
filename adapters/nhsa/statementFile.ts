import type { Fen } from '../../engine/money.ts'
import type { Difference, Stated } from '../../engine/reconcile.ts'
import type { Posted } from './needs.ts'
import { type FileRow, WrongFile } from './files.ts'
import { signedAmount } from './kinds.ts'
import { dayOf } from './moment.ts'
import type { RegionSettings } from './settings.ts'
import { describeAmounts, type OurRow } from './statement.ts'

/** One row of an institution's detail file (对明细账文件). */
export type TheirRow = Stated & { readonly visit?: string | undefined; readonly person: string }

const columns = [
  'setl_id',
  'mdtrt_id',
  'psn_no',
  'medfee_sumamt',
  'fund_pay_sumamt',
  'acct_pay',
  'refd_setl_flag',
] as const

/** Reads the rows of a detail file; a first line that names the columns is passed over. */
export const readStatement = (rows: readonly FileRow[]): TheirRow[] =>
  rows.slice(rows[0]?.[0] === columns[0] ? 1 : 0).map(readRow)

function readRow(row: FileRow, i: number): TheirRow {
  const cell = (at: number): string => {
    const value = row[at]
    if (value === undefined) throw new WrongFile(`对账文件第${i + 1}条缺少${columns[at]}`)
    return value
  }
  const flag = cell(6)
  if (flag !== '0' && flag !== '1')
    throw new WrongFile(`对账文件第${i + 1}条refd_setl_flag须为0或1`)
  const undo = flag === '1'
  const amount = (at: number): Fen => {
    const taken = signedAmount.read(cell(at))
    if ('wrong' in taken) throw new WrongFile(`对账文件第${i + 1}条${columns[at]}${taken.wrong}`)
    // Refunds are sent with and without their sign.
    return (undo && taken.value > 0n ? -taken.value : taken.value) as Fen
  }
  return {
    settlement: cell(0),
    visit: row[1],
    person: cell(2),
    undo,
    total: amount(3),
    fundTotal: amount(4),
    account: amount(5),
  }
}

/**
 * What was reversed (冲正) is as if it had never been, so neither it nor its reversal is missed where the institution
 * lists neither; so it is with a cancellation and the restoration that took it back.
 */
export function withoutReversed(
  differences: readonly Difference<OurRow, TheirRow>[],
): Difference<OurRow, TheirRow>[] {
  const missing = differences.flatMap((one) => (one.kind === 'missingThere' ? [one.ours] : []))
  const gone = new Set<OurRow>()
  for (const rows of Map.groupBy(missing, ({ settlement }) => settlement).values()) {
    const undone = rows.filter(({ undo }) => undo)
    for (const [i, one] of rows.filter(({ undo }) => !undo).entries()) {
      const other = undone[i]
      if (other && (isReversal(one) || isReversal(other))) gone.add(one).add(other)
    }
  }
  return differences.filter((one) => one.kind !== 'missingThere' || !gone.has(one.ours))
}

const isReversal = ({ posted: { kind } }: OurRow): boolean =>
  kind === 'reversal' || kind === 'restoration'

/** What is known here of a settlement that only the institution lists. */
export type Elsewhere = (settlement: string) => string | undefined

/** The rows of the result file: psn_no, mdtrt_id, setl_id, msgid for 2601, stmt_rslt, refd_setl_flag, memo. */
export function writeDifferences(
  differences: readonly Difference<OurRow, TheirRow>[],
  { statementResults: codes }: Pick<RegionSettings, 'statementResults'>,
  ours: readonly OurRow[],
  elsewhere: Elsewhere,
): FileRow[] {
  const undone = new Set(ours.filter(({ undo }) => undo).map(({ settlement }) => settlement))
  return differences.map((difference) => {
    switch (difference.kind) {
      case 'missingThere': {
        const { posted, undo, settlement } = difference.ours
        const memo = memoOfMissing(posted, !undo && undone.has(settlement))
        return rowOf(difference.ours, codes.centreMore, memo)
      }
      case 'amounts':
        return rowOf(
          difference.ours,
          codes.different,
          describeAmounts(difference.amounts).join('；'),
        )
      case 'missingHere': {
        const { person, visit, settlement, undo } = difference.theirs
        const memo = `机构有而中心无：${elsewhere(settlement) ?? '中心没有此结算，请核对原交易结果'}`
        return [person, visit, settlement, undefined, codes.institutionMore, flagOf(undo), memo]
      }
    }
  })
}

const rowOf = ({ posted, settlement, undo }: OurRow, result: string, memo: string): FileRow => [
  posted.person,
  posted.visit,
  settlement,
  posted.msgid,
  result,
  flagOf(undo),
  memo,
]

const flagOf = (undo: boolean): string => (undo ? '1' : '0')

function memoOfMissing({ kind, postedAt, infno, msgid }: Posted, undone: boolean): string {
  const found = `中心有而机构无：中心记于${dayOf(postedAt)}`
  if (kind === 'reversal') return `${found}，该结算已冲正，请机构作废`
  if (kind === 'restoration') return `${found}，该结算的撤销已冲正，结算恢复有效`
  if (undone) return `${found}，该结算其后已撤销或冲正`
  if (infno === undefined || msgid === undefined) return `${found}，非本接口办理，请联系经办机构`
  return `${found}；机构确未成功的，请以oinfno ${infno}、omsgid ${msgid} 发起2601冲正`
}
