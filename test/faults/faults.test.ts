import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, openBench, openPlace, type Place } from './bench.ts'
import {
  conflictAtCommit,
  killAtCommit,
  killAtMessage,
  killAtRandom,
  killDatabase,
  loseCommit,
  loseCommitAndLine,
} from './faults.ts'
import { createRandom } from './random.ts'
import { Runner } from './series.ts'
import { killAtStep } from './steps.ts'

// The small version of `npm run faults`; SEED=… repeats a run that failed.
const seed = process.env['SEED'] ?? String(Date.now() % 1_000_000)
const allowed_ms = 120_000
let place: Place
let runner: Runner<Bench>
const said: string[] = []

beforeAll(async () => {
  place = await openPlace()
  const print = (line: string): void => void said.push(line)
  const open = async (name: string) => openBench(place, name)
  runner = new Runner({ open, random: createRandom(seed), print })
})

afterAll(async () => {
  await runner.end()
  await place.remove()
})

/** What went wrong in the runs of this test, with the seed that repeats them. */
async function violationsOf(work: () => Promise<void>): Promise<string[]> {
  const before = runner.violations.length
  await work()
  const found = runner.violations.slice(before)
  if (found.length > 0) console.log(`seed=${seed}\n${said.join('\n')}`)
  return found
}

test(
  'an engine killed at any moment or around a COMMIT loses nothing and doubles nothing',
  async () => {
    const found = await violationsOf(async () => {
      await runner.repeat(killAtRandom, 1)
      await runner.repeat(killAtCommit, 3)
    })
    expect(found).toEqual([])
  },
  allowed_ms,
)

test(
  'an engine killed in the place of any message of a settlement or a cancellation leaves it whole or undone',
  async () => {
    const found = await violationsOf(async () => {
      await runner.walk((n) => killAtMessage('settle', n), 1 + (Number(seed) % 17), 17)
      await runner.walk((n) => killAtMessage('cancel', n), 1 + (Number(seed) % 23), 23)
    })
    expect(found).toEqual([])
  },
  allowed_ms,
)

test(
  'an engine killed around any COMMIT of movements, card services and a collection leaves each done once',
  async () => {
    expect(await violationsOf(() => runner.walk(killAtStep, 1 + (Number(seed) % 6), 6))).toEqual([])
  },
  allowed_ms,
)

test(
  'a database killed under load has everything that was answered, and the engine goes on by itself',
  async () => {
    expect(await violationsOf(() => runner.repeat(killDatabase, 1))).toEqual([])
  },
  allowed_ms,
)

test(
  'a COMMIT whose reply is lost is looked up, and never settled twice or refused',
  async () => {
    const found = await violationsOf(async () => {
      await runner.repeat(loseCommit, 2)
      await runner.repeat(loseCommitAndLine, 1)
      await runner.repeat(conflictAtCommit, 1)
    })
    expect(found).toEqual([])
  },
  allowed_ms,
)
