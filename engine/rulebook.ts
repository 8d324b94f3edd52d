import { type Case, compileWhen } from './case.ts'
import { catalogueCitations, catalogueOf } from './catalogue.ts'
import type { CareKind, Division, Scheme } from './claim.ts'
import type { Day } from './day.ts'
import type { Surroundings } from './domain.ts'
import { type CompiledLayer, type Parameters, compileLayer } from './layer.ts'
import type { Fen, Ratio } from './money.ts'
import type {
  AccountPolicy,
  CapPeriod,
  CatalogueItem,
  DatePolicy,
  Need,
  Overlay,
  Packs,
  RegionPack,
  Rule,
  SchemePack,
  ScopePolicy,
  Source,
} from './pack.ts'
import { type Refusal, assert, refuse } from './refusal.ts'
import { checkRegions } from './regionMap.ts'
import { type Directory, directory, type Region } from './route.ts'
import type { Citation } from './settlement.ts'
import { checkParameters, checkSpans } from './spans.ts'
import { type Complain, type Complaint, type Lookup, compileTable } from './table.ts'

/** The reductions away from home, with their citation. */
export interface CompiledCrossRegion {
  readonly coefficient?: Lookup<Ratio> | undefined
  readonly points?: Lookup<Ratio> | undefined
  readonly firstPay?: Lookup<Ratio> | undefined
  readonly source: string
}

/** A way in which an accumulator is read: over which period, and apart by what. */
export interface Reading {
  readonly per: CapPeriod
  readonly by?: 'disease' | 'institution' | undefined
}

/** Every sum is read over a year. */
export const yearly: Reading = { per: 'year', by: undefined }

/** One rule, compiled to plain functions. */
export interface CompiledRule {
  readonly id: string
  readonly pack: string
  readonly from: Day
  readonly until: Day
  readonly region: Division
  readonly scheme: Scheme
  readonly care: readonly CareKind[]
  readonly applies: (c: Case) => boolean
  readonly special: boolean
  readonly scope: ScopePolicy
  readonly dates: DatePolicy
  readonly careGroup: string
  readonly countsAdmission: boolean
  readonly needs: readonly Need[]
  readonly layers: readonly CompiledLayer[]
  readonly account: AccountPolicy
  readonly crossRegion?: CompiledCrossRegion | undefined
  readonly cite: (source: string) => Citation
  readonly source: string
}

/** The rules of one region (统筹区). */
export interface Rulebook {
  readonly region: RegionPack
  readonly rules: readonly CompiledRule[]
  /** The periods, per accumulator of a scheme, that some rule reads it over. */
  readonly readings: (scheme: Scheme, accumulator: string) => readonly Reading[]
  readonly parametersOn: (on: Day) => Parameters
  readonly item: (code: string, on: Day) => CatalogueItem | undefined
  readonly cite: (source: string) => string
  /** Schemes settled by the rules of another, such as unemployment by the employees'. */
  readonly settlesUnder: Readonly<Partial<Record<Scheme, Scheme>>>
}

/** The rulebooks of every region that has rules here. */
export interface Rulebooks {
  readonly of: (region: Division) => Rulebook | undefined
  /** The regions with rules here and `reached`, which can be asked: of a division that both know the rules decide. */
  readonly directory: (served: readonly Division[], reached?: readonly Region[]) => Directory
  readonly all: readonly Rulebook[]
}

/** What compiling comes to: rulebooks, or everything that is wrong. */
export type Compiled =
  | { readonly kind: 'rulebooks'; readonly rulebooks: Rulebooks }
  | { readonly kind: 'complaints'; readonly complaints: readonly Complaint[] }

