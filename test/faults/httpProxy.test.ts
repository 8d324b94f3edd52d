import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { passingOf } from './httpFrames.ts'
import { HttpProxy, type Mishap } from './httpProxy.ts'

// A line that breaks where it should not, or not where it should, would prove nothing.

let arrived: string[] = []
let proxy: HttpProxy
const agent = new http.Agent({ keepAlive: true })
const server = http.createServer((request, response) => {
  let body = ''
  request.on('data', (part: Buffer) => (body += part.toString()))
  request.on('end', () => {
    arrived.push(body)
    const answer = Buffer.from(`answer ${arrived.length} to ${body}`)
    response.writeHead(200, { 'content-length': answer.length }).end(answer)
  })
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = new HttpProxy((server.address() as AddressInfo).port)
  await proxy.listen()
})
afterAll(async () => {
  agent.destroy()
  await proxy.goAway()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const named = (kind: string) => ({ kind, reference: 'R 1' })
const bodyOf = (kind: string): string => JSON.stringify(named(kind))

/** The answer, or the code of what came instead. */
async function ask(kind = 'settle'): Promise<string> {
  const body = bodyOf(kind)
  return new Promise((resolve) => {
    const headers = { 'content-length': body.length, 'region-reference': 'R 1' }
    const options = { host: '127.0.0.1', port: proxy.port, method: 'POST', agent, headers }
    const request = http.request({ ...options, timeout: 300 })
    request.on('timeout', () => request.destroy(new Error('silence')))
    request.on('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message))
    request.on('response', (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.on('end', () => resolve(text))
      response.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'broken'))
    })
    request.end(body)
  })
}

async function under(mishap: Mishap): Promise<{ told: string; times: number; struck: number }> {
  arrived = []
  proxy.lay(() => mishap)
  const told = await ask()
  return { told, times: arrived.length, struck: proxy.struck }
}

test('what is not struck passes as it came, and a plan is told what passes', async () => {
  arrived = []
  const seen: unknown[] = []
  proxy.lay((passing) => void seen.push(passing))
  expect(await ask('query')).toBe(`answer 1 to ${bodyOf('query')}`)
  expect(await ask()).toBe(`answer 2 to ${bodyOf('settle')}`)
  expect(seen).toEqual([
    { ...named('query'), asked: [named('query')], n: 1 },
    { ...named('settle'), asked: [named('settle')], n: 2 },
  ])
  expect(proxy.struck).toBe(0)
})

test('of several messages in one request a plan is told each', () => {
  const body = JSON.stringify({ messages: [named('settle'), { kind: 'identify' }] })
  const asked = [named('settle'), { kind: 'identify', reference: undefined }]
  expect(passingOf(Buffer.from(`POST / HTTP/1.1\r\n\r\n${body}`), 3)).toEqual({
    ...named('settle'),
    asked,
    n: 3,
  })
})

test('a cut request does not arrive, and a cut reply is to one that did', async () => {
  expect(await under({ kind: 'cutRequest', bytes: 40 })).toEqual({
    told: 'ECONNRESET',
    times: 0,
    struck: 1,
  })
  expect(await under({ kind: 'cutReply', bytes: 0 })).toEqual({
    told: 'ECONNRESET',
    times: 1,
    struck: 1,
  })
  expect(await under({ kind: 'cutReply', bytes: 60 })).toEqual({
    told: 'ECONNRESET',
    times: 1,
    struck: 1,
  })
})

test('a silent loss is told to nobody, on the way there or back', async () => {
  expect(await under({ kind: 'swallow' })).toEqual({ told: 'silence', times: 0, struck: 1 })
  expect(await under({ kind: 'halfOpen' })).toEqual({ told: 'silence', times: 1, struck: 1 })
  expect(await under({ kind: 'hold', delay_ms: 1_000 })).toEqual({
    told: 'silence',
    times: 1,
    struck: 1,
  })
})

test('a repeat arrives twice, with the reply that is asked for', async () => {
  const body = bodyOf('settle')
  expect(await under({ kind: 'twice', told: 'first' })).toMatchObject({
    told: `answer 1 to ${body}`,
    times: 2,
  })
  expect(await under({ kind: 'twice', told: 'second' })).toMatchObject({
    told: `answer 2 to ${body}`,
    times: 2,
  })
})

test('of two that are reordered the second arrives first', async () => {
  arrived = []
  proxy.lay(({ n }) => (n === 1 ? { kind: 'afterNext' } : undefined))
  const first = ask('settle')
  await expect.poll(() => proxy.passed).toBe(1)
  await ask('reverse')
  await first
  expect(arrived).toEqual([bodyOf('reverse'), bodyOf('settle')])
})

test('nobody can connect while it is away, and everybody on the same port once it is back', async () => {
  proxy.lay()
  const { port } = proxy
  await proxy.goAway()
  // Each kept connection fails once more.
  await expect.poll(() => ask()).toBe('ECONNREFUSED')
  await proxy.listen()
  expect(proxy.port).toBe(port)
  expect(await ask()).toMatch(/^answer/)
})
