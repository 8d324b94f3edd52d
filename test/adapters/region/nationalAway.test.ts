// A hospital of Chengdu treats somebody insured in Guangzhou, over the national interface: it says where they are insured in
// its envelopes (insuplc_admdvs), and nothing else is otherwise.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { nextMsgid, person } from '../nhsa/envelopes.ts'
import { wards } from '../nhsa/wards.ts'
import { begin, type GuestVisit } from './guests.ts'
import { balance, insure, mustAgree, openTwo, type Two } from './twoServers.ts'

let two: Two
beforeAll(async () => {
  two = await openTwo()
  await two.chengdu.done('1101', byNumber('G1'), { homeRegion: '440100' })
})
afterEach(async () => mustAgree(two))
afterAll(async () => two.close())

const byNumber = (key: string) => {
  const { citizenNumber } = person(key)
  return {
    data: {
      mdtrt_cert_type: '02',
      mdtrt_cert_no: citizenNumber,
      psn_cert_type: '01',
      certno: citizenNumber,
    },
  }
}
const guest = { homeRegion: '440100' }

/** The rows of a settlement, by kind: here and at home. */
async function kindsOf(settlement: string): Promise<readonly string[][]> {
  const ask = (text: string, value: string) => ({
    text: `${text} order by sequence`,
    values: [value],
  })
  const here = await two.chengdu.owner.query(
    ask('select kind, reference from settlement where settlement_id = $1', settlement),
  )
  const there = await two.guangzhou.owner.query(
    ask('select kind from settlement where reference = $1', here.rows[0].reference),
  )
  return [here.rows, there.rows].map((rows) => rows.map(({ kind }) => kind as string))
}

const held = async (): Promise<bigint> =>
  balance(two.guangzhou, `personal:${person('G1').person.id}`)

describe('who is insured elsewhere', () => {
  test('is told of like anybody, with where they are insured and what their account has', async () => {
    const told = await two.chengdu.done('1101', byNumber('G1'), guest)
    expect(told.baseinfo).toMatchObject({ psn_no: person('G1').person.id })
    expect(told.insuinfo).toMatchObject([{ insutype: '310', insuplc_admdvs: '440100', balc: 1500 }])
  })

  test('and by their card as well', async () => {
    const { card, citizenNumber, person: known } = person('G1')
    const data = {
      mdtrt_cert_type: '03',
      mdtrt_cert_no: card.number,
      card_sn: card.serial,
      psn_cert_type: '01',
      certno: citizenNumber,
    }
    const told = await two.chengdu.done('1101', { data }, guest)
    expect(told.baseinfo.psn_no).toBe(known.id)
    expect(told.insuinfo).toMatchObject([{ balc: 1500 }])
  })

  test('is unknown where the envelope says that they are insured here', async () => {
    const reply = await two.chengdu.send('1101', byNumber('O1'), guest)
    expect(reply).toMatchObject({ infcode: -1 })
    expect(reply.err_msg).toContain('未查到该凭证对应的参保人')
  })
})

describe('an outpatient visit away from home', () => {
  test('is tried and settled as any other', async () => {
    const { chengdu } = two
    const before = await held()
    const mdtrt_id = await chengdu.register('G1')
    await chengdu.upload('G1', mdtrt_id, [{ yuan: 1000 }])
    const bill = chengdu.bill('G1', mdtrt_id, 1000)
    const tried = await chengdu.done('2206A', bill, guest)
    const { setlinfo } = await chengdu.done('2207A', bill, guest)
    // No deductible, 65 % in a tertiary hospital, ten points off with a referral: 1000 × 55 %. The account pays the rest.
    const paid = {
      medfee_sumamt: 1000,
      inscp_scp_amt: 1000,
      act_pay_dedc: 0,
      fund_pay_sumamt: 550,
      psn_part_amt: 450,
      acct_pay: 450,
      psn_cash_pay: 0,
      hifp_pay: 550,
      balc: 1050,
    }
    expect(tried.setlinfo).toMatchObject(paid)
    expect(setlinfo).toMatchObject(paid)
    expect((await held()) - before).toBe(450_00n)
    await chengdu.done(
      '2208',
      { data: { setl_id: setlinfo.setl_id, mdtrt_id, psn_no: person('G1').person.id } },
      guest,
    )
    expect(await kindsOf(setlinfo.setl_id)).toEqual([
      ['settlement', 'cancellation'],
      ['settlement', 'cancellation'],
    ])
    expect(await held()).toBe(before)
  })

  test('asked for twice under its msgid is settled once and told twice', async () => {
    const { chengdu } = two
    const mdtrt_id = await chengdu.register('G1')
    await chengdu.upload('G1', mdtrt_id, [{ yuan: 100 }])
    const words = { ...guest, msgid: nextMsgid() }
    const first = await chengdu.done('2207A', chengdu.bill('G1', mdtrt_id, 100), words)
    const again = await chengdu.done('2207A', chengdu.bill('G1', mdtrt_id, 100), words)
    expect(again).toEqual(first)
    expect(await kindsOf(first.setlinfo.setl_id)).toEqual([['settlement'], ['settlement']])
  })

  test('reversed by its msgid is taken back on both sides, and stays so', async () => {
    const { chengdu, guangzhou } = two
    const before = await held()
    const msgid = nextMsgid()
    const mdtrt_id = await chengdu.register('G1')
    await chengdu.upload('G1', mdtrt_id, [{ yuan: 300 }])
    const bill = chengdu.bill('G1', mdtrt_id, 300)
    const { setlinfo } = await chengdu.done('2207A', bill, { ...guest, msgid })
    const psn_no = person('G1').person.id
    const data = { psn_no, omsgid: msgid, oinfno: '2207A' }
    await chengdu.done('2601', { data }, guest)
    await expect
      .poll(async () => (await kindsOf(setlinfo.setl_id))[1], { timeout: 20_000 })
      .toEqual(['settlement', 'reversal'])
    expect(await held()).toBe(before)
    const late = await chengdu.send(
      '2208',
      { data: { setl_id: setlinfo.setl_id, mdtrt_id, psn_no } },
      guest,
    )
    expect(late.infcode).toBe(-1)
    expect(await guangzhou.violations()).toEqual([])
  })

  test('whose cancellation is reversed stands again on both sides', async () => {
    const { chengdu } = two
    const visit = await chengdu.visit('G1', 300)
    const before = await held()
    const msgid = nextMsgid()
    await chengdu.cancel(visit, { msgid })
    expect(await held()).not.toBe(before)
    await chengdu.done(
      '2601',
      { data: { psn_no: visit.psn_no, omsgid: msgid, oinfno: '2208' } },
      guest,
    )
    expect(await kindsOf(visit.setlinfo.setl_id)).toEqual([
      ['settlement', 'cancellation', 'restoration'],
      ['settlement', 'cancellation', 'restoration'],
    ])
    expect(await held()).toBe(before)
    // Later settlements of the year stand in the way of a cancellation in Guangzhou, and this one is the last.
    await chengdu.cancel(visit)
  })

  test('that is not the last of its year is not cancelled where home forbids it, and told so by name', async () => {
    const { chengdu } = two
    const first = await chengdu.visit('G1', 100)
    await chengdu.visit('G1', 100)
    const data = { setl_id: first.setlinfo.setl_id, mdtrt_id: first.mdtrt_id, psn_no: first.psn_no }
    const reply = await chengdu.send('2208', { data }, guest)
    expect(reply).toMatchObject({ infcode: -1 })
    expect(reply.err_msg).toContain('结算')
    expect(await kindsOf(first.setlinfo.setl_id)).toEqual([['settlement'], ['settlement']])
  })
})

