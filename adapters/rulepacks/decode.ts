import { usualDeskPolicy } from '../../engine/regionPack.ts'
import { decodeCards } from './cardPolicyShape.ts'
import { decodeClearing } from './clearingPolicyShape.ts'
import { decodeDuplicates } from './duplicateShape.ts'
import type { Day } from '../../engine/day.ts'
import { nothing, parseRatio, parseUnitPrice, parseYuan } from '../../engine/money.ts'
import type {
  AccountPolicy,
  Catalogue,
  CatalogueItem,
  CrossRegion,
  DatePolicy,
  Overlay,
  Path,
  RegionPack,
  Rule,
  SchemePack,
  ScopePolicy,
  Source,
} from '../../engine/pack.ts'
import { decodeClass, decodeLayer } from './decodeLayer.ts'
import { decodeFiling } from './filingShape.ts'
import type { PackedRegion } from './funds.ts'
import type { AccountFields, CrossRegionFields } from './layerShape.ts'
import type {
  CatalogueFields,
  DateFields,
  OverlayFields,
  RegionFields,
  RuleFields,
  SchemeFields,
  ScopeFields,
} from './packShapes.ts'
import type { SourceFields } from './shapes.ts'
import { checkSpan, decodeWhen, isTrue, many, rateTableOf, type Say } from './tables.ts'

type Sources = Readonly<Record<string, Source>>

// The shape has proved that every day is one.
const days = ({ from, until }: { from: string; until: string }) => ({
  from: from as Day,
  until: until as Day,
})

const decodeSources = (fields: Record<string, SourceFields>): Sources =>
  Object.fromEntries(
    Object.entries(fields).map(([id, s]) => [id, { ...s, id, confirmed: s.confirmed as Day }]),
  )

const illustrativeIn = (sources: Sources) => (id: string) =>
  Object.hasOwn(sources, id) && sources[id]?.grade === 'illustrative'

export function decodeScheme(fields: SchemeFields, file: string, say: Say): SchemePack {
  const sources = decodeSources(fields.sources)
  checkSpan(fields.period, ['period'], say)
  const seen = new Set<string>()
  return {
    file,
    region: fields.region,
    scheme: fields.scheme,
    period: days(fields.period),
    sources,
    rules: fields.rules.map((rule, i) => {
      if (seen.has(rule.id)) say(['rules', i, 'id'], `${rule.id} is the id of a rule before`)
      seen.add(rule.id)
      return decodeRule(rule, ['rules', i], { pack: fields, sources, say })
    }),
  }
}

interface RulePlace {
  readonly pack: SchemeFields
  readonly sources: Sources
  readonly say: Say
}

function decodeRule(fields: RuleFields, path: Path, { pack, sources, say }: RulePlace): Rule {
  const { defaults = {} } = pack
  const { from = pack.period.from, until = pack.period.until } = fields
  checkSpan({ from, until }, path, say)
  const scope = fields.scope ?? defaults.scope
  if (scope === undefined) say(path, '"scope" is missing, here and under defaults')
  const where = (own: unknown, name: string): Path =>
    own === undefined ? ['defaults', name] : [...path, name]
  const crossRegion = fields.crossRegion ?? defaults.crossRegion
  const { careGroup } = fields
  const place = {
    deductibleName: `deductible.${careGroup}`,
    isIllustrative: illustrativeIn(sources),
    say,
  }
  checkLayerIds(fields.layers, [...path, 'layers'], say)
  return {
    ...days({ from, until }),
    id: fields.id,
    care: many(fields.care),
    when: decodeWhen(fields.when ?? {}, [...path, 'when'], say),
    scope: decodeScope(scope),
    dates: decodeDates({ ...defaults.dates, ...fields.dates }),
    careGroup,
    countsAdmission:
      fields.countsAdmission === undefined
        ? careGroup === 'inpatient'
        : isTrue(fields.countsAdmission),
    needs: fields.needs ?? [],
    layers: fields.layers.map((layer, i) => decodeLayer(layer, [...path, 'layers', i], place)),
    account: decodeAccount(fields.account ?? defaults.account, fields.source),
    crossRegion:
      crossRegion && decodeCrossRegion(crossRegion, where(fields.crossRegion, 'crossRegion'), say),
    source: fields.source,
    path,
  }
}

function checkLayerIds(layers: readonly { id: string }[], path: Path, say: Say): void {
  const seen = new Set<string>()
  for (const [i, { id }] of layers.entries()) {
    if (seen.has(id)) say([...path, i, 'id'], `${id} is the id of a layer before`)
    seen.add(id)
  }
}

const decodeScope = (fields: ScopeFields | undefined): ScopePolicy => ({
  catalogue: fields?.catalogue ?? 'medical',
  firstSelfPay: fields?.firstSelfPay ?? 'apply',
  priceLimit: fields?.priceLimit ?? 'apply',
  rates: (fields?.rates ?? []).map(({ kind, rate }) => ({ kind, rate: parseRatio(rate) })),
})

const decodeDates = (fields: DateFields): DatePolicy => ({
  entitlement: fields.entitlement ?? 'settlement',
  group: fields.group ?? 'settlement',
  benefit: fields.benefit ?? 'settlement',
  year: fields.year ?? 'settlement',
  catalogue: fields.catalogue ?? 'line',
  acrossYears: fields.acrossYears ?? 'whole',
})

