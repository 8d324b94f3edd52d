import { type FileRow, unzipTable, zipTable } from '../../adapters/nhsa/files.ts'
import type { Settlement } from './hospitalDay.ts'
import { patient, sale, undoing } from './inputs.ts'
import { hospitalSystem, pharmacySystem, type Sequence } from './sequences.ts'
import type { Terminal } from './terminal.ts'

const trace = '81000010000000000017'
const prescribed = { item: 'XC08CAA101A001010100002', count: 1, price: 100, prescription: 'RX1' }

/** A sale with a prescription and a trace code, and its return. */
export async function pharmacy(desk: Terminal): Promise<Sequence> {
  const who = patient('E1')
  const input = (id: string) => sale(who, [{ id, ...prescribed, traces: [trace] }])
  await desk.send('2101', input('S1'), {
    en: 'Preview. With `rx_circ_flag` 1 and `rxno` a drug on prescription may be paid by the pool.',
    zh: '预结算。`rx_circ_flag` 为 1 并填写 `rxno` 的处方药可由统筹基金支付。',
  })
  const { setlinfo }: Settlement = await desk.send('2102', input('S1'), {
    en: 'Registration, lines and settlement in one message. The traced package counts as sold with it.',
    zh: '挂号、明细、结算一次完成；追溯码对应的药品随之视为已售出。',
  })
  await desk.send(
    '2102',
    input('S2'),
    {
      en: 'The same package again, in another sale: refused, by whichever pharmacy or hospital.',
      zh: '同一追溯码再次销售：拒绝，无论由哪家药店或医院发起。',
    },
    { refused: true },
  )
  await desk.send('2103', undoing(setlinfo.setl_id, setlinfo.mdtrt_id, who), {
    en: 'Return. The money goes back and the package may be sold again.',
    zh: '退药：退款，该追溯码可再次销售。',
  })
  return {
    title: { en: 'A pharmacy sale', zh: '药店购药' },
    says: {
      en: 'One call sells; the drug trace code is unsellable twice.',
      zh: '一次调用完成购药结算；追溯码不得重复销售。',
    },
    from: pharmacySystem,
    steps: desk.take(),
  }
}

const yuan = (...amounts: readonly number[]): number =>
  Math.round(amounts.reduce((sum, one) => sum + one, 0) * 100) / 100

/** A row of the detail file: setl_id, mdtrt_id, psn_no, total, funds, account, refund or not. */
const rowOf = ({ setlinfo }: Settlement, refund = '0'): FileRow => [
  setlinfo.setl_id,
  setlinfo.mdtrt_id,
  setlinfo.psn_no,
  String(setlinfo.medfee_sumamt),
  String(setlinfo.fund_pay_sumamt),
  String(setlinfo.acct_pay),
  refund,
]

const asText = (rows: readonly FileRow[]): string =>
  rows.map((row) => row.map((cell) => cell ?? 'null').join('\t')).join('\n')

/** What a hospital believes of its day, and where it is wrong. */
interface Believed {
  readonly settled: readonly Settlement[]
  readonly cancelled: readonly Settlement[]
}

/** Totals, details with a difference, and the sign-out. */
export async function reconciliation(
  desk: Terminal,
  { settled, cancelled }: Believed,
): Promise<Sequence> {
  const day = '2026-03-02'
  const all = [...settled, ...cancelled].map(({ setlinfo }) => setlinfo)
  const outpatient = all.filter(({ clr_type }) => clr_type === '11')
  const sums = (infos: typeof all) => ({
    medfee_sumamt: yuan(...infos.map((info) => info.medfee_sumamt)),
    fund_pay_sumamt: yuan(...infos.map((info) => info.fund_pay_sumamt)),
  })
  const span = { setl_optins: '510100', stmt_begndate: day, stmt_enddate: day }
  const totals = {
    data: {
      insutype: '310',
      clr_type: '11',
      ...span,
      ...sums(outpatient),
      acct_pay: yuan(...outpatient.map((info) => info.acct_pay)),
      fixmedins_setl_cnt:
        settled.filter(({ setlinfo }) => setlinfo.clr_type === '11').length - cancelled.length,
    },
  }
  await desk.send('3201', totals, {
    en: 'Totals by insurance and clearing category: settlements less what undid them. `stmt_rslt` 0 is level.',
    zh: '按险种与清算类别对总账：结算减去撤销。`stmt_rslt` 为 0 即平。',
  })
  const rows = [
    ...settled.map((one, i) => (i === 0 ? rowOf(one).with(3, '429.99') : rowOf(one))),
    ...cancelled.slice(1).map((one) => rowOf(one, '1')),
  ]
  const fsUploadIn = {
    in: Buffer.from(zipTable('3202.txt', rows)).toString('base64'),
    filename: '3202.txt.zip',
    fixmedins_code: 'H51010000001',
  }
  const { fsUploadOut } = await desk.send(
    '9101',
    { fsUploadIn },
    {
      en: 'The details: a ZIP with one TXT, a line for each row, TAB between values, `null` for an empty one. Here the first amount is a fen short, and the refund is missing.',
      zh: '上传明细：ZIP 内一个 TXT，每条一行，TAB 分隔，空值写 `null`。此例第一条少一分，且漏了退费。',
    },
    { file: asText(rows) },
  )
  const { fileinfo } = await desk.send(
    '3202',
    {
      data: {
        ...span,
        file_qury_no: fsUploadOut.file_qury_no,
        ...sums(settled.map(({ setlinfo }) => setlinfo)),
        cash_payamt: yuan(...settled.map(({ setlinfo }) => setlinfo.psn_cash_pay)),
        fixmedins_setl_cnt: settled.length,
      },
    },
    {
      en: 'Compare. The answer names the result file; totals that are not those of the file are warned of.',
      zh: '对明细账，返回结果文件的查询号；合计与文件不符时提示。',
    },
  )
  const asked = {
    file_qury_no: fileinfo.file_qury_no,
    filename: fileinfo.filename,
    fixmedins_code: 'H51010000001',
  }
  const { fsDownloadOut } = await desk.send(
    '9102',
    { fsDownloadIn: asked },
    {
      en: 'Fetch it: a row for each difference with `psn_no`, `mdtrt_id`, `setl_id`, the `msgid`, `stmt_rslt`, `refd_setl_flag` and what is wrong. Where the centre has what you know as failed, that `msgid` goes into 2601.',
      zh: '下载结果：每条差异一行，依次为 `psn_no`、`mdtrt_id`、`setl_id`、`msgid`、`stmt_rslt`、`refd_setl_flag`、说明；中心有而机构确认未成功的，以该 `msgid` 发起 2601。',
    },
  )
  const last = desk.steps.pop()
  if (last)
    desk.steps.push({ ...last, file: asText(unzipTable(Buffer.from(fsDownloadOut.in, 'base64'))) })
  await desk.signOut({ en: 'Sign out.', zh: '签退。' })
  return {
    title: { en: 'Reconciliation', zh: '对账' },
    says: {
      en: 'The day of the hospital above, with two mistakes in its books.',
      zh: '上述医院当日的账，其中故意有两处差错。',
    },
    from: hospitalSystem,
    steps: desk.take(),
  }
}
