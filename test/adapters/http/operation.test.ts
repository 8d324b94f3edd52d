import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refuseOpenDoor } from '../../../adapters/http/caller.ts'
import { createMetrics } from '../../../adapters/metrics.ts'
import { claim, openServed } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>

beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

describe('operators', () => {
  test('see what was settled, refused and repeated', async () => {
    const { ask, post } = served
    await post('/v1/settlements', claim, 'm')
    await post('/v1/settlements', claim, 'm')
    await post('/v1/settlements', { ...claim, institution: 'H51010000009' })
    await ask('/v1/people/nobody')
    const { status, text } = await ask('/metrics')
    expect(status).toBe(200)
    for (const line of [
      'jiesuan_settlements_total{outcome="settled"} 2',
      'jiesuan_settlements_total{outcome="refused"} 1',
      'jiesuan_refusals_total{code="institution-terminated"} 1',
      'jiesuan_replays_total 1',
      'jiesuan_routes_total{route="local"} 1',
      'jiesuan_invariant_violations_total 0',
    ])
      expect(text).toContain(line)
    expect(text).toMatch(/^jiesuan_pending_age_seconds \d/m)
    expect(text).toMatch(/^jiesuan_pool_connections \d/m)
    expect(text).toMatch(/^jiesuan_nodejs_eventloop_lag_seconds \d/m)
  })

  test('never see a label that a caller chose', async () => {
    const { ask } = served
    await ask('/nothing/here')
    await ask('/v1/people/510100000000000000001001')
    const { text } = await ask('/metrics')
    expect(text).not.toContain('nothing')
    expect(text).not.toContain('510100000000000000001001')
    expect(text).toContain('path="unrouted"')
  })

  test('a gauge that cannot be read does not take the others with it', async () => {
    const metrics = createMetrics()
    metrics.watch('pool_waiting', () => Promise.reject(new Error('away')))
    metrics.replayed()
    expect(await metrics.text()).toContain('jiesuan_replays_total 1')
  })

  test.each(['127.0.0.1', 'localhost', '::1', '127.1.2.3'])(
    'production may listen on %s',
    (host) => {
      expect(() => refuseOpenDoor({ mode: 'production', host })).not.toThrow()
    },
  )

  test('production listens anywhere once callers have keys', () => {
    const callersFile = 'callers.yaml'
    expect(() => refuseOpenDoor({ mode: 'production', host: '0.0.0.0', callersFile })).not.toThrow()
  })

  test.each(['0.0.0.0', '::', '10.0.0.1', 'example.org'])(
    'production does not listen on %s while callers have no keys',
    (host) => {
      expect(() => refuseOpenDoor({ mode: 'production', host })).toThrow(`HOST=${host}`)
      expect(() => refuseOpenDoor({ mode: 'sandbox', host })).not.toThrow()
    },
  )
})

describe('policy authors', () => {
  test('see every region and the rules of a day with their sources', async () => {
    const { ask } = served
    const { items } = (await ask('/v1/rules')).json as { items: { region: string }[] }
    expect(items.map(({ region }) => region)).toEqual(expect.arrayContaining(['510100', '440100']))
    const rules = await ask('/v1/rules/510100?on=2026-03-02')
    expect(rules.json).toMatchObject({ region: '510100', on: '2026-03-02', province: '510000' })
    expect(rules.json['schemes']).not.toEqual([])
    expect(rules.text).not.toContain('"numerator"')
    expect(rules.text).not.toContain('"path"')
  })

  test('see that invented layers are marked', async () => {
    const { json } = await served.ask('/v1/rules/510100?on=2026-03-02')
    const overlays = json['overlays'] as { layers: { illustrative: boolean; note?: string }[] }[]
    const layers = overlays.flatMap((overlay) => overlay.layers)
    expect(layers.length).toBeGreaterThan(0)
    for (const layer of layers)
      expect(layer).toMatchObject({ illustrative: true, note: '示例，非现行政策' })
  })

  test('see nothing on a day without rules', async () => {
    expect((await served.ask('/v1/rules/510100?on=1999-01-01')).json).toMatchObject({ schemes: [] })
  })
})
