import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chipOf } from '../../support/reader.ts'
import { nextMsgid, person } from './envelopes.ts'
import { brokenIdentities } from './identities.ts'
import { openServed, type Served } from './served.ts'
import { diagnosis, wards } from './wards.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const refused = (said: string) => ({ infcode: -1, err_msg: expect.stringContaining(said) })
const done = { infcode: 0 }
/** The stay after one until the last day of wards. */
const lastDay = '2026-03-01'
const next = { begntime: `${lastDay} 16:00:00` }
/** A drug of class A in the catalogues of every fund. */
const ofAll = 'XN02BEB001A001010100013'

describe('credentials of a stay', () => {
  test('a lost card is turned away, and another credential is not', async () => {
    const ward = wards(served, 'X3')
    const lost = { mdtrt_cert_type: '03', mdtrt_cert_no: person('X3').card.number }
    expect(await ward.admit(lost)).toMatchObject(refused('挂失'))
    const mdtrt_id = await ward.admitted()
    await ward.upload(mdtrt_id, [['L1', 1000]])
    await ward.discharge(mdtrt_id)
    expect(await ward.settle(mdtrt_id, 1000, lost)).toMatchObject(refused('挂失'))
    expect(await ward.settle(mdtrt_id, 1000)).toMatchObject(done)
  })

  test('a card that was read at admission carries the stay to its end', async () => {
    const ward = wards(served, 'D1', { institution: 'H51010000002' })
    const { card } = person('D1')
    const presented = { mdtrt_cert_type: '03', mdtrt_cert_no: card.number, card_sn: card.serial }
    const unread = await ward.admitted(presented)
    await ward.upload(unread, [['L1', 1000]])
    await ward.discharge(unread)
    expect(await ward.settle(unread, 1000, presented)).toMatchObject(refused('1101'))
    expect(await ward.settle(unread, 1000)).toMatchObject(done)
    const { number: cardno, serial: card_sn } = card
    const told = await ward.ask('1161', { data: { cardno, card_sn } })
    const { chlg_id, chlg } = told.output.authinfo
    const inn_auth_val = chipOf('D1').answer(Buffer.from(chlg, 'hex')).toString('hex')
    const proved = { ...presented, chlg_id, inn_auth_val }
    expect(await ward.ask('1101', { data: proved })).toMatchObject(done)
    const read = await ward.admitted({ ...presented, ...next })
    await ward.upload(read, [['L1', 1000, lastDay]])
    await ward.discharge(read)
    expect(await ward.settle(read, 1000, presented)).toMatchObject(done)
  })
})

