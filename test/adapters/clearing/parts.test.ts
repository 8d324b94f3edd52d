import { afterAll, beforeAll, expect, it } from 'vitest'
import { askOf } from '../../../adapters/clearing/asking.ts'
import { appliedEntry, clearingSubject } from '../../../adapters/nhsa/clearing.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { windowOf } from '../../../engine/clearingWindow.ts'
import { type Cleared, codeOf, day, keyOf, openCleared, resultOf } from './support.ts'

// Provinces divide a category of clearing further (11 into 1101 and so on): each part is applied for by itself.

const institution = 'H51010000001'
let world: Cleared
beforeAll(async () => {
  world = await openCleared()
})
afterAll(() => world.real.close())

async function apply(part: string): Promise<string> {
  const { from, until } = windowOf('month', day('2026-03-02'))
  const subject = clearingSubject(institution, part, '202603')
  const entries = [appliedEntry(subject, { event: `E${part}`, from, until }, {})]
  const ask = askOf(keyOf('510100'), subject.owner, [subject], () => ({ entries }))
  await world.real.process.settle([ask])
  return `E${part}`
}

it('two parts of one category are accepted for the same month, each once', async () => {
  await world.settle('E1', institution)
  world.clock.set('2026-04-02T09:00:00+08:00')
  const accept = async (application: string) =>
    world.clearing.accept(keyOf('510100'), { institution, application, operator: 'a' })
  const [whole, part] = [await apply('11'), await apply('1101')]
  expect(resultOf(await accept(whole))).toMatchObject({ rows: 1 })
  expect(resultOf(await accept(part))).toMatchObject({ rows: 0 })
  expect(codeOf(await accept(part))).toBe('application-accepted')
  const { items } = await world.queries.runs({ kind: 'institution', limit: 5 })
  expect(items.map(({ category, window }) => [category, window])).toEqual([
    ['outpatient', '2026-03'],
    ['outpatient', '2026-03'],
  ])
  expect(await checkBooks(world.real.books.pool)).toEqual([])
})
