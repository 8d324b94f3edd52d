import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nextMsgid, pharmacy } from './envelopes.ts'
import { openServed, type Served } from './served.ts'
import { atPharmacy, free, goods, idsOf, type SaleWords, saleInput } from './sales.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const sale = (key: string, words?: SaleWords) => saleInput(served, key, words)
const send = async (infno: string, input: unknown, more = {}) =>
  served.send(infno, input, { ...atPharmacy, ...more })
const done = async (infno: string, input: unknown, more = {}) =>
  served.done(infno, input, { ...atPharmacy, ...more })
const sell = async (key: string, words?: SaleWords) => done('2102', sale(key, words))
const refusal = async (infno: string, input: unknown, more = {}): Promise<string> => {
  const { infcode, err_msg } = await send(infno, input, more)
  return infcode === 0 ? 'not refused' : (err_msg ?? '')
}

describe('a sale in a pharmacy', () => {
  test('on prescription is paid by the pool at the ratio of a tertiary hospital, as its preview said', async () => {
    const input = sale('E1', { traces: ['A1'] })
    const preview = await done('2101', input)
    const msgid = nextMsgid(pharmacy)
    const settled = await done('2102', input, { msgid })
    expect(settled.setlinfo).toMatchObject({
      psn_no: served.who('E1').psn_no,
      med_type: '41',
      clr_type: '41',
      medfee_sumamt: 300,
      inscp_scp_amt: 300,
      act_pay_dedc: 200,
      hifp_pay: 50,
      fund_pay_sumamt: 50,
      psn_part_amt: 250,
      acct_pay: 250,
      psn_cash_pay: 0,
      balc: 1128.15,
      medins_setl_id: msgid,
    })
    expect(settled.setlinfo.mdtrt_id).toHaveLength(30)
    expect(settled.setldetail.map((row: { fund_payamt: number }) => row.fund_payamt)).toEqual([
      50, 250,
    ])
    expect(settled.detlcutinfo).toMatchObject([
      { det_item_fee_sumamt: 300, cnt: 1, pric: 300, inscp_scp_amt: 300, chrgitm_lv: '01' },
    ])
    const {
      setl_id: _,
      mdtrt_id: __,
      setl_time: ___,
      medins_setl_id: ____,
      ...same
    } = settled.setlinfo
    expect(preview.setlinfo).toMatchObject(same)
    expect(preview.setlinfo.mdtrt_id).toBe('')
    expect(preview.detlcutinfo).toEqual(settled.detlcutinfo)
    expect(await done('2102', input, { msgid })).toEqual(settled)
  })

  test('without one is paid by the account alone, and what needs one is not sold', async () => {
    const { setlinfo, setldetail } = await sell('E2', { item: free, yuan: 20, rxno: null })
    expect(setlinfo).toMatchObject({ fund_pay_sumamt: 0, acct_pay: 20, psn_cash_pay: 0 })
    expect(setldetail).toHaveLength(1)
    expect(await refusal('2102', sale('E2', { rxno: null }))).toContain('处方')
    const mixed = sale('E2', { more: [{ feedetl_sn: 'S0', rxno: '', med_list_codg: free }] })
    expect(await refusal('2102', mixed)).toContain('分开结算')
    expect(await refusal('2101', sale('E2', { rxno: null }))).toContain('处方')
  })

  test('tells what is wrong with it, and leaves nothing', async () => {
    const wrong = async (words: SaleWords): Promise<string> => refusal('2102', sale('C1', words))
    const before = await served.count()
    expect(await wrong({ info: { insutype: '330' } })).toContain('330')
    expect(await wrong({ info: { med_type: '99' } })).toContain('99')
    expect(await wrong({ info: { mdtrt_cert_no: ' ' } })).toContain('就诊凭证编号')
    expect(
      await wrong({ line: { drugtracinfo: [{ drug_trac_codg: 'x'.repeat(101) }] } }),
    ).toContain('长度超过100')
    expect(await wrong({ line: { drugtracinfo: [{}] } })).toContain('drug_trac_codg')
    expect(await served.count()).toEqual(before)
    expect(await wrong({ info: { medfee_sumamt: 299.99 } })).toContain('299.99')
    expect(await wrong({ line: { pric: 299 } })).toContain('299.00')
    expect(await wrong({ more: [{}] })).toContain('重复')
    expect(await refusal('2102', sale('C1'), { institution: 'H51010000001' })).toContain('定点')
  })

  test('is cancelled as a whole, once, under the names that its clients know', async () => {
    const settled = await sell('C1', { yuan: 250, traces: ['C1'] })
    const msgid = nextMsgid(pharmacy)
    const cancelled = await done('2103', idsOf(settled), { msgid })
    const { setlinfo } = settled
    expect(cancelled.setlinfo).toMatchObject({
      setl_id: setlinfo.setl_id,
      mdtrt_id: setlinfo.mdtrt_id,
      medfee_sumamt: -250,
      fund_pay_sumamt: -setlinfo.fund_pay_sumamt,
      psn_pay: -setlinfo.psn_part_amt,
      psn_part_amt: -setlinfo.psn_part_amt,
      acct_pay: -setlinfo.acct_pay,
      balc: setlinfo.balc + setlinfo.acct_pay,
      medins_setl_id: msgid,
    })
    expect(cancelled.setlinfo.cash_payamt).toBe(cancelled.setlinfo.psn_cash_pay)
    const paid = (rows: readonly { fund_payamt: number }[]) => rows.map((row) => row.fund_payamt)
    expect(paid(cancelled.setldetail)).toEqual(paid(settled.setldetail).map((one) => -one))
    expect(await done('2103', idsOf(settled), { msgid })).toEqual(cancelled)
    expect(await refusal('2103', idsOf(settled))).toContain('撤销')
    const other = { data: { ...idsOf(settled).data, mdtrt_id: 'another' } }
    expect(await refusal('2103', other)).not.toBe('not refused')
  })
})

