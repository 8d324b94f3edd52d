import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eCardsAt } from '../../support/eCards.ts'
import { nextMsgid, person } from './envelopes.ts'
import { detail, mobileDesk } from './mobileDesk.ts'
import { item, openServed, type Served } from './served.ts'

let served: Served
let eCards: ReturnType<typeof eCardsAt>
beforeAll(async () => {
  served = await openServed()
  eCards = eCardsAt(served.post)
})
afterAll(async () => {
  await served.close()
})

const verifying = 'H51010000002'
const at = { institution: verifying }

/** Scans the token of somebody: gives the handle. */
async function scan(key: string, around: object = at, more: object = {}): Promise<string> {
  const ecToken = await eCards.token(key, more)
  const { cardecinfo, baseinfo } = await served.done('1162', { data: { ecToken } }, around)
  expect(baseinfo.psn_no).toBe(person(key).person.id)
  return cardecinfo.ecToken
}
const shown = (handle: string) => ({ mdtrt_cert_type: '01', mdtrt_cert_no: handle })
const doctor = {
  ipt_otp_no: 'EC-1',
  atddr_no: 'DR1',
  dr_name: '演示医师',
  dept_code: 'D1',
  dept_name: '演示科室',
  caty: 'A02',
}

/** 2201 by handle, its lines, and the input that settles it. */
async function visit(key: string, credential: Record<string, unknown>, around: object = at) {
  const { psn_no, insutype } = served.who(key)
  const begntime = '2026-03-02 09:00:00'
  const { data } = await served.done(
    '2201',
    { data: { psn_no, insutype, begntime, ...credential, ...doctor } },
    around,
  )
  const { mdtrt_id } = data
  const mdtrtinfo = { mdtrt_id, psn_no, med_type: '11', begntime }
  const diseinfo = [
    { diag_type: '1', diag_srt_no: '1', diag_code: 'I10.x00', diag_name: '原发性高血压' },
  ]
  await served.send('2203A', { mdtrtinfo, diseinfo }, around)
  await served.upload(key, mdtrt_id, [{ yuan: 10 }], around)
  return served.bill(key, mdtrt_id, 10, { fields: credential })
}

