import { Readable } from 'node:stream'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Access } from '../../../adapters/http/accessNeeds.ts'
import { buildServer, type Further } from '../../../adapters/http/server.ts'
import { createLog } from '../../../adapters/log.ts'
import { createMetrics } from '../../../adapters/metrics.ts'
import type { KnownCaller } from '../../../engine/role.ts'
import { memoryDesk } from './desk.ts'

// What holds of routes that are yet to be written, on a server whose callers need keys.

const auditor: KnownCaller = { kind: 'staff', id: 'a1', name: 'a1', role: 'auditor' }
const recorded: Access[] = []
let isAway = false
let streamed: Readable

/** A route that nobody has thought of, and one in the table that is streamed. */
const novelties: Further = {
  prefixes: [],
  serve: async (app) => {
    app.get('/v1/novelties', async () => ({ told: true }))
    app.get('/v1/clearing/statements', async (_request, reply) => {
      streamed = Readable.from(['a,b\n', 'c,d\n'])
      return reply.header('Export-Id', 'E1').type('text/csv').send(streamed)
    })
  },
}

const desk = {
  ...memoryDesk(),
  access: {
    record: async (accesses: readonly Access[]) => {
      if (isAway) throw new Error('away')
      recorded.push(...accesses)
    },
    list: async () => ({ items: [] }),
  },
  callers: { find: (key: string) => (key === 'jsk.a1' ? auditor : undefined), required: true },
}
const app = await buildServer(
  desk,
  { mode: 'production', host: '127.0.0.1' },
  { log: createLog('silent', { write: () => {} }), metrics: createMetrics() },
  { closing: false },
  [novelties],
)
afterAll(() => app.close())
beforeEach(() => {
  recorded.length = 0
  isAway = false
})

const ask = async (url: string) => app.inject({ url, headers: { authorization: 'Bearer jsk.a1' } })

describe('a route without a row in the table of rights', () => {
  test('is closed to everybody who shows who they are, and that they asked is recorded', async () => {
    const told = await ask('/v1/novelties')
    expect([told.statusCode, told.json().code]).toEqual([403, 'role-not-allowed'])
    expect(recorded).toEqual([
      {
        caller: 'a1',
        role: 'auditor',
        action: 'denied',
        subject: 'GET /v1/novelties',
        reason: 'role-not-allowed',
        person: undefined,
      },
    ])
  })

  test('is closed to whoever shows nobody', async () => {
    expect((await app.inject('/v1/novelties')).statusCode).toBe(401)
    expect(recorded).toEqual([])
  })
})

test('what cannot be recorded is not even refused', async () => {
  isAway = true
  const told = await ask('/v1/novelties')
  expect([told.statusCode, told.json().code]).toEqual([503, 'access-log-away'])
})

describe('what is streamed', () => {
  test('is one entry, before any of it leaves', async () => {
    const told = await ask('/v1/clearing/statements')
    expect([told.statusCode, told.body]).toEqual([200, 'a,b\nc,d\n'])
    expect(recorded).toEqual([{ caller: 'a1', role: 'auditor', action: 'clearing', subject: 'E1' }])
  })

  test('does not leave where that cannot be recorded, and is read no further', async () => {
    isAway = true
    const told = await ask('/v1/clearing/statements')
    expect([told.statusCode, told.json().code]).toEqual([503, 'access-log-away'])
    expect(told.headers['content-type']).toContain('application/problem+json')
    expect([streamed.destroyed, streamed.readableDidRead]).toEqual([true, false])
  })
})
