// Run by k6, not by Node.
import { SharedArray } from 'k6/data'
import { scenario } from 'k6/execution'
import http from 'k6/http'
import { Counter, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'

interface Request {
  readonly path: string
  readonly key?: string
  readonly type: string
  readonly body: string
  readonly headers?: Record<string, string>
  /** What the answer has in it if it was done, where its status does not tell. */
  readonly doneSays?: string
}

/** What counts as the status of an answer that says 200 and does not say that it was done. */
const refusedInside = 422

const { TARGET_URL = '', REQUESTS = '', SUMMARY = '' } = __ENV

/** They were made beforehand, so that sending them is all there is to do. */
export const requests = new SharedArray<Request>('requests', () =>
  open(REQUESTS)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Request),
)

export const common = {
  summaryTrendStats: ['min', 'med', 'avg', 'p(95)', 'p(99)', 'p(99.9)', 'max', 'count'],
  // Nobody reads the answers or the tags, and both cost cores that the server runs on as well.
  discardResponseBodies: true,
  systemTags: [],
} satisfies Options

/** From the moment at which a request was due, not from that at which k6 came to send it. */
const sinceDue = new Trend('since_due')
/** How late it was sent. The least of them is how long k6 took to begin at all, which is nobody's wait. */
const sentLate = new Trend('sent_late')
const sinceSent = new Trend('since_sent')
const unsettled = new Counter('unsettled')
/** Answered with what the same request was answered before. */
const replayed = new Counter('replayed')
const statuses = [0, 200, 201, 400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504]
const counters = new Map(statuses.map((status) => [status, new Counter(`status_${status}`)]))
const otherStatus = new Counter('status_other')

/** It is the same for all, and asking for it takes time. */
let begun: number | undefined

/** Opens this connection. */
export function greet(): void {
  http.get(`${TARGET_URL}/livez`)
}

/** Sends a request, which is due so long after the scenario began. */
export function send(number: number, after_ms: number): void {
  begun ??= scenario.startTime
  const due = begun + after_ms
  const request = requests[number]
  if (!request) return
  const { path, key, type, body, doneSays } = request
  const headers: Record<string, string> = { ...request.headers, 'content-type': type }
  if (key !== undefined) headers['idempotency-key'] = key
  sentLate.add(Date.now() - due)
  const told = http.post(TARGET_URL + path, body, {
    headers,
    responseType: doneSays === undefined ? 'none' : 'text',
  })
  const { timings } = told
  const isRefused = doneSays !== undefined && !String(told.body).includes(doneSays)
  const status = told.status === 200 && isRefused ? refusedInside : told.status
  sinceDue.add(Date.now() - due)
  sinceSent.add(timings.duration)
  ;(counters.get(status) ?? otherStatus).add(1)
  if (told.headers['Idempotency-Replayed'] === 'true') replayed.add(1)
  if (status !== 201 && status !== 200) unsettled.add(1)
}

export const writeSummary = (data: unknown): Record<string, string> => ({
  [SUMMARY]: JSON.stringify(data),
})
