import { expect, test } from 'vitest'
import { Hanging } from '../../../adapters/region/hanging.ts'

test('a region is full once so many have waited for it for longer than two seconds, and not before', async () => {
  let now = 0
  const hanging = new Hanging(3, () => now)
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
  const hanging = new Hanging(1, () => now)
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
