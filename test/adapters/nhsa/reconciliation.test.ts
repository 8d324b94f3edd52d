import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FileRow, unzipTable, zipTable } from '../../../adapters/nhsa/files.ts'
import { nextMsgid, pharmacy } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const hospital = 'H51010000002'
const here = { institution: hospital }

// oxlint-disable-next-line typescript/no-explicit-any
type Output = any

const dayOf = ({ setlinfo }: Output): string => setlinfo.setl_time.slice(0, 10)

/** A row of a detail file, as a hospital system writes it. */
const rowOf = ({ psn_no, mdtrt_id }: Output, { setlinfo }: Output, refund = '0'): string[] => [
  setlinfo.setl_id,
  mdtrt_id,
  psn_no,
  String(setlinfo.medfee_sumamt),
  String(setlinfo.fund_pay_sumamt),
  String(setlinfo.acct_pay),
  refund,
]

const upload = async (rows: readonly FileRow[], words = here): Promise<string> => {
  const bytes = [...zipTable('a.txt', rows)].map((byte) => (byte > 127 ? byte - 256 : byte))
  const input = { in: bytes, filename: 'a.txt.zip', fixmedins_code: words.institution }
  const { fsUploadOut } = await served.done('9101', { fsUploadIn: input }, words)
  return fsUploadOut.file_qury_no
}

const fetchFile = async (file_qury_no: string, words = here) =>
  served.send(
    '9102',
    { fsDownloadIn: { file_qury_no, filename: 'plc', fixmedins_code: 'plc' } },
    words,
  )

/** What 3202 finds: the rows of its result file. */
async function compare(rows: readonly FileRow[], day: string, msgid?: string): Promise<FileRow[]> {
  const { fileinfo } = await served.done(
    '3202',
    {
      data: {
        setl_optins: '510100',
        file_qury_no: await upload(rows),
        stmt_begndate: day,
        stmt_enddate: day,
        medfee_sumamt: 0,
        fund_pay_sumamt: 0,
        cash_payamt: 0,
        fixmedins_setl_cnt: rows.length,
      },
    },
    msgid === undefined ? here : { ...here, msgid },
  )
  const { output } = await fetchFile(fileinfo.file_qury_no)
  return unzipTable(Buffer.from(output.fsDownloadOut.in, 'base64'))
}

