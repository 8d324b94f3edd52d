import type { CareKind, Scheme } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import { parseYuan } from '../../engine/money.ts'
import { burdenParts, type Packs, type Path, type RegionPack } from '../../engine/pack.ts'
import { compile, type Rulebook } from '../../engine/rulebook.ts'
import type { CaseFields } from './caseShape.ts'
import type { InlineLayerFields, InlineRuleFields } from './inlineShape.ts'
import { decodeScheme } from './decode.ts'
import type { LayerFields } from './layerShape.ts'
import type { RuleFields, SchemeFields } from './packShapes.ts'
import type { Say } from './tables.ts'

/** The rule inside a case, and what stands around it. */
export interface Inline {
  readonly rule: NonNullable<CaseFields['rule']>
  readonly region: RegionPack
  readonly scheme: Scheme
  readonly care: CareKind
  readonly catalogues: Packs['catalogues']
  readonly citation: string
}

const always = { from: '1990-01-01', until: '2099-12-31' }
const file = 'the rule of the case'

/** Builds the rulebook of a region that has just this one rule, or says what is wrong with it. */
export function compileInline(inline: Inline, say: Say): Rulebook | undefined {
  const { rule, region, catalogues } = inline
  const own = Array.isArray(rule) ? { layers: rule } : rule
  const back = backTo(Array.isArray(rule))
  let refused = false
  const refuse: Say = (path, message) => {
    refused = true
    say(back(path), message)
  }
  const pack = decodeScheme(schemeOf(own, inline), file, refuse)
  if (refused) return undefined
  const regions = [withParameters(region, own)]
  const compiled = compile({ regions, schemes: [pack], overlays: [], catalogues })
  if (compiled.kind === 'rulebooks') return compiled.rulebooks.of(region.division)
  for (const { path, message } of compiled.complaints) refuse(path, message)
  return undefined
}

/** From a place in the pack that was built to the place in the case that it was built from. */
function backTo(isList: boolean): (path: Path) => Path {
  const depth = (path: Path): Path => (path[0] === 'rules' ? path.slice(2) : [])
  return (path) => {
    const inRule = depth(path)
    return ['rule', ...(isList && inRule[0] === 'layers' ? inRule.slice(1) : inRule)]
  }
}

function withParameters(
  region: RegionPack,
  { parameters = {}, yearStarts }: InlineRuleFields,
): RegionPack {
  const entries = Object.entries(parameters).map(([name, amount]) => [
    name,
    [{ from: always.from as Day, fen: parseYuan(amount), source: 'case' }],
  ])
  return {
    ...region,
    yearStarts: yearStarts ?? region.yearStarts,
    parameters: { ...region.parameters, ...Object.fromEntries(entries) },
  }
}

function schemeOf(own: InlineRuleFields, { region, scheme, care, citation }: Inline): SchemeFields {
  const { layers, deductible, account, crossRegion, careGroup, scope } = own
  const { countsAdmission, needs, dates } = own
  const rule: RuleFields = {
    id: 'case',
    care,
    careGroup: careGroup ?? groupOf[care] ?? care,
    source: 'case',
    scope: scope ?? { catalogue: 'medical' },
    account: {
      own: [...burdenParts],
      family: [...burdenParts],
      relations: [...familyRelations],
      order: 'own-first',
      source: 'case',
      ...account,
    },
    ...(crossRegion === undefined ? {} : { crossRegion: { source: 'case', ...crossRegion } }),
    ...(countsAdmission === undefined ? {} : { countsAdmission }),
    ...(needs === undefined ? {} : { needs }),
    ...(dates === undefined ? {} : { dates }),
    layers: layers.map((layer, i) => completeLayer(layer, i, i === 0 ? deductible : undefined)),
  }
  return {
    region: region.division,
    scheme,
    period: always,
    sources: { case: { title: citation, grade: 'D', confirmed: '2026-01-01' } },
    rules: [rule],
  }
}

/** Kinds of care that usually count together with another; the others stand alone. */
const groupOf: Partial<Record<CareKind, string>> = {
  emergency: 'outpatient',
  pharmacy: 'outpatient',
  daySurgery: 'inpatient',
}

/** Relations that a family account of a case may have. */
export const familyRelations = ['spouse', 'child', 'parent'] as const

function completeLayer(
  layer: InlineLayerFields,
  index: number,
  deductible: LayerFields['deductible'] | undefined,
): LayerFields {
  const id = layer.id ?? (index === 0 ? layer.payer : `${layer.payer}-${index + 1}`)
  const first = layer.deductible ?? deductible
  return {
    ...layer,
    id,
    name: layer.name ?? { zh: id, en: id },
    source: 'case',
    ...(first === undefined ? {} : { deductible: { ...first, source: 'case' } }),
    ...(layer.caps === undefined
      ? {}
      : { caps: layer.caps.map((cap) => ({ ...cap, source: 'case' })) }),
  }
}
