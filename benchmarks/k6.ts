import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findK6 } from './k6Setup.ts'

export interface K6Options {
  readonly url: string
  /** NDJSON of requests, as many as are sent. */
  readonly requests: string
  /** Requests a second, which arrive whether the server keeps up or not. */
  readonly rate: number
  readonly seconds: number
  /** Requests that may be under way at once; one that is due and finds none free is dropped. */
  readonly connections?: number
}

/** What k6 saw. Times are in milliseconds. */
export interface K6Result {
  readonly sent: number
  /** Requests that were due, but for which no connection was free. */
  readonly dropped: number
  readonly byStatus: Readonly<Record<string, number>>
  /** Of those that were due, the share that was not settled. */
  readonly failedShare: number
  readonly settledPerSecond: number
  /** From the moment at which a request was due to its answer. */
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

export async function runK6(script: string, options: K6Options): Promise<K6Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-k6-'))
  const summary = path.join(folder, 'summary.json')
  try {
    const child = spawn(findK6(), ['run', '--quiet', '--no-color', path.join(scripts, script)], {
      env: { ...process.env, ...quiet, ...settings(options), SUMMARY: summary },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (part) => (said = (said + String(part)).slice(-10_000)))
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0 && code !== thresholdMissed) throw new Error(`k6 ended with ${code}: ${said}`)
    return readSummary(JSON.parse(readFileSync(summary, 'utf8')) as Summary, options)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const thresholdMissed = 99
const quiet = { K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' }

const settings = ({ url, requests, rate, seconds, connections = 200 }: K6Options) => ({
  TARGET_URL: url,
  REQUESTS: requests,
  RATE: String(rate),
  SECONDS: String(seconds),
  CONNECTIONS: String(connections),
})

/** The document that k6 hands to `handleSummary`; what never happened is not in it. */
export interface Summary {
  readonly metrics: Readonly<
    Record<string, { readonly values: Readonly<Record<string, number | undefined>> } | undefined>
  >
}

export function readSummary(
  { metrics }: Summary,
  { seconds }: Pick<K6Options, 'seconds'>,
): K6Result {
  const count = (name: string): number => metrics[name]?.values['count'] ?? 0
  const statuses = Object.keys(metrics).filter((name) => name.startsWith('status_'))
  const byStatus = Object.fromEntries(
    statuses.map((name) => [name.slice('status_'.length), count(name)] as const),
  )
  const sent = count('http_reqs')
  const dropped = count('dropped_iterations')
  const settled = byStatus['201'] ?? 0
  return {
    sent,
    dropped,
    byStatus,
    failedShare: 1 - settled / (sent + dropped),
    settledPerSecond: settled / seconds,
    sinceDue: waitsOf(metrics['since_due']?.values),
    sinceSent: waitsOf(metrics['http_req_duration']?.values),
  }
}

const waitsOf = (values: Readonly<Record<string, number | undefined>> = {}): Waits => ({
  p50: values['med'] ?? 0,
  p95: values['p(95)'] ?? 0,
  p99: values['p(99)'] ?? 0,
  p999: values['p(99.9)'] ?? 0,
  max: values['max'] ?? 0,
})
