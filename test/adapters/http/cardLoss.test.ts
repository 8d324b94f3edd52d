// S8 on a clock that runs fast: a temporary loss lapses by itself, and whoever looks finds that it has.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byTelephone, type CardDeskServed, holder, openCardDesk } from './cardDesk.ts'

let desk: CardDeskServed
/** A day of the sandbox takes under half a second. */
beforeAll(async () => {
  desk = await openCardDesk({ CLOCK: '2026-03-02T09:00:00+08:00@200000' })
})
afterAll(() => desk.close())

const hour_ms = 60 * 60 * 1000
const week_ms = 7 * 24 * hour_ms

test('S8 挂失 by hotline lapses by itself seven times twenty-four hours later', async () => {
  const e1 = holder('E1')
  const told = await desk.done('temporary-loss', e1.number, byTelephone)
  expect(await desk.byCard(e1)).toBe('card-temporarily-lost')
  expect(await desk.byNumber(e1)).toBe('settled')
  const shown = await desk.card(e1.number)
  const [reported] = shown['history'] as { at: string }[]
  const { lossLapses } = told['card'] as { lossLapses: string }
  // Between deciding and writing a few milliseconds pass, which are minutes here.
  const lasts_ms = Date.parse(lossLapses) - Date.parse(reported?.at ?? '')
  expect(Math.abs(lasts_ms - week_ms)).toBeLessThan(hour_ms)
  await expect
    .poll(async () => (await desk.card(e1.number))['loss'], { timeout: 15_000, interval: 200 })
    .toBe('none')
  expect(await desk.byCard(e1)).toBe('settled')
  expect(Date.parse(lossLapses)).toBeLessThanOrEqual(desk.desk.now())
  await desk.done('temporary-loss', e1.number, byTelephone)
  const history = (await desk.card(e1.number))['history'] as { service: string }[]
  expect(history.map(({ service }) => service)).toEqual([
    'temporary-loss',
    'lapse',
    'temporary-loss',
  ])
})
