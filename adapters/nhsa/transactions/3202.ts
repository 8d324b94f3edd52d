import type { Instant } from '../../../engine/day.ts'
import { sum } from '../../../engine/money.ts'
import { reconcile } from '../../../engine/reconcile.ts'
import { refuse } from '../../../engine/refusal.ts'
import { may, must, one, type ReadBy } from '../field.ts'
import {
  fileEntry,
  fileSubject,
  findFile,
  goneAt,
  institutionOwner,
  type KeptFile,
  unzipTable,
  WrongFile,
  zipTable,
} from '../files.ts'
import { amount, code, day, moment, signedAmount, text } from '../kinds.ts'
import type { World } from '../needs.ts'
import { dayOf } from '../moment.ts'
import { caresOf, filterOf, netCount, ourRows, type OurRow } from '../statement.ts'
import {
  type Elsewhere,
  readStatement,
  type TheirRow,
  withoutReversed,
  writeDifferences,
} from '../statementFile.ts'
import { tell } from '../tell.ts'
import { type Call, transaction } from '../transaction.ts'
import { schemeOf } from '../translate.ts'

const data = {
  setl_optins: must(text(6), '结算经办机构'),
  file_qury_no: must(text(30), '文件查询号'),
  stmt_begndate: must(day, '对账开始日期'),
  stmt_enddate: must(day, '对账结束日期'),
  medfee_sumamt: must(signedAmount, '医疗费总额'),
  fund_pay_sumamt: must(signedAmount, '基金支付总额'),
  cash_payamt: must(signedAmount, '现金支付金额'),
  fixmedins_setl_cnt: must(netCount, '定点医药机构结算笔数'),
  acct_pay: may(signedAmount, '个人账户支出'),
  insutype: may(code('insutype', 6), '险种'),
  clr_type: may(code('clr_type', 6), '清算类别'),
}

/**
 * Compares an uploaded detail file with ours row by row (医药机构费用结算对明细账). The answer names a file for 9102 that
 * holds what differs, a row each; a file without rows says that both sides are level.
 */
export const statementDetails = transaction({
  infno: '3202',
  name: { zh: '医药机构费用结算对明细账', en: 'compare details' },
  input: { data: one(data) },
  output: {
    fileinfo: one({
      file_qury_no: must(text(30), '文件查询号'),
      filename: must(text(200), '文件名称'),
      dld_endtime: must(moment, '下载截止时间'),
    }),
  },
  writes: true,
  async handle({ data: given }, call) {
    const { world, submit, key, institution, now } = call
    if (given.stmt_begndate > given.stmt_enddate) return { refused: '对账开始日期晚于结束日期。' }
    const uploaded = await findFile(world, institution.code, given.file_qury_no)
    const compared = uploaded && (await compare(uploaded, given, call))
    if (compared && 'refused' in compared) return compared
    const number = world.newId(institutionOwner(institution.code))
    const subject = fileSubject(institution.code, number)
    const name = `3202_${given.stmt_begndate}_${given.stmt_enddate}.txt`
    const until = goneAt(now)
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: subject.owner,
      subjects: [subject],
      enter: () =>
        compared
          ? {
              entries: [fileEntry(institution.code, { ...zipped(name, compared), number, until })],
              result: { number, until },
            }
          : refuse('entry-unknown', { entry: given.file_qury_no }),
    })
    return tell(outcome, 'entered', world, ({ result }) => {
      const kept = result as { number: string; until: Instant }
      return {
        output: {
          fileinfo: {
            file_qury_no: kept.number,
            filename: `${name}.zip`,
            dld_endtime: kept.until,
          },
        },
        warnings: compared?.warnings ?? [],
      }
    })
  },
})

interface Compared {
  readonly rows: ReturnType<typeof writeDifferences>
  readonly warnings: readonly string[]
}

const zipped = (name: string, { rows }: Compared): { name: string; bytes: Uint8Array } => ({
  name: `${name}.zip`,
  bytes: zipTable(name, rows),
})

type Given = ReadBy<typeof data>

async function compare(
  file: KeptFile,
  given: Given,
  { world, institution, settings }: Call,
): Promise<Compared | { readonly refused: string }> {
  const theirs = readTheirs(file)
  if ('refused' in theirs) return theirs
  const ours = await ourRows(
    world,
    filterOf(
      institution.code,
      { from: given.stmt_begndate, until: given.stmt_enddate },
      {
        scheme: given.insutype === undefined ? undefined : schemeOf(settings, given.insutype),
        cares: given.clr_type === undefined ? undefined : caresOf(settings, given.clr_type),
      },
    ),
  )
  const differences = withoutReversed(reconcile<OurRow, TheirRow>(ours, theirs))
  const strange = differences.flatMap((difference) =>
    difference.kind === 'missingHere' ? [difference.theirs.settlement] : [],
  )
  const elsewhere = await lookUp(world, institution.code, strange)
  return {
    rows: writeDifferences(differences, settings, ours, elsewhere),
    warnings: warningsOf(given, theirs),
  }
}

function readTheirs({ bytes }: KeptFile): TheirRow[] | { readonly refused: string } {
  try {
    return readStatement(unzipTable(bytes))
  } catch (error) {
    if (error instanceof WrongFile) return { refused: `${error.message}。` }
    throw error
  }
}

/** A few rows of other periods are worth a look; a file of nothing but those is not. */
const mostLookedUp = 50

/** Where settlements are that only the institution lists: in another period, or undone. */
async function lookUp(
  { settlements }: Pick<World, 'settlements'>,
  institution: string,
  ids: readonly string[],
): Promise<Elsewhere> {
  const wanted = [...new Set(ids)].slice(0, mostLookedUp)
  const found = await Promise.all(
    wanted.map(async (id) => [id, await settlements.chain(id)] as const),
  )
  const words = new Map(
    found.flatMap(([id, rows]) => {
      const own = (rows ?? []).filter(({ content }) => content.institution === institution)
      const list = own.map(({ kind, postedAt }) => `${kindNames[kind]}记于${dayOf(postedAt)}`)
      return list.length === 0 ? [] : [[id, `中心该结算的${list.join('，')}`] as const]
    }),
  )
  return (settlement) => words.get(settlement)
}

const kindNames = {
  settlement: '结算',
  cancellation: '撤销',
  reversal: '冲正',
  restoration: '恢复',
} as const

/** A file that does not add up to the totals beside it was cut off, or is another period's. */
function warningsOf(given: Given, theirs: readonly TheirRow[]): string[] {
  const total = sum(theirs.map((row) => row.total))
  const fundTotal = sum(theirs.map((row) => row.fundTotal))
  const same = total === given.medfee_sumamt && fundTotal === given.fund_pay_sumamt
  return same
    ? []
    : [
        `输入的合计与明细文件不一致：文件医疗费总额${amount.write(total)}元、基金支付总额${amount.write(fundTotal)}元。`,
      ]
}
