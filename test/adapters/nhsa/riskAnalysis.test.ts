import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { person } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

type Fields = Record<string, unknown>

const order = (id: string, hilist_code: string, pric: number, more: Fields = {}): Fields => ({
  rx_id: id,
  hilist_code,
  cnt: 1,
  pric,
  sumamt: pric,
  ...more,
})

const input = (key: string, orders: readonly Fields[], more: Fields = {}) => {
  const { psn_no } = served.who(key)
  return {
    data: {
      syscode: 'HIS',
      task_id: 'T1',
      patient_dtos: [
        {
          patn_id: psn_no,
          patn_name: person(key).name,
          curr_mdtrt_id: 'O1',
          fsi_encounter_dtos: [
            {
              mdtrt_id: 'O1',
              medins_id: 'H51010000001',
              adm_date: '2026-03-02 09:00:00',
              med_type: '11',
              insutype: '310',
              fsi_order_dtos: orders,
              ...more,
            },
          ],
        },
      ],
    },
  }
}

const audit = async (
  key: string,
  orders: readonly Fields[],
  more: Fields = {},
  infno = '3101',
): Promise<readonly Fields[]> => (await served.done(infno, input(key, orders, more))).result

const rules = (found: readonly Fields[]): unknown[] => found.map(({ rule_id }) => rule_id)

describe('an audit before settlement', () => {
  const plain = 'XN02BEB001A001010100013'

  test('finds nothing where there is nothing to find', async () => {
    expect(await audit('E1', [order('1', plain, 10)])).toEqual([])
    expect(await audit('E1', [])).toEqual([])
  })

  test('finds what is over its price limit, in no catalogue, or only on prescription', async () => {
    const limited = 'XC09AAD099A001010100001'
    const found = await audit('E1', [order('1', limited, 20), order('2', 'X1', 5)])
    expect(rules(found)).toEqual(['price-limit', 'prescription-only', 'not-in-catalogue'])
    expect(found[0]).toEqual({
      jr_id: expect.any(String),
      rule_id: 'price-limit',
      rule_name: '超限价',
      vola_cont: expect.stringContaining('1.50'),
      patn_id: served.who('E1').psn_no,
      mdtrt_id: 'O1',
      judge_result_detail_dtos: [
        {
          jrd_id: expect.any(String),
          patn_id: served.who('E1').psn_no,
          mdtrt_id: 'O1',
          rx_id: '1',
          vola_item_type: '1',
          vola_amt: 1.5,
        },
      ],
      vola_amt: 1.5,
      vola_amt_stas: '1',
      sev_deg: '2',
      vola_evid: expect.any(String),
      vola_bhvr_type: '99',
      task_id: 'T1',
    })
    const prescribed = await audit('E1', [order('1', limited, 18.5, { rxno: 'R1' })])
    expect(prescribed).toEqual([])
  })

  test('names the refusal that a settlement would meet, and the lines all the same', async () => {
    const special = { med_type: '140104', dscg_main_dise_codg: 'M01600' }
    const unfiled = await audit('E1', [order('1', 'X1', 5)], special, '3102')
    expect(rules(unfiled)).toEqual(['disease-not-filed', 'not-in-catalogue'])
    expect(unfiled[0]).toMatchObject({ sev_deg: '1', vola_amt_stas: '0' })
    const other = { med_type: '140104', dscg_main_dise_codg: 'M03900' }
    const found = await audit('E2', [order('1', 'XA10BAE001A001010100005', 5)], other)
    expect(found[0]).toMatchObject({ rule_id: 'line-not-of-disease', vola_amt: 5 })
    expect(found[0]?.['judge_result_detail_dtos']).toHaveLength(1)
  })

  test('finds a limit nearly used up or passed, and the rule that sets it', async () => {
    // Half of what is above the deductible of 200; the year's limit is 2000.
    const near = await audit('C1', [order('1', plain, 3900)])
    expect(near).toMatchObject([{ rule_name: '限额即将用完', sev_deg: '3', vola_amt: 0 }])
    const over = await audit('C1', [order('1', plain, 5000)])
    expect(over).toMatchObject([{ rule_name: '限额已用完', sev_deg: '2', vola_amt: 400 }])
    expect(String(over[0]?.['rule_id'])).toContain('pool')
    expect(over[0]?.['vola_evid']).not.toBeNull()
  })

  test('finds the very same bill, settled before', async () => {
    const claim = {
      institution: 'H51010000001',
      day: '2026-03-02',
      credential: { type: 'citizen-number', number: served.who('M1').certno },
      care: 'outpatient',
      useAccount: false,
      total: '10.00',
      lines: [{ id: '1', item: plain, quantity: '1', unitPrice: '10', amount: '10.00' }],
    }
    await served.ask('/v1/settlements', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'same' },
      body: JSON.stringify(claim),
    })
    expect(rules(await audit('M1', [order('1', plain, 10)]))).toEqual(['same-bill-settled'])
  })

  test('is of somebody known, in the institution that asks', async () => {
    const told = async (asked: unknown): Promise<string | null> =>
      (await served.send('3101', asked)).err_msg
    expect(await told(input('E1', [], { medins_id: 'H51010000002' }))).toContain('本机构')
    expect(await told(input('E1', [order('1', 'X1', 1)], { med_type: '61' }))).toContain('不支持')
    const named = input('E1', [])
    const [who] = named.data.patient_dtos
    const renamed = { data: { ...named.data, patient_dtos: [{ ...who, patn_name: '别人' }] } }
    expect(await told(renamed)).toContain('不符')
    expect(await told({ data: { syscode: 'HIS', patient_dtos: {} } })).toContain('patient_dtos')
  })

  test('of a stay goes on until it is discharged', async () => {
    const stay = { med_type: '21', adm_date: '2026-02-25 09:00:00' }
    expect(await audit('E1', [order('1', plain, 10)], stay, '3102')).toEqual([])
    const left = { ...stay, dscg_date: '2026-03-01 09:00:00' }
    expect(await audit('E1', [order('1', plain, 10)], left, '3102')).toEqual([])
  })
})