/** Without a policy an account pays nothing: no money leaves it on a guess. */
const decodeAccount = (fields: AccountFields | undefined, source: string): AccountPolicy =>
  fields
    ? {
        ...fields,
        countsAsBurden: fields.countsAsBurden === undefined || isTrue(fields.countsAsBurden),
      }
    : { own: [], family: [], relations: [], order: 'own-first', source }

function decodeCrossRegion(fields: CrossRegionFields, path: Path, say: Say): CrossRegion {
  const { coefficient, points, firstPay, source } = fields
  const at = (name: string): Path => [...path, name]
  if (coefficient === undefined && points === undefined && firstPay === undefined)
    say(path, 'give at least one of coefficient, points and firstPay')
  return {
    coefficient:
      coefficient === undefined ? undefined : rateTableOf(coefficient, at('coefficient'), say),
    points: points === undefined ? undefined : rateTableOf(points, at('points'), say),
    firstPay: firstPay === undefined ? undefined : rateTableOf(firstPay, at('firstPay'), say),
    source,
  }
}

export function decodeRegion(fields: RegionFields, file: string, say: Say): PackedRegion {
  const { division, name, divisions, province, yearStarts, undo, carryOver } = fields
  if (!divisions.includes(division)) say(['divisions'], `${division} itself is missing`)
  return {
    file,
    division,
    name,
    divisions,
    province,
    yearStarts,
    parameters: decodeParameters(fields.parameters ?? {}, say),
    carryOver: {
      regions: carryOver?.regions === 'carry',
      schemes: carryOver?.schemes === 'carry',
    },
    undo: {
      acrossMonths: isTrue(undo.acrossMonths),
      acrossYears: isTrue(undo.acrossYears),
      laterSettlements: undo.laterSettlements,
    },
    settlesUnder: fields.settlesUnder ?? {},
    funds: fields.funds ?? {},
    externalInjury: fields.externalInjury,
    cards: decodeCards(fields.cards, say),
    desk: decodeDesk(fields.desk),
    clearing: decodeClearing(fields.clearing),
    filing: decodeFiling(fields.filing, say),
    duplicates: decodeDuplicates(fields.duplicates, say),
    sources: decodeSources(fields.sources),
  }
}

function decodeDesk(fields: RegionFields['desk']): RegionPack['desk'] {
  const { approvalAbove, setOff } = fields ?? {}
  return {
    approvalAbove:
      approvalAbove === undefined ? usualDeskPolicy.approvalAbove : parseYuan(approvalAbove),
    setOff: setOff === undefined ? usualDeskPolicy.setOff : isTrue(setOff),
  }
}

function decodeParameters(
  fields: NonNullable<RegionFields['parameters']>,
  say: Say,
): RegionPack['parameters'] {
  const decoded = Object.entries(fields).map(([name, entries]) => {
    for (const [i, entry] of entries.entries())
      if (entry.from <= (entries[i - 1]?.from ?? ''))
        say(
          ['parameters', name, i, 'from'],
          `found ${entry.from}, expected a later day than before`,
        )
    const values = entries.map(({ from, amount, source }) => ({
      from: from as Day,
      fen: parseYuan(amount),
      source,
    }))
    return [name, values] as const
  })
  return Object.fromEntries(decoded)
}

export function decodeOverlay(fields: OverlayFields, file: string, say: Say): Overlay {
  const sources = decodeSources(fields.sources)
  checkSpan(fields.period, ['period'], say)
  checkLayerIds(fields.layers, ['layers'], say)
  const place = {
    deductibleName: `deductible.${fields.name}`,
    isIllustrative: illustrativeIn(sources),
    say,
  }
  return {
    file,
    name: fields.name,
    regions: fields.regions,
    schemes: fields.schemes,
    care: many(fields.care),
    span: days(fields.period),
    settlesUnder: fields.settlesUnder ?? {},
    layers: fields.layers.map((layer, i) => decodeLayer(layer, ['layers', i], place)),
    sources,
    sandboxOnly: isTrue(fields.sandboxOnly),
  }
}

export function decodeCatalogue(fields: CatalogueFields, file: string, say: Say): Catalogue {
  return {
    file,
    regions: fields.regions,
    sources: decodeSources(fields.sources),
    items: fields.items.map((item, i) => decodeItem(item, ['items', i], say)),
  }
}

function decodeItem(fields: CatalogueFields['items'][number], path: Path, say: Say): CatalogueItem {
  const { class: name, firstSelfPayRate, limits = {}, prescriptionOnly, from, until } = fields
  checkSpan({ from, ...(until === undefined ? {} : { until }) }, path, say)
  const chargeClass = decodeClass(name)
  if (chargeClass === 'B' && firstSelfPayRate === undefined)
    say(path, 'an item of class 乙 needs a firstSelfPayRate')
  const ceilings = Object.entries(limits).map(([level, limit]) => [level, parseUnitPrice(limit)])
  return {
    code: fields.code,
    name: fields.name,
    class: chargeClass,
    firstSelfPayRate: firstSelfPayRate === undefined ? nothing : parseRatio(firstSelfPayRate),
    limits: Object.fromEntries(ceilings) as CatalogueItem['limits'],
    funds: fields.funds,
    kind: fields.kind,
    diseases: fields.diseases,
    prescriptionOnly: prescriptionOnly === undefined ? undefined : isTrue(prescriptionOnly),
    from: from as Day,
    until: until as Day | undefined,
    source: fields.source,
  }
}
