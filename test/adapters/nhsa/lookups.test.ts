import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { person } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(async () => {
  await served.close()
})

describe('1201', () => {
  const named = async (medinsinfo: object) =>
    (await served.done('1201', { medinsinfo })).medinsinfo.map(
      (row: Record<string, unknown>) => row['fixmedins_code'],
    )

  test('finds institutions by type and by code or a part of their name', async () => {
    const asked = { fixmedins_type: '1', fixmedins_code: 'H51010000001' }
    expect((await served.done('1201', { medinsinfo: asked })).medinsinfo).toEqual([
      {
        fixmedins_code: 'H51010000001',
        fixmedins_name: '演示三级医院',
        uscc: null,
        fixmedins_type: '1',
        hosp_lv: '02',
        exp_content: null,
      },
    ])
    expect(await named({ fixmedins_type: '2', fixmedins_name: '药店' })).toEqual(['P51010000001'])
    expect(await named({ fixmedins_type: '1', fixmedins_name: '药店' })).toEqual([])
    const without = await served.send('1201', { medinsinfo: { fixmedins_type: '1' } })
    expect(without.infcode).toBe(-1)
  })
})

describe('2001', () => {
  const asked = (key: string, more: object = {}) => ({
    data: {
      psn_no: person(key).person.id,
      insutype: '310',
      fixmedins_code: 'H51010000001',
      med_type: '11',
      begntime: '2026-03-02 09:00:00',
      ...more,
    },
  })
  const funds = async (key: string, more: object = {}) =>
    (await served.done('2001', asked(key, more))).trtinfo.map(
      (row: Record<string, string>) => `${row['fund_pay_type']} ${row['trt_enjymnt_flag']}`,
    )

  test('names every fund that would pay', async () => {
    expect(await funds('E1', { med_type: '21' })).toContain('310100 1')
    expect(await funds('E1', { med_type: '21' })).toContain('310200 1')
    expect(await funds('C1', { med_type: '21' })).toContain('320100 1')
    expect(await funds('R1', { insutype: '390', med_type: '21' })).toContain('390100 1')
  })

  test('asks for what the kind of care needs', async () => {
    const why = async (key: string, more: object) =>
      (await served.done('2001', asked(key, more))).trtinfo[0].trt_chk_rslt
    expect(await funds('E2', { med_type: '140104', dise_codg: 'M03900' })).toContain('310100 1')
    expect(await why('E2', { med_type: '140104', dise_codg: 'M01600' })).toContain('M01600')
    expect(await funds('M1', { med_type: '52', matn_type: '1' })).not.toEqual([])
    expect(await why('M1', { med_type: '52', matn_type: '1' })).toBeNull()
    expect(await why('E1', { med_type: '52', matn_type: '1' })).toContain('生育')
    expect(await why('E1', { fixmedins_code: 'H51010000009' })).toContain('终止')
    expect(await why('S1', {})).toContain('暂停')
  })

  test('says why a fund would not', async () => {
    const { trtinfo } = await served.done('2001', asked('R1'))
    expect(trtinfo[0]).toMatchObject({ trt_chk_type: '01', trt_enjymnt_flag: '0' })
    expect(trtinfo[0].trt_chk_rslt).toContain('未参加')
    const unknown = { data: { ...asked('E1').data, psn_no: '510100000000000000009999' } }
    expect((await served.send('2001', unknown)).infcode).toBe(-1)
    expect((await served.send('2001', asked('E1', { insutype: '320' }))).infcode).toBe(-1)
  })
})

test('1901 tells the values of a code table', async () => {
  const data = { type: 'LIST_TYPE', parentValue: '', admdvs: '510100', date: '2026-03-02' }
  const { list } = await served.done('1901', { data: { ...data, valiFlag: '1' } })
  expect(list).toHaveLength(6)
  expect(list[0]).toEqual({
    type: 'list_type',
    label: '西药中成药',
    value: '101',
    parentValue: null,
    sort: 1,
    valiFlag: '1',
    createUser: null,
    createDate: null,
    version: null,
  })
  expect((await served.done('1901', { data: { ...data, valiFlag: '0' } })).list).toEqual([])
  const parent = { ...data, parentValue: '1', valiFlag: '1' }
  expect((await served.done('1901', { data: parent })).list).toHaveLength(4)
  expect((await served.send('1901', { data: { ...data, type: 'none' } })).infcode).toBe(-1)
  const labelOf = async (type: string, value: string) =>
    (await served.done('1901', { data: { ...data, type } })).list.find(
      (each: { value: string }) => each.value === value,
    )?.label
  expect(await labelOf('fund_pay_type', '310200')).toBe('个人账户')
  expect(await labelOf('fund_pay_type', '310100')).toBe('城镇职工基本医疗保险统筹基金')
  expect(await labelOf('cum_type_code', 'F0000')).toBe('政策范围内费用累计')
})
