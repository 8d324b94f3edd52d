// Run by k6: requests that arrive at a rate, each at its own moment, whatever became of those before (an open model).
import { scenario } from 'k6/execution'
import type { Options } from 'k6/options'
import { common, greet, send, writeSummary } from './send.ts'

const { RATE = '1', SECONDS = '1', CONNECTIONS = '100' } = __ENV

const rate = Number(RATE)
/**
 * Before the load each connection is opened by a question that moves no money, which counts as nothing: clients keep theirs, and k6 takes a
 * while to open so many at once, in which nobody is answered.
 */
const greetings = Math.min(Number(CONNECTIONS), Math.ceil(rate))

export const options: Options = {
  ...common,
  scenarios: {
    arriving: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: `${Number(SECONDS) + greetings / rate}s`,
      // All are there from the start: one that is made under load takes the time of those who measure.
      preAllocatedVUs: Number(CONNECTIONS),
      maxVUs: Number(CONNECTIONS),
      // Nothing is broken off: what has been sent is settled or not, and only an answer tells.
      gracefulStop: '30s',
    },
  },
  thresholds: {
    since_due: ['p(99)<=1000'],
    dropped_iterations: ['count==0'],
    unsettled: ['count==0'],
  },
}

const apart_ms = 1000 / rate

// oxlint-disable-next-line import/no-default-export -- k6 takes the function of an iteration so.
export default function arrive(): void {
  const number = scenario.iterationInTest
  if (number < greetings) greet()
  else send(number - greetings, number * apart_ms)
}

export const handleSummary = writeSummary
