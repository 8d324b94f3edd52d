import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulateTerminal } from '../../../adapters/simulator/terminal.ts'
import { chipOf } from '../../support/reader.ts'
import { nextMsgid, person } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(async () => {
  await served.close()
})

/** Its server verifies cards itself; the other hospitals trust their readers. */
const verifying = 'H51010000002'

const byNumber = (key: string, more: object = {}) => ({
  data: { mdtrt_cert_type: '02', mdtrt_cert_no: person(key).citizenNumber, ...more },
})
const byCard = (key: string, more: object = {}) => {
  const { card } = person(key)
  return {
    data: {
      mdtrt_cert_type: '03',
      mdtrt_cert_no: card?.number,
      card_sn: card?.serial,
      ...more,
    },
  }
}

describe('1101', () => {
  test('tells who somebody is and how they are insured', async () => {
    const { person: known, name, citizenNumber } = person('E1')
    expect(await served.done('1101', byNumber('E1'))).toEqual({
      baseinfo: {
        psn_no: known.id,
        psn_cert_type: '01',
        certno: citizenNumber,
        psn_name: name,
        gend: '1',
        naty: '01',
        brdy: '1986-03-12',
        age: 39,
      },
      insuinfo: [
        {
          balc: 1378.15,
          insutype: '310',
          psn_type: '11',
          psn_insu_stas: '1',
          psn_insu_date: '2020-01-01',
          paus_insu_date: null,
          cvlserv_flag: '0',
          insuplc_admdvs: '510100',
          emp_name: '演示单位',
        },
      ],
      idetinfo: [],
    })
  })

  test('has one row for each scheme with a national code, and money on the employees’ alone', async () => {
    const rows = async (key: string) =>
      (await served.done('1101', byNumber(key))).insuinfo.map(
        (row: Record<string, string>) => `${row['insutype']} ${row['balc']} ${row['cvlserv_flag']}`,
      )
    expect(await rows('C1')).toEqual(['310 5000 1', '320 0 1'])
    // Work injury, unemployment and pension are not the medical insurance's.
    expect(await rows('W1')).toEqual(['310 640 0'])
    expect(await rows('U1')).toEqual(['310 120 0'])
    expect(await rows('R1')).toEqual(['390 0 0'])
  })

  test('tells of coverage on a day in the past', async () => {
    const on = (begntime: string) => served.done('1101', byNumber('E1', { begntime }))
    expect((await on('2020-01-01 00:00:00')).insuinfo).toHaveLength(1)
    expect((await on('2019-12-31 00:00:00')).insuinfo).toEqual([])
  })

  test('tells a pause, an identity class, and cadres by their own code', async () => {
    const first = async (key: string) => (await served.done('1101', byNumber(key))).insuinfo[0]
    expect(await first('S1')).toMatchObject({ psn_insu_stas: '2', paus_insu_date: '2026-02-01' })
    expect(await first('L1')).toMatchObject({ insutype: '340', psn_type: '13' })
    const { idetinfo } = await served.done('1101', byNumber('A1'))
    expect(idetinfo[0]).toMatchObject({ psn_idet_type: '99', memo: '最低生活保障对象' })
    const earlier = byNumber('S1', { begntime: '2026-01-31 00:00:00' })
    const { insuinfo } = await served.done('1101', earlier)
    expect(insuinfo[0]).toMatchObject({ psn_insu_stas: '1', paus_insu_date: null })
  })

  test('takes an identity document alone, and the number the sandbox gives an e-card', async () => {
    const { citizenNumber, person: known, name } = person('E1')
    const told = [
      { psn_cert_type: '01', certno: citizenNumber, psn_name: name },
      { mdtrt_cert_type: '01', mdtrt_cert_no: `E${known.id}` },
    ].map(async (data) => (await served.done('1101', { data })).baseinfo.psn_no)
    expect(await Promise.all(told)).toEqual([known.id, known.id])
  })

  test('refuses what does not fit', async () => {
    const refused = async (input: unknown) => {
      const { infcode, err_msg } = await served.send('1101', input)
      return `${String(infcode)} ${err_msg}`
    }
    expect(await refused({ data: { mdtrt_cert_type: '02' } })).toContain('不能为空')
    expect(await refused(byNumber('E1', { psn_name: '别人' }))).toContain('不符')
    expect(await refused(byNumber('E1', { certno: person('E2').citizenNumber }))).toContain('不符')
    expect(await refused(byNumber('E1', { mdtrt_cert_no: '510199199912310019' }))).toMatch(/^-1 /)
    expect(await refused(byNumber('E1', { mdtrt_cert_no: '1' }))).toContain('校验码')
    expect(await refused(byCard('E1', { card_sn: '' }))).toContain('card_sn')
    expect(await refused(byCard('E1', { card_sn: 'X' }))).toContain('格式')
    expect(await refused(byCard('E1', { card_sn: person('E2').card?.serial }))).toContain('真实性')
    expect(await refused(byCard('E1', { mdtrt_cert_no: 'D99999999' }))).toContain('社会保障卡')
    expect(await refused(byNumber('E1', { mdtrt_cert_type: '09' }))).toContain('代码表')
  })

  test('refuses a lost card and not its holder', async () => {
    const card = await served.send('1101', byCard('X3'))
    expect(card).toMatchObject({ infcode: -1, err_msg: '该卡已正式挂失。' })
    expect((await served.done('1101', byNumber('X3'))).baseinfo.psn_no).toBe(person('X3').person.id)
    const locked = await served.send('1101', byCard('X4'), { institution: verifying })
    expect(locked.err_msg).toContain('密码已锁定')
    expect((await served.send('1101', byCard('X4'))).infcode).toBe(0)
  })

  test('answers a repeated message of a card as it did at first', async () => {
    const msgid = nextMsgid()
    const first = await served.done('1101', byCard('E2'), { msgid })
    expect(first.insuinfo[0].balc).toBe(3200)
    await served.visit('E2', 100)
    expect(await served.done('1101', byCard('E2'), { msgid })).toEqual(first)
    expect((await served.send('1101', byCard('E1'), { msgid })).infcode).toBe(-1)
  })
})

