import net from 'node:net'
import type { Sent } from './openModel.ts'

/** What came of one request. */
interface Answered {
  readonly latency_ms: number
  readonly status: number
}

/**
 * So many connections, each of which sends its next request once the one before is answered, for so long. Requests are bytes
 * that were made beforehand, and of an answer only its status and its end are looked at: the driver shares its cores with
 * what it measures.
 */
export async function keepBusy(
  url: string,
  connections: number,
  seconds: number,
  next: () => Buffer,
): Promise<Answered[]> {
  const until = performance.now() + seconds * 1000
  const { hostname, port } = new URL(url)
  const answered: Answered[] = []
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname).setNoDelay(true)
      let asked = 0
      let reply: Buffer = Buffer.alloc(0)
      const ask = (): void => {
        if (performance.now() >= until) {
          socket.end()
          resolve()
          return
        }
        asked = performance.now()
        socket.write(next())
      }
      socket.on('connect', ask)
      socket.on('error', reject)
      socket.on('close', resolve)
      socket.on('data', (part: Buffer) => {
        reply = reply.length === 0 ? part : Buffer.concat([reply, part])
        if (!isWhole(reply)) return
        const status = Number(reply.toString('latin1', 9, 12))
        answered.push({ latency_ms: performance.now() - asked, status })
        reply = Buffer.alloc(0)
        ask()
      })
    })
  await Promise.all(Array.from({ length: connections }, open))
  return answered
}

/** Every answer here says how long it is. */
function isWhole(reply: Buffer): boolean {
  const end = reply.indexOf('\r\n\r\n')
  if (end < 0) return false
  const [, length] = /content-length: (\d+)/i.exec(reply.toString('latin1', 0, end)) ?? []
  return reply.length >= end + 4 + Number(length ?? 0)
}

/** A request as it goes over a connection that stays open. */
export function bytesOf(url: string, { path, type, body, key }: Sent): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${new URL(url).host}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...(key === undefined ? [] : [`idempotency-key: ${key}`]),
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}
