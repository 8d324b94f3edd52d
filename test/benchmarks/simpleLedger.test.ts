import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { hasPgbench } from '../../benchmarks/arm/pgbench.ts'
import { simpleLedger } from '../../benchmarks/peers/simpleLedger.ts'

const { ownerUrl: url } = inject('server')
const shape = { people: 300, institutions: 5, paid: 3_935, drawn: 7_565 }
const drivers = hasPgbench() ? (['pgbench', 'connections'] as const) : (['connections'] as const)

beforeAll(() => simpleLedger.prepare(url, shape))
afterAll(() => simpleLedger.drop(url))

it.each(drivers)(
  'the simple ledger, driven by %s, is level after a run at either setting',
  async (driver) => {
    for (const setting of simpleLedger.settings) {
      const ran = await simpleLedger.run({ url, shape, setting, seconds: 1, clients: 4, driver })
      expect(ran).toMatchObject({ failed: 0 })
      expect(ran.transactions).toBeGreaterThan(0)
    }
    expect(await simpleLedger.wrong(url)).toEqual([])
  },
)
