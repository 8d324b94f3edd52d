import type { Division } from '../../engine/claim.ts'
import type { CatalogueItem, Packs } from '../../engine/pack.ts'
import type { Rulebooks } from '../../engine/rulebook.ts'

/** The catalogue (目录) of each region as a list: its own entries, and its province's of codes it has none for. */
export function createCatalogue(
  { catalogues }: Pick<Packs, 'catalogues'>,
  rulebooks: Rulebooks,
): (region: Division) => readonly CatalogueItem[] {
  const entriesOf = (division: Division): readonly CatalogueItem[] =>
    catalogues.flatMap(({ regions, items }) => (regions.includes(division) ? items : []))
  const made = new Map<Division, readonly CatalogueItem[]>()
  return (division) => {
    const book = rulebooks.all.find(({ region }) => region.divisions.includes(division))
    if (!book) return []
    const { region } = book
    const known = made.get(region.division)
    if (known) return known
    const own = entriesOf(region.division)
    const codes = new Set(own.map(({ code }) => code))
    const province = region.province === region.division ? [] : entriesOf(region.province)
    const all = [...own, ...province.filter(({ code }) => !codes.has(code))]
    const items = all.toSorted((a, b) => compare(a.code, b.code) || compare(a.from, b.from))
    made.set(region.division, items)
    return items
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
