import { once } from 'node:events'
import net from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { poolSizeOf, transactionsAtOnce } from '../../adapters/cli/database.ts'
import { holdPort } from '../../adapters/cli/heldPort.ts'
import { shareOf } from '../../adapters/cli/place.ts'

test('what processes may have together is shared out whole, and each has some', () => {
  const [all, of] = [fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 64 })]
  fc.assert(
    fc.property(all, of, (most, processes) => {
      const shares = Array.from({ length: processes }, (_, i) =>
        shareOf(most, { slot: i + 1, of: processes }),
      )
      expect(shares.reduce((a, b) => a + b)).toBe(Math.max(most, processes))
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
    }),
  )
})

test('each process has connections for its transactions, for taps and for questions beside them', () => {
  for (const processes of [1, 2, 3, 8, 64]) {
    expect(poolSizeOf(processes)).toBeGreaterThanOrEqual(transactionsAtOnce + 4)
  }
})

test('a free port is kept from others until it is asked for, and is the same ever after', async () => {
  await using stack = new AsyncDisposableStack()
  const port = await holdPort({ host: '127.0.0.1', port: 0 }, stack)
  const held = await port()
  const server = net.createServer().listen(held, '127.0.0.1')
  await once(server, 'listening')
  expect(await port()).toBe(held)
  server.close()
  const named = await holdPort({ host: '127.0.0.1', port: 8080 }, stack)
  expect(await named()).toBe(8080)
})
