import { afterAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { summary } from './report.ts'
import { type Report, simulate } from './simulation.ts'
import type { PlantName } from './world.ts'

// The small version of `npm run simulate`; SEED=… repeats a run that failed.
const seed = process.env['SEED'] ?? String(Date.now() % 1_000_000)
const allowed_ms = 180_000
const databases: TestDatabase[] = []

afterAll(async () => {
  for (const database of databases) await database.drop()
})

async function run(options: {
  readonly seed: string
  readonly claims: number
  readonly plants?: readonly PlantName[]
}): Promise<Report> {
  const [one, other] = [await createTestDatabase(), await createTestDatabase()]
  databases.push(one, other)
  return simulate({ ...options, urls: [one.appUrl, other.appUrl] })
}

test(
  'after losses, copies, delays and kills of any kind both regions agree, and every answer was true',
  async () => {
    const report = await run({ seed, claims: 120 })
    if (report.violations.length > 0) console.log(summary(report, 0))
    expect(report.violations).toEqual([])
    expect(report.counts.of('told settled')).toBeGreaterThan(60)
    expect(report.counts.group('fault ').sum).toBeGreaterThan(30)
    expect(report.counts.of('kills')).toBeGreaterThan(0)
  },
  allowed_ms,
)

test(
  'a seed takes the same way again, to the fen and to the millisecond',
  async () => {
    const [first, again] = [
      await run({ seed: 'fixed', claims: 60 }),
      await run({ seed: 'fixed', claims: 60 }),
    ]
    expect(first.violations).toEqual([])
    expect(again.trace).toBe(first.trace)
    const other = await run({ seed: 'another', claims: 10 })
    expect(other.trace).not.toBe(first.trace)
  },
  allowed_ms,
)

test.each([
  ['no-fence', /stands at home|and was told otherwise/],
  ['forgets-reversing', /is reversing still/],
  ['lost-as-unsent', /was told refused, and stands at home/],
  ['settles-twice', /stands at home, and nobody here knows of it/],
] as const)(
  'a planted mistake is found within a few hundred claims: %s',
  async (plant, said) => {
    const found: string[] = []
    for (let i = 1; i <= 5 && found.length === 0; i++) {
      const { violations } = await run({ seed: `planted ${i}`, claims: 100, plants: [plant] })
      found.push(...violations.filter((what) => said.test(what)))
    }
    expect(found).not.toEqual([])
  },
  allowed_ms,
)
