import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { brokenIdentities, brokenLine, fenOf } from './identities.ts'
import { openServed, type Served } from './served.ts'

/** Class B of the sample catalogue, first self-payment 5 %, no price limit. */
const classB = 'XC09CAV001A001010100003'
/** A prenatal check of the sample catalogue, in the maternity catalogue. */
const prenatal = '002701000010000'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

describe('the split of lines', () => {
  const mixed = [
    { yuan: 33.33, item: 'XC09AAD099A001010100001' },
    { yuan: 7.77, item: classB },
    { yuan: 19.99, item: 'XA10BHX001A001010100006' },
    { yuan: 250.01, item: 'NOT-LISTED' },
    { yuan: 0.01, item: classB },
    { yuan: 12, item: classB, more: { hosp_appr_flag: '2' } },
    { yuan: 180, item: 'XA10BHX001A001010100006', more: { cnt: '20.0000', pric: '9.000000' } },
  ]
  const parts = {
    fulamt_ownpay_amt: 'fulamt_ownpay_amt',
    overlmt_amt: 'overlmt_selfpay',
    preselfpay_amt: 'preselfpay_amt',
    inscp_scp_amt: 'inscp_scp_amt',
  }

  test.each(['E2', 'R1', 'C1', 'P1', 'L1', 'A1'])('of %s is what the bill says', async (key) => {
    const { upload, register, send, bill, who } = served
    const words = key === 'L1' ? { insutype: '340' } : {}
    const mdtrt_id = await register(key, words)
    const lines = await upload(key, mdtrt_id, mixed)
    expect(lines.flatMap(brokenLine)).toEqual([])
    const total = mixed.reduce((all, { yuan }) => all + Math.round(yuan * 100), 0) / 100
    const { output, err_msg } = await send('2207', bill(key, mdtrt_id, total, words), {
      homeRegion: who(key).homeRegion,
    })
    expect(err_msg ?? '').toBe('')
    const { setlinfo, setldetail } = output
    expect(brokenIdentities(setlinfo, setldetail)).toEqual([])
    for (const [ofLine, ofBill] of Object.entries(parts))
      expect(lines.reduce((all, line) => all + fenOf(line, ofLine), 0)).toBe(
        fenOf(setlinfo, ofBill),
      )
  })
})

describe('care of other kinds', () => {
  test('a filed special outpatient disease', async () => {
    const { who, done, upload, send, bill } = served
    const { psn_no } = who('E2')
    const mdtrt_id = await served.register('E2')
    await done('2203', {
      mdtrtinfo: {
        mdtrt_id,
        psn_no,
        med_type: '140104',
        begntime: '2026-03-02 09:00:00',
        dise_codg: 'M03900',
        dise_name: '高血压',
      },
      diseinfo: [],
    })
    await upload('E2', mdtrt_id, [{ yuan: 300 }])
    const { output, err_msg } = await send('2207', bill('E2', mdtrt_id, 300, { medType: '140104' }))
    expect(err_msg ?? '').toBe('')
    expect(brokenIdentities(output.setlinfo, output.setldetail)).toEqual([])
    expect(output.setlinfo).toMatchObject({ med_type: '140104' })
    expect(output.setlinfo.hifp_pay).toBeGreaterThan(0)
  })

  test('a work injury is paid by its own fund in oth_pay, with a row of its own', async () => {
    const { who, done, register, upload, send, bill } = served
    const { psn_no } = who('W1')
    const mdtrt_id = await register('W1', { medType: '71' })
    await done('2203', {
      mdtrtinfo: { mdtrt_id, psn_no, med_type: '71', begntime: '2026-03-02 09:00:00' },
      diseinfo: [
        { diag_type: '1', diag_srt_no: 1, diag_code: 'S52.500', diag_name: '骨折', vali_flag: '1' },
      ],
    })
    await upload('W1', mdtrt_id, [{ yuan: 200, item: '003303000010000-330300001' }])
    const { output, err_msg } = await send('2207', bill('W1', mdtrt_id, 200, { medType: '71' }))
    expect(err_msg ?? '').toBe('')
    expect(brokenIdentities(output.setlinfo, output.setldetail)).toEqual([])
    expect(output.setlinfo).toMatchObject({ insutype: '410', clr_type: '99' })
  })

  test('a prenatal check of somebody registered for it', async () => {
    const { setlinfo, setldetail } = await served.visit('M1', 100, { medType: '51' })
    expect(brokenIdentities(setlinfo, setldetail)).toEqual([])
    expect(setlinfo).toMatchObject({ med_type: '51', insutype: '310' })
  })

  test('a fixed amount is for a visit, however many bills it has', async () => {
    const { register, upload, send, done, bill, who } = served
    const { psn_no } = who('M1')
    const settle = async (mdtrt_id: string, batch: string) => {
      await upload('M1', mdtrt_id, [{ yuan: 200, item: prenatal, batch }])
      const asked = bill('M1', mdtrt_id, 200, { medType: '51', fields: { chrg_bchno: batch } })
      const { output, err_msg } = await send('2207', asked)
      expect(err_msg ?? '').toBe('')
      return output.setlinfo
    }
    const mdtrt_id = await register('M1', { medType: '51' })
    const first = await settle(mdtrt_id, 'B1')
    const second = await settle(mdtrt_id, 'B2')
    expect([first.hifp_pay, second.hifp_pay]).toEqual([200, 100])
    await done('2208', { data: { setl_id: first.setl_id, mdtrt_id, psn_no } })
    expect((await settle(mdtrt_id, 'B3')).hifp_pay).toBe(200)
    expect((await settle(await register('M1', { medType: '51' }), 'B1')).hifp_pay).toBe(200)
  })

  test('illustrative funds say so in their row', async () => {
    const { setlinfo, setldetail } = await served.visit('U1', 800)
    expect(brokenIdentities(setlinfo, setldetail)).toEqual([])
    expect(setldetail).toContainEqual(
      expect.objectContaining({
        fund_pay_type: '990210',
        setl_proc_info: expect.stringContaining('示例，非现行政策'),
      }),
    )
    expect(setlinfo.oth_pay).toBeGreaterThan(0)
  })

  test('a med_type that the region has not is refused', async () => {
    const { who, send, register } = served
    const mdtrt_id = await register('E1')
    const mdtrtinfo = { mdtrt_id, psn_no: who('E1').psn_no, begntime: '2026-03-02 09:00:00' }
    const reply = await send('2203', { mdtrtinfo: { ...mdtrtinfo, med_type: '61' } })
    expect(reply).toMatchObject({ infcode: -1 })
    expect(reply.err_msg).toContain('61')
  })
})
