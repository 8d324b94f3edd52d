import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nextMsgid, person } from './envelopes.ts'
import { brokenIdentities, brokenLine } from './identities.ts'
import { feeLine, openServed, type Served } from './served.ts'

/** Class B of the sample catalogue, first self-payment 5 %, no price limit. */
const classB = 'XC09CAV001A001010100003'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

describe('an outpatient visit', () => {
  test('is registered, described, charged, previewed, settled and cancelled', async () => {
    const { register, upload, bill, send, who } = served
    const mdtrt_id = await register('E1')
    expect(mdtrt_id).toHaveLength(30)
    const lines = await upload('E1', mdtrt_id, [{ yuan: 4.52, item: classB }])
    expect(lines).toMatchObject([
      {
        det_item_fee_sumamt: 4.52,
        cnt: 1,
        pric: 4.52,
        pric_uplmt_amt: 999999,
        selfpay_prop: 0.05,
        fulamt_ownpay_amt: 0,
        overlmt_amt: 0,
        preselfpay_amt: 0.23,
        inscp_scp_amt: 4.29,
        chrgitm_lv: '02',
        med_chrgitm_type: '09',
      },
    ])
    expect(lines.flatMap(brokenLine)).toEqual([])
    const asked = bill('E1', mdtrt_id, 4.52, {
      fields: { inscp_scp_amt: 4.29, preselfpay_amt: '' },
    })
    const preview = await send('2206', asked)
    expect(preview).toMatchObject({ status: 200, infcode: 0 })
    expect(Object.keys(preview.output.setlinfo)).not.toContain('setl_id')
    const msgid = nextMsgid()
    const first = await send('2207', asked, { msgid })
    const { setlinfo, setldetail } = first.output
    const { setl_id: _, setl_time: __, medins_setl_id: ___, ...settled } = setlinfo
    const { setl_time: ____, medins_setl_id: _____, ...previewed } = preview.output.setlinfo
    expect(previewed).toEqual(settled)
    expect(setlinfo).toMatchObject({
      mdtrt_id,
      psn_no: who('E1').psn_no,
      psn_name: '演示甲',
      certno: person('E1').citizenNumber,
      psn_cert_type: '01',
      gend: '1',
      brdy: '1986-03-12',
      age: 39,
      insutype: '310',
      psn_type: '11',
      cvlserv_flag: '0',
      mdtrt_cert_type: '02',
      med_type: '11',
      medfee_sumamt: 4.52,
      preselfpay_amt: 0.23,
      inscp_scp_amt: 4.29,
      act_pay_dedc: 4.29,
      hifp_pay: 0,
      fund_pay_sumamt: 0,
      psn_part_amt: 4.52,
      acct_pay: 4.52,
      psn_cash_pay: 0,
      balc: 1373.63,
      medins_setl_id: msgid,
      clr_type: '11',
      clr_way: '1',
      clr_optins: '510100',
    })
    expect(setldetail).toMatchObject([{ fund_pay_type: '310200', fund_payamt: 4.52 }])
    expect(brokenIdentities(setlinfo, setldetail, 137815)).toEqual([])
    const again = await send('2207', asked, { msgid })
    expect(again.output).toEqual(first.output)
    const undone = await served.cancel({ psn_no: who('E1').psn_no, mdtrt_id, setlinfo })
    expect(undone.setlinfo).toMatchObject({
      setl_id: setlinfo.setl_id,
      medfee_sumamt: -4.52,
      act_pay_dedc: -4.29,
      acct_pay: -4.52,
      pdn_cash_pay: 0,
      psn_cash_pay: 0,
      psn_part_amt: -4.52,
      balc: 1378.15,
    })
    const twice = await send('2208', {
      data: { setl_id: setlinfo.setl_id, mdtrt_id, psn_no: who('E1').psn_no },
    })
    expect(twice.infcode).toBe(-1)
    // What was undone is free to be settled again under a key of its own.
    expect((await send('2207', asked)).infcode).toBe(0)
  })

  test('is paid by the pool beyond the deductible, and the process says how', async () => {
    const { setlinfo, setldetail } = await served.visit('E2', 1000)
    expect(brokenIdentities(setlinfo, setldetail)).toEqual([])
    expect(setlinfo.hifp_pay).toBeGreaterThan(0)
    expect(setldetail[0]).toMatchObject({
      fund_pay_type: '310100',
      fund_pay_type_name: expect.stringContaining('统筹基金'),
      setl_proc_info: expect.stringContaining('起付线'),
    })
    expect(setldetail[0].crt_payb_lmt_amt).toBeGreaterThanOrEqual(setldetail[0].fund_payamt)
  })

  test('is not registered with a lost card, or with the credential of somebody else', async () => {
    const { who, send } = served
    const { psn_no } = who('E1')
    const data = {
      psn_no,
      insutype: '310',
      begntime: '2026-03-02 09:00:00',
      mdtrt_cert_type: '02',
      mdtrt_cert_no: person('E2').citizenNumber,
      ipt_otp_no: 'O-1',
      atddr_no: 'DR1',
      dr_name: '演示医师',
      dept_code: 'D1',
      dept_name: '演示科室',
      caty: 'A02',
    }
    expect(await send('2201', { data })).toMatchObject({ status: 200, infcode: -1 })
    const ofOther = { mdtrt_cert_type: '03', mdtrt_cert_no: 'D80000002' }
    expect((await send('2201', { data: { ...data, ...ofOther } })).infcode).toBe(-1)
    const loser = person('X3')
    const lost = { mdtrt_cert_type: '03', mdtrt_cert_no: 'D80000020' }
    const ofLoser = { ...data, psn_no: loser.person.id, ...lost }
    expect((await send('2201', { data: ofLoser })).err_msg).toContain('挂失')
    const number = { mdtrt_cert_type: '02', mdtrt_cert_no: loser.citizenNumber }
    expect((await send('2201', { data: { ...ofLoser, ...number } })).infcode).toBe(0)
    const own = { mdtrt_cert_type: '03', mdtrt_cert_no: 'D80000001' }
    expect((await send('2201', { data: { ...data, ...own } })).infcode).toBe(0)
    expect((await send('2201', { data: { ...data, ...own, insutype: '320' } })).infcode).toBe(-1)
  })

  test('is cancelled while it is empty, and takes lines back batch by batch', async () => {
    const { register, upload, send, who, bill } = served
    const { psn_no } = who('R1')
    const empty = await register('R1')
    const gone = { data: { psn_no, mdtrt_id: empty, ipt_otp_no: 'O1' } }
    expect(await send('2202', gone)).toMatchObject({ infcode: 0, output: {} })
    expect((await send('2202', gone)).infcode).toBe(-1)
    const mdtrt_id = await register('R1')
    await upload('R1', mdtrt_id, [
      { yuan: 10, batch: 'B1' },
      { yuan: 5, batch: 'B2' },
    ])
    expect((await send('2202', { data: { psn_no, mdtrt_id } })).infcode).toBe(-1)
    const remove = (chrg_bchno: string) => send('2205', { data: { mdtrt_id, chrg_bchno, psn_no } })
    expect((await remove('B2')).infcode).toBe(0)
    expect((await remove('B2')).infcode).toBe(-1)
    expect((await remove('0000')).infcode).toBe(0)
    expect(await send('2207', bill('R1', mdtrt_id, 10))).toMatchObject({ infcode: -1 })
  })

  test('is settled for what was uploaded and for nothing else', async () => {
    const { register, upload, send, who, bill, done } = served
    const { psn_no } = who('E2')
    const mdtrt_id = await register('E2')
    await upload('E2', mdtrt_id, [{ yuan: 10, id: 'X1' }])
    const twice = { feedetail: [feeLine(psn_no, mdtrt_id, { yuan: 3, id: 'X1' })] }
    expect((await send('2204', twice)).infcode).toBe(-1)
    const off = await send('2207', bill('E2', mdtrt_id, 10.01))
    expect(off).toMatchObject({ infcode: -1 })
    expect(off.err_msg).toContain('10.01')
    const wrong = await send('2207', bill('E2', mdtrt_id, 10, { fields: { inscp_scp_amt: 9.99 } }))
    expect(wrong).toMatchObject({ infcode: 0 })
    expect(wrong.warn_msg).toContain('inscp_scp_amt 9.99')
    const late = { feedetail: [feeLine(psn_no, mdtrt_id, { yuan: 1, batch: 'B1' })] }
    expect((await send('2204', late)).infcode).toBe(-1)
    expect((await send('2207', bill('E2', mdtrt_id, 10))).infcode).toBe(-1)
    const other = { institution: 'H51010000002' }
    const theirs = { data: { setl_id: wrong.output.setlinfo.setl_id, mdtrt_id, psn_no } }
    expect((await send('2208', theirs, other)).infcode).toBe(-1)
    expect((await send('2207', bill('E2', mdtrt_id, 10), other)).infcode).toBe(-1)
    await done('2208', theirs)
  })

  test('may be settled with an e-credential of the person, and of nobody else', async () => {
    const { register, upload, send, bill, who } = served
    const { psn_no } = who('E2')
    const mdtrt_id = await register('E2')
    await upload('E2', mdtrt_id, [{ yuan: 4 }])
    const by = (mdtrt_cert_no: string) =>
      send('2207', bill('E2', mdtrt_id, 4, { fields: { mdtrt_cert_type: '01', mdtrt_cert_no } }))
    expect((await by(`E${who('E1').psn_no}`)).infcode).toBe(-1)
    const { output } = await by(`E${psn_no}`)
    expect(output.setlinfo).toMatchObject({ mdtrt_cert_type: '01', psn_no })
  })

  test('may be paid from a family account, in a row of its own', async () => {
    const { setlinfo, setldetail } = await served.visit('R2', 30)
    expect(brokenIdentities(setlinfo, setldetail, 0)).toEqual([])
    expect(setlinfo.acct_mulaid_pay).toBeGreaterThan(0)
    expect(setlinfo.balc).toBe(0)
    expect(setldetail).toContainEqual(
      expect.objectContaining({ fund_pay_type: '310201', fund_payamt: setlinfo.acct_mulaid_pay }),
    )
    const own = await served.visit('R2', 30, { useAccount: false })
    expect(own.setlinfo).toMatchObject({ acct_pay: 0, acct_mulaid_pay: 0 })
  })

  test('keeps lines that are agreed to be the person’s own out of every fund', async () => {
    const { register, upload, send, bill } = served
    const mdtrt_id = await register('E1')
    const [line] = await upload('E1', mdtrt_id, [{ yuan: 8, more: { hosp_appr_flag: '2' } }])
    expect(line).toMatchObject({ fulamt_ownpay_amt: 8, inscp_scp_amt: 0, selfpay_prop: 1 })
    const { output } = await send('2207', bill('E1', mdtrt_id, 8))
    expect(output.setlinfo).toMatchObject({ fulamt_ownpay_amt: 8, fund_pay_sumamt: 0 })
  })
})

