import { type FileRow, unzipTable, zipTable } from '../nhsa/files.ts'
import { type Entry, netOf } from './hospitalDayBooks.ts'
import type { Desk } from './hospitalDayDesk.ts'
import { yuan } from './hospitalDayMessages.ts'

/** One total that was compared (3201). */
export interface Compared {
  readonly institution: string
  readonly insutype: string
  readonly clr_type: string
  readonly rows: number
  readonly result: string
  readonly said: string
}

/** The agency of the pooling area, and the days that are compared. */
interface Period {
  readonly agency: string
  readonly from: string
  readonly until: string
}

const periodOf = (desk: Desk, entries: readonly Entry[]): Period => {
  const days = entries.map(({ day }) => day).toSorted()
  const [from = ''] = days
  return { agency: desk.code.slice(1, 7), from, until: days.at(-1) ?? from }
}

/** Compares totals by insurance and clearing category (3201): each must be level (平, 0). */
export async function compareTotals(desk: Desk, entries: readonly Entry[]): Promise<Compared[]> {
  const { agency, from, until } = periodOf(desk, entries)
  const groups = Map.groupBy(entries, ({ insutype, clr_type }) => `${insutype} ${clr_type}`)
  const compared: Compared[] = []
  for (const [key, some] of [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const [insutype = '', clr_type = ''] = key.split(' ')
    const net = netOf(some)
    const { stmtinfo } = await desk.done('3201', {
      data: {
        insutype,
        clr_type,
        setl_optins: agency,
        stmt_begndate: from,
        stmt_enddate: until,
        medfee_sumamt: yuan(net.total),
        fund_pay_sumamt: yuan(net.fund),
        acct_pay: yuan(net.account),
        fixmedins_setl_cnt: net.rows,
      },
    })
    const { stmt_rslt: result, stmt_rslt_dscr: said } = stmtinfo
    const institution = desk.code
    if (result !== '0') desk.complain(`3201 of ${insutype} ${clr_type} is not level: ${said}`)
    compared.push({ institution, insutype, clr_type, rows: net.rows, result, said })
  }
  return compared
}

const rowOf = (entry: Entry): FileRow => [
  entry.setl_id,
  entry.mdtrt_id,
  entry.psn_no,
  ...[entry.total, entry.fund, entry.account].map((fen) => yuan(fen).toFixed(2)),
  entry.refund ? '1' : '0',
]

/** Compares every row (9101, 3202, 9102): gives the rows that differ. */
export async function compareDetails(desk: Desk, entries: readonly Entry[]): Promise<FileRow[]> {
  const { agency, from, until } = periodOf(desk, entries)
  const bytes = Buffer.from(zipTable('detail.txt', entries.map(rowOf))).toString('base64')
  const fsUploadIn = { in: bytes, filename: 'detail.txt.zip', fixmedins_code: desk.code }
  const { fsUploadOut } = await desk.done('9101', { fsUploadIn })
  const net = netOf(entries)
  const { fileinfo } = await desk.done('3202', {
    data: {
      setl_optins: agency,
      file_qury_no: fsUploadOut.file_qury_no,
      stmt_begndate: from,
      stmt_enddate: until,
      medfee_sumamt: yuan(net.total),
      fund_pay_sumamt: yuan(net.fund),
      cash_payamt: yuan(net.cash),
      fixmedins_setl_cnt: net.rows,
    },
  })
  const { file_qury_no } = fileinfo
  const asked = { file_qury_no, filename: 'plc', fixmedins_code: 'plc' }
  const { fsDownloadOut } = await desk.done('9102', { fsDownloadIn: asked })
  return unzipTable(Buffer.from(fsDownloadOut.in, 'base64'))
}

async function mustBeLevel(desk: Desk, entries: readonly Entry[]): Promise<void> {
  for (const row of await compareDetails(desk, entries))
    desk.complain(`3202 is not level: ${row.join(' ')}`)
}

/** What the institution is made to get wrong, and what it did about it. */
export interface Healed {
  readonly forgotten: Entry
  readonly mistaken: Entry
  readonly named: readonly FileRow[]
}

/**
 * Level at first; then one settlement is missing in the institution's file and one amount is off. 3202 must name both,
 * and the msgid to take the first back by (2601). After that, and with the amount put right, both sides are level again.
 */
export async function reconcileDay(
  desk: Desk,
  entries: Entry[],
  homeOf: (psn_no: string) => string,
): Promise<Healed | undefined> {
  await mustBeLevel(desk, entries)
  const undone = new Set(entries.flatMap(({ refund, setl_id }) => (refund ? [setl_id] : [])))
  const standing = entries.filter((entry) => entry.clr_type !== '21' && !undone.has(entry.setl_id))
  const [forgotten, mistaken] = [standing.at(-1), standing.at(-2)]
  if (!forgotten || !mistaken) return undefined
  const told = entries
    .filter((entry) => entry !== forgotten)
    .map((entry) => (entry === mistaken ? { ...entry, total: entry.total + 1 } : entry))
  const named = await compareDetails(desk, told)
  const found = named.find(([, , setl_id]) => setl_id === forgotten.setl_id)
  const other = named.find(([, , setl_id]) => setl_id === mistaken.setl_id)
  const omsgid = found?.[3]
  if (named.length !== 2 || omsgid !== forgotten.msgid || other?.[4] !== '3') {
    desk.complain(`3202 does not name the difference: ${JSON.stringify(named)}`)
    return undefined
  }
  const oinfno = /oinfno (\d{4})/.exec(found?.[6] ?? '')?.[1]
  const { psn_no } = forgotten
  await desk.done('2601', { data: { psn_no, omsgid, oinfno } }, { homeRegion: homeOf(psn_no) })
  entries.splice(entries.indexOf(forgotten), 1)
  await mustBeLevel(desk, entries)
  return { forgotten, mistaken, named }
}
