import { expect, test } from 'vitest'
import { openCardRoots } from '../../../adapters/crypto/cardRoots.ts'
import type { CardRoots, ChipSignature } from '../../../adapters/crypto/chip.ts'
import { newChallenge } from '../../../adapters/crypto/challenge.ts'
import { createVerifyPool } from '../../../adapters/crypto/verifyPool.ts'
import { cardOf, serial } from './support.ts'

const trusted = openCardRoots({
  file: undefined,
  revokedFile: undefined,
  mode: 'sandbox',
}) as CardRoots
const card = cardOf()
const challenge = newChallenge()
const good: ChipSignature = {
  chain: card.certificates(),
  challenge,
  signature: card.sign(challenge),
  serial,
  now: Date.parse('2026-03-02T09:00:00+08:00'),
}
const bad = { ...good, challenge: newChallenge() }

test('threads check cards as the main thread does, and the event loop goes on meanwhile', async () => {
  const failures: unknown[] = []
  const pool = createVerifyPool({ trusted, threads: 2, onFallback: (e) => failures.push(e) })
  expect(await pool.verifyChip(good)).toBe('genuine')
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const asked = Array.from({ length: 200 }, (_, i) => pool.verifyChip(i % 2 ? good : bad))
  const answers = await Promise.all(asked)
  clearInterval(timer)
  expect(answers).toEqual(asked.map((_, i) => (i % 2 ? 'genuine' : 'signature')))
  expect(failures).toEqual([])
  // Done on this thread, two hundred checks would have let no timer fire.
  expect(turns).toBeGreaterThan(10)
  await pool.close()
})

test('what was being checked is answered before the pool closes, and later checks still are', async () => {
  const pool = createVerifyPool({ trusted, threads: 1 })
  const asked = [pool.verifyChip(good), pool.verifyChip(bad)]
  const closed = pool.close()
  expect(await Promise.all(asked)).toEqual(['genuine', 'signature'])
  await closed
  expect(await pool.verifyChip(good)).toBe('genuine')
})

test.each([
  ['is not there', 'file:///nowhere/worker.ts'],
  ['dies', `data:text/javascript,${encodeURIComponent('export default () => process.exit(1)')}`],
  ['throws', `data:text/javascript,${encodeURIComponent('throw new Error("no start")')}`],
])('where the program of a thread %s, the main thread checks', async (_name, worker) => {
  const failures: unknown[] = []
  const pool = createVerifyPool({
    trusted,
    threads: 1,
    worker,
    onFallback: (e) => failures.push(e),
  })
  expect(await Promise.all([pool.verifyChip(good), pool.verifyChip(bad)])).toEqual([
    'genuine',
    'signature',
  ])
  expect(failures).toHaveLength(2)
  expect(await pool.verifyChip(good)).toBe('genuine')
  expect(failures).toHaveLength(2)
  await pool.close()
})

test('a number of threads that cannot be leaves the main thread', async () => {
  const failures: unknown[] = []
  const pool = createVerifyPool({ trusted, threads: -1, onFallback: (e) => failures.push(e) })
  expect(await pool.verifyChip(good)).toBe('genuine')
  expect(failures).toHaveLength(1)
  await pool.close()
})
