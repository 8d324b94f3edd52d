import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cumulatedOf } from '../../../adapters/nhsa/accumulators.ts'
import { nextMsgid } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const here = { institution: 'H51010000001' }

// oxlint-disable-next-line typescript/no-explicit-any
type Output = any

const ask = async (infno: string, data: object): Promise<Output> =>
  served.done(infno, { data }, here)

test('sums are told by year and month, without those apart and those of stays', () => {
  const sums = new Map([
    ['510100|employee|pool|year', 12_345n],
    ['510700|employee|pool|year', 5n],
    ['510100|employee|pool|2026-03', 345n],
    ['510100|employee|pool|2026-03-02', 45n],
    ['510100|employee|poolSpecialOutpatient|year|M03900', 7n],
    ['510100|employee|admissions.inpatient|year', 2n],
    ['510100|resident|something of a pack|year', 1n],
  ])
  const all = new Map([['510100|employee|stay V1|parts', 1n]])
  const told = cumulatedOf(
    new Map([
      ['2026', sums],
      ['all', all],
    ]),
  )
  expect(told.map(({ scheme, month, code, sum }) => [scheme, month, code, sum])).toEqual([
    ['employee', '202600', 'C0000', 200n],
    ['employee', '202600', 'S0000', 12_350n],
    ['employee', '202603', 'S0000', 345n],
    ['resident', '202600', expect.stringMatching(/^L[0-9A-F]{8}$/), 1n],
  ])
})

describe('running sums (5206)', () => {
  const cumulated = async (psn_no: string): Promise<Record<string, number>> => {
    const { cuminfo } = await ask('5206', { psn_no })
    const whole = cuminfo.filter((row: Output) => row.cum_ym.endsWith('00'))
    return Object.fromEntries(whole.map((row: Output) => [row.cum_type_code, row.cum]))
  }
  const fenOf = (yuan = 0): number => Math.round(yuan * 100)

  test('are those of the settlements in force, after any mix of settling, cancelling and reversing', async () => {
    const { psn_no } = served.who('R1')
    let effective: Output[] = []
    const reverse = async (oinfno: string, omsgid: string): Promise<void> =>
      served.done('2601', { data: { psn_no, oinfno, omsgid } }, here)
    const settle = async (yuan: number): Promise<Output> => {
      const visit = await served.visit('R1', yuan, here)
      effective.push(visit)
      return visit
    }
    const drop = (visit: Output): void => {
      effective = effective.filter((one) => one !== visit)
    }
    const acts = {
      settle,
      async cancel(yuan: number) {
        const visit = effective.at(-1) ?? (await settle(yuan))
        await served.cancel(visit, here)
        drop(visit)
      },
      async reverseSettlement(yuan: number) {
        const visit = effective.at(-1) ?? (await settle(yuan))
        await reverse('2207', visit.setlinfo.medins_setl_id)
        drop(visit)
      },
      async reverseCancellation(yuan: number) {
        const { setlinfo, mdtrt_id } = await settle(yuan)
        const msgid = nextMsgid(here.institution)
        const data = { setl_id: setlinfo.setl_id, mdtrt_id, psn_no }
        await served.done('2208', { data }, { ...here, msgid })
        await reverse('2208', msgid)
      },
    }
    const step = fc.tuple(
      fc.constantFrom(...(Object.keys(acts) as (keyof typeof acts)[])),
      fc.integer({ min: 1, max: 200_000 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        for (const [act, fen] of steps) await acts[act](fen / 100)
        const sums = await cumulated(psn_no)
        const sumOf = (field: string): number =>
          effective.reduce((so, { setlinfo }) => so + fenOf(setlinfo[field]), 0)
        expect(fenOf(sums['S0000'])).toBe(sumOf('hifp_pay'))
        expect(fenOf(sums['F0000'])).toBe(sumOf('inscp_scp_amt'))
      }),
      { numRuns: 8 },
    )
  })

  test('count admissions as numbers, and are asked for by year or month', async () => {
    const { psn_no } = served.who('R2')
    const mdtrt_id = await served.admit('R2', here)
    await served.upload('R2', mdtrt_id, [{ yuan: 3000 }], { ...here, infno: '2301' })
    await served.discharge('R2', mdtrt_id, here)
    const words = { ...here, homeRegion: served.who('R2').homeRegion }
    await served.done('2304', served.bill('R2', mdtrt_id, 3000, { medType: '21' }), words)
    expect((await cumulated(psn_no))['C0000']).toBe(1)
    expect((await ask('5206', { psn_no, cum_ym: '2026' })).cuminfo.length).toBeGreaterThan(0)
    expect(await ask('5206', { psn_no, cum_ym: '199901' })).toEqual({ cuminfo: [] })
  })
})
