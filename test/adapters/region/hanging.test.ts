import { expect, test } from 'vitest'
import { Hanging } from '../../../adapters/region/hanging.ts'

test('a region is full once so many have waited for it for longer than two seconds, and not before', async () => {
  let now = 0
  const hanging = new Hanging({ most: 3, slow_ms: 5_000, now: () => now })
  const waits = [0, 100, 200, 300].map((since) => {
    now = since
    const { promise, resolve } = Promise.withResolvers<string>()
    return { ended: hanging.during(async () => promise), resolve }
  })
  now = 2_200
  expect(hanging.isFull).toBe(false)
  now = 2_201
  expect(hanging.isFull).toBe(true)
  waits[0]?.resolve('answered')
  await waits[0]?.ended
  expect(hanging.isFull).toBe(false)
  now = 2_301
  expect(hanging.isFull).toBe(true)
})

test('who fails does not hang any longer, and however many are answered in time there is room', async () => {
  let now = 0
  const hanging = new Hanging({ most: 1, slow_ms: 9_000, now: () => now })
  const { promise, reject } = Promise.withResolvers<string>()
  const failing = hanging.during(async () => promise)
  now = 5_000
  expect(hanging.isFull).toBe(true)
  reject(new Error('lost'))
  await expect(failing).rejects.toThrow('lost')
  expect(hanging.isFull).toBe(false)
  const quick = Array.from({ length: 1_000 }, () => Promise.withResolvers<number>())
  const waiting = quick.map(async ({ promise: one }) => hanging.during(async () => one))
  now = 7_000
  expect(hanging.isFull).toBe(false)
  for (const [i, { resolve }] of quick.entries()) resolve(i)
  expect(await Promise.all(waiting)).toHaveLength(1_000)
})

test('a region that took more than half of its time for an answer has four at a time until it is quicker', async () => {
  let now = 0
  const hanging = new Hanging({ most: 32, slow_ms: 5_000, now: () => now })
  const begin = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const ended = hanging.during(async () => promise).catch(() => {})
    return async (as: 'answered' | 'failed') => {
      if (as === 'answered') resolve()
      else reject(new Error('lost'))
      await ended
    }
  }
  const first = begin()
  now = 5_001
  await first('answered')
  expect(hanging.isFull).toBe(false)
  const [early, late] = [begin(), begin(), begin(), begin()]
  expect(hanging.isFull).toBe(true)
  await early?.('failed')
  begin()
  expect(hanging.isFull).toBe(true)
  now = 10_500
  await late?.('failed')
  begin()
  expect(hanging.isFull).toBe(true)
  const soon = begin()
  await soon('answered')
  expect(hanging.isFull).toBe(false)
})
