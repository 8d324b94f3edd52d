import { covers, type Day, type Span } from '../../engine/day.ts'
import { type Ratio, ratioText, toYuan } from '../../engine/money.ts'
import type { Layer, Packs, RegionPack, Rule, Source } from '../../engine/pack.ts'
import type { Json, RuleQueries } from './ruleNeeds.ts'
import { illustrativeNote } from './settlement.ts'

/** Packs as they were read: a region may name funds of its own, which the engine needs no list of. */
type ReadPacks = Omit<Packs, 'regions'> & {
  readonly regions: readonly (RegionPack & { readonly funds?: object })[]
}

/** The rules as policy authors read them: what holds for a region on a day, and where each value is ruled. */
export function viewRules(packs: ReadPacks, hash: string): RuleQueries {
  return {
    list: () =>
      packs.regions.map(({ division, name, divisions }) => ({
        region: division,
        name,
        divisions,
        hash,
        packs: packs.schemes
          .filter((pack) => pack.region === division)
          .map(({ file, scheme, period }) => ({ file, scheme, ...spanOf(period) })),
      })),
    on(division, day) {
      const region = packs.regions.find((pack) => pack.division === division)
      if (!region) return undefined
      const schemes = packs.schemes.filter(
        (pack) => pack.region === division && covers(pack.period, day),
      )
      const overlays = packs.overlays.filter(
        (o) => o.regions.includes(division) && covers(o.span, day),
      )
      return {
        region: division,
        on: day,
        hash,
        name: region.name,
        divisions: [...region.divisions],
        province: region.province,
        yearStarts: region.yearStarts,
        undo: show(region.undo),
        carryOver: show(region.carryOver),
        externalInjury: region.externalInjury,
        filing: show(region.filing),
        duplicates: show((region.duplicates ?? []).filter((rule) => covers(rule, day))),
        settlesUnder: show(region.settlesUnder),
        funds: show(region.funds ?? {}),
        parameters: show(region.parameters),
        schemes: schemes.map((pack) => ({
          scheme: pack.scheme,
          file: pack.file,
          ...spanOf(pack.period),
          rules: pack.rules.filter((rule) => covers(rule, day)).map(showRule),
        })),
        overlays: overlays.map((overlay) => ({
          name: overlay.name,
          file: overlay.file,
          ...spanOf(overlay.span),
          schemes: [...overlay.schemes],
          care: [...overlay.care],
          layers: overlay.layers.map(showLayer),
        })),
        sources: show(sourcesOf([region, ...schemes, ...overlays])),
      }
    },
  }
}

const spanOf = ({ from, until }: Span): { from: Day; until?: Day } => ({
  from,
  ...(until !== undefined && { until }),
})

type Sources = Readonly<Record<string, Source>>

const sourcesOf = (packs: readonly { readonly sources: Sources }[]): Sources =>
  Object.assign({}, ...packs.map((pack) => pack.sources))

const showRule = ({ layers, ...rule }: Rule): Json => ({
  ...(show(rule) as Record<string, Json>),
  layers: layers.map(showLayer),
})

const showLayer = (layer: Layer): Json => ({
  ...(show(layer) as Record<string, Json>),
  ...(layer.illustrative && { note: illustrativeNote }),
})

const isRatio = (value: object): value is Ratio => 'numerator' in value && 'denominator' in value

/** Fen become yuan and rates decimal text; where a value stands in its file is for messages, not for readers. */
function show(value: unknown): Json {
  if (typeof value === 'bigint') return toYuan(value)
  if (Array.isArray(value)) return value.map(show)
  if (typeof value !== 'object' || value === null) return value as Json
  if (isRatio(value)) return ratioText(value)
  const entries = Object.entries(value)
    .filter(([name, held]) => name !== 'path' && held !== undefined)
    .map(([name, held]) => [name === 'fen' ? 'yuan' : name, show(held)])
  return Object.fromEntries(entries) as Json
}
