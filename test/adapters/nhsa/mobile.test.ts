import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { person } from './envelopes.ts'
import { detail, mobileDesk } from './mobileDesk.ts'
import { openServed, type Served } from './served.ts'

/** The worked examples of mobile payment, as they were published; the numbers below are theirs. */
let served: Served
let desk: ReturnType<typeof mobileDesk>
beforeAll(async () => {
  served = await openServed()
  desk = mobileDesk(served, 'E1', person('E1').name)
})
afterAll(() => served.close())

const lines = [detail('M1', 5), detail('M2', 7)]
const refused = async (infno: string, input: unknown): Promise<string> => {
  const { infcode, err_msg } = await desk.send(infno, input)
  expect(infcode).toBe(-1)
  return err_msg ?? ''
}

describe('uploading the fees of an order (6201)', () => {
  test('takes details that add up to the total, and parts that do (FSI-01)', async () => {
    const parts = { fulamtOwnpayAmt: '2.00', preselfpayAmt: '3.00', inscpScpAmt: '7.00' }
    const { infcode, output } = await desk.send('6201', desk.uploadInput(lines, '12.00', parts))
    expect(infcode).toBe(0)
    expect(output.data).toEqual({
      payOrdId: expect.stringMatching(/^.{30}$/),
      payToken: expect.stringMatching(/^.{30}$/),
      mdtrtId: expect.stringMatching(/^.{30}$/),
      medfeeSumamt: 12,
    })
  })

  test('refuses details and parts that do not (FSI-02), and amounts that are none (FSI-07)', async () => {
    const of = (details: readonly object[], total: unknown, more = {}) =>
      desk.uploadInput(details as never, total, more)
    expect(await refused('6201', of([detail('M1', 11)], '12.00'))).toContain('11.00')
    const parts = { fulamtOwnpayAmt: '2.00', preselfpayAmt: '3.00', inscpScpAmt: '6.99' }
    expect(await refused('6201', of(lines, '12.00', parts))).toContain('11.99')
    for (const wrong of ['1.001', '-1.00'])
      expect(await refused('6201', of(lines, wrong))).toContain('medfeeSumamt')
    const big = desk.uploadInput([detail('M1', 6202.01)], '6202.01')
    expect((await desk.send('6201', big)).output.data.medfeeSumamt).toBe(6202.01)
  })

  test('needs a token or an authorization with a visit, and the person it says', async () => {
    const of = (more: object) => desk.uploadInput(lines, 12, more as never)
    expect(await refused('6201', of({ ecToken: '' }))).toContain('payAuthNo')
    expect(await refused('6201', of({ ecToken: '', payAuthNo: 'A' }))).toContain('mdtrtId')
    expect(await refused('6201', of({ userName: '别人' }))).toContain('参保人')
    expect(await refused('6201', of({ orgCodg: 'H51010000002' }))).toContain('机构')
    expect(await refused('6201', of({ medType: '21' }))).toContain('门诊')
    expect(await refused('6201', of({ feedetailList: [] }))).not.toBe('')
    expect(await refused('6201', of({ feedetailList: [{ ...lines[0], cnt: 'x' }] }))).toContain(
      'cnt',
    )
  })
})

