import { describe, expect, test } from 'vitest'
import { day, item, messages, rulebooks, sources } from './support/packs.ts'

describe('catalogues', () => {
  const books = (entries: readonly (readonly [string, readonly ReturnType<typeof item>[]])[]) => ({
    catalogues: entries.map(([division, items], i) => ({
      file: `c${i}.yaml`,
      regions: [division],
      items,
      sources,
    })),
  })
  const find = (entries: Parameters<typeof books>[0], code: string, on: string) =>
    rulebooks(books(entries)).of('510100')?.item(code, day(on))?.name

  test('the region’s own entry comes before its province’s, on the days it holds', () => {
    const entries = [
      ['510100', [item('X', { name: 'own', from: day('2026-07-01'), until: day('2026-12-31') })]],
      ['510000', [item('X', { name: 'provincial' })]],
    ] as const
    expect(find(entries, 'X', '2026-06-30')).toBe('provincial')
    expect(find(entries, 'X', '2026-07-01')).toBe('own')
    expect(find(entries, 'X', '2027-01-01')).toBe('provincial')
    expect(find(entries, 'Y', '2026-07-01')).toBeUndefined()
    expect(find(entries, 'X', '2019-12-31')).toBeUndefined()
    expect(find(entries, 'constructor', '2026-07-01')).toBeUndefined()
  })

  test('an entry without an end lasts until the next begins', () => {
    const entries = [
      ['510100', [item('X', { name: 'new', from: day('2026-01-01') }), item('X', { name: 'old' })]],
    ] as const
    expect(find(entries, 'X', '2025-12-31')).toBe('old')
    expect(find(entries, 'X', '2026-01-01')).toBe('new')
    expect(messages(books(entries))).toEqual([])
  })

  test('two entries on one day are told, also of two files', () => {
    const until = day('2026-01-01')
    const twice = [item('X', { until }), item('X', { from: until })]
    expect(messages(books([['510100', twice]]))).toEqual(['X has two entries on 2026-01-01'])
    expect(
      messages(
        books([
          ['510100', [item('X')]],
          ['510100', [item('X')]],
        ]),
      ),
    ).toEqual(['X has two entries on 2020-01-01'])
  })
})
