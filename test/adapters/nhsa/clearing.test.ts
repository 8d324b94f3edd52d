import { afterAll, beforeAll, expect, test } from 'vitest'
import { explain } from '../../../adapters/http/problem.ts'
import { refuse } from '../../../engine/refusal.ts'
import { atPharmacy, saleInput } from './sales.ts'
import { openServed, type Served } from './served.ts'

/** Three hours before a month ends, which are nine seconds of ours. */
const CLOCK = '2026-01-31T21:00:00+08:00@1200'

let served: Served
beforeAll(async () => {
  served = await openServed({ CLOCK })
})
afterAll(() => served.close())

// oxlint-disable-next-line typescript/no-explicit-any
type Output = any

const on = '2026-01-31 09:10:00'

const sell = async (key: string): Promise<Output> => {
  const words = { info: { begntime: on }, line: { fee_ocur_time: on } }
  const { setlinfo } = await served.done('2102', saleInput(served, key, words), atPharmacy)
  return setlinfo
}

const cancel = async ({ setl_id, mdtrt_id, psn_no }: Output) =>
  served.send('2103', { data: { setl_id, mdtrt_id, psn_no } }, atPharmacy)

const apply = async (medfee_sumamt: number) =>
  served.send(
    '3203',
    {
      data: {
        clr_type: '41',
        clr_way: '1',
        setlym: '202601',
        begndate: '2026-01-01',
        enddate: '2026-01-31',
        medfee_sumamt,
      },
    },
    atPharmacy,
  )

test('a settlement of a month that is applied for is cancelled no more, until the application is withdrawn', async () => {
  const settled = await sell('E1')
  const undone = await sell('E2')
  expect(await cancel(undone)).toMatchObject({ infcode: 0 })
  expect((await apply(300)).err_msg).toBe(
    explain(refuse('period-not-over', { until: '2026-01-31' })).message.zh,
  )
  await expect
    .poll(async () => (await apply(1)).err_msg, { timeout: 20_000, interval: 500 })
    .toContain(explain(refuse('statement-differs')).message.zh.split('：')[0])
  const { output } = await apply(300)
  expect(await cancel(settled)).toMatchObject({
    infcode: -1,
    err_msg: '清算期间 202601 已申请清算，期内结算由经办机构处理。',
  })
  // Nor over the other interface, where nobody knows of clearing.
  const cancellation = `/v1/settlements/${settled.setl_id}/cancellation`
  const { institution } = atPharmacy
  expect((await served.post(cancellation, { institution })).json).toMatchObject({
    code: 'period-applied',
  })
  await served.done('3204', { data: output.result }, atPharmacy)
  expect(await cancel(settled)).toMatchObject({ infcode: 0 })
})
