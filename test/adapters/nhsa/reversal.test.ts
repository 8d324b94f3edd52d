import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hospital, nextMsgid, pharmacy } from './envelopes.ts'
import { openServed, type Served } from './served.ts'
import { atPharmacy, goods, idsOf, saleInput } from './sales.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const psn = (key: string): string => served.who(key).psn_no
const reversal = (key: string, omsgid: string, oinfno: string) => ({
  data: { psn_no: psn(key), omsgid, oinfno },
})

const said = async (infno: string, input: unknown, more = {}): Promise<string> => {
  const { infcode, err_msg } = await served.send(infno, input, more)
  return infcode === 0 ? 'done' : (err_msg ?? '')
}
const atShop = async (infno: string, input: unknown, more = {}): Promise<string> =>
  said(infno, input, { ...atPharmacy, ...more })

/** The rows of a settlement, as its chain holds them. */
async function kindsOf(settlement: string): Promise<string[]> {
  const { rows } = await served.owner.query<{ kind: string }>(
    'select kind from settlement where settlement_id = $1 order by sequence',
    [settlement],
  )
  return rows.map(({ kind }) => kind)
}

async function balanceOf(key: string): Promise<string> {
  const { rows } = await served.owner.query<{ balance_fen: bigint }>(
    'select balance_fen from account_version where owner_id = $1 order by version desc limit 1',
    [psn(key)],
  )
  return String(rows[0]?.balance_fen)
}

/** Sells under a msgid of its own. */
async function sell(key: string, yuan = 250) {
  const msgid = nextMsgid(pharmacy)
  const output = await served.done('2102', saleInput(served, key, { yuan }), {
    ...atPharmacy,
    msgid,
  })
  return { msgid, output, settlement: output.setlinfo.setl_id as string }
}

describe('a reversal of a sale (2601)', () => {
  test('that never arrived succeeds, however often, and refuses it once it does arrive', async () => {
    const msgid = nextMsgid(pharmacy)
    const again = { msgid: nextMsgid(pharmacy) }
    expect(await atShop('2601', reversal('C1', msgid, '2102'), again)).toBe('done')
    expect(await atShop('2601', reversal('C1', msgid, '2102'), again)).toBe('done')
    expect(await atShop('2601', reversal('C1', msgid, '2102'))).toBe('done')
    const late = saleInput(served, 'C1')
    expect(await atShop('2102', late, { msgid })).toContain('冲正')
    expect(await atShop('2102', late, { msgid })).toContain('冲正')
    expect(await atShop('2102', late)).toBe('done')
  })

  test('that was settled gives everything back, and answers the same under any msgid', async () => {
    const { msgid, settlement, output } = await sell('E1')
    const before = await balanceOf('E1')
    expect(await atShop('2601', reversal('E1', msgid, '2102'))).toBe('done')
    expect(await atShop('2601', reversal('E1', msgid, '2102'))).toBe('done')
    expect(await kindsOf(settlement)).toEqual(['settlement', 'reversal'])
    const paid = Math.round(output.setlinfo.acct_pay * 100)
    expect(await balanceOf('E1')).toBe(String(Number(before) + paid))
    expect(await atShop('2103', idsOf(output))).toContain('撤销')
  })

  test('that is on its way at the same moment leaves it reversed or refused, never settled', async () => {
    for (let round = 0; round < 5; round++) {
      const msgid = nextMsgid(pharmacy)
      const input = saleInput(served, 'W1', { yuan: 10 })
      const [sale, reversed] = await Promise.all([
        atShop('2102', input, { msgid }),
        atShop('2601', reversal('W1', msgid, '2102')),
      ])
      expect(reversed).toBe('done')
      expect(sale === 'done' || sale.includes('冲正')).toBe(true)
      const { rows } = await served.owner.query(
        `select count(*) filter (where kind = 'settlement') as settled,
                count(*) filter (where kind = 'reversal') as reversed
         from settlement where owner_id = $1`,
        [psn('W1')],
      )
      expect(rows[0].settled).toBe(rows[0].reversed)
    }
  })

  test('that was refused has nothing to take back', async () => {
    const msgid = nextMsgid(pharmacy)
    const wrong = saleInput(served, 'C1', { rxno: null })
    expect(await atShop('2102', wrong, { msgid })).toContain('处方')
    expect(await atShop('2601', reversal('C1', msgid, '2102'))).toBe('done')
    expect(await atShop('2102', wrong, { msgid })).toContain('处方')
  })
})

describe('a reversal of a cancellation', () => {
  test('lets the sale stand again, and the sale may be cancelled again', async () => {
    const { settlement, output } = await sell('U1', 10)
    const msgid = nextMsgid(pharmacy)
    expect(await atShop('2103', idsOf(output), { msgid })).toBe('done')
    expect(await atShop('2601', reversal('U1', msgid, '2103'))).toBe('done')
    expect(await atShop('2601', reversal('U1', msgid, '2103'))).toBe('done')
    expect(await kindsOf(settlement)).toEqual(['settlement', 'cancellation', 'restoration'])
    expect(await atShop('2103', idsOf(output))).toBe('done')
  })

  test('with a cancellation and reversals of one sale at once leaves one set of mirrored rows (F17)', async () => {
    for (let round = 0; round < 5; round++) {
      const { msgid, settlement, output } = await sell('P1', 10)
      const undoing = [
        atShop('2103', idsOf(output)),
        ...[1, 2, 3].map(async () => atShop('2601', reversal('P1', msgid, '2102'))),
      ]
      await Promise.all(undoing)
      const kinds = await kindsOf(settlement)
      expect(kinds).toHaveLength(2)
      expect(['cancellation', 'reversal']).toContain(kinds[1])
    }
  })
})

describe('a reversal', () => {
  test('of what the original was not is refused', async () => {
    const { msgid, settlement, output } = await sell('M1', 10)
    expect(await atShop('2601', reversal('M1', msgid, '2207'))).not.toBe('done')
    expect(await atShop('2601', reversal('C1', msgid, '2102'))).not.toBe('done')
    expect(await kindsOf(settlement)).toEqual(['settlement'])
    expect(await atShop('2601', reversal('M1', msgid, '2102A'))).toBe('done')
    expect(await atShop('2103', idsOf(output))).not.toBe('done')
  })

  test('of what cannot be reversed, is not the sender’s, or is itself is refused by name', async () => {
    const sold = nextMsgid(pharmacy)
    await served.done('3505', goods(['R1']), { ...atPharmacy, msgid: sold })
    expect(await atShop('2601', reversal('C1', sold, '3505'))).toContain('交易3505不能冲正')
    expect(await atShop('2601', reversal('C1', nextMsgid(hospital), '2207'))).toContain('本机构')
    const itself = nextMsgid(pharmacy)
    expect(await atShop('2601', reversal('C1', itself, '2102'), { msgid: itself })).toContain(
      '本机构',
    )
  })

  test('in the name of nobody is refused', async () => {
    const input = { data: { psn_no: 'nobody', omsgid: nextMsgid(pharmacy), oinfno: '2102' } }
    expect(await atShop('2601', input)).not.toBe('done')
  })
})

test('the books hold after all of this', async () => {
  expect(await served.violations()).toEqual([])
})