/** Compiles everything once. Any complaint means that nothing is used: a running set is never half replaced. */
export function compile(packs: Packs): Compiled {
  const complaints: Complaint[] = []
  const all = packs.regions.map((region) => compileRegion(region, packs, complaints))
  const known = new Set(packs.regions.map((r) => r.division))
  for (const pack of packs.schemes)
    if (!known.has(pack.region))
      complaints.push({
        file: pack.file,
        path: ['region'],
        message: `no region.yaml for ${pack.region}`,
      })
  checkRegions(packs, complaints)
  if (complaints.length > 0) return { kind: 'complaints', complaints }
  const byDivision = new Map(all.map((book) => [book.region.division, book]))
  const rulebooks: Rulebooks = {
    of: (region) => byDivision.get(region),
    directory: (served, reached = []) => {
      const mapped = [...packs.regions, ...(packs.areas ?? [])]
      const known = new Set(mapped.map(({ division }) => division))
      const others = reached.filter(({ division }) => !known.has(division))
      const divisions = reached.map(({ division }) => division)
      return directory([...mapped, ...others], served, divisions)
    },
    all,
  }
  return { kind: 'rulebooks', rulebooks }
}

function compileRegion(region: RegionPack, packs: Packs, complaints: Complaint[]): Rulebook {
  const schemes = packs.schemes.filter((pack) => pack.region === region.division)
  const overlays = packs.overlays.filter((o) => o.regions.includes(region.division))
  const rules = schemes.flatMap((pack) => compileScheme(pack, region, overlays, complaints))
  return {
    region,
    rules,
    readings: readingsOf(rules),
    parametersOn: (on) => (name) => parameterOn(region, name, on),
    item: catalogueOf(region, packs, complaints),
    cite: catalogueCitations(packs),
    settlesUnder: Object.assign({}, region.settlesUnder, ...overlays.map((o) => o.settlesUnder)),
  }
}

function parameterOn(region: RegionPack, name: string, on: Day): Fen {
  const value = region.parameters[name]?.findLast((entry) => entry.from <= on)
  assert(value !== undefined, `parameter ${name} of ${region.division} has no value on ${on}`)
  return value.fen
}

function compileScheme(
  pack: SchemePack,
  region: RegionPack,
  overlays: readonly Overlay[],
  complaints: Complaint[],
): CompiledRule[] {
  const complain: Complain = (path, message) => complaints.push({ file: pack.file, path, message })
  checkSpans(pack, region, complain)
  checkParameters(pack, region, complain)
  return pack.rules.map((rule) => {
    const added = overlays.filter((o) => o.schemes.includes(pack.scheme))
    return compileRule(rule, { pack, region, overlays: added, complain, complaints })
  })
}

interface RuleSetting {
  readonly pack: SchemePack
  readonly region: RegionPack
  readonly overlays: readonly Overlay[]
  readonly complain: Complain
  readonly complaints: Complaint[]
}

function compileRule(rule: Rule, setting: RuleSetting): CompiledRule {
  const { pack, region, complain } = setting
  const { returningHome } = region.filing
  const at: Surroundings = {
    scheme: pack.scheme,
    care: rule.care,
    whens: [rule.when],
    returningHome,
  }
  const { crossRegion } = rule
  const table = (t: NonNullable<typeof crossRegion>['points']): Lookup<Ratio> | undefined =>
    t && compileTable(t, { ...at, whens: [] }, complain)
  const parameters = new Set(Object.keys(region.parameters))
  const layers = rule.layers.map((l) => compileLayer(l, { at, crossRegion, parameters, complain }))
  return {
    id: rule.id,
    pack: pack.file,
    from: rule.from,
    until: rule.until ?? pack.period.until,
    region: pack.region,
    scheme: pack.scheme,
    care: rule.care,
    applies: compileWhen(rule.when),
    special: Object.keys(rule.when).length > 0,
    scope: rule.scope,
    dates: rule.dates,
    careGroup: rule.careGroup,
    countsAdmission: rule.countsAdmission,
    needs: rule.needs,
    layers: [...layers, ...overlayLayers(rule, setting)],
    account: rule.account,
    crossRegion: crossRegion && {
      coefficient: table(crossRegion.coefficient),
      points: table(crossRegion.points),
      firstPay: table(crossRegion.firstPay),
      source: crossRegion.source,
    },
    cite: citations([pack.sources, region.sources, ...setting.overlays.map((o) => o.sources)]),
    source: rule.source,
  }
}

