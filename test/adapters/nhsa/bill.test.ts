import { describe, expect, test } from 'vitest'
import { billAsk, differingTotals } from '../../../adapters/nhsa/bill.ts'
import type { Call } from '../../../adapters/nhsa/transaction.ts'
import { parseYuan, zero } from '../../../engine/money.ts'
import type { Billed, Found } from '../../../engine/ports.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { Story, registration, hospital } from '../../engine/support/story.ts'
import { facts, now, today } from '../../engine/support/world.ts'

const ours = {
  selfPaid: parseYuan('1.00'),
  overLimit: zero,
  firstSelfPay: parseYuan('0.50'),
  inScope: parseYuan('8.50'),
} as Settlement

describe('the four totals of a client', () => {
  test('differ only where one was given and is not ours', () => {
    expect(differingTotals({}, ours)).toEqual([])
    expect(differingTotals({ fulamt_ownpay_amt: zero, inscp_scp_amt: undefined }, ours)).toEqual([])
    expect(differingTotals({ inscp_scp_amt: parseYuan('8.50') }, ours)).toEqual([])
    expect(differingTotals({ inscp_scp_amt: parseYuan('8.51') }, ours)).toEqual([
      'inscp_scp_amt 8.51（中心8.50）',
    ])
  })

  test('are refused by rule where the client is so agreed with', () => {
    const call = (wrongTotals: 'warn' | 'refuse') =>
      ({ institution: { code: hospital }, client: { wrongTotals } }) as unknown as Call
    const asked = {
      psn_no: 'P1',
      mdtrt_id: 'V1',
      mdtrt_cert_type: '02',
      medfee_sumamt: parseYuan('10.00'),
      acct_used_flag: '0',
      insutype: '310',
      med_type: '11',
      kind: 'outpatient',
      about: {},
      totals: { inscp_scp_amt: parseYuan('8.00') },
    } as const
    const { dossiers } = Story.of(registration())
    const found: Found = { dossiers, facts: facts(), now, today }
    const told = billAsk(asked, call('refuse')).enter(found, { settlement: ours } as Billed)
    expect(told).toMatchObject({ kind: 'refusal', code: 'totals-differ' })
  })
})
