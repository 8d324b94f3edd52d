import { afterEach, describe, expect, it } from 'vitest'
import {
  dayInChina,
  morningOf,
  type SandboxClock,
  startSandboxClock,
  tellFrom,
} from '../../../adapters/sandbox/clock.ts'
import { parseDay } from '../../../engine/day.ts'

const start_ms = morningOf(parseDay('2026-03-02'))
let clocks: SandboxClock[] = []
afterEach(() => {
  for (const clock of clocks) clock.stop()
  clocks = []
})

function mark(at?: number) {
  const kept = { at }
  return {
    kept,
    read: async () => kept.at,
    advance: async (to: number) => {
      kept.at = Math.max(kept.at ?? 0, to)
    },
  }
}

async function start(options: Parameters<typeof startSandboxClock>[0]): Promise<SandboxClock> {
  const clock = await startSandboxClock(options)
  clocks.push(clock)
  return clock
}

describe('the sandbox clock', () => {
  it('starts where it is told and goes at its rate', async () => {
    let machine = 1_000
    const clock = await start({ start_ms, rate: 60, mark: mark(), machine: () => machine })
    expect(new Date(clock.now()).toISOString()).toBe('2026-03-02T01:00:00.000Z')
    expect(clock.today()).toBe('2026-03-02')
    machine += 2_000
    expect(clock.now()).toBe(start_ms + 120_000)
  })

  it('never runs backwards over a restart, however its process ended', async () => {
    const kept = mark()
    let machine = 0
    const first = await start({ start_ms, rate: 1000, mark: kept, machine: () => machine })
    machine += 4_900
    const told = first.now()
    // Killed: nothing more is written. The next one starts from what was written.
    const second = await start({ start_ms, rate: 1, mark: kept, machine: () => 0 })
    expect(second.now()).toBeGreaterThanOrEqual(told)
  })

  it('stands still rather than tell a time beyond the mark it has left', async () => {
    let machine = 0
    const clock = await start({ start_ms, mark: mark(), machine: () => machine })
    machine += 3_600_000
    expect(clock.now()).toBe(start_ms + 5_000)
    expect(clock.now()).toBe(start_ms + 5_000)
  })

  it('is told alike by every process that knows where it began and how far it may go', async () => {
    let at = 1_000
    const machine = () => at
    const limits: number[] = []
    const onLimit = (limit: number) => limits.push(limit)
    const clock = await start({ start_ms, rate: 7, mark: mark(), machine, onLimit })
    const other = tellFrom(clock.beginning, machine)
    at += 1_234
    expect(other.now()).toBe(start_ms)
    for (const limit of limits) other.limitTo(limit)
    expect(other.now()).toBe(clock.now())
    expect(other.today()).toBe(clock.today())
    at += 60_000
    expect(other.now()).toBe(clock.limit())
    other.limitTo(start_ms)
    expect(other.now()).toBe(clock.limit())
  })

  it('follows a start set later than its mark', async () => {
    const clock = await start({ start_ms: start_ms + 1, mark: mark(start_ms), machine: () => 0 })
    expect(clock.now()).toBe(start_ms + 1)
  })
})

describe('the day in China', () => {
  it('changes at its own midnight', () => {
    expect(dayInChina(Date.parse('2026-03-02T15:59:59Z'))).toBe('2026-03-02')
    expect(dayInChina(Date.parse('2026-03-02T16:00:00Z'))).toBe('2026-03-03')
  })
})
