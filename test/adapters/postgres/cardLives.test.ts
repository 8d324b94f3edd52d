import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createBooks } from '../../../adapters/postgres/books.ts'
import { dayInChina } from '../../../adapters/sandbox/clock.ts'
import { type LocalProcess, startLocalProcess } from '../../support/localProcess.ts'
import { LivedCards, type Model } from './cardLived.ts'
import { commands } from './cardCommands.ts'
import { portsOn, realWorld, type RealWorld } from './real.ts'
import { crypto, start_ms } from './support.ts'

/** So many lives in each run of the tests; CARD_LIVES=5000 for a long one. */
const lives = Number(process.env['CARD_LIVES'] ?? 60)

let real: RealWorld
let engine: LocalProcess
let now = start_ms
const clock = { now: () => now++, today: () => dayInChina(now) }

beforeAll(async () => {
  real = await realWorld()
  const { pool } = real.books
  const books = createBooks({ pool, crypto, clock })
  engine = startLocalProcess({ ...portsOn(real.books), books, clock })
})
afterAll(() => real.close())

/**
 * The model knows nothing of our tables: it is what the brochure says, written a second time. Whatever a person and their
 * desks do in whatever order, a card settles exactly when the model says that it may.
 */
it(
  'never settles by a card that must not, nor refuses one that may, in whatever life of a card',
  async () => {
    let run = 0
    const life = fc.array(fc.oneof(...commands), { minLength: 30, maxLength: 60, size: 'max' })
    await fc.assert(
      fc.asyncProperty(life, async (steps) => {
        now = start_ms
        const cards = new LivedCards({ ...real.books, engine, clock }, `L${(run += 1)}`)
        await cards.enrol()
        const model: Model = { now: () => now, cards: [cards.first()], bears: 0 }
        const forward = (by_ms: number): void => void (now += by_ms)
        for (const step of steps) await step.run(model, { cards, forward })
      }),
      { numRuns: lives, endOnFailure: false },
    )
    expect(await checkBooks(real.books.pool)).toEqual([])
  },
  60_000 + lives * 1_000,
)