describe('an authentication', () => {
  const at = (device: string, institution = verifying) => ({
    institution,
    more: { dev_no: device },
  })
  const pay = (mdtrt_id: string, key: string) =>
    served.bill(key, mdtrt_id, 10, {
      fields: { mdtrt_cert_type: '03', mdtrt_cert_no: person(key).card?.number },
    })
  async function visit(key: string, around: object = at('T1')): Promise<string> {
    const mdtrt_id = await served.register(key, around)
    await served.upload(key, mdtrt_id, [{ yuan: 10 }], around)
    return mdtrt_id
  }

  /** What the card answers to the challenge that 1161 tells. */
  async function answer(key: string, around: object) {
    const { authinfo } = await served.done('1161', chipData(key), around)
    const inn_auth_val = chipOf(key).answer(Buffer.from(authinfo.chlg, 'hex')).toString('hex')
    return { chlg_id: authinfo.chlg_id, inn_auth_val }
  }
  const chipData = (key: string, more: object = {}) => {
    const { number, serial } = person(key).card
    return { data: { cardno: number, card_sn: serial, ...more } }
  }

  test('is due where the server verifies cards, at the same terminal', async () => {
    const mdtrt_id = await visit('C1')
    const without = await served.send('2207A', pay(mdtrt_id, 'C1'), at('T1'))
    expect(without).toMatchObject({ infcode: -1 })
    expect(without.err_msg).toContain('读卡鉴权')
    await served.done('1101', byCard('C1', await answer('C1', at('T2'))), at('T2'))
    expect((await served.send('2207A', pay(mdtrt_id, 'C1'), at('T1'))).infcode).toBe(-1)
    await served.done('1101', byCard('C1', await answer('C1', at('T1'))), at('T1'))
    const paid = await served.send('2207A', pay(mdtrt_id, 'C1'), at('T1'))
    expect(paid.infcode).toBe(0)
    expect(paid.warn_msg ?? '').not.toContain('核验')
  })

  test('is carried by the visit that was opened with it, wherever it is paid', async () => {
    const presented = {
      mdtrt_cert_type: '03',
      mdtrt_cert_no: person('E2').card?.number,
      card_sn: person('E2').card?.serial,
    }
    const { psn_no } = served.who('E2')
    const data = {
      psn_no,
      insutype: '310',
      begntime: '2026-03-02 09:00:00',
      ...presented,
      ipt_otp_no: 'CARD-1',
      atddr_no: 'DR1',
      dr_name: '演示医师',
      dept_code: 'D1',
      dept_name: '演示科室',
      caty: 'A02',
    }
    await served.done('1101', byCard('E2', await answer('E2', at('T5'))), at('T5'))
    const { data: visited } = await served.done('2201', { data }, at('T5'))
    const { mdtrt_id } = visited
    const mdtrtinfo = { mdtrt_id, psn_no, med_type: '11', begntime: '2026-03-02 09:00:00' }
    const diseinfo = [
      { diag_type: '1', diag_srt_no: '1', diag_code: 'I10.x00', diag_name: '原发性高血压' },
    ]
    await served.send('2203A', { mdtrtinfo, diseinfo }, at('T5'))
    await served.upload('E2', mdtrt_id, [{ yuan: 10 }], at('T5'))
    const paid = await served.send('2207A', pay(mdtrt_id, 'E2'), at('T6'))
    expect(paid).toMatchObject({ infcode: 0, err_msg: '' })
  })

  test('is not due where the reader is trusted', async () => {
    const mdtrt_id = await visit('C1', {})
    expect((await served.done('2207A', pay(mdtrt_id, 'C1'))).setlinfo.medfee_sumamt).toBe(10)
  })

  test('is opened by reading a card as well', async () => {
    const { card, citizenNumber } = person('M1')
    const asked = chipData('M1', await answer('M1', at('T3')))
    const { cardecinfo } = await served.done('1161', asked, at('T3'))
    expect(cardecinfo).toEqual({
      psn_cert_type: '01',
      certno: citizenNumber,
      psn_name: person('M1').name,
      cardno: card?.number,
      card_sn: card?.serial,
      ecToken: null,
    })
    const mdtrt_id = await visit('M1', at('T3'))
    expect((await served.send('2207A', pay(mdtrt_id, 'M1'), at('T3'))).infcode).toBe(0)
  })

  test('is not opened on the word of a reader where the server verifies cards', async () => {
    const told = await served.send('1101', byCard('P1'), at('T7'))
    expect(told).toMatchObject({ infcode: 0 })
    expect(told.warn_msg).toContain('未核验社保卡真伪')
    const read = await served.send('1161', chipData('P1'), at('T7'))
    expect(read.warn_msg).toContain('未核验社保卡真伪')
    expect(read.output.authinfo).toMatchObject({ chlg: expect.stringMatching(/^[0-9A-F]{32}$/) })
    const mdtrt_id = await visit('P1', at('T7'))
    expect((await served.send('2207A', pay(mdtrt_id, 'P1'), at('T7'))).err_msg).toContain(
      '读卡鉴权',
    )
  })

  test('answers a repeat of what proved the card without another challenge', async () => {
    const msgid = nextMsgid(verifying)
    const asked = chipData('U1', await answer('U1', at('T8')))
    const first = await served.done('1161', asked, { ...at('T8'), msgid })
    expect(await served.done('1161', asked, { ...at('T8'), msgid })).toEqual(first)
    const replayed = await served.send('1161', asked, at('T8'))
    expect(replayed.err_msg).toContain('挑战码')
  })

  test('refuses what proves nothing, and tells nothing of why', async () => {
    const refused = async (more: object) =>
      (await served.send('1161', chipData('U1', more), at('T9'))).err_msg
    const good = await answer('E1', at('T9'))
    expect(await refused(good)).toBe('社会保障卡真实性校验未通过。')
    expect(await refused({ chlg_id: 'X', inn_auth_val: '00'.repeat(16) })).toContain('挑战码')
    expect(await refused({ chlg_id: 'X' })).toContain('同时填写')
    expect(await refused({ chlg_id: 'X', inn_auth_val: '00' })).toContain('十六进制')
    expect(await refused({ spec_ver: '4.00' })).toContain('spec_ver')
    expect(await refused({ alg_flag: '02' })).toContain('alg_flag')
    expect(await refused({ spec_ver: '2.00', ...(await answer('U1', at('T9'))) })).toContain(
      '真实性',
    )
    expect(await refused({ hsm_line: 'X' })).toContain('格式')
  })

  test('tells the two values that reader and card compare', async () => {
    const step = simulateTerminal({ division: '510100', id: 'T10' }).hsmStep(chipOf('U1'))
    const asked = chipData('U1', { hsm_line: step.line })
    const { authinfo } = await served.done('1161', asked)
    const { inn_auth_val: internal, ext_auth_val: external } = authinfo
    expect(step.finish({ internal, external })).toBe('genuine')
  })

  test('proves the centre to the card as well', async () => {
    const chip = chipOf('U1')
    const card_chlg = chip.challenge().toString('hex')
    const asked = chipData('U1', { ...(await answer('U1', at('T11'))), card_chlg })
    const { authinfo } = await served.done('1161', asked, at('T11'))
    expect(chip.accepts(Buffer.from(authinfo.ext_auth_val, 'hex'))).toBe(true)
  })
})

test('1162 tells whose e-card was scanned', async () => {
  const { id } = person('E1').person
  const { baseinfo, cardecinfo } = await served.done('1162', { data: { ecToken: `E${id}` } })
  expect(baseinfo.psn_no).toBe(id)
  expect(cardecinfo).toMatchObject({ ecToken: `E${id}`, cardno: null })
  const nobody = await served.send('1162', { data: { ecToken: 'E1' } })
  expect(nobody.infcode).toBe(-1)
})

test('the books are whole after all of it', async () => {
  expect(await served.violations()).toEqual([])
})
