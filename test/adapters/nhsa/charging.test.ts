import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nextMsgid, pharmacy } from './envelopes.ts'
import { detail, mobileDesk } from './mobileDesk.ts'
import { atPharmacy, free, saleInput } from './sales.ts'
import { feeLine, type LineWords, openServed, type Served } from './served.ts'
import { diagnosis, wards } from './wards.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

/** A CT (医疗服务项目). */
const scan = '002103000010000'
const tomorrow = '2026-03-03'

async function refusal(...[infno, input, words]: Parameters<Served['send']>): Promise<string> {
  const { infcode, err_msg } = await served.send(infno, input, words)
  return infcode === 0 ? 'not refused' : (err_msg ?? '')
}

const line = (mdtrt_id: string, words: LineWords) => ({
  feedetail: [feeLine(served.who('C1').psn_no, mdtrt_id, words)],
})

describe('a medical service', () => {
  const ofScan = { med_list_codg: scan }
  const sale = { item: scan, yuan: 200, rxno: null, line: { feedetl_sn: 'CT-1' } }

  test('is not sold by a pharmacy, from the account or otherwise (2101, 2102)', async () => {
    for (const infno of ['2101', '2102'])
      for (const useAccount of [true, false]) {
        const told = await refusal(infno, saleInput(served, 'C1', { ...sale, useAccount }), {
          ...atPharmacy,
        })
        expect(told).toContain(`明细 CT-1 的项目 ${scan} 属于医疗服务项目`)
      }
    const mixed = { item: free, yuan: 10, rxno: null, more: [{ feedetl_sn: 'CT-2', ...ofScan }] }
    expect(await refusal('2102', saleInput(served, 'C1', mixed), atPharmacy)).toContain('CT-2')
  })

  test('is refused again under the same msgid, though its refusal is an old one', async () => {
    const words = { ...atPharmacy, msgid: nextMsgid(pharmacy) }
    const input = saleInput(served, 'C1', sale)
    const first = await served.send('2102', input, words)
    const again = await served.send('2102', input, words)
    expect([again.infcode, again.err_msg]).toEqual([-1, first.err_msg])
  })

  test('is charged by a hospital (2204, 6201)', async () => {
    const mdtrt_id = await served.register('C1')
    expect(await served.upload('C1', mdtrt_id, [{ yuan: 200, item: scan }])).toHaveLength(1)
    const desk = mobileDesk(served, 'E1', '演示甲')
    const order = desk.uploadInput([detail('M1', 200, { medListCodg: scan })], 200)
    expect(await refusal('6201', order)).toBe('not refused')
  })

  test('is not charged by a pharmacy with a mobile order (6201)', async () => {
    const desk = mobileDesk(served, 'E1', '演示甲')
    const words = { orgCodg: pharmacy, medType: '41' }
    const order = (item: string) =>
      desk.uploadInput([detail('M2', 20, { medListCodg: item })], 20, words)
    expect(await refusal('6201', order(scan), atPharmacy)).toContain('医疗服务项目')
    expect(await refusal('6201', order(free), atPharmacy)).toBe('not refused')
  })
})

describe('what is charged', () => {
  test('is of no day to come (2204, 2301, 2102, 6201)', async () => {
    const late = { id: 'LATE', yuan: 10, more: { fee_ocur_time: `${tomorrow} 00:00:00` } }
    const said = `明细 LATE 的费用发生日期 ${tomorrow} 晚于 2026-03-02`
    const visit = await served.register('C1')
    expect(await refusal('2204', line(visit, late))).toContain(said)
    const evening = { ...late, more: { fee_ocur_time: '2026-03-02 23:59:59' } }
    expect(await refusal('2204', line(visit, evening))).toBe('not refused')
    const stay = await served.admit('C1')
    expect(await refusal('2301', line(stay, late))).toContain(said)
    const sold = { feedetl_sn: 'LATE', ...late.more }
    expect(await refusal('2102', saleInput(served, 'C1', { line: sold }), atPharmacy)).toContain(
      said,
    )
    const desk = mobileDesk(served, 'E1', '演示甲')
    const order = desk.uploadInput([detail('LATE', 10, { feeOcurTime: '20260303000000' })], 10)
    expect(await refusal('6201', order)).toContain(said)
  })

  test('is not of a day after the discharge (2301)', async () => {
    const ward = wards(served, 'E2')
    const stay = await served.admit('E2')
    const leaving = ward.leaving(stay, { endtime: '2026-03-01 15:00:00' })
    expect(await refusal('2402', leaving)).toBe('not refused')
    expect(await refusal('2301', ward.lines(stay, [['W2', 10, '2026-03-02']]))).toContain(
      '明细 W2 的费用发生日期 2026-03-02 晚于 2026-03-01',
    )
    expect(await refusal('2301', ward.lines(stay, [['W2', 10, '2026-03-01']]))).toBe('not refused')
  })

  test('is not below zero: what was charged is taken back instead', async () => {
    const visit = await served.register('C1')
    const stay = await served.admit('P1')
    const below = (more: Record<string, unknown>): LineWords => ({ yuan: 10, more })
    for (const [name, value] of Object.entries({ cnt: -1, pric: -10, det_item_fee_sumamt: '-10' }))
      for (const [infno, id] of [
        ['2204', visit],
        ['2301', stay],
      ] as const) {
        const told = await refusal(infno, line(id, below({ [name]: value })))
        expect(told).toContain(`feedetail[0].${name}`)
        expect(told).toContain('不能为负数')
        expect(told).toContain('2205')
        expect(told).toContain('2302')
      }
    const sold = saleInput(served, 'C1', { line: { cnt: -1 } })
    expect(await refusal('2102', sold, atPharmacy)).toContain('不能为负数')
    expect(await refusal('2204', line(visit, below({ cnt: '-' })))).toContain('须为数值型')
  })
})

