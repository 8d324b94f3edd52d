import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const here = { institution: 'H51010000001' }
const elsewhere = { institution: 'H51010000002' }
const always = { begntime: '2000-01-01 00:00:00', endtime: '2099-12-31 23:59:59' }

// oxlint-disable-next-line typescript/no-explicit-any
type Output = any

const ask = async (infno: string, data: object, words: object = here): Promise<Output> =>
  served.done(infno, { data }, words)

describe('a visit that is settled', () => {
  let visit: Output
  let ids: { psn_no: string; mdtrt_id: string }
  let all: { psn_no: string; mdtrt_id: string; setl_id: string }
  beforeAll(async () => {
    visit = await served.visit('E1', 321.09, here)
    ids = { psn_no: visit.psn_no, mdtrt_id: visit.mdtrt_id }
    all = { ...ids, setl_id: visit.setlinfo.setl_id }
  })

  test('is told with who it is and what was said of it (5201)', async () => {
    const { mdtrtinfo } = await ask('5201', { ...ids, ...always })
    expect(mdtrtinfo).toMatchObject([
      {
        ...ids,
        psn_name: '演示甲',
        insutype: '310',
        med_type: '11',
        begntime: '2026-03-02 09:00:00',
        atddr_no: 'DR1',
        inhosp_stas: null,
      },
    ])
    const none = await ask('5201', { ...ids, ...always, endtime: '2026-03-01 00:00:00' })
    expect(none).toEqual({ mdtrtinfo: [] })
    expect(await ask('5201', { ...ids, ...always }, elsewhere)).toEqual({ mdtrtinfo: [] })
  })

  test('is told with its diagnoses (5202)', async () => {
    const { diseinfo } = await ask('5202', ids)
    expect(diseinfo).toMatchObject([
      {
        ...ids,
        diag_code: 'I10.x00',
        diag_name: '原发性高血压',
        diag_srt_no: 1,
        diag_time: '2026-03-02 09:05:00',
      },
    ])
    expect(diseinfo[0].diag_info_id).toHaveLength(30)
  })

  test('is told as it was answered, with levels and where it stands (5203)', async () => {
    const { setlinfo, setldetail } = await ask('5203', all)
    expect(setlinfo).toMatchObject({
      ...visit.setlinfo,
      hosp_lv: '02',
      dedc_hosp_lv: '02',
      lmtpric_hosp_lv: '02',
      pay_loc: '2',
      fixmedins_code: here.institution,
      refd_setl_flag: '0',
      year: '2026',
      psn_pay: visit.setlinfo.psn_part_amt,
      cash_payamt: visit.setlinfo.psn_cash_pay,
    })
    expect(setldetail).toEqual(visit.setldetail)
  })

  test('is told with its lines and their parts, as a bare list (5204)', async () => {
    const lines = await ask('5204', ids)
    expect(lines).toMatchObject([
      {
        mdtrt_id: ids.mdtrt_id,
        setl_id: all.setl_id,
        det_item_fee_sumamt: 321.09,
        cnt: 1,
        pric: 321.09,
        inscp_scp_amt: 321.09,
        preselfpay_amt: 0,
        selfpay_prop: 0,
        chrgitm_lv: '01',
        list_type: '101',
        bilg_dr_codg: 'DR1',
        medins_list_codg: 'OWN-1',
        fee_ocur_time: '2026-03-02 09:10:00',
      },
    ])
    expect(await ask('5204', all)).toEqual(lines)
  })

  test('is printed, with its sums in words (5261, 5262)', async () => {
    const { setlstmt, setldetail, chrgitm } = await ask('5261', all)
    expect(setlstmt).toMatchObject({
      title: '基本医疗保险费用结算单',
      state: '有效',
      psn_name: '演示甲',
      medfee_sumamt: 321.09,
      medfee_sumamt_cap: '叁佰贰拾壹元零玖分',
    })
    expect(setldetail).toEqual(visit.setldetail)
    expect(chrgitm).toMatchObject([{ med_chrgitm_name: '西药费', amt: 321.09 }])
    const { setlstmt: text } = await ask('5262', all)
    expect(text.content).toContain('医疗费总额：321.09元（大写：叁佰贰拾壹元零玖分）')
  })

  test('is not there for another institution, person or visit', async () => {
    const others = [
      ['5202', ids, elsewhere],
      ['5203', all, elsewhere],
      ['5204', all, elsewhere],
      ['5204', ids, elsewhere],
      ['5261', all, elsewhere],
      ['5262', all, elsewhere],
      ['5203', { ...all, psn_no: served.who('E2').psn_no }, here],
      ['5203', { ...all, mdtrt_id: 'V'.repeat(30) }, here],
    ] as const
    for (const [infno, data, words] of others) {
      const reply = await served.send(infno, { data }, words)
      expect({ infno, infcode: reply.infcode, output: reply.output }).toEqual({
        infno,
        infcode: -1,
        output: null,
      })
    }
  })

  test('says so once it is cancelled', async () => {
    const gone = await served.visit('E1', 11, here)
    await served.cancel(gone, here)
    const asked = { psn_no: gone.psn_no, setl_id: gone.setlinfo.setl_id }
    expect((await ask('5203', asked)).setlinfo.refd_setl_flag).toBe('1')
    expect((await ask('5261', asked)).setlstmt.state).toBe('已退费')
    expect(await ask('5204', { ...asked, setl_id: '', mdtrt_id: gone.mdtrt_id })).toMatchObject([
      { setl_id: null, inscp_scp_amt: null, det_item_fee_sumamt: 11 },
    ])
  })
})