describe('stays of other kinds', () => {
  test('an emergency that led to admission is settled with it', async () => {
    const ward = wards(served, 'E1')
    const mdtrt_id = await ward.admitted({ med_type: '24' })
    await ward.upload(mdtrt_id, [
      ['L1', 500, '2026-02-24'],
      ['L2', 1300],
    ])
    await ward.discharge(mdtrt_id)
    expect((await ward.settle(mdtrt_id, 1800)).output.setlinfo).toMatchObject({
      med_type: '24',
      act_pay_dedc: 800,
      hifp_pay: 850,
    })
  })

  test.each([
    ['its med_type', { med_type: '72' }],
    ["the region's code of the scheme", { med_type: '21', insutype: '410', ...next }],
  ])('a work injury, known by %s, is paid under its certification', async (_, told) => {
    const ward = wards(served, 'W1')
    const bill = 'insutype' in told ? { insutype: told.insutype } : {}
    const mdtrt_id = await ward.admitted(told, [diagnosis('S52.500')])
    await ward.upload(mdtrt_id, [['L1', 1800, lastDay]], ofAll)
    await ward.discharge(mdtrt_id, bill, [diagnosis('S52.500')])
    const { output } = await ward.settle(mdtrt_id, 1800, bill)
    expect(output.setlinfo).toMatchObject({ oth_pay: 1800, fund_pay_sumamt: 1800, act_pay_dedc: 0 })
    expect(brokenIdentities(output.setlinfo, output.setldetail)).toEqual([])
  })

  test('a work injury is not paid for another diagnosis, or without certification', async () => {
    const ward = wards(served, 'W1')
    const mdtrt_id = await ward.admitted({ med_type: '72', ...next }, [diagnosis('S52.500')])
    await ward.upload(mdtrt_id, [['L1', 1800, lastDay]], ofAll)
    await ward.discharge(mdtrt_id, {}, [diagnosis('J18.900')])
    expect(await ward.settle(mdtrt_id, 1800)).toMatchObject(refused('诊断'))
    expect(await wards(served, 'E1').admit({ med_type: '72' })).toMatchObject({ infcode: -1 })
  })

  test('a delivery is paid by what it turned out to be', async () => {
    const ward = wards(served, 'M1')
    const mdtrt_id = await ward.admitted({ med_type: '52', fetus_cnt: 0 })
    await ward.upload(mdtrt_id, [['L1', 5000]], ofAll)
    await ward.discharge(mdtrt_id, { matn_type: '2', fetus_cnt: 1 })
    const { output } = await ward.settle(mdtrt_id, 5000)
    expect(output.setlinfo).toMatchObject({ med_type: '52', hifp_pay: 3500 })
    expect(brokenIdentities(output.setlinfo, output.setldetail)).toEqual([])
  })

  test("a newborn's own stay is one of the newborn", async () => {
    const ward = wards(served, 'R2')
    const mdtrt_id = await ward.admitted({ med_type: '5212' })
    await ward.upload(mdtrt_id, [['L1', 3000]])
    await ward.discharge(mdtrt_id)
    const { output } = await ward.settle(mdtrt_id, 3000)
    expect(output.setlinfo).toMatchObject({ med_type: '5212', insutype: '390', psn_type: '14' })
    expect(output.setlinfo.hifp_pay).toBeGreaterThan(0)
  })

  test('an injury by somebody else is not for the fund to pay', async () => {
    const ward = wards(served, 'Y2')
    const mdtrt_id = await ward.admitted({ med_type: '22' })
    await ward.upload(mdtrt_id, [['L1', 1000]])
    await ward.discharge(mdtrt_id)
    expect(await ward.settle(mdtrt_id, 1000)).toMatchObject(refused('第三方'))
    expect(await ward.change(mdtrt_id, { med_type: '22', rel_ttp_flag: '0' })).toMatchObject(done)
    expect(await ward.settle(mdtrt_id, 1000)).toMatchObject(done)
  })
})

describe('what became of a settlement of a stay', () => {
  test('is taken back by 2601, the discharge that it told with it, and every repeat is told the same', async () => {
    const ward = wards(served, 'E2')
    const mdtrt_id = await ward.admitted()
    await ward.upload(mdtrt_id, [['L1', 1800]])
    const [first, again] = [nextMsgid(), nextMsgid()]
    const settle = (msgid: string) =>
      ward.settle(mdtrt_id, 1800, { dscgTime: '2026-03-01' }, { msgid })
    const reverse = (omsgid: string, oinfno: string) =>
      ward.ask('2601', { data: { psn_no: ward.psn_no, omsgid, oinfno } })
    const told = await settle(first)
    expect(told).toMatchObject(done)
    expect(await reverse(first, '2305')).toMatchObject({ infcode: -1 })
    expect(await reverse(first, '2304')).toMatchObject(done)
    expect((await settle(first)).output).toEqual(told.output)
    // The stay lasts again: it may be charged, discharged and settled anew.
    expect(await ward.of('2405', mdtrt_id)).toMatchObject(refused('出院'))
    expect(await ward.upload(mdtrt_id, [['L2', 200]])).toMatchObject(done)
    expect(await ward.settle(mdtrt_id, 2000)).toMatchObject(refused('出院'))
    expect(await ward.discharge(mdtrt_id)).toMatchObject(done)
    const { output } = await ward.settle(mdtrt_id, 2000, {}, { msgid: again })
    expect(output.setlinfo).toMatchObject({ act_pay_dedc: 800 })
    expect(
      await ward.ask('2208', {
        data: { setl_id: output.setlinfo.setl_id, mdtrt_id, psn_no: ward.psn_no },
      }),
    ).toMatchObject(refused('住院（2305）'))
    const cancel = nextMsgid()
    const { setl_id } = output.setlinfo
    const data = { setl_id, mdtrt_id, psn_no: ward.psn_no }
    expect(await ward.ask('2305', { data }, { msgid: cancel })).toMatchObject(done)
    expect(await reverse(cancel, '2305')).toMatchObject(done)
    // Restored: the stay is closed as it was.
    expect(await ward.upload(mdtrt_id, [['L3', 1]])).toMatchObject(refused('结算'))
    expect(await ward.undo(mdtrt_id, setl_id)).toMatchObject(done)
    expect(await served.violations()).toEqual([])
  })
})
