import { readFileSync } from 'node:fs'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import tls from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { RegionFault } from '../../../engine/awayClaim.ts'
import { parseDay } from '../../../engine/day.ts'
import { openLines } from '../../../adapters/region/line.ts'
import { Turnstile } from '../../../adapters/region/turnstile.ts'
import { readJson } from '../../../adapters/http/json.ts'
import { query, settle } from './examples.ts'
import { answerOf, signed } from './forged.ts'
import { directoryOf, type Handler, lineTo, openStranger, seals, start_ms } from './support.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const opened = <T extends { close(): unknown }>(one: T): T => {
  closing.push(() => one.close())
  return one
}

/** A bare listener in the region's place. */
async function listener(onSocket: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}

const faultOf = async (promise: Promise<unknown>): Promise<RegionFault> => {
  const fault = await promise.catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(RegionFault)
  return fault as RegionFault
}

/** A region that answers no sooner than it may. */
function holding() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const handle: Handler = async (q, r, sent) => {
    await promise
    absent(q, r, sent)
  }
  return { handle, release: resolve }
}

const absent = signed({ body: '{"kind":"absent"}' })

describe('nothing can have happened', () => {
  test('where nobody listens', async () => {
    const port = await listener(() => undefined)
    await closing.pop()?.()
    const { line } = opened(lineTo(`http://127.0.0.1:${port}`))
    expect(await faultOf(line.ask('440100', settle))).toMatchObject({
      kind: 'unsent',
      message: 'ECONNREFUSED',
    })
  })

  test("where the name is nobody's", async () => {
    const { line } = opened(lineTo('http://region.invalid:8080'))
    expect((await faultOf(line.ask('440100', settle))).kind).toBe('unsent')
  })

  test('where TLS is not agreed upon', async () => {
    const port = await listener((socket) => void socket.end('no TLS here\r\n'))
    const { line } = opened(lineTo(`https://127.0.0.1:${port}`))
    expect((await faultOf(line.ask('440100', settle))).kind).toBe('unsent')
  })

  test('where somebody listens and never gets through with TLS', async () => {
    const port = await listener(() => undefined)
    const { line } = opened(lineTo(`https://127.0.0.1:${port}`, { timeOut_ms: 100 }))
    expect((await faultOf(line.ask('440100', settle))).kind).toBe('unsent')
  })

  test("where the certificate is nobody's, and the region is not told a byte", async () => {
    let told = 0
    const server = https.createServer({ key: pem, cert: pem }, () => void told++)
    const port = await listening(server)
    const { line } = opened(lineTo(`https://127.0.0.1:${port}`))
    expect((await faultOf(line.ask('440100', settle))).kind).toBe('unsent')
    expect(told).toBe(0)
  })

  test('where the region is not in the directory, or no key of ours is valid', async () => {
    const { line } = opened(lineTo('http://127.0.0.1:9'))
    expect(await faultOf(line.ask('310100', settle))).toMatchObject({
      kind: 'unsent',
      message: 'region 310100 is not in the directory',
    })
    const old = opened(lineTo('http://127.0.0.1:9', { now: () => start_ms - 365 * 86_400_000 }))
    expect(await faultOf(old.line.ask('440100', settle))).toMatchObject({
      kind: 'unsent',
      message: 'no key of 510100 is valid today',
    })
  })

  test('where too many wait already', async () => {
    const held = holding()
    const slow = opened(await openStranger(held.handle))
    const { line, counted, hasRoom } = opened(lineTo(slow.url, { atOnce: 2, waiting: 3 }))
    expect(hasRoom()).toBe(true)
    const told: string[] = []
    const asked = Array.from({ length: 8 }, async () =>
      line.ask('440100', settle).then(
        ({ kind }) => void told.push(kind),
        (fault: RegionFault) => void told.push(`${fault.kind}: ${fault.message}`),
      ),
    )
    await expect.poll(() => told).toHaveLength(3)
    await expect.poll(slow.hits).toBe(2)
    expect(new Set(told)).toEqual(new Set(['unsent: too many wait for this region already']))
    expect(hasRoom()).toBe(false)
    held.release()
    await Promise.all(asked)
    expect(hasRoom()).toBe(true)
    // Absent is no answer to what settles, but they went.
    const kinds = told.slice(3).map((one) => one.split(':', 1)[0])
    expect(kinds).toEqual(Array.from({ length: 5 }, () => 'bad-answer'))
    expect(counted).toHaveLength(8)
  })

  test('where no place is free in time', async () => {
    let leave = (): void => undefined
    const turnstile = new Turnstile({ atOnce: 1, waiting: 1, together: 1 }, async () => {
      await new Promise<void>((resolve) => {
        leave = resolve
      })
    })
    const message = { company: undefined, bytes: 1, patient: false }
    await turnstile.enter(message, 1_000)
    expect(await faultOf(turnstile.enter(message, 20))).toMatchObject({
      kind: 'unsent',
      message: 'no place was free in time',
    })
    const next = turnstile.enter(message, 10_000)
    leave()
    await next
    leave()
    await new Promise(setImmediate)
    await turnstile.enter(message, 0)
  })
})

