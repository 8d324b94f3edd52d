import { dayBefore } from './day.ts'
import type { CatalogueItem, Packs, RegionPack } from './pack.ts'
import type { Rulebook } from './rulebook.ts'
import type { Complaint } from './table.ts'

export function catalogueCitations(packs: Packs): (source: string) => string {
  const titles = new Map(packs.catalogues.flatMap((c) => Object.entries(c.sources)))
  return (id) => titles.get(id)?.title ?? id
}

/** The catalogue entries that hold in a region: its own before its province's. */
export function catalogueOf(
  region: RegionPack,
  packs: Packs,
  complaints: Complaint[],
): Rulebook['item'] {
  const items = new Map<string, CatalogueItem[]>()
  for (const division of [region.province, region.division])
    for (const catalogue of packs.catalogues.filter((c) => c.regions.includes(division))) {
      const own = Map.groupBy(catalogue.items, (item) => item.code)
      for (const [code, entries] of own) {
        const sorted = entries.toSorted((a, b) => (a.from < b.from ? -1 : 1))
        const overlap = sorted.find(
          (e, i) => i > 0 && e.from <= (sorted[i - 1]?.until ?? dayBefore(e.from)),
        )
        if (overlap)
          complaints.push({
            file: catalogue.file,
            path: ['items', catalogue.items.indexOf(overlap)],
            message: `${code} has two entries on ${overlap.from}`,
          })
        items.set(code, sorted)
      }
    }
  return (code, on) =>
    items
      .get(code)
      ?.findLast((entry) => entry.from <= on && (entry.until === undefined || on <= entry.until))
}
