import { afterAll, beforeAll, expect, test } from 'vitest'
import { nextMsgid, pharmacy } from './envelopes.ts'
import { atPharmacy, idsOf, saleInput } from './sales.ts'
import { openServed, type Served } from './served.ts'
import { wards } from './wards.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

test('a settlement that was cancelled and is sent again has the first output, and a warning that it holds no more', async () => {
  const mdtrt_id = await served.register('C1')
  await served.upload('C1', mdtrt_id, [{ yuan: 80 }])
  const bill = served.bill('C1', mdtrt_id, 80)
  const msgid = nextMsgid()
  const settle = () => served.send('2207A', bill, { msgid })
  const first = await settle()
  expect((await settle()).warn_msg).toBe(first.warn_msg)
  const { setlinfo } = await served.done('2208', idsOf(first.output))
  // 姓名 is among what a cancellation must tell.
  expect(setlinfo.psn_name).toBe(first.output.setlinfo.psn_name)
  const repeated = await settle()
  expect(repeated.output).toEqual(first.output)
  expect(repeated.warn_msg).toContain('该结算其后已撤销，现已无效')
})

test('a sale that was reversed and is sent again says so, and no more once the reversal of its return restored it', async () => {
  const sale = saleInput(served, 'E1', { yuan: 50 })
  const [msgid, undoing] = [nextMsgid(pharmacy), nextMsgid(pharmacy)]
  const sell = () => served.send('2102', sale, { ...atPharmacy, msgid })
  const first = await sell()
  const reverse = (omsgid: string, oinfno: string) =>
    served.done('2601', { data: { psn_no: served.who('E1').psn_no, omsgid, oinfno } }, atPharmacy)
  const back = await served.done('2103', idsOf(first.output), { ...atPharmacy, msgid: undoing })
  expect(back.setlinfo.psn_name).toBe('演示甲')
  expect((await sell()).warn_msg).toContain('已撤销')
  await reverse(undoing, '2103')
  expect((await sell()).warn_msg).toBe(first.warn_msg)
  await reverse(msgid, '2102')
  expect(await sell()).toMatchObject({
    infcode: 0,
    output: first.output,
    warn_msg: expect.stringContaining('已冲正'),
  })
})

test('a registration that was cancelled and is sent again says so', async () => {
  const { psn_no, certno, homeRegion, insutype } = served.who('E1')
  const ids = { psn_no, ipt_otp_no: 'O9' }
  const data = {
    ...ids,
    insutype,
    begntime: '2026-03-02 09:00:00',
    mdtrt_cert_type: '02',
    mdtrt_cert_no: certno,
    atddr_no: 'DR1',
    dr_name: '演示医师',
    dept_code: 'D1',
    dept_name: '演示科室',
    caty: 'A02',
  }
  const msgid = nextMsgid()
  const register = () => served.send('2201', { data }, { homeRegion, msgid })
  const first = await register()
  expect(await register()).toMatchObject({ output: first.output, warn_msg: first.warn_msg })
  await served.done('2202', { data: { ...ids, mdtrt_id: first.output.data.mdtrt_id } })
  expect(await register()).toMatchObject({
    infcode: 0,
    output: first.output,
    warn_msg: expect.stringContaining('该挂号其后已撤销，现已无效'),
  })
})

test.each(['2404', '2601'])(
  'an admission that was taken back by %s and is sent again says so',
  async (infno) => {
    const ward = wards(served, infno === '2404' ? 'R1' : 'A1')
    const { psn_no } = ward
    const input = ward.admission()
    const msgid = nextMsgid()
    const admit = () => ward.ask('2401', input, { msgid })
    const first = await admit()
    expect(await admit()).toMatchObject({ output: first.output, warn_msg: first.warn_msg })
    const { mdtrt_id } = first.output.result
    const data = infno === '2404' ? { mdtrt_id, psn_no } : { psn_no, omsgid: msgid, oinfno: '2401' }
    expect((await ward.ask(infno, { data })).infcode).toBe(0)
    expect(await admit()).toMatchObject({
      infcode: 0,
      output: first.output,
      warn_msg: expect.stringContaining('该入院登记其后已撤销或冲正，现已无效'),
    })
  },
)