describe('a day of a hospital', () => {
  let settled: Output
  let undone: Output
  let cancelled: Output
  let day: string
  beforeAll(async () => {
    settled = await served.visit('E1', 700, here)
    undone = await served.visit('E2', 300, here)
    cancelled = await served.cancel(undone, here)
    day = dayOf(settled)
  })

  const totals = (more: object = {}) => ({
    data: {
      insutype: '310',
      clr_type: '11',
      setl_optins: '510100',
      stmt_begndate: day,
      stmt_enddate: day,
      medfee_sumamt: 700,
      fund_pay_sumamt: settled.setlinfo.fund_pay_sumamt,
      acct_pay: settled.setlinfo.acct_pay,
      fixmedins_setl_cnt: 1,
      ...more,
    },
  })

  test('is level where what was cancelled does not count', async () => {
    const { stmtinfo } = await served.done('3201', totals(), here)
    expect(stmtinfo).toEqual({
      setl_optins: '510100',
      stmt_rslt: '0',
      stmt_rslt_dscr: '平，中心1笔（结算2、退费1）',
    })
  })

  test.each([
    [
      { medfee_sumamt: 0, fund_pay_sumamt: 0, acct_pay: 0, fixmedins_setl_cnt: 0 },
      '1',
      '笔数差1笔',
    ],
    [{ medfee_sumamt: 1000, fixmedins_setl_cnt: 2 }, '2', '医疗费总额差-300.00元'],
    [{ medfee_sumamt: 699.99 }, '3', '医疗费总额差0.01元（中心700.00元、机构699.99元）'],
    [{ medfee_sumamt: '-12.30' }, '3', '医疗费总额差712.30元'],
  ])('is told as it is where totals are %j', async (more, result, words) => {
    const { stmtinfo } = await served.done('3201', totals(more), here)
    expect(stmtinfo.stmt_rslt).toBe(result)
    expect(stmtinfo.stmt_rslt_dscr).toContain(words)
  })

  test('is asked for in vain under another agency, category or insurance', async () => {
    for (const more of [{ setl_optins: '440100' }, { clr_type: '51' }, { insutype: '320' }]) {
      const reply = await served.send('3201', totals(more), here)
      expect(reply).toMatchObject({ infcode: -1, output: null })
    }
  })

  test('is level row by row, refunds with or without their sign', async () => {
    const rows = [rowOf(settled, settled), rowOf(undone, undone), rowOf(undone, cancelled, '1')]
    expect(await compare(rows, day)).toEqual([])
    const plain = rows.map((row) => row.map((cell) => cell.replace(/^-/, '')))
    expect(await compare(plain, day)).toEqual([])
  })

  test('names every row that differs, with the msgid to reverse it by', async () => {
    const wrong = rowOf(settled, settled).with(3, '699.99')
    const strange = rowOf(settled, settled).with(0, 'S'.repeat(30))
    const found = await compare([wrong, strange, rowOf(undone, undone)], day)
    expect(found).toEqual([
      [
        settled.psn_no,
        settled.mdtrt_id,
        settled.setlinfo.setl_id,
        settled.setlinfo.medins_setl_id,
        '3',
        '0',
        '医疗费总额差0.01元（中心700.00元、机构699.99元）',
      ],
      [
        undone.psn_no,
        undone.mdtrt_id,
        undone.setlinfo.setl_id,
        cancelled.setlinfo.medins_setl_id,
        '1',
        '1',
        expect.stringContaining(`oinfno 2208、omsgid ${cancelled.setlinfo.medins_setl_id}`),
      ],
      [
        settled.psn_no,
        settled.mdtrt_id,
        'S'.repeat(30),
        undefined,
        '2',
        '0',
        '机构有而中心无：中心没有此结算，请核对原交易结果',
      ],
    ])
  })

  test('is level where a time-out was healed by a reversal, and says so where it was not', async () => {
    const lost = await served.visit('E1', 55, here)
    const { psn_no, mdtrt_id } = undone
    const again = await served.visit('E2', 66, here)
    const msgid = nextMsgid(hospital)
    const cancelAgain = { setl_id: again.setlinfo.setl_id, mdtrt_id: again.mdtrt_id, psn_no }
    await served.done('2208', { data: cancelAgain }, { ...here, msgid })
    const reverse = (person: string, oinfno: string, omsgid: string) =>
      served.done('2601', { data: { psn_no: person, oinfno, omsgid } }, here)
    await reverse(lost.psn_no, '2207', lost.setlinfo.medins_setl_id)
    await reverse(psn_no, '2208', msgid)
    const known = [
      rowOf(settled, settled),
      rowOf({ psn_no, mdtrt_id }, undone),
      rowOf({ psn_no, mdtrt_id }, cancelled, '1'),
      rowOf(again, again),
    ]
    expect(await compare(known, day)).toEqual([])
    const [found, ...others] = await compare([...known, rowOf(lost, lost)], day)
    expect(others).toEqual([])
    expect(found?.[2]).toBe(lost.setlinfo.setl_id)
    expect(found?.[6]).toContain('已冲正')
    await served.cancel(again, here)
  })

  test('is told again the same when the question is repeated', async () => {
    const msgid = nextMsgid(hospital)
    const file_qury_no = await upload([rowOf(settled, settled)])
    const asked = {
      data: {
        setl_optins: '510100',
        file_qury_no,
        stmt_begndate: day,
        stmt_enddate: day,
        medfee_sumamt: 700,
        fund_pay_sumamt: settled.setlinfo.fund_pay_sumamt,
        cash_payamt: 0,
        fixmedins_setl_cnt: 1,
      },
    }
    const first = await served.done('3202', asked, { ...here, msgid })
    expect(await served.done('3202', asked, { ...here, msgid })).toEqual(first)
  })

  test('is not told where the file is another institution’s or cannot be read', async () => {
    const elsewhere = await upload([rowOf(settled, settled)], { institution: pharmacy })
    const broken = await upload([['x']])
    for (const file_qury_no of [elsewhere, broken, 'F1']) {
      const data = {
        setl_optins: '510100',
        file_qury_no,
        stmt_begndate: day,
        stmt_enddate: day,
        medfee_sumamt: 0,
        fund_pay_sumamt: 0,
        cash_payamt: 0,
        fixmedins_setl_cnt: 0,
      }
      expect(await served.send('3202', { data }, here)).toMatchObject({ infcode: -1 })
    }
    expect(await fetchFile(elsewhere)).toMatchObject({ infcode: -1 })
  })
})

