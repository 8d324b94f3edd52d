import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nextMsgid, person } from './envelopes.ts'
import { brokenIdentities, brokenLine } from './identities.ts'
import { openServed, type Reply, type Served } from './served.ts'
import { diagnosis, wards } from './wards.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const refused = (said: string) => ({ infcode: -1, err_msg: expect.stringContaining(said) })
const done = { infcode: 0 }

describe('a stay', () => {
  test('goes from admission to settlement, and back', async () => {
    const ward = wards(served, 'E1')
    const mdtrt_id = await ward.admitted()
    expect(mdtrt_id).toHaveLength(30)
    const uploaded = await ward.upload(mdtrt_id, [
      ['L1', 10_000],
      ['L2', 800],
    ])
    expect(uploaded.output.result).toMatchObject([
      { feedetl_sn: 'L1', det_item_fee_sumamt: 10_000, inscp_scp_amt: 10_000, chrgitm_lv: '01' },
      { feedetl_sn: 'L2' },
    ])
    expect(uploaded.output.result.flatMap(brokenLine)).toEqual([])
    expect(await ward.settle(mdtrt_id, 10_800)).toMatchObject(refused('出院'))
    expect(await ward.discharge(mdtrt_id)).toMatchObject({ ...done, output: {} })
    expect(await ward.settle(mdtrt_id, 10_799.99)).toMatchObject(refused('10800'))
    const preview = await ward.ask('2303', ward.bill(mdtrt_id, 10_800))
    const msgid = nextMsgid()
    const first = await ward.settle(mdtrt_id, 10_800, {}, { msgid })
    const { setlinfo, setldetail } = first.output
    // (10800 − 800) × 85 %
    expect(setlinfo).toMatchObject({
      mdtrt_id,
      psn_no: ward.psn_no,
      med_type: '21',
      insutype: '310',
      clr_type: '21',
      medfee_sumamt: 10_800,
      act_pay_dedc: 800,
      hifp_pay: 8500,
      psn_cash_pay: 2300,
      medins_setl_id: msgid,
    })
    expect(brokenIdentities(setlinfo, setldetail)).toEqual([])
    expect(preview.output.setlinfo).not.toHaveProperty('setl_id')
    expect(preview.output.setlinfo).toMatchObject({ hifp_pay: 8500, psn_cash_pay: 2300 })
    expect((await ward.settle(mdtrt_id, 10_800, {}, { msgid })).output).toEqual(first.output)
    expect(await ward.upload(mdtrt_id, [['L3', 1]])).toMatchObject(refused('结算'))
    expect(await ward.of('2405', mdtrt_id)).toMatchObject(refused('结算'))
    const undone = await ward.undo(mdtrt_id, setlinfo.setl_id)
    expect(undone.output.setlinfo).toMatchObject({ hifp_pay: -8500, act_pay_dedc: -800 })
    expect(await ward.undo(mdtrt_id, setlinfo.setl_id)).toMatchObject({ infcode: -1 })
    expect(await ward.of('2405', mdtrt_id)).toMatchObject(done)
    expect(await ward.of('2404', mdtrt_id)).toMatchObject(refused('明细'))
    expect(await ward.remove(mdtrt_id, '0000')).toMatchObject(done)
    expect(await ward.of('2404', mdtrt_id)).toMatchObject(done)
    expect(await ward.upload(mdtrt_id, [['L4', 1]])).toMatchObject(refused('撤销'))
    expect(await served.violations()).toEqual([])
  })

  test('is one at a time in a hospital, and several in a year', async () => {
    const ward = wards(served, 'E2')
    const first = await ward.admitted({ begntime: '2026-01-05 09:00:00' })
    expect(await ward.admit()).toMatchObject(refused('住院'))
    await ward.upload(first, [['L1', 1800, '2026-01-06']])
    await ward.discharge(first, { endtime: '2026-01-10 08:00:00' })
    const second = await ward.admitted()
    expect(await ward.of('2405', first)).toMatchObject(refused('住院'))
    await ward.upload(second, [['L1', 1800]])
    await ward.discharge(second)
    const bills = [await ward.settle(first, 1800), await ward.settle(second, 1800)]
    // Retired: (1800 − 800) × 88 %, and each admission has a deductible of its own.
    expect(bills.map(({ output }) => output.setlinfo)).toMatchObject([
      { act_pay_dedc: 800, hifp_pay: 880 },
      { act_pay_dedc: 800, hifp_pay: 880 },
    ])
  })

  test('is not entered twice at the same moment', async () => {
    const ward = wards(served, 'R1')
    const replies = await Promise.all(Array.from({ length: 4 }, () => ward.admit()))
    expect(replies.map(({ infcode }) => infcode).toSorted()).toEqual([-1, -1, -1, 0])
  })

  test('is no visit to an outpatient clinic, nor the other way round', async () => {
    const ward = wards(served, 'C1')
    const visit = await served.register('C1')
    const replies: Reply[] = [
      await ward.upload(visit, [['L1', 1]]),
      await ward.remove(visit, '0000'),
      await ward.discharge(visit),
      await ward.change(visit),
      await ward.of('2404', visit),
      await ward.of('2405', visit),
      await ward.settle(visit, 1),
    ]
    const stay = await ward.admitted()
    replies.push(
      await ward.ask('2207', served.bill('C1', stay, 1)),
      await ward.ask('2205', { data: { mdtrt_id: 'V9', chrg_bchno: '0000', psn_no: ward.psn_no } }),
    )
    for (const reply of replies) expect(reply).toMatchObject(refused('就诊'))
  })
})

