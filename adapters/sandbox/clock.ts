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
  /** Told of each limit that the mark allows, for processes that tell the same time. */
  readonly onLimit?: (limit: Instant) => void
}

export interface SandboxClock {
  now(): Instant
  today(): Day
  readonly beginning: ClockBeginning
  /** Beyond this it tells no time yet. */
  limit(): Instant
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

/** Where a clock begins, and by which moment of the machine: enough for any process of the machine to tell the same time. */
export interface ClockBeginning {
  readonly begin_ms: Instant
  readonly machine_ms: number
  readonly rate: number
}

/** A clock that tells no time beyond its limit: there it stands still until the limit is moved. */
export interface LimitedClock {
  now(): Instant
  today(): Day
  /** An earlier limit than the one there is changes nothing. */
  limitTo(limit: Instant): void
}

/** Milliseconds that all processes of a machine count alike, and that never run backwards. */
const steadyTime = (): number => Number(process.hrtime.bigint()) / 1e6

/** Tells the time that every process tells which knows this beginning. */
export function tellFrom(
  { begin_ms, machine_ms, rate }: ClockBeginning,
  machine: () => number = steadyTime,
): LimitedClock {
  let last = begin_ms
  let most = begin_ms
  function now(): Instant {
    const told = Math.trunc(begin_ms + (machine() - machine_ms) * rate)
    last = Math.max(last, Math.min(told, most))
    return last
  }
  return {
    now,
    today: () => dayInChina(now()),
    limitTo(limit) {
      most = Math.max(most, limit)
    },
  }
}

/**
 * A clock that starts where it is told and never runs backwards, not even over a restart: it starts no earlier than the
 * mark that its last run left, and tells no time beyond the mark it has left itself.
 */
export async function startSandboxClock(options: ClockOptions): Promise<SandboxClock> {
  const { start_ms, rate = 1, mark, machine = steadyTime, onLimit = () => {} } = options
  const begin_ms = Math.max(start_ms, (await mark.read()) ?? 0)
  const beginning = { begin_ms, machine_ms: machine(), rate }
  const clock = tellFrom(beginning, machine)
  let limit = begin_ms
  const moveOn = async (): Promise<void> => {
    const next = Math.ceil(clock.now() + ahead_ms * rate)
    await mark.advance(next)
    limit = Math.max(limit, next)
    clock.limitTo(limit)
    onLimit(limit)
  }
  await moveOn()
  // A mark that cannot be left now is left next time; until then the clock stands still at its limit.
  const timer = setInterval(() => void moveOn().catch(() => {}), between_ms)
  timer.unref()
  return {
    now: () => clock.now(),
    today: () => clock.today(),
    beginning,
    limit: () => limit,
    stop: () => clearInterval(timer),
  }
}

/** The clock of production: the machine's. */
export const machineClock = (): Pick<SandboxClock, 'now' | 'today'> => ({
  now: () => Date.now(),
  today: () => dayInChina(Date.now()),
})
