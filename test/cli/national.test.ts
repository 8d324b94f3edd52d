import { expect, test } from 'vitest'
import { createCatalogue } from '../../adapters/cli/catalogue.ts'
import { noteInChinese } from '../../adapters/cli/statementNotes.ts'
import { loadRules } from '../../adapters/rulepacks/load.ts'
import type { CatalogueItem } from '../../engine/pack.ts'

const { rulebooks, packs } = loadRules('rules', { sandbox: true })
const [sample] = packs.catalogues
if (!sample) throw new Error('there is no sample catalogue')
const entry = (code: string, name: string): CatalogueItem => ({
  ...(sample.items[0] as CatalogueItem),
  code,
  name,
})
const holding = (...lists: { regions: string[]; items: CatalogueItem[] }[]) =>
  createCatalogue(
    { catalogues: lists.map((list) => ({ file: 'x.yaml', sources: {}, ...list })) },
    rulebooks,
  )

test('a region has its own entries before those of its province, in order of code', () => {
  const catalogue = holding(
    { regions: ['510000'], items: [entry('B', 'province'), entry('A', 'province')] },
    { regions: ['510100'], items: [entry('B', 'city')] },
    { regions: ['310000'], items: [entry('C', 'elsewhere')] },
  )
  const names = (region: string) => catalogue(region).map(({ code, name }) => `${code} ${name}`)
  expect(names('510100')).toEqual(['A province', 'B city'])
  expect(names('510700')).toEqual(['A province', 'B province'])
  expect(names('999999')).toEqual([])
  // 市本级 is a division of the same pooling area, and a list is made once.
  expect(catalogue('510199')).toBe(catalogue('510100'))
})

test('the list of every region is what its rules look items up in', () => {
  const catalogue = createCatalogue(packs, rulebooks)
  for (const { region, item } of rulebooks.all) {
    const items = catalogue(region.division)
    expect(items.length).toBeGreaterThan(0)
    for (const each of items) expect(item(each.code, each.from)).toBe(each)
  }
})

test('a warning is told in Chinese alone, with what can be looked up by it', () => {
  expect(noteInChinese({ code: 'photo-due', facts: {} })).toBe('社保卡无照片，年满七周岁应补录')
  expect(noteInChinese({ code: 'items-not-in-catalogue', facts: { items: ['X1', 'X2'] } })).toBe(
    '项目不在目录内，按全自费处理：X1、X2',
  )
})
