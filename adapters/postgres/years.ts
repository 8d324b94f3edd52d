import type { Row } from '../../engine/ports.ts'

/** A sum that comes to nothing, such as that of a stay which is closed, is not kept. */
export function count(counters: Map<string, bigint>, key: string, delta: bigint): void {
  const sum = (counters.get(key) ?? 0n) + delta
  if (sum === 0n) counters.delete(key)
  else counters.set(key, sum)
}

/** The benefit year that a row counts in: that of its running sums, else the year of its day. */
export function yearOf({ content }: Row): string {
  const counted = content.counters.find(({ year }) => /^\d{4}$/.test(year))
  return counted?.year ?? content.day.slice(0, 4)
}

export const writeCounts = (counters: ReadonlyMap<string, bigint>): string =>
  JSON.stringify(Object.fromEntries([...counters].map(([key, count]) => [key, String(count)])))
