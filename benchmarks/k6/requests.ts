// Run by k6, not by Node: sends requests that were made beforehand, each at its own moment, whatever became of those before.
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
}

const {
  TARGET_URL = '',
  REQUESTS = '',
  RATE = '1',
  SECONDS = '1',
  CONNECTIONS = '100',
  MOST_WAIT_MS = '1000',
  SUMMARY = '',
} = __ENV

const requests = new SharedArray<Request>('requests', () =>
  open(REQUESTS)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Request),
)

export const options: Options = {
  scenarios: {
    arriving: {
      executor: 'constant-arrival-rate',
      rate: Number(RATE),
      timeUnit: '1s',
      duration: `${SECONDS}s`,
      // All are there from the start: one that is made under load takes the time of those who measure.
      preAllocatedVUs: Number(CONNECTIONS),
      maxVUs: Number(CONNECTIONS),
      gracefulStop: '10s',
    },
  },
  thresholds: {
    since_due: [`p(99)<=${MOST_WAIT_MS}`],
    dropped_iterations: ['count==0'],
    unsettled: ['count==0'],
  },
  summaryTrendStats: ['min', 'med', 'avg', 'p(95)', 'p(99)', 'p(99.9)', 'max', 'count'],
  // Nobody reads the answers or the tags, and both cost cores that the server runs on as well.
  discardResponseBodies: true,
  systemTags: [],
}

/** From the moment at which a request was due, not from that at which k6 came to send it. */
const sinceDue = new Trend('since_due')
const unsettled = new Counter('unsettled')
const statuses = [0, 200, 201, 400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504]
const counters = new Map(statuses.map((status) => [status, new Counter(`status_${status}`)]))
const otherStatus = new Counter('status_other')

// oxlint-disable-next-line import/no-default-export -- k6 wants the function of an iteration so.
export default function send(): void {
  const number = scenario.iterationInTest
  const { path, key, type, body } = requests[number % requests.length] as Request
  const headers: Record<string, string> = { 'content-type': type }
  if (key !== undefined) headers['idempotency-key'] = key
  const { status } = http.post(TARGET_URL + path, body, { headers })
  sinceDue.add(Date.now() - scenario.startTime - (number * 1000) / Number(RATE))
  ;(counters.get(status) ?? otherStatus).add(1)
  if (status !== 201) unsettled.add(1)
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [SUMMARY]: JSON.stringify(data) }
}