test('nobody is treated on a day to come (2201, 2203, 2401, 2102)', async () => {
  const { psn_no, certno, insutype } = served.who('M1')
  const begntime = `${tomorrow} 08:00:00`
  const registering = {
    data: {
      psn_no,
      insutype,
      begntime,
      mdtrt_cert_type: '02',
      mdtrt_cert_no: certno,
      ipt_otp_no: 'O1',
      atddr_no: 'DR1',
      dr_name: '演示医师',
      dept_code: 'D1',
      dept_name: '演示科室',
      caty: 'A02',
    },
  }
  const said = `日期 ${tomorrow} 尚未到来`
  expect(await refusal('2201', registering)).toContain(said)
  const mdtrt_id = await served.register('M1')
  const mdtrtinfo = { mdtrt_id, psn_no, med_type: '11', begntime }
  expect(await refusal('2203A', { mdtrtinfo, diseinfo: [diagnosis()] })).toContain(said)
  expect(await refusal('2401', wards(served, 'M1').admission({ begntime }))).toContain(said)
  expect(
    await refusal('2102', saleInput(served, 'M1', { info: { begntime } }), atPharmacy),
  ).toContain(said)
})

test('a line is told by 5204 as its upload was told of it, settled or not', async () => {
  const same = [
    'pric_uplmt_amt',
    'chrgitm_lv',
    'med_chrgitm_type',
    'bas_medn_flag',
    'hi_nego_drug_flag',
    'chld_medc_flag',
    'list_sp_item_flag',
    'lmt_used_flag',
    'drt_reim_flag',
  ]
  const told = (rows: readonly Record<string, unknown>[]) =>
    rows.map((row) => Object.fromEntries(same.map((name) => [name, row[name]])))
  const ask = async (data: unknown) => served.done('5204', { data })
  const mdtrt_id = await served.register('E1')
  const { psn_no } = served.who('E1')
  const uploaded = await served.upload('E1', mdtrt_id, [
    { yuan: 100 },
    { yuan: 300, item: scan },
    { yuan: 20, item: 'NOWHERE' },
  ])
  expect(told(uploaded)).not.toContainEqual(expect.objectContaining({ lmt_used_flag: null }))
  expect(told(await ask({ psn_no, mdtrt_id }))).toEqual(told(uploaded))
  const fields = {
    fulamt_ownpay_amt: '',
    overlmt_selfpay: '',
    preselfpay_amt: '',
    inscp_scp_amt: '',
  }
  const { setlinfo } = await served.done('2207A', served.bill('E1', mdtrt_id, 420, { fields }))
  const { setl_id } = setlinfo
  expect(told(await ask({ psn_no, mdtrt_id }))).toEqual(told(uploaded))
  expect(told(await ask({ psn_no, mdtrt_id, setl_id }))).toEqual(told(uploaded))
  const sold = await served.done('2102', saleInput(served, 'E1'), atPharmacy)
  const sale = { psn_no, mdtrt_id: sold.setlinfo.mdtrt_id }
  expect(told(await served.done('5204', { data: sale }, atPharmacy))).toEqual(
    told(sold.detlcutinfo),
  )
})
