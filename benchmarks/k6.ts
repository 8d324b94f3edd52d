import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownMemory } from '../adapters/postgres/settings.ts'
import { atExit } from './ending.ts'
import { inFolder } from './folders.ts'
import { findK6 } from './k6Setup.ts'

/** `arriving` sends at a rate, `oneByOne` each request once the one before it is answered. */
export type Script = 'arriving' | 'oneByOne'

export interface K6Options {
  readonly url: string
  /** File of requests (NDJSON), as many as are sent. */
  readonly requests: string
  /** Requests a second, which arrive whether the server keeps up or not. */
  readonly rate?: number
  readonly seconds?: number
  /** Requests that may be under way at once; one that is due and finds none free is dropped. */
  readonly connections?: number
}

/** What k6 saw. Times are in milliseconds. */
export interface K6Result {
  readonly sent: number
  /** Requests that were due, but for which no connection was free. */
  readonly dropped: number
  readonly byStatus: Readonly<Record<string, number>>
  /** Of those answered with 201, the ones that were told what the same request was told before. */
  readonly replayed: number
  /** Of those that were due, the share that was not done: answered with 201, or a preview with 200. */
  readonly failedShare: number
  /** Answered with 201 in each second of the load. */
  readonly settledPerSecond: number
  /** From the moment at which a request was due to its answer, for those that arrive at a rate. */
  readonly sinceDue: Waits
  /** From the moment at which it was sent to its answer. */
  readonly sinceSent: Waits
}

export interface Waits {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

const scripts = path.join(path.dirname(fileURLToPath(import.meta.url)), 'k6')
const thresholdMissed = 99

export async function runK6(script: Script, options: K6Options): Promise<K6Result> {
  const file = path.join(scripts, `${script}.ts`)
  return inFolder('k6', async (folder) => {
    const summary = path.join(folder, 'summary.json')
    const child = spawn(findK6(), ['run', '--quiet', '--no-color', file], {
      env: { ...process.env, ...quiet, ...settingsOf(options), SUMMARY: summary },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const calledOff = atExit(() => child.kill('SIGKILL'))
    let said = ''
    child.stderr.on('data', (part) => (said = (said + String(part)).slice(-10_000)))
    const [code] = (await once(child, 'close')) as [number | null]
    calledOff()
    if (code !== 0 && code !== thresholdMissed) throw new Error(`k6 ended with ${code}: ${said}`)
    return readSummary(JSON.parse(readFileSync(summary, 'utf8')) as Summary, options.seconds)
  })
}

const quiet = {
  K6_NO_USAGE_REPORT: 'true',
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
  // Looking for garbage takes the cores of whoever is measured, so nobody looks until a quarter of the machine's memory is full.
  GOGC: 'off',
  GOMEMLIMIT: `${Math.floor(ownMemory() / 4 / 2 ** 20)}MiB`,
}

/** As many requests may be under way at once as a second brings, and no more than k6 can look after without being late. */
const connectionsFor = (rate: number): number => Math.min(1_000, Math.max(100, Math.ceil(rate)))

const settingsOf = ({
  url,
  requests,
  rate = 1,
  seconds = 1,
  connections = connectionsFor(rate),
}: K6Options) => ({
  TARGET_URL: url,
  REQUESTS: requests,
  RATE: String(rate),
  SECONDS: String(seconds),
  CONNECTIONS: String(connections),
})

/** The document that k6 hands to `handleSummary`; what never happened is not in it. */
export interface Summary {
  readonly state: { readonly testRunDurationMs: number }
  readonly metrics: Readonly<Record<string, { readonly values: Values } | undefined>>
}

type Values = Readonly<Record<string, number | undefined>>

export function readSummary(
  { metrics, state }: Summary,
  seconds = state.testRunDurationMs / 1000,
): K6Result {
  const count = (name: string): number => metrics[name]?.values['count'] ?? 0
  const statuses = Object.keys(metrics).filter((name) => name.startsWith('status_'))
  const byStatus = Object.fromEntries(
    statuses.map((name) => [name.slice('status_'.length), count(name)] as const),
  )
  const sent = count('since_sent')
  const dropped = count('dropped_iterations')
  const settled = byStatus['201'] ?? 0
  const done = doneOf({ byStatus })
  return {
    sent,
    dropped,
    byStatus,
    replayed: count('replayed'),
    failedShare: sent + dropped === 0 ? 1 : 1 - done / (sent + dropped),
    settledPerSecond: settled / seconds,
    sinceDue: waitsOf(metrics['since_due']?.values, metrics['sent_late']?.values['min']),
    sinceSent: waitsOf(metrics['since_sent']?.values),
  }
}

/** Requests that were answered as who sent them wished. */
export const doneOf = ({ byStatus }: Pick<K6Result, 'byStatus'>): number =>
  (byStatus['200'] ?? 0) + (byStatus['201'] ?? 0)

function waitsOf(values: Values = {}, before = 0): Waits {
  const wait = (name: string): number => Math.max(0, (values[name] ?? 0) - before)
  return {
    p50: wait('med'),
    p95: wait('p(95)'),
    p99: wait('p(99)'),
    p999: wait('p(99.9)'),
    max: wait('max'),
  }
}
