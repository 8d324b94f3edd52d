import type { Day, Instant } from '../engine/day.ts'
import type { Clock } from '../engine/ports.ts'

const chinaIsAhead_ms = 8 * 60 * 60 * 1000

/** The day in China of a moment, whatever time zone the machine is in. */
export const chinaDay = (at: Instant): Day =>
  new Date(at + chinaIsAhead_ms).toISOString().slice(0, 10) as Day

export interface Start {
  readonly start_ms: Instant
  /** Seconds that go by in a second. */
  readonly rate: number
  /** The latest moment the books know: a clock that starts before it would run backwards over a restart. */
  readonly notBefore_ms: Instant
}

/** The world's clock, or the sandbox's own, which starts where it is told and goes on from the books. */
export function createClock(start: Start | undefined, world: () => Instant = Date.now): Clock {
  const now = start ? sandboxNow(start, world) : world
  return { now, today: () => chinaDay(now()) }
}

function sandboxNow({ start_ms, rate, notBefore_ms }: Start, world: () => Instant): () => Instant {
  const began = world()
  const from = Math.max(start_ms, notBefore_ms)
  let latest = from
  return () => {
    // The machine's clock may be set back; ours never goes with it.
    latest = Math.max(latest, Math.trunc(from + (world() - began) * rate))
    return latest
  }
}
