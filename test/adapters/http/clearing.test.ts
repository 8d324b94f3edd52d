import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  chengdu,
  code,
  e1,
  hospital,
  mianyang,
  openServed,
  second,
  toolsOf,
  yearEnds_ms,
  y1,
} from './clearingTools.ts'

// Clearing of a hospital, as it and its agency do it over both interfaces.

let served: Awaited<ReturnType<typeof openServed>>
const { apply, balance, list, settle } = toolsOf(() => served)
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const step = async (run: string, name: string, more: object = {}, by = chengdu) =>
  served.post(`/v1/clearing/runs/${run}/${name}`, { ...by, ...more })

describe('the run of an institution', () => {
  let owed: string
  let event: string
  let run: string

  test(
    'is opened when its application is accepted, and then that is withdrawn no more',
    async () => {
      await settle(e1, hospital, '900.00')
      await settle(e1, hospital, '300.00')
      await settle(y1, hospital, '700.00')
      await settle(e1, mianyang, '250.00')
      await expect
        .poll(async () => (await apply()).infcode, { timeout: 60_000, interval: 500 })
        .toBe(0)
      owed = (await balance(`payable:${hospital}:settled`)) as string
      const [application] = await list(`/v1/clearing/applications?institution=${hospital}`)
      expect(application).toMatchObject({
        category: 'outpatient',
        month: '2026-12',
        state: 'applied',
      })
      event = application?.['application'] as string
      // It may be turned back, and applied for again.
      const path = (id: string) => `/v1/clearing/applications/${id}`
      const reason = '资料不全'
      const about = { ...chengdu, institution: hospital }
      expect((await served.post(`${path(event)}/rejection`, { ...about, reason })).status).toBe(201)
      expect(code(await served.post(`${path(event)}/acceptance`, about))).toBe('entry-unknown')
      expect((await apply()).infcode).toBe(0)
      const all = await list(`/v1/clearing/applications?institution=${hospital}`)
      expect(all.map(({ state }) => state)).toEqual(['rejected', 'applied'])
      expect(all[0]).toMatchObject({ reason })
      event = all[1]?.['application'] as string
      const page = await served.ask(`/v1/clearing/applications?institution=${hospital}&limit=1`)
      const next = page.json['next'] as string
      expect(
        await list(`/v1/clearing/applications?institution=${hospital}&limit=1&cursor=${next}`),
      ).toEqual([all[1]])

      const other = { ...about, region: '510700' }
      expect(code(await served.post(`${path(event)}/acceptance`, other))).toBe(
        'institution-unknown',
      )
      expect(code(await served.post(`${path('X')}/acceptance`, about))).toBe('entry-unknown')
      const accepted = await served.post(`${path(event)}/acceptance`, about, 'accept')
      expect(accepted).toMatchObject({
        status: 201,
        json: { rows: 3, window: '2026-12', due: owed },
      })
      run = accepted.json['run'] as string
      const again = await served.post(`${path(event)}/acceptance`, about, 'accept')
      expect(again.text).toBe(accepted.text)
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      expect(code(await served.post(`${path(event)}/acceptance`, about))).toBe(
        'application-accepted',
      )
      expect((await served.send('3204', { data: { clr_appy_evt_id: event } })).err_msg).toContain(
        '已受理',
      )
      expect((await apply()).err_msg).toContain('已申请清算')
      expect(await balance(`payable:${hospital}:settled`)).toBe('0.00')
      expect(await balance(`payable:${hospital}:review`)).toBe(owed)
    },
    yearEnds_ms,
  )

  test('is told with its sums, its rows and what was done to it', async () => {
    const found = await served.ask(`/v1/clearing/runs/${run}`)
    expect(found.json).toMatchObject({
      kind: 'institution',
      institution: hospital,
      category: 'outpatient',
      state: 'accepted',
      stages: { review: owed, paid: '0.00' },
      totals: [
        { category: 'outpatient', way: 'item', scheme: 'employee', month: '2026-12', rows: 3 },
      ],
      steps: [{ step: 'accepted', by: 'op1' }],
    })
    const rows = await list(`/v1/clearing/runs/${run}/rows?limit=2`)
    expect(rows).toHaveLength(2)
    expect(await list(`/v1/clearing/runs/${run}/disputes`)).toEqual([])
    const runs = await list(`/v1/clearing/runs?institution=${hospital}&kind=institution`)
    expect(runs).toMatchObject([{ run, rows: 3 }])
    for (const path of ['X', 'X/rows', 'X/disputes'])
      expect(code(await served.ask(`/v1/clearing/runs/${path}`))).toBe('clearing-run-unknown')
  })

  test('goes through its stages in their order, and money leaves when two people want it', async () => {
    expect(
      code(await step(run, 'deduction', { amount: '1.00', of: 'review', reason: '超量' })),
    ).toBe('clearing-state-forbids')
    expect(code(await step('X', 'review'))).toBe('clearing-run-unknown')
    expect(code(await step(run, 'review', {}, { region: '510700', operator: 'op1' }))).toBe(
      'clearing-run-unknown',
    )
    expect((await step(run, 'review')).json).toMatchObject({ state: 'inReview' })
    const much = await step(run, 'deduction', { amount: '99999.00', of: 'review', reason: '超量' })
    expect(much.json).toMatchObject({ code: 'clearing-amount-too-large', facts: { most: owed } })
    await step(run, 'deduction', { amount: '30.00', of: 'review', reason: '超限制用药' })
    await step(run, 'deduction', { amount: '20.00', of: 'inspection', reason: '重复收费' })
    await step(run, 'difference', { amount: '-50.00', reason: 'DRG 结余' })
    const ended = await step(run, 'review-end', { amount: '40.00' })
    const left = (Number(owed) - 140).toFixed(2)
    expect(ended.json).toMatchObject({
      state: 'reviewed',
      stages: { review: left, deducted: '50.00', retained: '40.00', difference: '-50.00' },
    })
    expect(code(await step(run, 'approval'))).toBe('second-person-needed')
    expect((await step(run, 'approval', {}, second)).json).toMatchObject({
      state: 'cleared',
      amount: left,
    })
    const advance = { institution: hospital, amount: '10.00' }
    expect((await served.post('/v1/clearing/advances', { ...chengdu, ...advance })).status).toBe(
      201,
    )
    expect(code(await served.post('/v1/clearing/advances', { ...chengdu, ...advance }))).toBe(
      'approval-pending',
    )
    expect((await served.ask(`/v1/clearing/advances/${hospital}`)).json).toMatchObject({
      balance: '0.00',
      waiting: '10.00',
    })
    const approval = { ...second, institution: hospital }
    expect(
      code(await served.post('/v1/clearing/advances/approval', { ...approval, ...chengdu })),
    ).toBe('second-person-needed')
    expect((await served.post('/v1/clearing/advances/approval', approval)).json).toMatchObject({
      balance: '10.00',
    })
    const strange = { ...chengdu, institution: mianyang, amount: '1.00' }
    expect(code(await served.post('/v1/clearing/advances', strange))).toBe('institution-unknown')
    expect((await step(run, 'payment-request')).json).toMatchObject({ state: 'requested' })
    expect(code(await step(run, 'payment'))).toBe('second-person-needed')
    const paid = (Number(left) - 10).toFixed(2)
    expect((await step(run, 'payment', {}, second)).json).toMatchObject({
      state: 'paid',
      stages: { approved: '0.00', drawn: '10.00', paid, retained: '40.00' },
    })
    expect(await balance('bank:510100')).toBe(left)
    expect(await balance(`advance:${hospital}`)).toBe('0.00')
    expect(await balance(`payable:${hospital}:retained`)).toBe('40.00')
    expect(await balance('case-difference:510100')).toBe('50.00')
    expect(await served.violations()).toEqual([])
  })

  test('is closed with its year: what was retained is assessed and paid by a run of its own', async () => {
    const about = { ...chengdu, institution: hospital, year: '2026' }
    expect(code(await served.post('/v1/clearing/years', { ...about, institution: mianyang }))).toBe(
      'institution-unknown',
    )
    expect(
      code(await served.post('/v1/clearing/years', { ...about, institution: 'H51010000002' })),
    ).toBe('runs-open')
    expect(code(await served.post('/v1/clearing/years', { ...about, year: '2027' }))).toBe(
      'period-not-over',
    )
    const closed = await served.post('/v1/clearing/years', about)
    expect(closed.json).toMatchObject({ window: '2026', rows: 1, due: '40.00' })
    const final = closed.json['run'] as string
    expect(code(await served.post('/v1/clearing/years', about))).toBe('window-closed')
    expect((await served.ask(`/v1/clearing/runs/${run}`)).json).toMatchObject({ takenBy: final })
    await step(final, 'review')
    await step(final, 'deduction', { amount: '15.00', of: 'inspection', reason: '年度考核' })
    await step(final, 'difference', { amount: '100.00', reason: '年终清算差额' })
    expect(code(await step(final, 'review-end', { amount: '0.01' }))).toBe(
      'clearing-amount-too-large',
    )
    await step(final, 'review-end')
    await step(final, 'approval', {}, second)
    await step(final, 'payment-request')
    expect((await step(final, 'payment', {}, second)).json).toMatchObject({
      stages: { paid: '125.00', retained: '0.00', deducted: '15.00' },
    })
    expect(await balance(`payable:${hospital}:retained`)).toBe('0.00')
    expect(await balance('deductions:510100')).toBe('65.00')
    expect(await balance(`payable:${hospital}:deducted`)).toBe('0.00')
    const reports = await served.ask(
      '/v1/clearing/reports?region=510100&from=2026-12-31&until=2027-01-31',
    )
    expect(reports.json).toMatchObject({
      cash: expect.arrayContaining([
        { account: 'bank:510100', for: 'advance', received: '0.00', paid: '10.00' },
      ]),
    })
    expect(await served.violations()).toEqual([])
  })
})