describe('an interim settlement', () => {
  test('shares one deductible with the parts that follow, and closes its lines', async () => {
    const ward = wards(served, 'U1')
    const mdtrt_id = await ward.admitted()
    const part = { mid_setl_flag: '1' }
    await ward.upload(mdtrt_id, [['L1', 1000]])
    const first = await ward.settle(mdtrt_id, 1000, part)
    await ward.upload(mdtrt_id, [['L2', 1000]])
    expect(await ward.remove(mdtrt_id, 'L1')).toMatchObject(refused('L1'))
    expect(await ward.upload(mdtrt_id, [['L1', 1000]])).toMatchObject(refused('L1'))
    const second = await ward.settle(mdtrt_id, 1000, { ...part, dscgTime: '2026-02-28' })
    await ward.upload(mdtrt_id, [['L3', 500]])
    expect(await ward.change(mdtrt_id, { med_type: '24' })).toMatchObject(done)
    expect(await ward.change(mdtrt_id, { begntime: '2026-02-24 09:00:00' })).toMatchObject(
      refused('结算'),
    )
    await ward.discharge(mdtrt_id)
    const last = await ward.settle(mdtrt_id, 500)
    const told = [first, second, last].map(({ output }) => output.setlinfo)
    expect(told).toMatchObject([
      { act_pay_dedc: 800, hifp_pay: 170 },
      { act_pay_dedc: 0, hifp_pay: 850 },
      { act_pay_dedc: 0, hifp_pay: 425, med_type: '24' },
    ])
    expect(
      told.flatMap((one, i) => brokenIdentities(one, [first, second, last][i]?.output.setldetail)),
    ).toEqual([])
    const ids = told.map(({ setl_id }) => setl_id)
    expect(await ward.undo(mdtrt_id, ids[0])).toMatchObject(refused(ids[1]))
    expect(await ward.undo(mdtrt_id, ids[2])).toMatchObject(done)
    expect(await ward.undo(mdtrt_id, ids[1])).toMatchObject(done)
    // Settled again as one, the stay pays what its parts did.
    expect((await ward.settle(mdtrt_id, 1500)).output.setlinfo).toMatchObject({
      act_pay_dedc: 0,
      hifp_pay: 1275,
    })
  })

  test('may leave nothing to the last part, which then only ends the stay', async () => {
    const ward = wards(served, 'P1')
    const mdtrt_id = await ward.admitted()
    await ward.upload(mdtrt_id, [['L1', 1000]])
    expect(await ward.settle(mdtrt_id, 1000, { mid_setl_flag: '1' })).toMatchObject(done)
    expect(await ward.settle(mdtrt_id, 0)).toMatchObject(refused('出院'))
    const last = await ward.settle(mdtrt_id, 0, { dscgTime: '2026-03-02' })
    expect(last).toMatchObject(done)
    expect(brokenIdentities(last.output.setlinfo, last.output.setldetail)).toEqual([])
    // Its dscgTime was the discharge: the stay is over, and the next may begin.
    expect(await ward.discharge(mdtrt_id)).toMatchObject(refused('出院'))
    expect(await ward.admit({ begntime: '2026-03-02 09:00:00' })).toMatchObject(done)
    expect(await served.violations()).toEqual([])
  })
})

