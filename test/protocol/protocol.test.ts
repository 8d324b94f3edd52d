import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Options, Run } from './schedule.ts'

// SCHEDULES=100000 walks as many as the protocol was accepted with; a run that failed prints its seed.
const schedules = Number(process.env['SCHEDULES'] ?? 20_000)

const schedule = fc.tuple(
  fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 5, maxLength: 45 }),
  fc.integer({ min: 0, max: 7 }),
)

/** What is wrong after a schedule and a fair ending. */
function walk([choices, luck]: readonly [number[], number], options: Options = {}): string[] {
  const run = new Run(luck === 0, options)
  for (const choice of [...start, ...choices]) run.step(choice)
  return run.end()
}

/** Every schedule begins with a claim. */
const start = [4]

/** What the shortest schedule that shows something wrong shows; nothing where none does. */
function foundOf(options: Options): string[] {
  const { counterexample } = fc.check(
    fc.property(schedule, (one) => walk(one, options).length === 0),
    { numRuns: 20_000, seed: 5 },
  )
  return counterexample ? walk(counterexample[0], options) : []
}

test('after any schedule of losses, crashes, sweeps, repeats and undoings both regions agree', () => {
  fc.assert(
    fc.property(schedule, (one) => {
      expect(walk(one)).toEqual([])
    }),
    { numRuns: schedules },
  )
}, 120_000)

test('a home region that does not block what it was told to reverse is found out', () => {
  expect(foundOf({ fenced: false })).not.toEqual([])
})

test('a care region that sends again under a new reference is found out', () => {
  expect(foundOf({ faults: { resendsBlindly: true } })).not.toEqual([])
})

test('a care region that forgets to reverse is found out', () => {
  expect(foundOf({ faults: { forgetsReversing: true } })).not.toEqual([])
})

test('a care region that refuses what it could not confirm, and leaves it at home, is found out', () => {
  expect(foundOf({ faults: { givesUpWithoutReversing: true } })).not.toEqual([])
})

test('where home blocks nothing, whoever hears a late "settled" reverses it, and whoever forgets that is found out', () => {
  const late = { fenced: false, lossless: true }
  expect(foundOf(late)).toEqual([])
  expect(foundOf({ ...late, faults: { forgetsLateSettled: true } })).not.toEqual([])
})
