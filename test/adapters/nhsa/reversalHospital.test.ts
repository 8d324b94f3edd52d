import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hospital, nextMsgid } from './envelopes.ts'
import { openServed, type Served } from './served.ts'
import { atPharmacy, saleInput } from './sales.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const psn = (key: string): string => served.who(key).psn_no

const said = async (infno: string, input: unknown, more = {}): Promise<string> => {
  const { infcode, err_msg } = await served.send(infno, input, more)
  return infcode === 0 ? 'done' : (err_msg ?? '')
}
const reverse = async (key: string, omsgid: string, oinfno: string): Promise<string> =>
  said('2601', { data: { psn_no: psn(key), omsgid, oinfno } })

const kindsOf = async (settlement: string): Promise<string[]> => {
  const { rows } = await served.owner.query<{ kind: string }>(
    'select kind from settlement where settlement_id = $1 order by sequence',
    [settlement],
  )
  return rows.map(({ kind }) => kind)
}

/** Every transfer of a chain added up by account: zero all over once it is undone. */
async function levelOf(settlement: string): Promise<boolean> {
  const { rows } = await served.owner.query<{ sum: string; of: string }>(
    `select account, sum(amount) as sum from (
       select t.debit_account as account, t.amount_fen as amount from transfer t
         join settlement s on s.owner_id = t.owner_id and s.id = t.posting_id where s.settlement_id = $1
       union all
       select t.credit_account, -t.amount_fen from transfer t
         join settlement s on s.owner_id = t.owner_id and s.id = t.posting_id where s.settlement_id = $1
     ) legs group by account`,
    [settlement],
  )
  return rows.length > 0 && rows.every(({ sum }) => sum === '0')
}

/** A visit with one line, settled under a msgid of its own. */
async function settled(key: string, yuan: number, more: Record<string, unknown> = {}) {
  const mdtrt_id = await served.register(key)
  await served.upload(key, mdtrt_id, [{ yuan, more }])
  const msgid = nextMsgid()
  const bill = served.bill(key, mdtrt_id, yuan)
  const { setlinfo } = await served.done('2207', bill, { msgid })
  const ids = { data: { setl_id: setlinfo.setl_id, mdtrt_id, psn_no: psn(key) } }
  return { msgid, bill, ids, mdtrt_id, settlement: setlinfo.setl_id as string }
}

const traced = (...codes: string[]) => ({
  drugtracinfo: codes.map((drug_trac_codg) => ({ drug_trac_codg })),
})

describe('a reversal of an outpatient settlement (2601)', () => {
  test('and cancellations of it at once leave one set of mirrored rows, its lines free again (F17)', async () => {
    for (let round = 0; round < 6; round++) {
      const { msgid, ids, settlement, bill } = await settled('C1', 80)
      await Promise.all([
        said('2208', ids),
        reverse('C1', msgid, '2207'),
        said('2208', ids),
        reverse('C1', msgid, '2207A'),
      ])
      const kinds = await kindsOf(settlement)
      expect(kinds).toHaveLength(2)
      expect(['cancellation', 'reversal']).toContain(kinds[1])
      expect(await levelOf(settlement)).toBe(true)
      expect(await said('2207', bill)).toBe('done')
      await served.done('2208', {
        data: {
          ...ids.data,
          setl_id: (
            await served.owner.query(
              'select settlement_id from settlement where owner_id = $1 order by id desc limit 1',
              [psn('C1')],
            )
          ).rows[0].settlement_id,
        },
      })
    }
  })

  test('gives its traced packages back, which nobody could buy while it stood', async () => {
    const { msgid, ids } = await settled('E1', 30, traced('H1', 'H2'))
    const buy = async () =>
      said('2102', saleInput(served, 'E2', { yuan: 10, traces: ['H2'] }), atPharmacy)
    expect(await buy()).toContain('H2')
    expect(await reverse('E1', msgid, '2207')).toBe('done')
    expect(await buy()).toBe('done')
    expect(await said('2208', ids)).not.toBe('done')
  })

  test('of a cancellation does not bring it back beside the one that was settled after it', async () => {
    const { ids, bill, settlement } = await settled('W1', 40)
    const cancelled = nextMsgid()
    await served.done('2208', ids, { msgid: cancelled })
    await served.done('2207', bill)
    expect(await reverse('W1', cancelled, '2208')).not.toBe('done')
    expect(await kindsOf(settlement)).toEqual(['settlement', 'cancellation'])
  })

  test('is not that of a line upload or of another institution', async () => {
    const { msgid } = await settled('M1', 20)
    expect(await reverse('M1', msgid, '2204')).toContain('交易2204不能冲正')
    expect(await reverse('M1', msgid, '2304')).not.toBe('done')
    const elsewhere = { institution: 'H51010000002' }
    const data = { psn_no: psn('M1'), omsgid: msgid, oinfno: '2207' }
    expect(await said('2601', { data }, elsewhere)).toContain('本机构')
  })
})

