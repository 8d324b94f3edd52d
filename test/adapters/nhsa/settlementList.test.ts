import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nextMsgid, person } from './envelopes.ts'
import { openServed, type Served } from './served.ts'
import { wards } from './wards.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

type Fields = Record<string, unknown>

/** A list that fits a settlement, from the setlinfo and setldetail that it was answered with. */
function listOf(key: string, { setlinfo, setldetail }: { setlinfo: Fields; setldetail: Fields[] }) {
  const { name, citizenNumber } = person(key)
  const total = setlinfo['medfee_sumamt']
  const own = Number(setlinfo['fulamt_ownpay_amt']) + Number(setlinfo['overlmt_selfpay'])
  return {
    setlinfo: {
      mdtrt_id: setlinfo['mdtrt_id'],
      setl_id: setlinfo['setl_id'],
      fixmedins_name: '演示三级医院',
      fixmedins_code: 'H51010000001',
      medcasno: 'CASE-1',
      psn_name: name,
      gend: '1',
      brdy: '1986-03-12',
      patn_cert_type: '01',
      certno: citizenNumber,
      hi_type: '310',
      insuplc: '510100',
      bill_code: 'BILL',
      bill_no: '1',
      biz_sn: 'BIZ-1',
      setl_begn_date: '2026-03-02',
      setl_end_date: '2026-03-02',
      psn_selfpay: Math.round((Number(setlinfo['psn_part_amt']) - own) * 100) / 100,
      psn_ownpay: own,
      acct_pay: setlinfo['acct_pay'],
      psn_cashpay: setlinfo['psn_cash_pay'],
      hi_paymtd: '1',
      hsorg: '演示医保中心',
      hsorg_opter: '演示经办',
      medins_fill_dept: '病案室',
      medins_fill_psn: '演示填报',
    } as Fields,
    payinfo: setldetail.map(({ fund_pay_type, fund_payamt }) => ({ fund_pay_type, fund_payamt })),
    opspdiseinfo: [{ diag_name: '原发性高血压', diag_code: 'I10.x00' }] as Fields[],
    diseinfo: [] as Fields[],
    iteminfo: [
      {
        med_chrgitm: '09',
        amt: total,
        claa_sumfee: total,
        clab_amt: 0,
        fulamt_ownpay_amt: 0,
        oth_amt: 0,
      },
    ] as Fields[],
    oprninfo: [] as Fields[],
    icuinfo: [] as Fields[],
  }
}

const send = (input: unknown, words = {}, infno = '4101') =>
  served.send(infno, input, { homeRegion: '510100', ...words })
const quality = async (setl_id: unknown): Promise<Fields & { result: Fields[] }> =>
  served.done('4104', { data: { setl_id } })
const refused = (said: string) => ({ infcode: -1, err_msg: expect.stringContaining(said) })

