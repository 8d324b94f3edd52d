import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fen } from '../../../engine/money.ts'
import { collectionSubject } from '../../../engine/collection.ts'
import { subjectKey } from '../../../engine/dossier.ts'
import { askedBy, openTown, type Town, wrongs } from './support.ts'

const never = new AbortController().signal

/** What may happen to one settlement and its collections, in any order and many times. */
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('collect' as const),
      key: fc.integer({ min: 1, max: 6 }),
      // The cash is 280.00.
      amount: fc.constantFrom(undefined, undefined, 5_000n, 12_000n, 29_000n),
      steps: fc.option(fc.nat(14), { nil: undefined, freq: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('sweep' as const),
      after_ms: fc.constantFrom(0, 5_000, 20_000, 120_000),
      steps: fc.option(fc.nat(25), { nil: undefined, freq: 3 }),
      both: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('undo' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restore' as const) }) },
)
type Happening = typeof event extends fc.Arbitrary<infer E> ? E : never

async function happen(town: Town, one: Happening): Promise<void> {
  switch (one.does) {
    case 'collect': {
      const { key, amount, steps } = one
      const asked = {
        ...askedBy(`k${key} ${amount ?? 'all'}`),
        settlement: town.settlement,
        amount: amount as Fen | undefined,
      }
      // Killed in the middle, it tells nothing.
      await town
        .process(steps)
        .collect(asked)
        .catch(() => {})
      return
    }
    case 'sweep': {
      town.clock.now += one.after_ms
      const runs = one.both ? [town.process(one.steps), town.process()] : [town.process(one.steps)]
      await Promise.allSettled(runs.map(async (each) => each.resolve(never)))
      return
    }
    case 'undo':
      await town.undo()
      return
    case 'restore':
      await town.restore()
  }
}

test('no collection is lost or doubled, whatever is lost, killed, swept, undone or restored in between', async () => {
  const ends = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(event, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 12 }),
      fc.record({
        seed: fc.nat(),
        lostPercent: fc.constantFrom(0, 20, 60),
        refusedPercent: fc.constantFrom(0, 50),
      }),
      async (events, bank) => {
        const town = await openTown(bank)
        // Those of one group happen at the same time.
        for (const together of events)
          await Promise.all(together.map(async (one) => happen(town, one)))
        await town.calm()
        expect(wrongs(town)).toEqual([])
        for (const { state } of town.collections()) ends.set(state, (ends.get(state) ?? 0) + 1)
      },
    ),
    { numRuns: 500 },
  )
  // It would prove little if hardly anything had come to an end.
  for (const end of ['collected', 'refused', 'returned']) expect(ends.get(end)).toBeGreaterThan(20)
}, 120_000)

test('killed after each step in turn, a collection still ends once', async () => {
  for (let steps = 0; steps < 20; steps++) {
    const town = await openTown()
    const asked = { ...askedBy('k'), settlement: town.settlement }
    await town
      .process(steps)
      .collect(asked)
      .catch(() => {})
    // Whoever was not answered asks again with the same key.
    await town.process().collect(asked)
    await town.calm()
    expect(wrongs(town)).toEqual([])
    expect(town.collections().map(({ state }) => state)).toEqual(['collected'])
  }
})

test('killed after each step in turn, a return still ends once', async () => {
  for (let steps = 0; steps < 25; steps++) {
    const town = await openTown()
    await town.process().collect({ ...askedBy('k'), settlement: town.settlement })
    await town.undo()
    await town
      .process(steps)
      .resolve(never)
      .catch(() => {})
    await town.calm()
    expect(wrongs(town)).toEqual([])
    expect(town.collections().map(({ state }) => state)).toEqual(['returned'])
  }
})

test('two resolvers on one collection: one acts', async () => {
  for (let round = 0; round < 50; round++) {
    const town = await openTown({ lostPercent: 100 })
    await town.process().collect({ ...askedBy('k'), settlement: town.settlement })
    town.bank.lose(0)
    town.clock.now += 5_000
    const ended = await Promise.all([1, 2, 3].map(async () => town.process().resolve(never)))
    expect(ended.sort()).toEqual([0, 0, 1])
    expect(wrongs(town)).toEqual([])
  }
})

test('a bank that never says is asked after 5 s, 15 s, 1 min, 5 min, 15 min, 1 h and hourly, with an alarm from the sixth time on', async () => {
  const town = await openTown({ lostPercent: 100 })
  await town.process().collect({ ...askedBy('k'), settlement: town.settlement })
  const waits: number[] = []
  for (let attempt = 1; attempt <= 8; attempt++) {
    const next = town.books.due.next() as number
    waits.push((next - town.clock.now) / 1_000)
    town.clock.now = next
    expect(await town.process().resolve(never)).toBe(0)
    expect(town.alarms).toHaveLength(Math.max(0, attempt - 5))
  }
  for (const [i, wait] of [5, 15, 60, 300, 900, 3_600, 3_600, 3_600].entries()) {
    expect(waits[i]).toBeGreaterThanOrEqual(wait * 0.8)
    expect(waits[i]).toBeLessThanOrEqual(wait * 1.2)
  }
  await town.calm()
  expect(wrongs(town)).toEqual([])
})

test('where the ledger does not take it yet, it is not said to be collected', async () => {
  const town = await openTown()
  const { books } = town
  const commits = books.commits
  // Asked is committed; the booking finds the database away.
  books.meanwhile = () => {
    if (books.commits === commits + 1) books.atCommit.push('unavailable')
  }
  const { collection } = await town
    .process()
    .collect({ ...askedBy('k'), settlement: town.settlement })
  expect(collection?.state).toBe('asked')
  books.meanwhile = () => {}
  await town.calm()
  expect(town.collections().map(({ state }) => state)).toEqual(['collected'])
  expect(wrongs(town)).toEqual([])
})

test.each([
  { became: 'the bank had taken the money', lostPercent: 0 },
  { became: 'the bank was never reached', lostPercent: 100 },
])('an undo at the very moment of the asking, which neither sees: $became', async (bank) => {
  const town = await openTown(bank)
  const { books, settlement } = town
  const subject = collectionSubject('P1', settlement)
  // Without locks the undo may look before what is asked stands, and nothing else makes the two meet.
  const undo = async (): Promise<void> => {
    const kept = books.dossiers.get(subjectKey(subject)) ?? []
    books.dossiers.delete(subjectKey(subject))
    await town.undo()
    books.dossiers.set(subjectKey(subject), kept)
  }
  const commits = books.commits
  const asking = town.process().collect({ ...askedBy('k'), settlement })
  while (books.commits === commits) await new Promise(setImmediate)
  await undo()
  await asking
  await town.calm()
  expect(town.collections().map(({ state }) => state)).toEqual(['returned'])
  expect(wrongs(town)).toEqual([])
})