describe('a reversal of an admission', () => {
  const reverse = (key: string, omsgid: string) => {
    const { ask, psn_no } = wards(served, key)
    return ask('2601', { data: { psn_no, omsgid, oinfno: '2401' } })
  }

  test('takes it back, whether or not it came', async () => {
    const ward = wards(served, 'A1')
    const msgid = nextMsgid()
    expect(await ward.admit({ ipt_no: 'I9' }, undefined, { msgid })).toMatchObject(done)
    expect(await ward.admit()).toMatchObject(refused('住院'))
    expect(await reverse('A1', msgid)).toMatchObject(done)
    expect(await reverse('A1', msgid)).toMatchObject(done)
    const late = nextMsgid()
    expect(await reverse('A1', late)).toMatchObject(done)
    expect(await ward.admit({}, undefined, { msgid: late })).toMatchObject({ infcode: -1 })
    expect(await ward.admit()).toMatchObject(done)
  })

  test('is refused once fees were charged', async () => {
    const ward = wards(served, 'D1')
    const msgid = nextMsgid()
    const { output } = await ward.admit({}, undefined, { msgid })
    await ward.upload(output.result.mdtrt_id, [['L1', 10]])
    expect(await reverse('D1', msgid)).toMatchObject(refused('明细'))
    await ward.remove(output.result.mdtrt_id, 'L1')
    expect(await reverse('D1', msgid)).toMatchObject(done)
  })
})

describe('what is told of a stay', () => {
  test('must be of a stay, of one person, and of what was', async () => {
    const ward = wards(served, 'S1')
    const replies: [Reply, string][] = [
      [await ward.admit({ med_type: '11' }), '住院类别'],
      [await ward.admit({ insutype: '320' }), '320'],
      [await ward.admit({}, [diagnosis('J18', { psn_no: 'P9' })]), '诊断1'],
      [await ward.admit({ begntime: '2026-03-03 09:00:00' }), '2026-03-03'],
      [await ward.admit({ mdtrt_cert_no: '' }), '凭证'],
      [await ward.admit({ mdtrt_cert_no: person('E1').citizenNumber }), '参保'],
      [await ward.admit({ begntime: '2026-02-20 09:00:00' }), '2026-02-01'],
      [await ward.discharge('V9'), '就诊'],
      [await ward.remove('V9', '0000'), '就诊'],
      [await ward.admit({ ipt_no: undefined }), 'ipt_no'],
      [await ward.admit({}, []), 'diseinfo'],
    ]
    for (const [reply, said] of replies) expect(reply).toMatchObject(refused(said))
    const mixed = ['V1', 'V2'].map((mdtrt_id) => ({
      feedetl_sn: 'L1',
      mdtrt_id,
      psn_no: ward.psn_no,
    }))
    expect(await ward.ask('2302', { data: mixed })).toMatchObject(refused('同一'))
  })

  test('counts when it lapses: covered on admission, settled', async () => {
    const ward = wards(served, 'S1')
    const mdtrt_id = await ward.admitted({ begntime: '2026-01-20 09:00:00' })
    await ward.upload(mdtrt_id, [['L1', 1800, '2026-02-10']])
    await ward.discharge(mdtrt_id, { endtime: '2026-02-10 09:00:00' })
    expect(await ward.settle(mdtrt_id, 1800)).toMatchObject(done)
  })

  test('may be discharged before it was admitted only by mistake', async () => {
    const ward = wards(served, 'Y1')
    const mdtrt_id = await ward.admitted()
    expect(await ward.discharge(mdtrt_id, { endtime: '2026-02-24 09:00:00' })).toMatchObject(
      refused('住院日期'),
    )
    expect(await ward.discharge(mdtrt_id, { endtime: '2026-03-03 09:00:00' })).toMatchObject(
      refused('2026-03-03'),
    )
    expect(await ward.change(mdtrt_id, { begntime: '2026-03-03 09:00:00' })).toMatchObject(
      refused('2026-03-03'),
    )
    expect(await ward.discharge(mdtrt_id)).toMatchObject(done)
    expect(await ward.discharge(mdtrt_id)).toMatchObject(refused('出院'))
  })

  test('is of the new year where it ends there', async () => {
    const ward = wards(served, 'E1')
    const mdtrt_id = await ward.admitted({ begntime: '2025-12-28 09:00:00' })
    await ward.upload(mdtrt_id, [
      ['L1', 1000, '2025-12-30'],
      ['L2', 800, '2026-01-02'],
    ])
    await ward.discharge(mdtrt_id, { endtime: '2026-01-03 09:00:00' })
    const { output } = await ward.settle(mdtrt_id, 1800)
    expect(output.setlinfo).toMatchObject({ act_pay_dedc: 800, hifp_pay: 850 })
  })
})
