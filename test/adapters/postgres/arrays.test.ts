import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { binaryArray, type ElementType } from '../../../adapters/postgres/arrays.ts'
import { openWorld, type World } from './support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** What the server reads in an array of ours, each element as it writes it. */
async function readBack(type: ElementType, items: readonly unknown[]): Promise<(string | null)[]> {
  const as = type === 'bytea' ? `encode(item, 'hex')` : 'item::text'
  const text = `select ${as} as item from unnest($1::${type}[]) with ordinality as r (item, i) order by i`
  const { rows } = await world.pool.query(text, [binaryArray(type, items)])
  return rows.map(({ item }) => item)
}

/** Any text but that of a NUL, which the server has no place for. */
const words = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replaceAll('\0', ''))
const orAbsent = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<(T | undefined)[]> =>
  fc.array(fc.option(of, { nil: undefined }), { maxLength: 30 })

describe('an array in the form of the server', () => {
  const cases: [ElementType, fc.Arbitrary<unknown>, (item: unknown) => string][] = [
    ['text', words, String],
    ['int', fc.integer(), String],
    ['bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), String],
    ['boolean', fc.boolean(), String],
    [
      'bytea',
      fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
      (item) => (item as Buffer).toString('hex'),
    ],
    ['float8', fc.integer().map((whole) => whole / 8), String],
    [
      'date',
      fc
        .date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      String,
    ],
  ]

  it.each(cases)('says of %s what was put in', async (type, of, told) => {
    await fc.assert(
      fc.asyncProperty(orAbsent(of), async (items) => {
        const expected = items.map((item) => (item === undefined ? null : told(item)))
        expect(await readBack(type, items)).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })

  it('takes text as bytes, and a document as jsonb', async () => {
    expect(await readBack('bytea', ['结算'])).toEqual([Buffer.from('结算').toString('hex')])
    expect(await readBack('jsonb', ['{"年":1}', null])).toEqual(['{"年": 1}', null])
  })

  it('grows with what it is given', async () => {
    const long = ['结'.repeat(300_000), '算'.repeat(700_000)]
    expect(await readBack('text', long)).toEqual(long)
  })
})
