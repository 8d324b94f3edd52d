import { expect, test } from 'vitest'
import { prepareBareSql, runBareSql } from '../../benchmarks/bareSql/bareSql.ts'
import { byNode } from '../../benchmarks/driver.ts'
import { startServer } from '../../benchmarks/server.ts'
import { type Arm, settleIn } from '../../benchmarks/site.ts'
import { signedSales } from '../../benchmarks/workload/sales.ts'

/** Of what the bare transaction does in a second; aimed at are six tenths, and the machine that runs tests has other work. */
const share = 0.25
const longest_ms = 2_000
const seconds = 1.5
/** Others may have the machine for seconds. */
const tries = 3

// B1 and B2 in small, with requests from Node, since k6 may not be had. They fail only far below the target.
test('claims are settled at a good part of the rate of bare SQL, though all may hit one fund and one hospital', async () => {
  const served = await startServer()
  const { ownerUrl: url } = served
  try {
    const session = { drive: byNode, seconds, seed: '1', say: () => {} }
    const site = await settleIn(served, session, 600)
    await prepareBareSql(url, site.city)
    await site.settle(100, 'spread', 1)
    const isBorne = async (arm: Arm): Promise<boolean> => {
      const { perSecond } = await runBareSql({ url, seconds: 1, clients: 32 })
      const { failedShare, sinceDue } = await site.settle(Math.round(share * perSecond), arm)
      return failedShare === 0 && sinceDue.p99 < longest_ms
    }
    for (const arm of ['spread', 'hot'] as const) {
      let borne = false
      for (let i = 0; i < tries && !borne; i++) borne = await isBorne(arm)
      expect([arm, borne]).toEqual([arm, true])
    }
    const sales = signedSales(site.city, { count: 40, tag: 'sold' }, served.now())
    const load = { rate: 40, seconds: 1, requests: sales }
    expect((await site.send('signed', load, '200')).failedShare).toBe(0)
    const { wrong, answered, stored } = await site.checkBooks()
    expect(wrong).toEqual([])
    expect(stored).toBe(answered)
  } finally {
    await served.end()
  }
}, 90_000)
