import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { columnsOf, type FileOf } from '../../../adapters/nhsa/catalogueColumns.ts'
import { unzipTable } from '../../../adapters/nhsa/files.ts'
import { nextMsgid } from './envelopes.ts'
import { item, openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(async () => {
  await served.close()
})

type Row = Record<string, unknown>

/** The rows of a downloaded catalogue, by the names of their columns. */
async function download(infno: string, file: FileOf, ver = '0'): Promise<Row[]> {
  const made = await served.done(infno, { data: { ver } })
  const { fsDownloadOut } = await served.done('9102', {
    fsDownloadIn: { file_qury_no: made.file_qury_no, filename: 'plc' },
  })
  expect(fsDownloadOut.filename).toBe(made.filename)
  const rows = unzipTable(Buffer.from(fsDownloadOut.in, 'base64'))
  expect(rows).toHaveLength(made.data_cnt)
  const columns = columnsOf(file)
  for (const row of rows) expect(row).toHaveLength(columns.length)
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])))
}

describe('a downloaded catalogue', () => {
  test('holds the items of its list', async () => {
    const drugs = await download('1301', 'drugs')
    expect(drugs.find((row) => row['med_list_codg'] === item)).toMatchObject({
      drug_genname: '示例氨氯地平片',
      otc_flag: '0',
      nat_hi_druglist_chrgitm_lv: '01',
      begndate: '2023-01-01',
      vali_flag: '1',
      ver: 'V20230101',
    })
    expect((await download('1302', 'pieces')).map((row) => row['med_list_codg'])).toEqual([
      'T000100001',
      'T000100002',
    ])
    const services = await download('1305', 'services')
    expect(services.every((row) => /^\d/.test(String(row['med_list_codg'])))).toBe(true)
    expect((await download('1306', 'consumables')).length).toBeGreaterThan(5)
    const diseases = await download('1309', 'diseases')
    expect(diseases.map((row) => row['opsp_dise_code'])).toContain('M03900')
  })

  test('holds only what changed after the version a client has', async () => {
    const all = await download('1301', 'drugs')
    const versions = all.map((row) => String(row['ver'])).toSorted()
    const news = await download('1301', 'drugs', 'V20230101')
    expect(news.length).toBe(versions.filter((ver) => ver > 'V20230101').length)
    expect(await download('1301', 'drugs', versions.at(-1))).toEqual([])
    // Versions of other forms hold a day as well; what holds none is the beginning.
    expect((await download('1301', 'drugs', 'F001_20230101000000_A')).length).toBe(news.length)
    expect(await download('1301', 'drugs', 'F001')).toEqual(all)
  })

  test('is empty where rules hold no such list', async () => {
    for (const infno of ['1303', '1307', '1308', '1310', '1311', '1313', '1314', '1315'])
      expect(await served.done(infno, { data: { ver: '0' } })).toMatchObject({ data_cnt: 0 })
  })

  test('is the same file when the message is repeated, and nobody else’s', async () => {
    const msgid = nextMsgid()
    const first = await served.done('1302', { data: { ver: '0' } }, { msgid })
    expect(await served.done('1302', { data: { ver: '0' } }, { msgid })).toEqual(first)
    const fsDownloadIn = { file_qury_no: first.file_qury_no, filename: first.filename }
    const other = await served.send('9102', { fsDownloadIn }, { institution: 'H51010000002' })
    expect(other.infcode).toBe(-1)
  })
})

const page = { page_num: 1, page_size: 10 }
const query = (infno: string, more: object = {}) =>
  served.done(infno, { data: { ...page, ...more } })

