// A region that answers what is no answer, and does not end: nobody waits for it any longer than they would.
import net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { RegionAsk, RegionFault } from '../../../engine/awayClaim.ts'
import { query, settle } from './examples.ts'
import { lineTo } from './support.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** Somebody who answers with these bytes and leaves the line open. */
async function saying(bytes: string): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(bytes))
    closing.push(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n'

describe('a region that never answers is not waited for', () => {
  test.each<[what: string, bytes: string, kind: string]>([
    ['changes to another protocol', upgrade, 'bad-answer'],
    ['goes on and then changes it', `HTTP/1.1 100 Continue\r\n\r\n${upgrade}`, 'bad-answer'],
    ['gives hints alone', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'lost'],
    ['stops in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', 'lost'],
  ])('where it %s', async (_, bytes, kind) => {
    const url = await saying(bytes)
    const { line, close } = lineTo(url, { atOnce: 1, waiting: 1, timeOut_ms: 300 })
    closing.push(close)
    const ask = async (): Promise<string> =>
      Promise.race([
        line.ask('440100', settle).then(
          () => 'answered',
          (fault: RegionFault) => fault.kind,
        ),
        new Promise<string>((resolve) => setTimeout(resolve, 3_000, 'never')),
      ])
    // The place that it had is free again.
    expect([await ask(), await ask(), await ask()]).toEqual([kind, kind, kind])
  })

  test('and it can be tried again, however it was tried before', async () => {
    let now = 0
    const breaker = { failures: 1, cool_ms: 1_000, longest_ms: 1_000, now: () => now }
    const { line, states, close } = lineTo(await saying(upgrade), { timeOut_ms: 300, breaker })
    closing.push(close)
    const ask = async (asked: RegionAsk): Promise<unknown> =>
      line.ask('440100', asked).catch(({ kind }: RegionFault) => kind)
    await ask(settle)
    for (const asked of [query, settle, query]) {
      now += 1_000
      await ask(asked)
    }
    expect(states).toEqual([0, 2, 1, 2, 1, 2, 1, 2])
  })
})
