import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  // Both sides of a referral are computed here: Chengdu, where people are insured, and Guangzhou, where they are treated.
  served = await openServed({ REGIONS: '510100,510700,440100' })
})
afterAll(() => served.close())

const guangzhou = 'H44010000001'

/** What the pool pays of a bill, as a preview over REST tells it, or why it is refused. */
async function pool(key: string, more: Record<string, unknown> = {}): Promise<string> {
  const claim = {
    institution: 'H51010000001',
    day: '2026-03-02',
    credential: { type: 'citizen-number', number: served.who(key).certno },
    care: 'outpatient',
    useAccount: false,
    total: '1200.00',
    lines: [
      {
        id: 'L1',
        item: 'XN02BEB001A001010100013',
        quantity: '1',
        unitPrice: '1200',
        amount: '1200.00',
      },
    ],
    ...more,
  }
  const { json } = await served.ask('/v1/settlements/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(claim),
  })
  return String(json['fundTotal'] ?? json['code'])
}

const refmedin = (psn_no: string, more: Record<string, unknown> = {}) => ({
  refmedin: {
    psn_no,
    insutype: '310',
    insu_optins: '510100',
    diag_code: 'I63.900',
    diag_name: '脑梗死',
    reflin_medins_no: guangzhou,
    reflin_medins_name: '演示广州三级医院',
    mdtrtarea_admdvs: '440100',
    refl_type: '3',
    refl_date: '2026-03-02 08:30:00',
    refl_rea: '演示',
    refl_opnn: '同意',
    begndate: '2026-03-02',
    enddate: '2026-08-31',
    ...more,
  },
})

describe('a referral', () => {
  test('raises the reduction away from home from 70 % to 90 %, until it is withdrawn', async () => {
    const { psn_no, homeRegion } = served.who('E1')
    // Half of what is above the deductible of 200, times 0.7.
    expect(await pool('E1', { institution: guangzhou })).toBe('350.00')
    const { result } = await served.done('2501', refmedin(psn_no), { homeRegion })
    expect(result.trt_dcla_detl_sn).toMatch(/^.{30}$/)
    expect(await pool('E1', { institution: guangzhou })).toBe('450.00')

    const again = await served.send('2501', refmedin(psn_no), { homeRegion })
    expect(again).toMatchObject({ infcode: -1, err_msg: expect.stringContaining('440100') })

    const data = { trt_dcla_detl_sn: result.trt_dcla_detl_sn, psn_no, memo: '演示' }
    expect(await served.done('2502', { data }, { homeRegion })).toEqual({})
    expect(await pool('E1', { institution: guangzhou })).toBe('350.00')
    expect((await served.send('2502', { data }, { homeRegion })).infcode).toBe(-1)
  })

  test('is filed once however often its message comes', async () => {
    const { psn_no, homeRegion } = served.who('C1')
    const words = { homeRegion, msgid: `H51010000001202603020800000001` }
    const first = await served.done('2501', refmedin(psn_no), words)
    expect(await served.done('2501', refmedin(psn_no), words)).toEqual(first)
    const other = await served.send('2501', refmedin(psn_no, { refl_rea: '其他' }), words)
    expect(other.infcode).toBe(-1)
  })

  test('is for days in order, to a place that is known, of a person who is', async () => {
    const { psn_no, homeRegion } = served.who('M1')
    const told = async (input: unknown): Promise<string | null> =>
      (await served.send('2501', input, { homeRegion })).err_msg
    expect(await told(refmedin(psn_no, { enddate: '2026-03-01' }))).toContain('早于')
    expect(await told(refmedin(psn_no, { mdtrtarea_admdvs: '999999' }))).toContain('999999')
    expect(await told(refmedin('510100000000000000009999'))).not.toBeNull()
  })
})