function overlayLayers(
  rule: Rule,
  { pack, region, overlays, complaints }: RuleSetting,
): CompiledLayer[] {
  const parameters = new Set(Object.keys(region.parameters))
  return overlays.flatMap((overlay) => {
    const care = rule.care.filter((kind) => overlay.care.includes(kind))
    const apart =
      overlay.span.until < rule.from || overlay.span.from > (rule.until ?? pack.period.until)
    if (care.length === 0 || apart) return []
    const { returningHome } = region.filing
    const at: Surroundings = { scheme: pack.scheme, care, whens: [], returningHome }
    const complain: Complain = (path, message) =>
      complaints.push({ file: overlay.file, path, message })
    return overlay.layers.map((layer) => {
      const compiled = compileLayer(layer, { at, crossRegion: undefined, parameters, complain })
      const applies = (c: Case): boolean => care.includes(c.care) && compiled.applies(c)
      return { ...compiled, applies, span: overlay.span }
    })
  })
}

function citations(books: readonly Readonly<Record<string, Source>>[]): (id: string) => Citation {
  const all = new Map<string, Citation>()
  // Where two books have the same source, the first one's counts.
  for (const [id, source] of books.flatMap((book) => Object.entries(book)).toReversed()) {
    const { title, document, article, link, grade, confirmed } = source
    all.set(id, { id, title, document, article, link, grade, confirmed })
  }
  return (id) => {
    const citation = all.get(id)
    assert(citation !== undefined, `source ${id} was checked at load`)
    return citation
  }
}

function readingsOf(rules: readonly CompiledRule[]): Rulebook['readings'] {
  const found = new Map<Scheme, Map<string, Reading[]>>()
  const note = (scheme: Scheme, name: string, { per, by }: Reading): void => {
    const ofScheme = found.get(scheme) ?? new Map<string, Reading[]>()
    found.set(scheme, ofScheme)
    const readings = ofScheme.get(name) ?? [yearly]
    ofScheme.set(name, readings)
    if (readings.every((known) => known.per !== per || known.by !== by)) readings.push({ per, by })
  }
  const periodOf = { quarter: 'quarter', month: 'month' } as Partial<Record<string, CapPeriod>>
  for (const rule of rules)
    for (const { deductible, caps } of rule.layers) {
      if (deductible)
        note(rule.scheme, deductible.accumulator, {
          per: periodOf[deductible.mode] ?? 'year',
          by: deductible.by,
        })
      if (deductible?.mode === 'firstVisitOfInstitution')
        note(rule.scheme, `${deductible.accumulator}.visits`, { per: 'year', by: 'institution' })
      // A cap per visit counts within the stay, under no name.
      for (const { accumulator, per, by } of caps)
        if (accumulator !== undefined && per !== 'visit')
          note(rule.scheme, accumulator, { per, by })
    }
  const others = [yearly]
  return (scheme, accumulator) => found.get(scheme)?.get(accumulator) ?? others
}

/** The one rule for a case on a day; a day or a kind of care that no rule covers is refused by name. */
export function findRule(
  book: Rulebook,
  asked: { scheme: Scheme; care: CareKind; on: Day; of: Case },
): CompiledRule | Refusal {
  const { scheme, care, on, of: c } = asked
  const ofCare = book.rules.filter((rule) => rule.scheme === scheme && rule.care.includes(care))
  const region = book.region.division
  if (ofCare.length === 0) return refuse('no-rule-for-care', { region, scheme, care })
  const onDay = ofCare.filter((rule) => rule.from <= on && on <= rule.until)
  const rule = onDay.find((r) => r.special && r.applies(c)) ?? onDay.find((r) => !r.special)
  return rule ?? refuse('no-rule-for-day', { region, scheme, care, day: on })
}
