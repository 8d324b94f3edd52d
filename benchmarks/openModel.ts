import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { percentileOf } from './statistics.ts'

/** What came of one request: how long after its scheduled moment it was answered, and how. */
export interface Shot {
  readonly latency_ms: number
  readonly status: number
}

/** One request as it is sent. */
export interface Sent {
  readonly path: string
  readonly type: string
  readonly body: string
  readonly key?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** What the answer has in it if it was done, where its status does not tell: the national interface refuses with 200 as well. */
  readonly doneSays?: string | undefined
}

/** What counts as the status of an answer that says 200 and does not say that it was done. */
const refusedInside = 422

/** Connections that stay open, as those of tills and hospitals do: as many as are asked at once, or who asks would wait for those that wait. */
export class Door {
  readonly #agent = new Agent({ keepAlive: true })
  readonly #url: URL

  constructor(url: string) {
    this.#url = new URL(url)
  }

  async send({ path, type, body, key, headers }: Sent): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const asked = request(
        new URL(path, this.#url),
        {
          method: 'POST',
          agent: this.#agent,
          headers: {
            ...headers,
            'content-type': type,
            'content-length': Buffer.byteLength(body),
            ...(key !== undefined && { 'idempotency-key': key }),
          },
        },
        (reply) => {
          let text = ''
          reply.setEncoding('utf8')
          reply.on('data', (part: string) => (text += part))
          reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }))
        },
      )
      asked.on('error', reject)
      asked.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

/**
 * Sends each request at its own moment, whatever became of those before: a slow server cannot slow its own questions, and
 * what it lets wait counts from the moment at which somebody stood at the till.
 */
export async function drive(
  door: Door,
  requests: readonly Sent[],
  perSecond: number,
): Promise<Shot[]> {
  const begun = performance.now()
  const shots: Promise<Shot>[] = []
  for (const [i, one] of requests.entries()) {
    const scheduled = begun + (i * 1000) / perSecond
    const early = scheduled - performance.now()
    if (early > 0) await sleep(early)
    shots.push(shoot(door, one, scheduled))
  }
  return Promise.all(shots)
}

async function shoot(door: Door, one: Sent, scheduled: number): Promise<Shot> {
  const status = await door.send(one).then(
    ({ status, text }) =>
      status === 200 && !text.includes(one.doneSays ?? '') ? refusedInside : status,
    () => 0,
  )
  return { latency_ms: performance.now() - scheduled, status }
}

/** How long a share of them waited at most. */
export const percentile = (shots: readonly Shot[], share: number): number =>
  percentileOf(
    shots.map(({ latency_ms }) => latency_ms),
    share,
  )