describe('a stay away from home', () => {
  const info = (reply: {
    output: { setlinfo: Record<string, unknown> } | null
    err_msg: string | null
  }) => {
    if (!reply.output) throw new Error(String(reply.err_msg))
    return reply.output.setlinfo as Record<string, number> & { readonly setl_id: string }
  }

  test('is admitted, charged, tried, settled, cancelled and settled again', async () => {
    const ward = wards(two.chengdu, 'G1')
    const mdtrt_id = await ward.admitted()
    await ward.upload(mdtrt_id, [
      ['S1', 6000],
      ['S2', 4000],
    ])
    await ward.discharge(mdtrt_id)
    const tried = await ward.ask('2303', ward.bill(mdtrt_id, 10_000))
    const settled = info(await ward.settle(mdtrt_id, 10_000))
    // (10000 − 1000) × (80 % − 10 points)
    const paid = {
      fund_pay_sumamt: 6300,
      act_pay_dedc: 1000,
      psn_part_amt: 3700,
      psn_cash_pay: 3700,
    }
    expect(info(tried)).toMatchObject(paid)
    expect(settled).toMatchObject(paid)
    expect((await ward.undo(mdtrt_id, settled.setl_id)).infcode).toBe(0)
    const again = info(await ward.settle(mdtrt_id, 10_000))
    expect(again).toMatchObject(paid)
    expect(await kindsOf(settled.setl_id)).toEqual([
      ['settlement', 'cancellation'],
      ['settlement', 'cancellation'],
    ])
  })

  test('settled in parts has one deductible', async () => {
    const ward = wards(two.chengdu, 'G1')
    const mdtrt_id = await ward.admitted({ begntime: '2026-03-01 16:00:00' })
    await ward.upload(mdtrt_id, [['P1', 5000, '2026-03-01']])
    const part = info(await ward.settle(mdtrt_id, 5000, { mid_setl_flag: '1' }))
    // (5000 − 1000) × 70 %
    expect(part).toMatchObject({ fund_pay_sumamt: 2800, act_pay_dedc: 1000 })
    await ward.upload(mdtrt_id, [['P2', 3000, '2026-03-02']])
    await ward.discharge(mdtrt_id, { endtime: '2026-03-02 08:00:00' })
    // 3000 × 70 %
    const last = info(await ward.settle(mdtrt_id, 3000))
    expect(last).toMatchObject({ fund_pay_sumamt: 2100, act_pay_dedc: 0 })
    const early = await ward.undo(mdtrt_id, part.setl_id)
    expect(early).toMatchObject({ infcode: -1 })
    expect((await ward.undo(mdtrt_id, last.setl_id)).infcode).toBe(0)
    expect((await ward.undo(mdtrt_id, part.setl_id)).infcode).toBe(0)
  })
})

test('several bills of one visit have what home counts by visit once', async () => {
  const who = await insure(two.guangzhou, '610700')
  const paid = async (visit: GuestVisit, yuan: number, batch: string) => {
    await visit.charge(yuan, batch)
    const replies = [await visit.ask('2206A', yuan, batch), await visit.ask('2207A', yuan, batch)]
    return replies.map(({ output }) => output?.setlinfo.fund_pay_sumamt)
  }
  const first = await begin(two.chengdu, who)
  // 100.00 a visit, and 50 % of what is above: (300 − 100) × 50 % = 100, and 200 × 50 % of the next bill of the visit.
  expect(await paid(first, 300, 'B1')).toEqual([100, 100])
  expect(await paid(first, 200, 'B2')).toEqual([100, 100])
  const second = await begin(two.chengdu, who)
  // A small bill leaves 40.00 of it: (240 − 40) × 50 %
  expect(await paid(second, 60, 'B1')).toEqual([0, 0])
  expect(await paid(second, 240, 'B2')).toEqual([100, 100])
})
