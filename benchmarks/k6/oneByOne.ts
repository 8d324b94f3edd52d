// Run by k6: each request once the one before it is answered, so that every one of them is alone.
import { scenario } from 'k6/execution'
import type { Options } from 'k6/options'
import { common, requests, send, writeSummary } from './send.ts'

export const options: Options = {
  ...common,
  scenarios: {
    alone: {
      executor: 'shared-iterations',
      vus: 1,
      iterations: requests.length,
      maxDuration: '10m',
    },
  },
  thresholds: { unsettled: ['count==0'] },
}

// oxlint-disable-next-line import/no-default-export -- k6 takes the function of an iteration so.
export default function ask(): void {
  send(scenario.iterationInTest, 0)
}

export const handleSummary = writeSummary
