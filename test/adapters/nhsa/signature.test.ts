import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listClients } from '../../../adapters/nhsa/clients.ts'
import { admit, signatureOf, window_ms } from '../../../adapters/nhsa/signature.ts'
import { createNonces } from '../../../adapters/postgres/nonces.ts'
import { createPool } from '../../../adapters/postgres/pool.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const client = {
  paasid: 'p1',
  secret: 's1',
  institutions: 'all',
  signIn: false,
  wrongTotals: 'warn',
} as const
const clients = listClients([client]).byId
const now = Date.parse('2026-03-02T01:00:00Z')
const used = new Set<string>()
const door = {
  clients,
  clocks: [() => now],
  nonces: {
    take: async (of: string, nonce: string) => {
      if (used.has(`${of} ${nonce}`)) return undefined
      used.add(`${of} ${nonce}`)
      return BigInt(used.size)
    },
  },
}

let nonces = 0
const signed = (at_ms = now, nonce = `nonce-${++nonces}`, secret = 's1', paasid = 'p1') => {
  const timestamp = String(Math.trunc(at_ms / 1000))
  return {
    'x-tif-paasid': paasid,
    'x-tif-timestamp': timestamp,
    'x-tif-nonce': nonce,
    'x-tif-signature': signatureOf(timestamp, secret, nonce),
  }
}

describe('a signed request', () => {
  test('is signed as the gateway document says', () => {
    const plain = createHash('sha256').update('1772413200s1abc1772413200').digest('hex')
    expect(signatureOf('1772413200', 's1', 'abc')).toBe(plain)
  })

  test('comes in once', async () => {
    const headers = signed()
    expect(await admit(headers, door)).toEqual({ client, serial: expect.any(BigInt) })
    expect(await admit(headers, door)).toEqual({ refused: expect.stringContaining('已使用过') })
  })

  test('may write its signature in capitals', async () => {
    const headers = signed()
    const upper = { ...headers, 'x-tif-signature': headers['x-tif-signature'].toUpperCase() }
    expect(await admit(upper, door)).toHaveProperty('client')
  })

  test.each(['x-tif-paasid', 'x-tif-timestamp', 'x-tif-nonce', 'x-tif-signature'] as const)(
    'with any one byte of %s changed is refused, and its nonce stays good',
    async (name) => {
      const headers = signed()
      for (const [at, byte] of [...Buffer.from(headers[name])].entries())
        for (const flipped of [byte ^ 1, byte ^ 2, byte ^ 32, 32]) {
          const bytes = Buffer.from(headers[name])
          bytes[at] = flipped
          const changed = { ...headers, [name]: bytes.toString('latin1') }
          if (changed[name] === headers[name]) continue
          expect(await admit(changed, door)).toHaveProperty('refused')
        }
      expect(await admit(headers, door)).toHaveProperty('client')
    },
  )

  test.each(['x-tif-paasid', 'x-tif-timestamp', 'x-tif-nonce', 'x-tif-signature'] as const)(
    'without %s is refused by its name',
    async (name) => {
      const { [name]: _, ...headers } = signed()
      expect(await admit(headers, door)).toEqual({ refused: expect.stringContaining(name) })
    },
  )

  test.each([
    [-window_ms - 1000, false],
    [-window_ms, true],
    [window_ms, true],
    [window_ms + 1000, false],
  ])('sent %i ms from our clock comes in: %s', async (off, good) => {
    expect('client' in (await admit(signed(now + off), door))).toBe(good)
  })

  test('may go by either clock in the sandbox', async () => {
    const machine = now + 86_400_000
    const both = { ...door, clocks: [() => machine, () => now] }
    expect(await admit(signed(now), both)).toHaveProperty('client')
    expect(await admit(signed(machine), both)).toHaveProperty('client')
    expect(await admit(signed(machine - 3_600_000), both)).toHaveProperty('refused')
  })

  test('of somebody unknown is told the same as one with a wrong secret', async () => {
    const unknown = await admit(signed(now, 'n1', 's1', 'nobody'), door)
    expect(await admit(signed(now, 'n1', 'other'), door)).toEqual(unknown)
  })
})

describe('nonces in the database', () => {
  let database: TestDatabase
  let pools: ReturnType<typeof createPool>[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
    const url = database.appUrl
    pools = [1, 2].map(() =>
      createPool({ url, max: 2, applicationName: 'test', onError: () => {} }),
    )
  })
  afterAll(async () => {
    for (const pool of pools) await pool.end()
    await database.drop()
  })

  test('are good once among all processes, and their numbers are never the same', async () => {
    const [one, two] = pools.map((pool) => createNonces({ pool }))
    if (!one || !two) throw new Error('two pools')
    const at = Date.now()
    const names = Array.from({ length: 300 }, (_, i) => `n${i}`)
    const asked = names.flatMap((name) => [
      one.take('a', name, at),
      two.take('a', name, at),
      one.take('a', name, at),
      two.take('b', name, at),
    ])
    const taken = (await Promise.all(asked)).filter((serial) => serial !== undefined)
    expect(taken).toHaveLength(2 * names.length)
    expect(new Set(taken).size).toBe(taken.length)
    expect(await two.take('a', 'n7', at)).toBeUndefined()
  })
})