describe('a token that is scanned', () => {
  test('is answered with a handle that fits the field, under which a visit is registered and settled', async () => {
    const handle = await scan('E1')
    expect(handle.length).toBeLessThanOrEqual(50)
    const bill = await visit('E1', shown(handle))
    expect((await served.send('2206A', bill, at)).infcode).toBe(0)
    const paid = await served.send('2207A', bill, at)
    expect(paid).toMatchObject({ infcode: 0 })
    expect(paid.warn_msg ?? '').not.toContain('核验')
  })

  test('is used up by it: no other institution, message or purpose has anything of it', async () => {
    const ecToken = await eCards.token('E1')
    const msgid = nextMsgid(verifying)
    const first = await served.done('1162', { data: { ecToken } }, { ...at, msgid })
    expect(await served.done('1162', { data: { ecToken } }, { ...at, msgid })).toEqual(first)
    const again = await served.send('1162', { data: { ecToken } }, at)
    expect(again.err_msg).toContain('已被使用')
    expect((await served.send('1162', { data: { ecToken } })).err_msg).toContain('已被使用')
    const identity = await eCards.token('E1', { purpose: 'identity' })
    const wrong = await served.send('1162', { data: { ecToken: identity } }, at)
    expect(wrong.err_msg).toContain('用途')
    const bound = await eCards.token('E1', { only: 'H51010000001' })
    expect((await served.send('1162', { data: { ecToken: bound } }, at)).err_msg).toContain('机构')
    const forged = await served.send('1162', { data: { ecToken: 'A'.repeat(258) } }, at)
    expect(forged.err_msg).toContain('电子凭证无效')
  })

  test('gives a handle for this institution and this person alone', async () => {
    const handle = await scan('E1')
    const pay = async (key: string, around: object) =>
      (await served.send('2207A', await visit(key, shown(handle), around), around)).err_msg
    await expect(pay('E2', at)).rejects.toThrow(/2201/)
    await expect(pay('E1', {})).rejects.toThrow(/2201/)
    const byNumber = { mdtrt_cert_type: '02', mdtrt_cert_no: person('E2').citizenNumber }
    const bill = await visit('E2', byNumber)
    const other = { data: { ...bill.data, ...shown(handle) } }
    expect((await served.send('2207A', other, at)).infcode).toBe(-1)
  })

  test('leads 1101 of its institution to its holder, while it counts', async () => {
    const handle = await scan('E1')
    const asked = (more: object = {}) => ({ data: { ...shown(handle), ...more } })
    const { baseinfo } = await served.done('1101', asked(), at)
    expect(baseinfo.psn_no).toBe(person('E1').person.id)
    expect((await served.send('1101', asked())).infcode).toBe(-1)
    expect((await served.send('1101', asked({ psn_name: '别人' }), at)).err_msg).toContain('不符')
  })

  test('is carried by its visit, and by no other card or credential', async () => {
    const handle = await scan('C1')
    const bill = await visit('C1', shown(handle))
    const { mdtrt_cert_no: _, ...silent } = bill.data as Record<string, unknown>
    expect((await served.send('2207A', { data: silent }, at)).infcode).toBe(0)
  })

  test('pays in a pharmacy', async () => {
    const around = { institution: 'P51010000001' }
    const handle = await scan('E1', around)
    const { psn_no, insutype } = served.who('E1')
    const druginfo = {
      psn_no,
      insutype,
      ...shown(handle),
      begntime: '2026-03-02 09:00:00',
      medfee_sumamt: 12,
      acct_used_flag: '1',
      med_type: '41',
    }
    const line = {
      feedetl_sn: 'EC1',
      rxno: 'RX1',
      rx_circ_flag: '0',
      fee_ocur_time: '2026-03-02 09:00:00',
      med_list_codg: item,
      medins_list_codg: 'OWN-1',
      det_item_fee_sumamt: 12,
      cnt: 1,
      pric: 12,
      bilg_dept_codg: 'D1',
      bilg_dept_name: '演示',
      bilg_dr_codg: 'DR1',
      bilg_dr_name: '演示医师',
    }
    const sold = await served.done('2102', { druginfo, drugdetail: [line] }, around)
    expect(sold.setlinfo.medfee_sumamt).toBe(12)
  })

  test('of a card that is lost opens nothing, and of its holder’s own credential all the same', async () => {
    const kind = 'medical-insurance'
    await eCards.open('P1')
    const derived = await scan('P1')
    const own = await scan('P1', at, { kind })
    const [first, second] = [await visit('P1', shown(derived)), await visit('P1', shown(own))]
    const desk = { division: '510100', operator: 'OP01', channel: 'hotline' }
    const { number } = person('P1').card
    expect((await served.post(`/v1/cards/${number}/temporary-loss`, { desk })).status).toBe(201)
    expect((await served.send('2207A', first, at)).err_msg).toContain('挂失')
    expect((await served.send('2207A', second, at)).infcode).toBe(0)
    const third = await visit('P1', shown(await scan('P1', at, { kind })))
    await eCards.close('P1')
    expect((await served.send('2207A', third, at)).err_msg).toContain('电子凭证')
  })
})

test('a card is not proved by the e-card that derives from it, nor an e-card shown by the number of its card', async () => {
  const { number, serial } = person('C1').card
  const card = { mdtrt_cert_type: '03', mdtrt_cert_no: number, card_sn: serial }
  const bill = await visit('C1', shown(await scan('C1')))
  const byCard = { data: { ...bill.data, ...card } }
  expect((await served.send('2207A', byCard, at)).err_msg).toContain('鉴权')
  const { data } = await visit('C1', card, {})
  const bySameNumber = { data: { ...data, ...shown(number) } }
  expect((await served.send('2207A', bySameNumber)).err_msg).toContain('未查到')
})

describe('the number that the sandbox gives an e-card', () => {
  test('is taken where readers are trusted, and proves nothing where cards are verified', async () => {
    const number = shown(`E${person('E2').person.id}`)
    expect((await served.send('2207A', await visit('E2', number, {}))).infcode).toBe(0)
    const bill = await visit('E2', number)
    expect((await served.send('2207A', bill, at)).err_msg).toContain('鉴权')
    const { baseinfo } = await served.done('1162', { data: { ecToken: number.mdtrt_cert_no } }, at)
    expect(baseinfo.psn_no).toBe(person('E2').person.id)
  })
})

test('a mobile order is made with the handle, where cards are verified with nothing less', async () => {
  const desk = mobileDesk(served, 'E1', person('E1').name)
  const input = (ecToken: string) =>
    desk.uploadInput([detail('M1', 10)], 10, { ecToken, orgCodg: verifying })
  expect((await served.send('6201', input('EC-TOKEN-1'), at)).err_msg).toContain('鉴权')
  const handle = await scan('E1')
  const { data: order } = await served.done('6201', input(handle), at)
  const pay = desk.payInput(order, { orgCodg: verifying })
  expect((await served.done('6202', pay, at)).data.ordStas).toBe('6')
})

test('the books are whole after all of it', async () => {
  expect(await served.violations()).toEqual([])
})