describe('the settlement list of an outpatient visit', () => {
  test('is taken once it is that of its settlement, and accepted where nothing is wrong', async () => {
    const visit = await served.visit('E1', 600)
    const list = listOf('E1', visit)
    const off = (more: Fields) => send({ ...list, setlinfo: { ...list.setlinfo, ...more } })
    expect(await off({ acct_pay: 0.01 })).toMatchObject(refused('acct_pay'))
    expect(await off({ psn_cashpay: 1000 })).toMatchObject(refused('psn_cashpay'))
    expect(await off({ psn_ownpay: 0.01 })).toMatchObject(refused('psn_ownpay'))
    expect(await send({ ...list, payinfo: [] })).toMatchObject(refused('payinfo'))
    expect(await off({ setl_id: 'none' })).toMatchObject(refused('不存在'))
    expect(await off({ mdtrt_id: 'none' })).toMatchObject(refused('不存在'))
    expect(await off({ psn_name: '别人' })).toMatchObject(refused('不符'))
    expect(await off({ fixmedins_code: 'H51010000002' })).toMatchObject(refused('H51010000002'))
    expect(await off({ medcasno: '' })).toMatchObject(refused('medcasno'))
    expect(await send(list, { institution: 'H51010000002' })).toMatchObject(refused('不存在'))
    expect(await send({ data: { setl_id: visit.setlinfo.setl_id } }, {}, '4104')).toMatchObject(
      refused('没有'),
    )

    const msgid = nextMsgid()
    const first = await send(list, { msgid }, '4101A')
    expect(first.output.data.setl_list_id).toMatch(/^.{30}$/)
    expect((await send(list, { msgid }, '4101A')).output).toEqual(first.output)
    expect(await quality(visit.setlinfo.setl_id)).toEqual({
      data: {
        setl_id: visit.setlinfo.setl_id,
        setl_list_id: first.output.data.setl_list_id,
        ver: 1,
        qltctrl_stas: '1',
      },
      result: [],
    })
    expect(await send(list)).toMatchObject({ infcode: -1 })
    const elsewhere = { data: { setl_id: visit.setlinfo.setl_id } }
    expect(await send(elsewhere, { institution: 'H51010000002' }, '4104')).toMatchObject(
      refused('没有'),
    )
    await served.cancel(visit)
    expect((await send(list, { msgid }, '4101A')).output).toEqual(first.output)
  })

  test('is replaced until quality control finds nothing', async () => {
    const visit = await served.visit('C1', 600)
    const list = listOf('C1', visit)
    const { setl_id } = visit.setlinfo
    const first = await send({ ...list, opspdiseinfo: [], iteminfo: [] })
    const found = await quality(setl_id)
    expect(found).toMatchObject({ data: { ver: 1, qltctrl_stas: '0' } })
    expect(found.result).toEqual([
      { rule_id: 'L03', rule_name: '诊断缺失', fld: 'opspdiseinfo', prb_dscr: '没有诊断' },
      {
        rule_id: 'L10',
        rule_name: '收费项目合计不符',
        fld: 'iteminfo.amt',
        prb_dscr: '合计0.00，医疗费总额600.00',
      },
    ])
    const second = await send(list)
    expect(second.output).toEqual(first.output)
    expect(await quality(setl_id)).toMatchObject({
      data: { ver: 2, qltctrl_stas: '1' },
      result: [],
    })
  })

  test('is not taken for a settlement that was cancelled', async () => {
    const visit = await served.visit('M1', 300)
    await served.cancel(visit)
    expect(await send(listOf('M1', visit))).toMatchObject({ infcode: -1 })
  })
})

test('the list of a stay has one main diagnosis, its days, and operations within them', async () => {
  const ward = wards(served, 'E1')
  const mdtrt_id = await ward.admitted()
  await ward.upload(mdtrt_id, [['L1', 3000]])
  await ward.discharge(mdtrt_id)
  const settled = await ward.settle(mdtrt_id, 3000)
  const list = listOf('E1', settled.output)
  const rules = async (more: Fields): Promise<unknown[]> => {
    const reply = await send({ ...list, ...more })
    expect(reply.infcode).toBe(0)
    const { result } = await quality(settled.output.setlinfo.setl_id)
    return result.map(({ rule_id }) => rule_id)
  }
  const disease = (diag_code: string, maindiag_flag: string) => ({
    diag_type: '1',
    diag_code,
    diag_name: '演示诊断',
    maindiag_flag,
  })
  const stay = {
    ...list.setlinfo,
    adm_time: '2026-02-25 09:00:00',
    dscg_time: '2026-03-01 15:00:00',
    act_ipt_days: 4,
    diag_code_cnt: 1,
  }
  const diseinfo = [disease('J18.900', '1')]
  const operation = {
    oprn_oprt_type: '1',
    oprn_oprt_name: '演示手术',
    oprn_oprt_code: '00.1',
    oprn_oprt_date: '2026-03-03',
    oper_dr_name: '演示医师',
    oper_dr_code: 'DR1',
  }
  const ward1 = {
    scs_cutd_ward_type: '1',
    scs_cutd_inpool_time: '2026-03-01 10:00:00',
    scs_cutd_exit_time: '2026-03-01 09:00:00',
    scs_cutd_sum_dura: '0/1/0',
  }
  expect(await rules({})).toEqual(['L01', 'L06', 'L07'])
  const twice = [disease('J18.900', '1'), disease('J18.900', '1')]
  expect(await rules({ setlinfo: stay, diseinfo: twice })).toEqual(['L02', 'L04', 'L05'])
  const longer = { ...stay, act_ipt_days: 6 }
  expect(
    await rules({ setlinfo: longer, diseinfo, oprninfo: [operation], icuinfo: [ward1] }),
  ).toEqual(['L08', 'L09', 'L11'])
  const parts = [{ ...list.iteminfo[0], claa_sumfee: 1 }]
  expect(await rules({ setlinfo: stay, diseinfo, iteminfo: parts })).toEqual(['L12'])
  expect(await rules({ setlinfo: stay, diseinfo })).toEqual([])
})

test('the books hold in the end', async () => {
  expect(await served.violations()).toEqual([])
})