describe('other care away from home', () => {
  const told = async (psn_no: string) => {
    const asked = { psn_no, begntime: '2026-01-01 00:00:00', endtime: '2026-12-31 23:59:59' }
    const { refmedin: rows } = await served.done('5304', { data: asked }, {})
    return (rows as Record<string, unknown>[]).map((row) => [
      row['refl_type'],
      row['begndate'],
      row['enddate'],
    ])
  }

  test('is filed by the type that the region configured, and told by it again', async () => {
    const { psn_no, homeRegion } = served.who('R2')
    const resident = { insutype: '390', enddate: undefined }
    const away = { ...resident, refl_type: 'A1', mdtrtarea_admdvs: '440000' }
    const { result } = await served.done('2501', refmedin(psn_no, away), { homeRegion })
    expect(await told(psn_no)).toEqual([['A1', '2026-03-02', null]])
    const data = { trt_dcla_detl_sn: result.trt_dcla_detl_sn, psn_no, memo: '演示' }
    const soon = await served.send('2502', { data }, { homeRegion })
    expect(soon.err_msg).toContain('2026-09-02')
    // What is filed at a desk is told as well, under the type of its kind.
    await served.ask(`/v1/people/${psn_no}/filings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'desk' },
      body: JSON.stringify({
        desk: { division: '510100', operator: 'op1' },
        kind: 'other',
        careRegion: '310000',
        from: '2026-03-05',
      }),
    })
    expect(await told(psn_no)).toEqual([
      ['A1', '2026-03-02', null],
      ['B3', '2026-03-05', '2026-09-05'],
    ])
  })

  test('is refused in Chinese where the home region does not take it', async () => {
    const { psn_no, homeRegion } = served.who('W1')
    const refused = async (more: Record<string, unknown>) =>
      (await served.send('2501', refmedin(psn_no, more), { homeRegion })).err_msg
    expect(await refused({ mdtrtarea_admdvs: '440000' })).toContain('就医地范围最大为统筹区')
    expect(await refused({ mdtrtarea_admdvs: '510105' })).toContain('无需备案')
    expect(await refused({ enddate: '2027-03-01' })).toContain('2026-09-02')
    expect(await refused({ insutype: '390' })).toContain('未参加该险种')
  })
})

describe('settling over the wire', () => {
  test('takes what was filed between two previews of one visit', async () => {
    const { homeRegion, psn_no } = served.who('U1')
    const words = { institution: guangzhou, homeRegion }
    const mdtrt_id = await served.register('U1', words)
    await served.upload('U1', mdtrt_id, [{ yuan: 1200, item: 'XN02BEB001A001010100013' }], words)
    const bill = served.bill('U1', mdtrt_id, 1200)
    expect((await served.done('2206A', bill, words)).setlinfo).toMatchObject({ hifp_pay: 350 })
    await served.done('2501', refmedin(psn_no), { homeRegion })
    expect((await served.done('2206A', bill, words)).setlinfo).toMatchObject({ hifp_pay: 450 })
    expect((await served.done('2207A', bill, words)).setlinfo).toMatchObject({ hifp_pay: 450 })
  })
})

describe('a special outpatient disease', () => {
  const special = (disease: string, institution = 'H51010000001') => ({
    care: 'specialOutpatient',
    disease,
    institution,
    lines: [
      {
        id: 'L1',
        item: 'XA10BAE001A001010100005',
        quantity: '1',
        unitPrice: '1200',
        amount: '1200.00',
      },
    ],
  })
  const filed = (psn_no: string) => ({
    data: {
      psn_no,
      insutype: '310',
      opsp_dise_code: 'M01600',
      opsp_dise_name: '糖尿病',
      insu_optins: '510100',
      ide_fixmedins_no: 'H51010000001',
      ide_fixmedins_name: '演示三级医院',
      hosp_ide_date: '2026-03-01',
      diag_dr_codg: 'D1',
      diag_dr_name: '演示医师',
      begndate: '2026-03-02',
    },
  })

  test('is refused before it is filed, paid after, and paid no more once withdrawn', async () => {
    const { psn_no, homeRegion } = served.who('E1')
    expect(await pool('E1', special('M01600'))).toBe('disease-not-filed')
    const { result } = await served.done('2503', filed(psn_no), { homeRegion })
    expect(await pool('E1', special('M01600'))).toBe('960.00')
    expect((await served.send('2503', filed(psn_no), { homeRegion })).infcode).toBe(-1)
    const data = { trt_dcla_detl_sn: result.trt_dcla_detl_sn, psn_no }
    const elsewhere = await served.send(
      '2504',
      { data },
      { homeRegion, institution: 'H51010000003' },
    )
    expect(elsewhere.infcode).toBe(-1)
    expect((await served.send('2502', { data }, { homeRegion })).infcode).toBe(-1)
    await served.done('2504', { data }, { homeRegion })
    expect(await pool('E1', special('M01600'))).toBe('disease-not-filed')
  })

  test('is filed beside others of the same person at the same time', async () => {
    const { psn_no, homeRegion } = served.who('W1')
    const codes = ['M01600', 'M03900', 'M04600', 'M00500']
    await Promise.all(
      codes.map(async (opsp_dise_code) => {
        const { data } = filed(psn_no)
        await served.done('2503', { data: { ...data, opsp_dise_code } }, { homeRegion })
      }),
    )
    const lines = [
      { id: 'L', item: 'XN02BEB001A001010100013', quantity: '1', unitPrice: '1', amount: '1.00' },
    ]
    for (const disease of codes)
      expect(await pool('W1', { ...special(disease), total: '1.00', lines })).toMatch(/^\d/)
  })

  test('is paid only where it is designated, once an institution is', async () => {
    const { psn_no, homeRegion } = served.who('C1')
    await served.done('2503', filed(psn_no), { homeRegion })
    const fix = (more: Record<string, unknown>) => ({
      data: {
        psn_no,
        biz_appy_type: '01',
        begndate: '2026-03-02',
        fix_srt_no: '1',
        fixmedins_code: 'H51010000003',
        fixmedins_name: '演示社区卫生服务中心',
        ...more,
      },
    })
    const general = await served.done('2505', fix({}), { homeRegion })
    expect(await pool('C1', special('M01600'))).not.toBe('disease-not-filed-here')
    const { result } = await served.done('2505', fix({ opsp_dise_code: 'M01600' }), { homeRegion })
    expect(await pool('C1', special('M01600'))).toBe('disease-not-filed-here')
    expect(await pool('C1', special('M01600', 'H51010000003'))).toMatch(/^\d/)
    for (const { trt_dcla_detl_sn } of [general.result, result])
      await served.done('2506', { data: { trt_dcla_detl_sn, psn_no } }, { homeRegion })
    expect(await pool('C1', special('M01600'))).toMatch(/^\d/)
    const unknown = await served.send('2505', fix({ fixmedins_code: 'H99999999999' }), {
      homeRegion,
    })
    expect(unknown.err_msg).toContain('H99999999999')
  })
})

test('the books hold in the end', async () => {
  expect(await served.violations()).toEqual([])
})
