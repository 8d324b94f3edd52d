/** What is looked for (疑点类型): each is asked of a view of its own. */
export const anomalyNames = [
  'two-places',
  'same-bill',
  'under-limit',
  'lost-card',
  'peers',
  'jump',
] as const
export type AnomalyName = (typeof anomalyNames)[number]

/** What is worth a look (疑点), found by views over thresholds that are data; heavy questions stay off the claims' path. */
export interface AnomalyDesk {
  list(): Promise<readonly CountedAnomalies[]>
  find(
    name: AnomalyName,
    asked: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<{ readonly items: readonly Anomaly[]; readonly next?: string | undefined }>
}

export interface CountedAnomalies {
  readonly name: string
  readonly thresholds: readonly {
    readonly name: string
    readonly region: string
    readonly from: string
    readonly value: string
    readonly unit: string
    readonly source: string
  }[]
  /** At most a thousand; undefined where counting took too long. */
  readonly count?: number | undefined
}

export interface Anomaly {
  readonly subject: string
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly settlements: readonly string[]
  readonly day?: string | undefined
  readonly facts: Readonly<Record<string, unknown>>
}
