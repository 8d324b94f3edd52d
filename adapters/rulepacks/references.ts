import type { Layer, Overlay, Packs, Path, SchemePack } from '../../engine/pack.ts'
import type { Region } from '../../engine/route.ts'
import type { Say } from './tables.ts'
import type { Value } from './yaml.ts'

/** Every field named source must name a source that the file lists, or that its region lists. */
export function checkSources(value: Value, known: ReadonlySet<string>, path: Path, say: Say): void {
  if (typeof value === 'string') return
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) checkSources(item, known, [...path, i], say)
    return
  }
  for (const [name, inside] of Object.entries(value as Record<string, Value>)) {
    if (name !== 'source' || typeof inside !== 'string')
      checkSources(inside, known, [...path, name], say)
    else if (!known.has(inside))
      say([...path, name], `found "${inside}", expected a source listed under sources`)
  }
}

/** Sums that the engine keeps without being told (engine/split.ts). */
const kept = ['inScope', 'burden']

type InFile = (file: string) => Say

/**
 * An accumulator that a cap or a segment table reads and that nothing feeds would stay at nothing for ever: a limit that
 * never limits. Names are shared by the schemes of a region, because sums may be carried from one to another.
 */
export function checkAccumulators(packs: Packs, inFile: InFile): void {
  for (const region of packs.regions) {
    const schemes = packs.schemes.filter((pack) => pack.region === region.division)
    const overlays = packs.overlays.filter((o) => o.regions.includes(region.division))
    const fed = new Set(kept)
    for (const layer of [...schemes, ...overlays].flatMap(layersOf))
      for (const name of fedBy(layer)) fed.add(name)
    for (const rule of schemes.flatMap((pack) => pack.rules))
      fed.add(`admissions.${rule.careGroup}`)
    for (const pack of [...schemes, ...overlays])
      for (const layer of layersOf(pack)) checkRead(layer, fed, inFile(pack.file))
  }
}

/** Care in a place that is misspelt would need a filing that nobody makes. */
export function checkPlaces({ regions, areas = [] }: Packs, inFile: InFile): void {
  const all: readonly Region[] = [...regions, ...areas]
  const known = new Set(all.flatMap(({ division, province }) => [division, province]))
  for (const { file, filing } of regions)
    for (const [i, within] of filing.noFilingWithin.entries())
      if (!known.has(within))
        inFile(file)(
          ['filing', 'noFilingWithin', 'regions', i],
          `found ${within}, expected a pooling area or a province that is listed`,
        )
}

const layersOf = (pack: SchemePack | Overlay): readonly Layer[] =>
  'rules' in pack ? pack.rules.flatMap((rule) => rule.layers) : pack.layers

function fedBy({ feeds, feedsBase, deductible }: Layer): string[] {
  const own = deductible ? [deductible.accumulator] : []
  return [...feeds, ...feedsBase, ...own]
}

function checkRead({ caps, pays, path }: Layer, fed: ReadonlySet<string>, say: Say): void {
  const check = (name: string | undefined, at: Path): void => {
    if (name !== undefined && !fed.has(name))
      say(at, `"${name}" is read here and no layer feeds it`)
  }
  for (const [i, cap] of caps.entries()) check(cap.accumulator, [...path, 'caps', i, 'accumulator'])
  if (pays.kind === 'tiers')
    check(pays.tiers.accumulator, [...path, 'pays', 'tiers', 'accumulator'])
}
