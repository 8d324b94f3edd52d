import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lapseTemporaryLosses } from '../../adapters/cli/lapses.ts'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { createDossiers } from '../../adapters/postgres/dossiers.ts'
import { readHistory, cardSubject } from '../../engine/cardHistory.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask } from '../../engine/ports.ts'
import { type RealWorld, realWorld } from '../adapters/postgres/real.ts'
import { crypto } from '../adapters/postgres/support.ts'

let real: RealWorld
beforeAll(async () => {
  real = await realWorld()
})
afterAll(() => real.close())

const submit = async (ask: Ask): Promise<Outcome> =>
  (await real.process.settle([ask]))[0] as Outcome
const sweep = (limit = 100): Promise<number> => {
  const { pool, clock } = real.books
  return lapseTemporaryLosses({ pool, crypto, clock }, { submit }, limit)
}
const cardOf = async (key: string) => {
  const [card] = await real.books.register.cardsOf(real.person(key).person.id)
  if (!card) throw new Error(`${key} has no card`)
  return card
}

describe('the sweep of temporary losses', () => {
  it('writes those that have lapsed, once, however many sweep at once, and leaves the others', async () => {
    const counts = await Promise.all([sweep(), sweep(), sweep()])
    expect(counts.reduce((sum, count) => sum + count)).toBe(1)
    const lapsed = await cardOf('X6')
    expect(lapsed.loss).toEqual({ kind: 'none' })
    expect((await cardOf('X2')).loss.kind).toBe('temporary')
    const dossiers = createDossiers({ pool: real.books.pool, crypto })
    const history = readHistory(await dossiers.read(cardSubject(lapsed.owner, lapsed.id)))
    expect(history).toMatchObject([
      {
        service: 'lapse',
        before: { loss: { kind: 'temporary' } },
        after: { loss: { kind: 'none' } },
      },
    ])
    expect(await sweep()).toBe(0)
  })

  it('leaves books that hold together', async () => {
    expect(await checkBooks(real.books.pool)).toEqual([])
  })
})