describe('something may have happened', () => {
  test.each([
    [
      'the line is reset once the message is there',
      (s: net.Socket) => void s.once('data', () => s.resetAndDestroy()),
    ],
    [
      'the line is reset a moment after it stands',
      (s: net.Socket) => void setTimeout(() => s.resetAndDestroy(), 50),
    ],
    ['the line ends without a word', (s: net.Socket) => void s.once('data', () => s.end())],
    [
      'the answer breaks off in its headers',
      (s: net.Socket) => void s.once('data', () => s.end('HTTP/1.1 200 OK\r\nregion-')),
    ],
    ['nobody says anything', () => undefined],
  ])('where %s', async (_, onSocket) => {
    const port = await listener(onSocket)
    const { line } = opened(lineTo(`http://127.0.0.1:${port}`, { timeOut_ms: 1_500 }))
    expect((await faultOf(line.ask('440100', settle))).kind).toBe('lost')
  })

  test('where a kept connection ends under a second message', async () => {
    let messages = 0
    const region = opened(
      await openStranger((q, r, sent) => {
        messages++
        if (messages === 1) absent(q, r, sent)
        else q.socket.resetAndDestroy()
      }),
    )
    const { line } = opened(lineTo(region.url))
    await line.ask('440100', query)
    expect((await faultOf(line.ask('440100', query))).kind).toBe('lost')
  })
})

test('of many that share kept connections the one that was cut off may have happened', async () => {
  let messages = 0
  const region = opened(
    await openStranger((q, r, sent) => {
      messages++
      if (messages % 4 === 0) q.socket.resetAndDestroy()
      else absent(q, r, sent)
    }),
  )
  const { line } = opened(lineTo(region.url, { atOnce: 2, waiting: 40 }))
  const told = await Promise.all(
    Array.from({ length: 40 }, async () =>
      line.ask('440100', query).then(
        ({ kind }) => kind,
        (fault: RegionFault) => fault.kind,
      ),
    ),
  )
  expect(told.filter((kind) => kind === 'lost')).toHaveLength(10)
  expect(told.filter((kind) => kind === 'absent')).toHaveLength(30)
})

test('a message and its answer go over TLS as well', async () => {
  const before = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...before, pem])
  closing.push(() => tls.setDefaultCACertificates(before))
  const server = https.createServer({ key: pem, cert: pem }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => absent(request, response, Buffer.concat(chunks)))
  })
  const port = await listening(server)
  const { line } = opened(lineTo(`https://127.0.0.1:${port}`))
  expect(await line.ask('440100', query)).toEqual({ kind: 'absent' })
})

test('a connection is kept for the messages that follow', async () => {
  const sockets = new Set<unknown>()
  const region = opened(
    await openStranger((q, r, sent) => {
      sockets.add(q.socket)
      absent(q, r, sent)
    }),
  )
  const { line } = opened(lineTo(region.url))
  for (let i = 0; i < 5; i++) await line.ask('440100', query)
  expect(sockets.size).toBe(1)
})

test('the newest key signs, once its first day has come', async () => {
  const ids: unknown[] = []
  const region = opened(
    await openStranger((q, r, sent) => {
      ids.push(q.headers['region-key'])
      const { status, body, headers } = answerOf(q, sent, {
        body: '{"kind":"absent"}',
        envelope: { created: now },
      })
      r.writeHead(status, headers).end(body)
    }),
  )
  let now = start_ms
  const directory = directoryOf('510100', region.url)
  const [first] = directory.own.get('510100') ?? []
  if (!first) throw new Error('there is no key')
  const next = { key: { ...first.key, id: 'next' }, from: parseDay('2026-03-03') }
  const lines = opened(
    openLines({
      directory: { ...directory, own: new Map([['510100', [first, next]]]) },
      seals,
      readJson,
      now: () => now,
      newNonce: () => '0'.repeat(32),
      count: () => undefined,
      onBreaker: () => undefined,
    }),
  )
  await lines.from('510100').ask('440100', query)
  now = Date.parse('2026-03-02T23:59:59.999+08:00')
  await lines.from('510100').ask('440100', query)
  now++
  await lines.from('510100').ask('440100', query)
  expect(ids).toEqual(['510100-2026a', '510100-2026a', 'next'])
})

const pem = readFileSync('test/adapters/region/localhost.pem', 'utf8')

async function listening(server: https.Server): Promise<number> {
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
