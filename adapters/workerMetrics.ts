import { Counter, Registry } from 'prom-client'
import { addGauge, addWatched, type Watched } from './gauges.ts'
import { addUp, type MetricParts } from './metrics.ts'

/** What the process counts that others serve under, and what it adds up of them. */
export interface WorkerMetrics {
  watch(gauge: Watched, read: () => number | Promise<number>): void
  /** A process that served has ended by itself. What it had counted stays counted, as far as it was told last. */
  lost(counted: MetricParts): void
  /** The counters of all, its own included, for Prometheus. */
  text(all: readonly MetricParts[]): Promise<string>
}

export function createWorkerMetrics(serving: () => number): WorkerMetrics {
  const registry = new Registry()
  addGauge(registry, 'jiesuan_workers', 'Processes that serve now', serving)
  const losses = new Counter({
    name: 'jiesuan_workers_lost_total',
    help: 'Processes that served and ended without being told to',
    registers: [registry],
  })
  let left: MetricParts = []
  return {
    watch: (gauge, read) => addWatched(registry, 'jiesuan_', { gauge, read, readsBooks: true }),
    lost(counted) {
      losses.inc()
      left = [...left, ...counted.filter(isLasting)]
    },
    async text(all) {
      left = await addUp([left]).getMetricsAsJSON()
      return addUp([await registry.getMetricsAsJSON(), left, ...all]).metrics()
    },
  }
}

/** A counter that fell would look as if it had begun anew; a gauge of what is gone says nothing. */
const isLasting = ({ type }: MetricParts[number]): boolean =>
  ['counter', 'histogram'].includes(String(type))