describe('a traced package in a hospital', () => {
  test('is sold by the bill of its line, to one of two who settle at once', async () => {
    const bills = []
    for (const key of ['C1', 'E2', 'U1']) {
      const mdtrt_id = await served.register(key)
      await served.upload(key, mdtrt_id, [{ yuan: 15, more: traced('K1') }])
      bills.push(served.bill(key, mdtrt_id, 15))
    }
    const replies = await Promise.all(bills.map(async (bill) => said('2207', bill)))
    expect(replies.filter((one) => one === 'done')).toHaveLength(1)
    for (const one of replies) if (one !== 'done') expect(one).toContain('K1')
  })
})

describe('a reversal of an admission (2601 of 2401)', () => {
  const admit = async (key: string, msgid: string) => served.admit(key, { msgid })

  test('takes it back while nothing was built on it, however often, so that one may be admitted again', async () => {
    const msgid = nextMsgid()
    const mdtrt_id = await admit('A1', msgid)
    expect(await reverse('A1', msgid, '2401')).toBe('done')
    expect(await reverse('A1', msgid, '2401')).toBe('done')
    const line = { infno: '2301', insutype: '390' } as const
    await expect(served.upload('A1', mdtrt_id, [{ yuan: 10 }], line)).rejects.toThrow('2301')
    const again = await served.admit('A1')
    await served.upload('A1', again, [{ yuan: 10 }], { infno: '2301' })
  })

  test('that has lines is refused', async () => {
    const msgid = nextMsgid()
    const mdtrt_id = await admit('R1', msgid)
    await served.upload('R1', mdtrt_id, [{ yuan: 10 }], { infno: '2301' })
    expect(await reverse('R1', msgid, '2401')).not.toBe('done')
  })

  test('that never arrived refuses it once it does arrive', async () => {
    const msgid = nextMsgid(hospital)
    expect(await reverse('P1', msgid, '2401')).toBe('done')
    await expect(admit('P1', msgid)).rejects.toThrow('冲正')
  })
})

describe('a reversal of an admission that is on its way at the same moment', () => {
  test('leaves nobody in hospital', async () => {
    for (let round = 0; round < 4; round++) {
      const msgid = nextMsgid()
      const admitted = served.admit('P1', { msgid }).then(
        () => 'done',
        (error: unknown) => String(error),
      )
      const [first, reversed] = await Promise.all([admitted, reverse('P1', msgid, '2401')])
      expect(reversed).toBe('done')
      expect(first === 'done' || first.includes('冲正')).toBe(true)
    }
    await served.admit('P1')
  })
})

describe('a reversal of a stay’s settlement (2601 of 2304, 2305)', () => {
  test('gives back, and a reversal of its cancellation lets it stand again', async () => {
    const mdtrt_id = await served.admit('E1')
    await served.upload('E1', mdtrt_id, [{ yuan: 2000, more: traced('S1') }], { infno: '2301' })
    await served.discharge('E1', mdtrt_id)
    const settle = async (msgid: string) =>
      served.done('2304', served.bill('E1', mdtrt_id, 2000, { medType: '21' }), { msgid })
    const first = nextMsgid()
    const lost = (await settle(first)).setlinfo.setl_id
    expect(await reverse('E1', first, '2304')).toBe('done')
    expect(await levelOf(lost)).toBe(true)
    const { setlinfo } = await settle(nextMsgid())
    const cancelled = nextMsgid()
    const ids = { data: { setl_id: setlinfo.setl_id, mdtrt_id, psn_no: psn('E1') } }
    await served.done('2305', ids, { msgid: cancelled })
    expect(await levelOf(setlinfo.setl_id)).toBe(true)
    expect(await reverse('E1', cancelled, '2305')).toBe('done')
    expect(await kindsOf(setlinfo.setl_id)).toEqual(['settlement', 'cancellation', 'restoration'])
    expect(await levelOf(setlinfo.setl_id)).toBe(false)
    const buy = saleInput(served, 'E2', { yuan: 10, traces: ['S1'] })
    expect(await said('2102', buy, atPharmacy)).toContain('S1')
  })

  test('brings no part back without the parts before it', async () => {
    const mdtrt_id = await served.admit('D1')
    const psn_no = psn('D1')
    const part = async (interim: boolean) => {
      await served.upload('D1', mdtrt_id, [{ yuan: 2000 }], { infno: '2301' })
      if (!interim) await served.discharge('D1', mdtrt_id)
      const fields = { mid_setl_flag: interim ? '1' : '0' }
      const { setlinfo } = await served.done('2304', served.bill('D1', mdtrt_id, 2000, { fields }))
      return { setl_id: setlinfo.setl_id, cancelled: nextMsgid() }
    }
    const parts = [await part(true), await part(false)]
    for (const { setl_id, cancelled: msgid } of parts.toReversed())
      await served.done('2305', { data: { setl_id, mdtrt_id, psn_no } }, { msgid })
    const [first = '', last = ''] = parts.map(({ cancelled }) => cancelled)
    expect(await reverse('D1', last, '2305')).toContain('变更')
    expect(await reverse('D1', first, '2305')).toBe('done')
    expect(await reverse('D1', last, '2305')).toBe('done')
    for (const { setl_id } of parts)
      expect(await kindsOf(setl_id)).toEqual(['settlement', 'cancellation', 'restoration'])
  })
})

test('the books hold after all of this', async () => {
  expect(await served.violations()).toEqual([])
})
