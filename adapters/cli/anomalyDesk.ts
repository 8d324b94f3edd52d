import { type AnomalyDesk, anomalyNames } from '../http/anomalyNeeds.ts'
import { createAnomalyQueries } from '../postgres/anomalies.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** What is worth a look, as the books' views find it. */
export function anomalyDeskOf({ pool }: Pick<World, 'pool'>): AnomalyDesk {
  const queries = createAnomalyQueries(pool)
  return {
    list: withFault(async () => queries.list(anomalyNames)),
    find: withFault(async (name, asked) => queries.find(name, asked)),
  }
}