describe('a query of the catalogue', () => {
  test('comes in pages', async () => {
    const first = await query('1312')
    const { data, ...told } = first
    expect(data).toHaveLength(10)
    expect(told).toMatchObject({ size: 10, startRow: 1, endRow: 10, firstPage: true })
    const last = await query('1312', { page_num: told.pages })
    expect(last).toMatchObject({ firstPage: false, lastPage: true, endRow: told.recordCounts })
    const behind = await query('1312', { page_num: told.pages + 1 })
    expect(behind).toMatchObject({ data: [], size: 0, startRow: 0, endRow: 0, lastPage: true })
    expect(await query('1312', { page_num: '', page_size: 5 }).catch(String)).toContain('page_num')
  })

  test('tells an item, its class and its kind of charge', async () => {
    const { data, recordCounts } = await query('1312', { hilist_code: item })
    expect(recordCounts).toBe(1)
    expect(data[0]).toMatchObject({
      hilist_code: item,
      hilist_name: '示例氨氯地平片',
      insu_admdvs: '510100',
      begndate: '2023-01-01',
      enddate: null,
      med_chrgitm_type: '09',
      chrgitm_lv: '01',
      lmt_used_flag: '1',
      list_type: '101',
      med_use_flag: '1',
      matn_used_flag: '0',
      vali_flag: '1',
    })
    const { data: beds } = await query('1312', { med_chrgitm_type: '01' })
    expect(beds.length).toBe(3)
    const kinds = [
      ['001101000010000', '02'],
      ['001201000010000', '07'],
      ['002102000010000', '03'],
      ['002501010010000', '04'],
      ['003311000010000', '06'],
      ['003101000010000', '05'],
    ]
    for (const [hilist_code, med_chrgitm_type] of kinds)
      expect((await query('1312', { hilist_code })).data[0]).toMatchObject({ med_chrgitm_type })
    const { data: classC } = await query('1312', { chrgitm_lv: '03', page_size: 500 })
    expect(classC.every((row: Row) => row['chrgitm_lv'] === '03')).toBe(true)
    expect((await query('1312', { hilist_name: '氨氯地平' })).recordCounts).toBe(1)
  })

  test('chooses by list, by day and by what changed', async () => {
    const all = await query('1316', { page_size: 500 })
    const count = async (more: object) => (await query('1316', more)).recordCounts
    expect(await count({ list_type: '301' })).toBe(8)
    expect(await count({ vali_flag: '1' })).toBeLessThan(all.recordCounts)
    expect(await count({ vali_flag: '0' })).toBeGreaterThan(0)
    expect(await count({ query_date: '2022-12-31' })).toBe(0)
    expect(await count({ begndate: '2023-01-02' })).toBeLessThan(5)
    expect(await count({ updt_time: '2026-12-31' })).toBe(0)
    expect(all.data[0].med_list_codg).toBe(all.data[0].hilist_code)
  })

  test('tells price limits by level, and first self-payment by item', async () => {
    const limited = 'XC09AAD099A001010100001'
    const { data } = await query('1318', { hilist_code: limited })
    expect(data).toHaveLength(5)
    expect(data[0]).toMatchObject({ hilist_pric_uplmt_amt: 18.5, overlmt_dspo_way: '1' })
    const tertiary = { hilist_code: limited, hilist_lmtpric_type: '3' }
    expect((await query('1318', tertiary)).recordCounts).toBe(1)
    const ratio = async (hilist_code: string) =>
      (await query('1319', { hilist_code })).data[0].selfpay_prop
    expect(await ratio(limited)).toBe(0)
    expect(await ratio('XC09CAV001A001010100003')).toBe(0.05)
    const { data: classC } = await query('1312', { chrgitm_lv: '03' })
    expect(await ratio(classC[0].hilist_code)).toBe(1)
    const rid = `${limited}-2023-01-01`
    expect((await query('1319', { rid })).recordCounts).toBe(1)
  })

  test('has no ethnic medicines', async () => {
    expect(await query('1304')).toMatchObject({ data: [], recordCounts: 0, pages: 0 })
  })
})