describe('the life of an order', () => {
  const components = { feeSumamt: 100, ownPayAmt: 20, psnAcctPay: 30, fundPay: 50 }
  const refund = { totlRefdAmt: '20.00', cashRefdAmt: '20.00' }
  let order: Awaited<ReturnType<typeof desk.upload>>

  test('begins saved and carries no amounts', async () => {
    // The deductible of 200 and an account of 1378.15: (2496.30 − 200) / 2 = 1148.15, which leaves 30.00 on the account.
    const first = await desk.upload(detail('M1', 2496.3))
    expect(await desk.pay(first)).toMatchObject({ psnAcctPay: 1348.15, fundPay: 1148.15 })
    order = await desk.upload(detail('M1', 60), detail('M2', 40))
    expect(await desk.state(order)).toMatchObject({ ordStas: '0', feeSumamt: null, setlType: null })
  })

  test('is paid by our split and no other (FSI-03, FSI-04)', async () => {
    const off = desk.payInput(order, { ...components, fundPay: '49.99' })
    expect(await refused('6202', off)).toContain('100.00')
    const other = desk.payInput(order, { ...components, ownPayAmt: 30, psnAcctPay: 20 })
    expect(await refused('6202', other)).toContain('个人账户30.00')
    expect(await refused('6202', desk.payInput(order, { ownPayAmt: 20 }))).toContain('同时')
    const words = { msgid: 'H51010000001202603020800000009' }
    const input = desk.payInput(order, components)
    const paid = await desk.send('6202', input, words)
    expect(paid.output.data).toMatchObject({ ...components, ordStas: '6' })
    expect((await desk.send('6202', input, words)).output).toEqual(paid.output)
    expect(await refused('6202', input)).not.toBe('')
    expect(await desk.state(order)).toMatchObject({
      ...components,
      ordStas: '6',
      setlType: 'ALL',
      medOrgOrd: 'ORDER-1',
      traceTime: expect.stringMatching(/^\d{14}$/),
      revsToken: expect.stringMatching(/^.{30}$/),
    })
  })

  test('is refunded as its types allow (FSI-05, FSI-06), in cash at most what is left', async () => {
    const all = { totlRefdAmt: '99.99', cashRefdAmt: '20.00', psnAcctRefdAmt: '30.00' }
    const short = desk.refundInput(order, 'ALL', { ...all, fundRefdAmt: '49.99' })
    expect(await refused('6203', short)).toContain('基金')
    const withFund = { totlRefdAmt: 30, cashRefdAmt: 20, fundRefdAmt: 10 }
    expect(await refused('6203', desk.refundInput(order, 'CASH', withFund))).toContain('现金')
    const withCash = { totlRefdAmt: 100, cashRefdAmt: 20, psnAcctRefdAmt: 30, fundRefdAmt: 50 }
    expect(await refused('6203', desk.refundInput(order, 'HI', withCash))).toContain('现金')
    const above = { totlRefdAmt: '20.01', cashRefdAmt: '20.01' }
    expect(await refused('6203', desk.refundInput(order, 'CASH', above))).toContain('20.01')
    const both = desk.refundInput(order, 'CASH', refund, { ecToken: 'EC' })
    expect(await refused('6203', both)).toContain('仅填一项')

    const part = { totlRefdAmt: '5.00', cashRefdAmt: '5.00' }
    await desk.send('6203', desk.refundInput(order, 'CASH', part))
    expect(await desk.state(order)).toMatchObject({ ordStas: '10', feeSumamt: null })
    expect(await refused('6203', desk.refundInput(order, 'CASH', refund))).not.toBe('')
    expect(await refused('6203', desk.refundInput(order, 'ALL', withCash))).not.toBe('')
    const rest = { totlRefdAmt: '15.00', cashRefdAmt: '15.00' }
    await desk.send('6203', desk.refundInput(order, 'CASH', rest))
    expect(await desk.state(order)).toMatchObject({ ordStas: '9' })

    const hi = { totlRefdAmt: 80, cashRefdAmt: 0, psnAcctRefdAmt: 30, fundRefdAmt: 50 }
    const input = desk.refundInput(order, 'HI', hi)
    const words = { msgid: 'H51010000001202603020800000010' }
    const told = await desk.send('6203', input, words)
    expect(told.output.data).toMatchObject({ refStatus: 'SUCC' })
    expect((await desk.send('6203', input, words)).output).toEqual(told.output)
    expect(await desk.state(order)).toMatchObject({ ordStas: '7', feeSumamt: null })
  })

  test('is refunded whole, and the account has its money back', async () => {
    const next = await desk.upload(detail('M9', 100))
    expect(await desk.pay(next)).toMatchObject(components)
    const whole = { totlRefdAmt: 100, cashRefdAmt: 20, psnAcctRefdAmt: 30, fundRefdAmt: 50 }
    const { output } = await desk.send('6203', desk.refundInput(next, 'ALL', whole))
    expect(output.data).toMatchObject({ refStatus: 'SUCC', payOrdId: next['payOrdId'] })
    expect(await desk.state(next)).toMatchObject({ ordStas: '7' })
    expect(await refused('6203', desk.refundInput(next, 'ALL', whole))).not.toBe('')
    expect(await refused('6401', desk.askInput(next))).not.toBe('')
    expect(await desk.pay(await desk.upload(detail('M1', 100)))).toMatchObject(components)
  })

  test('is revoked as long as it is not paid, with the visit that it registered', async () => {
    const next = await desk.upload(detail('M1', 1))
    expect(await refused('6401', desk.askInput(next, { payToken: 'wrong' }))).toContain('令牌')
    const { output } = await desk.send('6401', desk.askInput(next))
    expect(output.data).toEqual({ success: true, message: '订单已撤销' })
    expect(await desk.state(next)).toMatchObject({ ordStas: '12' })
    expect(await refused('6202', desk.payInput(next))).not.toBe('')
    expect(await refused('6401', desk.askInput(next))).not.toBe('')
    const more = { ecToken: '', payAuthNo: 'A', mdtrtId: next['mdtrtId'] }
    expect(await refused('6201', desk.uploadInput(lines, 12, more))).not.toBe('')
  })

  test('may be of a visit that is there already', async () => {
    const paid = await desk.upload(detail('M1', 1))
    const more = { ecToken: '', payAuthNo: 'A', mdtrtId: paid['mdtrtId'], chrgBchno: 'B2' }
    const { output } = await desk.send('6201', desk.uploadInput([detail('M2', 2)], 2, more))
    await desk.pay(output.data, { chrgBchno: 'B2' })
    const { infcode } = await desk.send('6401', desk.askInput(paid))
    expect(infcode).toBe(0)
    expect(await desk.state(output.data)).toMatchObject({ ordStas: '6', feeSumamt: 2 })
  })
})

