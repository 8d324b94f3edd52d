import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crossingSteps } from '../../../engine/crossing.ts'
import { type Options, Run } from './schedule.ts'

// SCHEDULES=… walks more or fewer; a run that failed prints its seed.
const schedules = Number(process.env['SCHEDULES'] ?? 100_000)

const schedule = fc.tuple(
  fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 5, maxLength: 60 }),
  fc.integer({ min: 0, max: 7 }),
)

/** What is wrong after a schedule and a fair ending. */
function walk([choices, luck]: readonly [number[], number], options: Options = {}): string[] {
  const run = new Run(luck === 0, options)
  for (const choice of [...start, ...choices]) run.step(choice)
  return run.end()
}

/** Every step of the table that some schedules take. */
function stepsOf(runs: readonly (readonly [number[], number])[]): Set<string> {
  const taken = new Set<string>()
  for (const [choices, luck] of runs) {
    const run = new Run(luck === 0)
    for (const choice of [...start, ...choices]) run.step(choice)
    run.end()
    for (const kept of run.care.ledger.dossiers.values())
      for (const [i, { kind }] of kept.entries())
        if (i > 0) taken.add(`${kept[i - 1]?.kind} ${kind}`)
  }
  return taken
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

test('the schedules take every step of the table of states', () => {
  const runs = fc.sample(schedule, { numRuns: 10_000, seed: 7 })
  const table = Object.entries(crossingSteps).flatMap(([from, next]) =>
    next.map((to) => `${from} ${to}`),
  )
  // Only a home region that goes back on its word settles what it refused.
  const never = ['refused reversing']
  expect([...stepsOf(runs), ...never].toSorted()).toEqual(table.toSorted())
})

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