describe('somebody in hospital', () => {
  test('is told until discharged (5303, 5201)', async () => {
    const mdtrt_id = await served.admit('E2', here)
    const { psn_no } = served.who('E2')
    const inside = await ask('5303', { psn_no, ...always })
    expect(inside.data).toMatchObject([
      { mdtrt_id, psn_no, begndate: '2026-02-25', med_type: '21', out_flag: '0' },
    ])
    await served.discharge('E2', mdtrt_id, here)
    expect(await ask('5303', { psn_no, ...always })).toEqual({ data: [] })
    const { mdtrtinfo } = await ask('5201', { psn_no, mdtrt_id, ...always })
    expect(mdtrtinfo).toMatchObject([{ inhosp_stas: '0', ipt_days: 5, dscg_way: '1' }])
    const { diseinfo } = await ask('5202', { psn_no, mdtrt_id })
    expect(diseinfo.map((one: Output) => one.inout_diag_type)).toEqual(['1', '2'])
  })
})

describe('filings', () => {
  test('are told: diseases, designated institutions, referrals (5301, 5302, 5304)', async () => {
    const { psn_no } = served.who('E2')
    const referral = {
      psn_no,
      insutype: '310',
      tel: '000',
      insu_optins: '510100',
      diag_code: 'I63.900',
      diag_name: '脑梗死',
      reflin_medins_no: 'H51070000001',
      reflin_medins_name: '演示绵阳医院',
      mdtrtarea_admdvs: '510700',
      refl_type: '3',
      refl_date: '2026-03-01',
      refl_rea: '演示',
      refl_opnn: '同意',
      begndate: '2026-03-02',
      enddate: '2026-08-31',
    }
    const { result } = await served.done('2501', { refmedin: referral }, here)
    const { refmedin } = await ask('5304', { psn_no, ...always })
    expect(refmedin).toMatchObject([
      {
        psn_no,
        insutype: '310',
        tel: '000',
        reflin_medins_no: 'H51070000001',
        refl_date: '2026-03-01',
        begndate: '2026-03-02',
        enddate: '2026-08-31',
        out_flag: '1',
      },
    ])
    await ask('2502', { psn_no, trt_dcla_detl_sn: result.trt_dcla_detl_sn, memo: '演示' })
    expect(await ask('5304', { psn_no, ...always })).toEqual({ refmedin: [] })
    expect(await ask('5301', { psn_no })).toEqual({
      feedetail: [
        {
          opsp_dise_code: 'M03900',
          opsp_dise_name: '高血压',
          begndate: '2024-01-01',
          enddate: null,
        },
      ],
    })
    const { psnfixmedin } = await ask('5302', { psn_no, biz_appy_type: '' })
    expect(psnfixmedin).toMatchObject([
      { psn_no, fix_srt_no: '1', fixmedins_code: 'H51010000001', memo: 'M03900 高血压' },
      { psn_no, fix_srt_no: '2', fixmedins_code: 'H51010000003', begndate: '2024-01-01' },
    ])
  })

  test('bring drugs of their disease, which are told where they were given (5205)', async () => {
    const { psn_no } = served.who('E2')
    const mdtrt_id = await served.register('E2', { ...here, medType: '14' })
    await served.upload('E2', mdtrt_id, [{ yuan: 12.5 }], here)
    const { feedetail } = await ask('5205', { psn_no, ...always })
    expect(feedetail).toMatchObject([
      { psn_no, fixmedins_code: here.institution, med_type: '14', cnt: 1, pric: 12.5 },
    ])
    expect(await ask('5205', { psn_no, ...always }, elsewhere)).toEqual({ feedetail: [] })
  })

  test('of somebody nobody knows are not told', async () => {
    for (const infno of ['5206', '5301', '5302'])
      expect(await served.send(infno, { data: { psn_no: 'nobody' } }, here)).toMatchObject({
        infcode: -1,
      })
  })
})
