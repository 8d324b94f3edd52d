/** How many took no longer than a time, of all that were ever counted; the last has no end. */
export interface Took {
  readonly upTo_seconds: number
  readonly count: number
}

export interface Latency {
  readonly p50_ms: number | null
  readonly p99_ms: number | null
}

/** The times within which half and 99 of 100 were answered, between two looks at the same counters. */
export function latencyBetween(before: readonly Took[] | undefined, now: readonly Took[]): Latency {
  const counts = now.map(({ count }, i) => count - (before?.[i]?.count ?? 0))
  const bounds = now.map(({ upTo_seconds }) => upTo_seconds * 1000)
  const all = counts.at(-1) ?? 0
  const within = (share: number): number | null => {
    if (all === 0) return null
    const rank = share * all
    const at = counts.findIndex((count) => count >= rank)
    const [from, to] = [bounds[at - 1] ?? 0, bounds[at] as number]
    // What took longer than the last bound took at least that.
    if (!Number.isFinite(to)) return from
    const below = counts[at - 1] ?? 0
    const share_in = (rank - below) / Math.max(1, (counts[at] as number) - below)
    return Math.round((from + (to - from) * share_in) * 10) / 10
  }
  return { p50_ms: within(0.5), p99_ms: within(0.99) }
}
