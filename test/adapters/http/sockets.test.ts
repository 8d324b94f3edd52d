import net, { type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goodClaim, openDoor } from './desk.ts'

let door: Awaited<ReturnType<typeof openDoor>>
let port = 0

beforeAll(async () => {
  door = await openDoor()
  await door.app.listen({ host: '127.0.0.1', port: 0 })
  port = (door.app.server.address() as AddressInfo).port
})
afterAll(() => door.app.close())

/** Sends raw bytes and gives all that comes back until the server closes. */
function talk(text: string, patience_ms = 12_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text))
    let heard = ''
    socket.setEncoding('utf8').on('data', (data: string) => (heard += data))
    socket.on('close', () => resolve(heard)).on('error', () => resolve(heard))
    setTimeout(
      () => reject(new Error(`still open after ${patience_ms} ms: ${heard}`)),
      patience_ms,
    ).unref()
  })
}

const body = JSON.stringify(goodClaim)
const head = (headers: string) => `POST /v1/settlements HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`
const json = 'Content-Type: application/json\r\nIdempotency-Key: s\r\n'

describe('a socket', () => {
  test.each([
    ['both lengths and chunks', head(`${json}Content-Length: 5\r\nTransfer-Encoding: chunked`)],
    ['two lengths', head(`${json}Content-Length: 5\r\nContent-Length: 6`)],
    ['no host', 'GET /livez HTTP/1.1\r\n\r\n'],
    ['line feeds alone', 'GET /livez HTTP/1.1\nHost: x\n\n'],
    ['a length that is no number', head(`${json}Content-Length: five`)],
    ['a broken chunk', `${head(`${json}Transfer-Encoding: chunked`)}zz\r\n`],
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a NUL in a header', 'GET /livez HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('that sends %s is answered 400 and closed', async (_, text) => {
    const heard = await talk(text)
    expect(heard).toMatch(/^HTTP\/1\.1 400 /)
    expect(heard).toMatch(/Connection: close/i)
  })

  test('headers over 16 KiB are answered 431', async () => {
    const heard = await talk(`GET /livez HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(heard).toMatch(/^HTTP\/1\.1 431 /)
    expect(heard).toContain('"code":"headers-too-large"')
  })

  test('a body over the limit is answered 413 and closed', async () => {
    const heard = await talk(`${head(`${json}Content-Length: 2000000`)}${body}`)
    expect(heard).toMatch(/^HTTP\/1\.1 413 /)
    expect(heard).toMatch(/connection: close/i)
  })

  test('what follows a batch that is too long is read past, and the next request answered', async () => {
    const lines = `${'x'.repeat(3_000)}\n`.repeat(1_800)
    const batch =
      'POST /v1/settlements/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n' +
      `Content-Length: ${lines.length}\r\n\r\n${lines}`
    const heard = await talk(
      `${batch}GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      5_000,
    )
    expect(heard).toContain('"code":"batch-too-long"')
    expect(heard).toMatch(/HTTP\/1\.1 200 OK[^]*HTTP\/1\.1 200 OK[^]*\{"status":"live"\}$/)
  })

  test('headers that trickle are answered 408 while others are served', async () => {
    const slow = talk('GET /livez HTTP/1.1\r\nHost: x\r\n')
    await sleep(200)
    const before = performance.now()
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200)
    expect(performance.now() - before).toBeLessThan(1_000)
    expect(await slow).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('a body that trickles is answered 408', async () => {
    const heard = await talk(`${head(`${json}Content-Length: ${body.length}`)}{`, 14_000)
    expect(heard).toMatch(/^HTTP\/1\.1 408 /)
    expect(door.desk.asked).toEqual([])
  }, 20_000)
})
