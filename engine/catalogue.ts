import type { Division } from './claim.ts'
import { covers } from './day.ts'
import type { CatalogueItem, Packs, RegionPack } from './pack.ts'
import type { Rulebook } from './rulebook.ts'
import type { Complaint } from './table.ts'

export function catalogueCitations(packs: Packs): (source: string) => string {
  const titles = new Map(packs.catalogues.flatMap((c) => Object.entries(c.sources)))
  return (id) => titles.get(id)?.title ?? id
}

/** The catalogue entry that holds in a region on a day: its own before its province's. */
export function catalogueOf(
  region: RegionPack,
  packs: Packs,
  complaints: Complaint[],
): Rulebook['item'] {
  const closest = [...new Set([region.division, region.province])].map((division) =>
    entriesOf(division, packs, complaints),
  )
  return (code, on) => {
    for (const entries of closest) {
      const found = entries.get(code)?.findLast((entry) => covers(entry, on))
      if (found) return found
    }
    return undefined
  }
}

function entriesOf(
  division: Division,
  packs: Packs,
  complaints: Complaint[],
): ReadonlyMap<string, readonly CatalogueItem[]> {
  const all = packs.catalogues
    .filter(({ regions }) => regions.includes(division))
    .flatMap(({ file, items }) => items.map((item, index) => ({ item, file, index })))
    .toSorted((a, b) => (a.item.from < b.item.from ? -1 : a.item.from > b.item.from ? 1 : 0))
  const entries = new Map<string, CatalogueItem[]>()
  for (const { item, file, index } of all) {
    const own = entries.get(item.code) ?? []
    const last = own.at(-1)
    // An entry without an end lasts until the next one begins.
    if (last && item.from <= (last.until ?? last.from))
      complaints.push({
        file,
        path: ['items', index],
        message: `${item.code} has two entries on ${item.from}`,
      })
    own.push(item)
    entries.set(item.code, own)
  }
  return entries
}