describe('a mapping', () => {
  const mapping = (more: object = {}) => ({
    fixmedins_hilist_id: 'OWN-1',
    fixmedins_hilist_name: '本院氨氯地平片',
    list_type: '101',
    med_list_codg: item,
    begndate: '2026-01-01',
    enddate: '',
    spec: '5mg*7片',
    ...more,
  })
  const upload = (...rows: object[]) => served.send('3301', { catalogcompin: rows })
  const withdraw = (row: object) => served.send('3302', { catalogcompin: row })

  test('is uploaded, told, changed and withdrawn', async () => {
    expect((await upload(mapping())).infcode).toBe(0)
    const told = async () => (await query('1317', { medins_list_codg: 'OWN-1' })).data
    expect(await told()).toEqual([
      {
        fixmedins_code: 'H51010000001',
        medins_list_codg: 'OWN-1',
        medins_list_name: '本院氨氯地平片',
        insu_admdvs: '510100',
        list_type: '101',
        med_list_codg: item,
        begndate: '2026-01-01',
        enddate: null,
        drugadm_strdcod: null,
        aprvno: null,
        dosform: null,
        exct_cont: null,
        item_cont: null,
        prcunt: null,
        spec: '5mg*7片',
        pacspec: null,
        memo: null,
        vali_flag: '1',
        rid: '101-OWN-1',
        updt_time: '2026-03-02',
      },
    ])
    expect((await query('1316', { medins_list_codg: 'OWN-1' })).data[0].med_list_codg).toBe(item)
    expect((await upload(mapping({ enddate: '2026-12-31' }))).infcode).toBe(0)
    expect((await told())[0]).toMatchObject({ enddate: '2026-12-31', vali_flag: '1' })
    const other = mapping({ med_list_codg: 'XC09CAV001A001010100003' })
    expect((await upload(other)).err_msg).toContain('已存在')
    expect((await withdraw(other)).err_msg).toContain('没有登记记录')
    expect((await withdraw(mapping())).infcode).toBe(0)
    expect((await withdraw(mapping())).infcode).toBe(-1)
    expect((await told())[0]).toMatchObject({ vali_flag: '0' })
    expect((await query('1317', { vali_flag: '1' })).recordCounts).toBe(0)
    expect((await query('1316', { medins_list_codg: 'OWN-1' })).recordCounts).toBe(0)
    expect((await upload(other)).infcode).toBe(0)
    expect((await told())[0]).toMatchObject({ vali_flag: '1', med_list_codg: other.med_list_codg })
  })

  test('is refused where it cannot be meant', async () => {
    const why = async (...rows: object[]) => (await upload(...rows)).err_msg
    expect(await why(mapping({ med_list_codg: 'X1' }))).toContain('不在本统筹区目录内')
    expect(await why(mapping({ list_type: '201' }))).toContain('不属于目录类别')
    expect(await why(mapping({ enddate: '2025-12-31' }))).toContain('早于')
    expect(await why(mapping(), mapping())).toContain('重复')
    expect(await why(...Array.from({ length: 101 }, () => mapping()))).toContain('至多')
    expect(await why()).toContain('catalogcompin')
    expect((await served.send('3302', {})).err_msg).toContain('catalogcompin')
    expect((await withdraw({ ...mapping(), fixmedins_code: 'H1' })).err_msg).toContain('本机构')
    const others = { data: { ...page, fixmedins_code: 'H51010000002' } }
    expect((await served.send('1317', others)).err_msg).toContain('本机构')
  })

  test('is taken under either name of its node, and is its institution’s own', async () => {
    const around = { institution: 'H51010000002' }
    const row = mapping({ fixmedins_hilist_id: 'OWN-2' })
    expect((await served.send('3301', { data: row }, around)).infcode).toBe(0)
    expect((await served.done('1317', { data: page }, around)).recordCounts).toBe(1)
    expect((await query('1317', { medins_list_codg: 'OWN-2' })).recordCounts).toBe(0)
    expect((await served.send('3302', { data: row }, around)).infcode).toBe(0)
  })
})
