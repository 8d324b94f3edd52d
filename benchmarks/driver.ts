import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { inFolder } from './folders.ts'
import { doneOf, type K6Result, runK6 } from './k6.ts'
import { Door, drive, percentile, type Sent, type Shot } from './openModel.ts'

/** Requests that arrive at a rate, whether the server keeps up or not. */
export interface Load {
  readonly requests: readonly Sent[]
  readonly rate: number
  readonly seconds: number
}

export interface Driver {
  arriving(url: string, load: Load): Promise<K6Result>
  /** Each request once the one before it is answered. */
  oneByOne(url: string, requests: readonly Sent[]): Promise<K6Result>
}

/** k6 reads its requests from a file, so that it has nothing to do but send. */
export const byK6: Driver = {
  arriving: async (url, { requests, ...load }) =>
    inFile(requests, async (file) => runK6('arriving', { url, requests: file, ...load })),
  oneByOne: async (url, requests) =>
    inFile(requests, async (file) => runK6('oneByOne', { url, requests: file })),
}

async function inFile<T>(requests: readonly Sent[], use: (file: string) => Promise<T>): Promise<T> {
  return inFolder('load', async (folder) => {
    const file = path.join(folder, 'requests.ndjson')
    writeFileSync(file, requests.map((one) => `${JSON.stringify(one)}\n`).join(''))
    return use(file)
  })
}

/** In the process of whoever measures: for tests, where k6 may not be had. It never drops a request. */
export const byNode: Driver = {
  async arriving(url, { requests, rate, seconds }) {
    const door = new Door(url)
    const shots = await drive(door, requests, rate)
    door.close()
    return resultOf(shots, seconds)
  },
  async oneByOne(url, requests) {
    const door = new Door(url)
    const begun = performance.now()
    const shots: Shot[] = []
    for (const one of requests) shots.push(...(await drive(door, [one], 1)))
    door.close()
    return resultOf(shots, (performance.now() - begun) / 1000)
  },
}

function resultOf(shots: readonly Shot[], seconds: number): K6Result {
  const byStatus: Record<string, number> = {}
  for (const { status } of shots) byStatus[status] = (byStatus[status] ?? 0) + 1
  const settled = byStatus['201'] ?? 0
  const waits = {
    p50: percentile(shots, 0.5),
    p95: percentile(shots, 0.95),
    p99: percentile(shots, 0.99),
    p999: percentile(shots, 0.999),
    max: percentile(shots, 1),
  }
  return {
    sent: shots.length,
    dropped: 0,
    byStatus,
    replayed: 0,
    failedShare: shots.length === 0 ? 1 : 1 - doneOf({ byStatus }) / shots.length,
    settledPerSecond: settled / seconds,
    sinceDue: waits,
    sinceSent: waits,
  }
}
