import type { Layer, Packs, RegionPack, SchemePack } from '../../engine/pack.ts'
import type { PoolingArea } from '../../engine/route.ts'
import type { Say } from './tables.ts'

/** The funds and other payers that packs may name without saying what they are. */
const known = [
  'pool',
  'largeExpense',
  'criticalIllness',
  'civilServant',
  'enterpriseSupplement',
  'medicalAid',
  'disabled',
  'other',
  'workInjury',
  'maternity',
  'retiredCadre',
  'unemployment',
  'pension',
  'hospital',
  'employer',
]

/** A fund that a region has of its own, by the word that its layers pay under. */
export type Funds = Readonly<Record<string, { readonly zh: string; readonly en: string }>>

/** A region with the funds it declares; the engine needs no list of them. */
export type PackedRegion = RegionPack & { readonly funds: Funds }

export type RegionPacks = Omit<Packs, 'regions' | 'areas'> & {
  readonly regions: readonly PackedRegion[]
  readonly areas: readonly PoolingArea[]
}

/**
 * A payer that nobody knows and that one layer alone names is a slip of the pen more often than a fund, and it would pay
 * out of an account that nobody funds. Who means it declares it.
 */
export function checkPayers(packs: RegionPacks, inFile: (file: string) => Say): void {
  const declared = packs.regions.flatMap(({ funds }) => Object.keys(funds))
  const overlaid = packs.overlays.flatMap((overlay) => overlay.layers.map(({ payer }) => payer))
  const funds = new Set([...known, ...declared, ...overlaid])
  const named = Map.groupBy(packs.schemes.flatMap(layersIn), ({ layer }) => layer.payer)
  for (const [payer, places] of named) {
    const [place, another] = places
    if (funds.has(payer) || another || !place) continue
    const near = nearest(payer, funds)
    const guess =
      near === undefined ? `expected one of ${[...funds].join(', ')}` : `did you mean ${near}?`
    inFile(place.file)(
      [...place.layer.path, 'payer'],
      `found "${payer}", which is no known fund and is named nowhere else: ${guess} ` +
        'A fund of its own is declared under funds in region.yaml',
    )
  }
}

const layersIn = ({ file, rules }: SchemePack): { file: string; layer: Layer }[] =>
  rules.flatMap((rule) => rule.layers.map((layer) => ({ file, layer })))

/** The fund that at most two letters set apart. */
function nearest(payer: string, funds: ReadonlySet<string>): string | undefined {
  const [best] = [...funds]
    .map((fund) => ({ fund, distance: distanceBetween(payer.toLowerCase(), fund.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
  return best && best.distance <= 2 ? best.fund : undefined
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(b).entries())
      next.push(
        Math.min(
          (next[j] as number) + 1,
          (row[j + 1] as number) + 1,
          (row[j] as number) + (letter === other ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] as number
}
