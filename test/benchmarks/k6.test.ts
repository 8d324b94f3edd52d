import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { byK6, byNode } from '../../benchmarks/driver.ts'
import { readSummary } from '../../benchmarks/k6.ts'
import { findK6, NoK6 } from '../../benchmarks/k6Setup.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-k6-test-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function program(...names: string[]): string {
  const file = path.join(folder, ...names)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, '')
  chmodSync(file, 0o755)
  return file
}

interface Told {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const bench = async (
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Told> =>
  promisify(execFile)(process.execPath, ['bin/node.js', 'benchmarks/main.ts', ...words], {
    env,
  }).then(
    (said) => ({ code: 0, ...said }),
    (error: unknown) => error as Told,
  )

describe('the command line of the benchmarks', () => {
  test('tells whoever asks how it is used', async () => {
    const told = await bench(['--help'])
    expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('--quick') })
  })

  test.each([
    ['an option that there is not', ['--fast'], "Unknown option '--fast'"],
    ['a figure that there is not', ['B99'], 'There is no figure B99.'],
    ['a number that is none', ['B1', '--rounds', '0'], '--rounds is "0"'],
  ])('that says %s is told what and how it is used', async (_, words, problem) => {
    const told = await bench(words)
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining(problem) })
    expect(told.stderr).toContain('npm run bench -- [FIGURE …]')
    expect(told.stderr).not.toContain('    at ')
  })
})

describe('k6', () => {
  test('is the one on the PATH, or else the one in the cache', () => {
    const cached = program('cache', 'jiesuan', 'k6-v2.2.0', 'k6')
    const env = { PATH: path.join(folder, 'bin'), XDG_CACHE_HOME: path.join(folder, 'cache') }
    expect(findK6(env)).toBe(cached)
    expect(findK6({ ...env, PATH: path.dirname(program('bin', 'k6')) })).toBe(
      path.join(folder, 'bin', 'k6'),
    )
  })

  test('that is nowhere is told of, with how it is had', () => {
    const env = { PATH: folder, XDG_CACHE_HOME: folder }
    expect(() => findK6(env)).toThrow(NoK6)
    expect(() => findK6(env)).toThrow(/Go 1\.25 or newer .*npm run bench:setup/s)
  })

  test('that is missing where Go is missing too ends the benchmarks before anything is measured', async () => {
    const env = { PATH: folder, XDG_CACHE_HOME: folder }
    const told = await bench(['--quick'], env)
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('k6 is missing') })
  })

  test('tells what happened and leaves out what did not', () => {
    const values = { min: 30, med: 40, 'p(95)': 60, 'p(99)': 130, 'p(99.9)': 230, max: 330 }
    const told = readSummary(
      {
        state: { testRunDurationMs: 2_000 },
        metrics: {
          dropped_iterations: { values: { count: 2 } },
          status_201: { values: { count: 96 } },
          status_503: { values: { count: 2 } },
          since_due: { values },
          sent_late: { values: { min: 30 } },
          since_sent: { values: { med: 7, count: 98 } },
        },
      },
      10,
    )
    expect(told).toMatchObject({
      sent: 98,
      dropped: 2,
      byStatus: { '201': 96, '503': 2 },
      settledPerSecond: 9.6,
      sinceDue: { p50: 10, p95: 30, p99: 100, p999: 200, max: 300 },
    })
    expect(told.failedShare).toBeCloseTo(0.04)
    expect(told.sinceSent.p50).toBe(7)
  })
})

interface Heard {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Answer = (number: number) => readonly [status: number, body: string]

const settleNineOfTen: Answer = (number) => [number % 10 === 0 ? 503 : 201, '{}']

/** A server that keeps what it heard. */
async function listen(
  heard: Heard[],
  answer = settleNineOfTen,
): Promise<{ url: string; close(): void }> {
  const server = createServer((request, reply) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      if (request.method === 'GET') return reply.end('greeted')
      heard.push({ path: request.url ?? '', headers: request.headers, body })
      const [status, text] = answer(Number(JSON.parse(body).number))
      reply.statusCode = status
      return reply.end(text)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  }
}

const isHere = ((): boolean => {
  try {
    return findK6() !== ''
  } catch {
    return false
  }
})()
const drivers = isHere
  ? ([
      ['k6', byK6],
      ['Node', byNode],
    ] as const)
  : ([['Node', byNode]] as const)

describe.each(drivers)('requests that %s sends', (_, driver) => {
  const requests = Array.from({ length: 205 }, (__, number) => ({
    path: '/v1/settlements',
    key: `key-${number}`,
    type: 'application/json',
    body: JSON.stringify({ number, name: '演示' }),
  }))

  test('arrive at their rate, each at most once, as they were made', async () => {
    const heard: Heard[] = []
    const server = await listen(heard)
    const load = { requests, rate: 100, seconds: 2 }
    const seen = await driver.arriving(server.url, load).finally(() => server.close())
    expect(seen.sent).toBe(heard.length)
    // Where others have the machine, k6 may come too late to the last moments of a load.
    expect(seen.sent + seen.dropped).toBeGreaterThan(150)
    const refused = heard.filter(({ body }) => JSON.parse(body).number % 10 === 0).length
    expect(seen.byStatus).toEqual({ '201': heard.length - refused, '503': refused })
    expect(seen.failedShare).toBeCloseTo((refused + seen.dropped) / (seen.sent + seen.dropped))
    expect(new Set(heard.map(({ headers }) => headers['idempotency-key'])).size).toBe(heard.length)
    for (const { path: at, headers, body } of heard) {
      const number = Number(JSON.parse(body).number)
      expect([at, headers['content-type']]).toEqual(['/v1/settlements', 'application/json'])
      expect([headers['idempotency-key'], body]).toEqual([`key-${number}`, requests[number]?.body])
    }
  })

  test('have headers of their own, and count as refused where 200 does not say that they were done', async () => {
    const heard: Heard[] = []
    const server = await listen(heard, (number) => [200, number % 10 === 0 ? 'no' : 'all is done'])
    const signed = requests.map(({ key, ...one }) => ({
      ...one,
      headers: { 'x-signature': key },
      doneSays: 'is done',
    }))
    const seen = await driver.oneByOne(server.url, signed).finally(() => server.close())
    expect(seen).toMatchObject({ sent: 205, byStatus: { '200': 184, '422': 21 } })
    expect(seen.failedShare).toBeCloseTo(21 / 205)
    expect(heard.map(({ headers }) => headers['x-signature'])).toEqual(
      requests.map(({ key }) => key),
    )
  })

  test('one by one come in their order', async () => {
    const heard: Heard[] = []
    const server = await listen(heard)
    const seen = await driver.oneByOne(server.url, requests).finally(() => server.close())
    expect(seen).toMatchObject({ sent: 205, dropped: 0, byStatus: { '201': 184, '503': 21 } })
    expect(heard.map(({ body }) => body)).toEqual(requests.map(({ body }) => body))
    expect(seen.sinceSent.p50).toBeGreaterThan(0)
  })
})