describe('an order whose settlement', () => {
  const whole = (paid: Record<string, unknown>) => ({
    totlRefdAmt: paid['feeSumamt'],
    cashRefdAmt: paid['ownPayAmt'],
    psnAcctRefdAmt: paid['psnAcctPay'],
    fundRefdAmt: paid['fundPay'],
  })

  test('may not be cancelled keeps what it paid, and is refunded once it may', async () => {
    // Mianyang, where this person is insured, cancels the latest settlement of a year first.
    const other = mobileDesk(served, 'Y1', person('Y1').name)
    const first = await other.upload(detail('M1', 300))
    const paid = await other.pay(first)
    const second = await other.upload(detail('M1', 100))
    const later = await other.pay(second)
    const input = other.refundInput(first, 'ALL', whole(paid))
    const words = { msgid: 'H51010000001202603020800000011' }
    const told = await other.send('6203', input, words)
    expect(told.infcode).toBe(-1)
    expect(await other.state(first)).toMatchObject({ ordStas: '6', feeSumamt: 300 })
    expect((await other.send('6203', input, words)).err_msg).toBe(told.err_msg)
    for (const [order, amounts] of [
      [second, whole(later)],
      [first, whole(paid)],
    ] as const) {
      const appRefdSn = order === first ? input.data.appRefdSn : 'LATER'
      const reply = await other.send(
        '6203',
        other.refundInput(order, 'ALL', amounts, { appRefdSn }),
      )
      expect(reply.output.data).toMatchObject({ refStatus: 'SUCC' })
      expect(await other.state(order)).toMatchObject({ ordStas: '7' })
    }
  })

  test('was cancelled another way is refunded no more', async () => {
    const order = await desk.upload(detail('M1', 10))
    const paid = await desk.pay(order)
    const { psn_no, homeRegion } = served.who('E1')
    const data = { setl_id: paid['setlId'], mdtrt_id: order['mdtrtId'], psn_no }
    await served.done('2208', { data }, { homeRegion })
    expect(await desk.state(order)).toMatchObject({ ordStas: '13', feeSumamt: null })
    expect(await refused('6203', desk.refundInput(order, 'ALL', whole(paid)))).not.toBe('')
    const cash = { totlRefdAmt: paid['ownPayAmt'], cashRefdAmt: paid['ownPayAmt'] }
    expect(await refused('6203', desk.refundInput(order, 'CASH', cash))).not.toBe('')
  })
})

test('an order that nobody made is nobody’s', async () => {
  const none = { payOrdId: 'none', payToken: 'none', mdtrtId: 'none' }
  for (const [infno, input] of [
    ['6202', desk.payInput(none)],
    ['6203', desk.refundInput(none, 'CASH', { totlRefdAmt: 1, cashRefdAmt: 1 })],
    ['6301', desk.askInput(none)],
    ['6401', desk.askInput(none)],
  ] as const)
    expect(await refused(infno, input)).toContain('不存在')
})

test('the books hold in the end', async () => {
  expect(await served.violations()).toEqual([])
})