describe('a traced package', () => {
  test('is sold to one of six who ask at the same moment', async () => {
    const buyers = ['C1', 'E2', 'W1', 'M1', 'U1', 'P1']
    for (const code of Array.from({ length: 12 }, (_, i) => `P${i}`)) {
      const replies = await Promise.all(
        buyers.map(async (key) => send('2102', sale(key, { yuan: 10, traces: [code] }))),
      )
      expect(replies.filter(({ infcode }) => infcode === 0)).toHaveLength(1)
      for (const { infcode, err_msg } of replies) if (infcode !== 0) expect(err_msg).toContain(code)
    }
  })

  test('is sold again once its sale was cancelled, and its sale not restored once it was', async () => {
    const input = { yuan: 10, traces: ['T1', 'T2'], line: { drug_trac_codg: 'T3' } }
    const settled = await sell('C1', input)
    const other = { yuan: 10, line: { drugtracinfo: { drug_trac_codg: 'T3' } } }
    expect(await refusal('2102', sale('E2', other))).toContain('T3')
    expect(await refusal('2101', sale('E2', other))).toContain('T3')
    const msgid = nextMsgid(pharmacy)
    await done('2103', idsOf(settled), { msgid })
    const second = await sell('E2', other)
    const reverse = {
      data: { psn_no: settled.setlinfo.psn_no, omsgid: msgid, oinfno: '2103' },
    }
    expect(await refusal('2601', reverse)).toContain('T3')
    await done('2103', idsOf(second))
    await done('2601', reverse)
    expect(await refusal('2102', sale('E2', other))).toContain('T3')
  })

  test('by the piece is sold by whoever opened it', async () => {
    const piece = { yuan: 10, traces: ['L1'], line: { trdn_flag: '1' } }
    await sell('C1', piece)
    await sell('E2', piece)
    expect(await refusal('2102', sale('E2', { yuan: 10, traces: ['L1'] }))).toContain('L1')
  })

  test('told by stock keeping is the sale that was settled, and no other', async () => {
    const { setlinfo } = await sell('C1', { yuan: 10, traces: ['G1'] })
    const { setl_id, mdtrt_id, psn_no } = setlinfo
    const hospital = { institution: 'H51010000001' }
    expect(await refusal('3505', goods(['G1']), hospital)).toContain('G1')
    expect(await refusal('3505', goods(['G1'], { mdtrt_setl_type: '2' }))).toContain('G1')
    expect(await refusal('3505', goods(['G9'], { setl_id: 'S9' }))).toContain('没有结算 S9')
    expect(await refusal('3505', goods(['G9'], { setl_id }), hospital)).toContain(setl_id)
    const told = goods(['G1'], { setl_id, psn_no, mdtrt_sn: mdtrt_id })
    const msgid = nextMsgid(pharmacy)
    expect(await done('3505', told, { msgid })).toMatchObject({ result: { retRslt: '1' } })
    expect(await done('3505', told, { msgid })).toMatchObject({ result: { retRslt: '1' } })
    expect(await refusal('3505', told)).toContain(told.selinfo.fixmedins_bchno)
    await done('2103', idsOf({ setlinfo }))
    await sell('E2', { yuan: 10, traces: ['G1'] })
  })

  test('is given back by the cancellation of a sale alone', async () => {
    const sold = await sell('C1', { yuan: 10 })
    expect(await refusal('2208', idsOf(sold))).toContain('药店（2103）')
    expect(await refusal('2305', idsOf(sold))).toContain('药店（2103）')
    const visit = await served.visit('C1', 80)
    const hospital = { institution: 'H51010000001' }
    expect(await refusal('2103', idsOf(visit), hospital)).toContain('门诊（2208）')
    expect(await refusal('2305', idsOf(visit), hospital)).toContain('门诊（2208）')
    // Another's settlement is told like none.
    expect(await refusal('2103', idsOf(visit))).toContain('没有结算')
    await done('2103', idsOf(sold))
    await served.cancel(visit)
  })

  test('sold without insurance is not settled until it was returned', async () => {
    await done('3505', goods(['G2'], { mdtrt_setl_type: '2' }))
    expect(await refusal('2102', sale('E2', { yuan: 10, traces: ['G2'] }))).toContain('G2')
    const hospital = { institution: 'H51010000001' }
    expect(await refusal('3506', goods(['G2']), hospital)).toContain('G2')
    await done('3506', goods(['G2']))
    await sell('E2', { yuan: 10, traces: ['G2'] })
  })
})

test('the books hold after all of this', async () => {
  expect(await served.violations()).toEqual([])
})