describe('a file', () => {
  const send = (bytes: Uint8Array) => {
    const fsUploadIn = {
      in: Buffer.from(bytes).toString('base64'),
      filename: 'a.zip',
      fixmedins_code: hospital,
    }
    return served.send('9101', { fsUploadIn }, here)
  }

  test('may be longer than the input of any other transaction, and comes back as it was', async () => {
    const bytes = randomBytes(100_000)
    const { output } = await send(bytes)
    const found = await fetchFile(output.fsUploadOut.file_qury_no)
    const { in: given, filename } = found.output.fsDownloadOut
    expect(filename).toBe('a.zip')
    expect(Buffer.from(given, 'base64').equals(bytes)).toBe(true)
  })

  test('is kept for its own institution only, and is not bytes of any kind', async () => {
    const other = { in: 'AAAA', filename: 'a', fixmedins_code: pharmacy }
    for (const fsUploadIn of [
      other,
      { ...other, fixmedins_code: hospital, in: 'no base64!' },
      { ...other, fixmedins_code: hospital, in: [1, 256] },
      { ...other, fixmedins_code: hospital, in: [1, 'x'] },
    ])
      expect(await served.send('9101', { fsUploadIn }, here)).toMatchObject({ infcode: -1 })
  })
})

describe('a clearing application', () => {
  const month = { clr_type: '21', clr_way: '1', setlym: '202601' }
  const january = { ...month, begndate: '2026-01-01', enddate: '2026-01-31' }
  const apply = (more: object = {}) =>
    served.send('3203', { data: { ...january, medfee_sumamt: 0, fund_appy_sum: 0, ...more } }, here)

  test('is made once for a month, and again after it was withdrawn', async () => {
    const { output } = await apply()
    expect(output.result).toMatchObject({ clr_optins: '510100' })
    expect(await apply()).toMatchObject({
      infcode: -1,
      err_msg: '清算期间 202601 已申请清算，期内结算由经办机构处理。',
    })
    const { clr_appy_evt_id } = output.result
    const withdraw = () => served.send('3204', { data: { clr_appy_evt_id } }, here)
    expect(await withdraw()).toMatchObject({ infcode: 0 })
    expect(await withdraw()).toMatchObject({ infcode: -1 })
    expect(await apply()).toMatchObject({ infcode: 0 })
  })

  test.each([
    [
      'of another sum than the centre’s',
      { setlym: '202602', medfee_sumamt: 1, begndate: '2026-02-01', enddate: '2026-02-28' },
      '请先对账',
    ],
    ['of days outside its month', { enddate: '2026-02-01' }, '之内'],
    ['of a month that is none', { setlym: '202613' }, 'yyyyMM'],
    [
      'of a month that lasts',
      { setlym: '203001', begndate: '2030-01-01', enddate: '2030-01-31' },
      '尚未结束',
    ],
  ])('is refused %s', async (_, more, words) => {
    const { infcode, err_msg } = await apply(more)
    expect({ infcode, err_msg }).toEqual({ infcode: -1, err_msg: expect.stringContaining(words) })
  })
})