describe('totals that are not ours', () => {
  test('are refused where the client is so agreed with, and the refusal stands', async () => {
    const institution = 'H51010000005'
    const signing = { paasid: 'sandbox-signin', secret: 'sandbox-signin-secret-not-for-production' }
    const { bill, who } = served
    const { psn_no, certno } = who('R1')
    let signNo = ''
    const ask = async (infno: string, input: unknown, msgid = nextMsgid(institution)) =>
      served.send(infno, input, { institution, msgid, signNo }, signing)
    const signIn = { opter_no: 'D001', mac: '00-00-00-00-00-01', ip: '192.0.2.1' }
    const signed = await ask('9001', { signIn })
    signNo = signed.output.signinoutb.sign_no
    const data = {
      psn_no,
      insutype: '390',
      begntime: '2026-03-02 09:00:00',
      mdtrt_cert_type: '02',
      mdtrt_cert_no: certno,
      ipt_otp_no: 'O-2',
      atddr_no: 'DR1',
      dr_name: '演示医师',
      dept_code: 'D1',
      dept_name: '演示科室',
      caty: 'A02',
    }
    const { mdtrt_id } = (await ask('2201', { data })).output.data
    await ask('2204', { feedetail: [feeLine(psn_no, mdtrt_id, { yuan: 10 })] })
    const wrong = bill('R1', mdtrt_id, 10, { fields: { inscp_scp_amt: 9.99 } })
    const msgid = nextMsgid(institution)
    const first = await ask('2207', wrong, msgid)
    expect(first).toMatchObject({ infcode: -1 })
    expect(first.err_msg).toContain('inscp_scp_amt 9.99')
    expect(first.err_msg).toBe((await ask('2207', wrong, msgid)).err_msg)
    const right = bill('R1', mdtrt_id, 10, { fields: { inscp_scp_amt: 10 } })
    expect((await ask('2207', right)).infcode).toBe(0)
  })
})

describe('cash that a bank collected for a settlement', () => {
  test('goes back when the hospital cancels the settlement (2208)', async () => {
    const { register, upload, bill, done, post, ask, who } = served
    const mdtrt_id = await register('E1')
    await upload('E1', mdtrt_id, [{ yuan: 30 }])
    const { setlinfo } = await done('2207', bill('E1', mdtrt_id, 30, { useAccount: false }))
    expect(setlinfo.psn_cash_pay).toBe(30)
    const url = `/v1/settlements/${setlinfo.setl_id}/collection`
    const told = await post(url, { institution: 'H51010000001' })
    expect(told.json).toMatchObject({ state: 'collected', amount: '30.00' })
    const { psn_no } = who('E1')
    await done('2208', { data: { setl_id: setlinfo.setl_id, mdtrt_id, psn_no } })
    const stateOf = async () =>
      ((await ask(url)).json['items'] as { state: string }[]).map(({ state }) => state)
    await expect.poll(stateOf, { timeout: 20_000, interval: 200 }).toEqual(['returned'])
  })
})
