import { type Day, type Instant, parseDay } from '../../engine/day.ts'
import type { ClockMark } from './needs.ts'

export interface ClockOptions {
  /** Where the clock starts when it has never run. */
  readonly start_ms: Instant
  /** Sandbox seconds in one real second. */
  readonly rate?: number
  readonly mark: ClockMark
  /** The machine's own steady time in milliseconds; tests bring theirs. */
  readonly machine?: () => number
}

export interface SandboxClock {
  now(): Instant
  today(): Day
  /** Stops moving the mark on. */
  stop(): void
}

const chinaOffset_ms = 8 * 60 * 60 * 1000
/** The mark runs ahead by this much real time, so that a process that is killed never told a time beyond it. */
const ahead_ms = 5_000
const between_ms = 1_000

/** The day in China of a moment. */
export const dayInChina = (at: Instant): Day =>
  parseDay(new Date(at + chinaOffset_ms).toISOString().slice(0, 10))

/** 09:00 in China on a day: where the sandbox clock starts on the world's day. */
export const morningOf = (day: Day): Instant => Date.parse(`${day}T09:00:00+08:00`)

/**
 * A clock that starts where it is told and never runs backwards, not even over a restart: it starts no earlier than the
 * mark that its last run left, and tells no time beyond the mark it has left itself.
 */
export async function startSandboxClock(options: ClockOptions): Promise<SandboxClock> {
  const { start_ms, rate = 1, mark, machine = () => performance.now() } = options
  const begin = Math.max(start_ms, (await mark.read()) ?? 0)
  const machineBegin = machine()
  let last = begin
  let limit = begin
  const moveOn = async (): Promise<void> => {
    const next = Math.ceil(now() + ahead_ms * rate)
    await mark.advance(next)
    limit = Math.max(limit, next)
  }
  function now(): Instant {
    const told = Math.trunc(begin + (machine() - machineBegin) * rate)
    last = Math.max(last, Math.min(told, limit))
    return last
  }
  await moveOn()
  // A mark that cannot be left now is left next time; until then the clock stands still at its limit.
  const timer = setInterval(() => void moveOn().catch(() => {}), between_ms)
  timer.unref()
  return { now, today: () => dayInChina(now()), stop: () => clearInterval(timer) }
}

/** The clock of production: the machine's. */
export const machineClock = (): Pick<SandboxClock, 'now' | 'today'> => ({
  now: () => Date.now(),
  today: () => dayInChina(Date.now()),
})
