import { usualDeskPolicy } from '../../engine/regionPack.ts'
import { usualCardPolicy } from '../../engine/cardPolicy.ts'
import type { CareKind, Division, Scheme } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import type { World } from '../../engine/decide.ts'
import { usualFilingPolicy } from '../../engine/filingPolicy.ts'
import { underScheme } from '../../engine/home.ts'
import type { RegionPack } from '../../engine/pack.ts'
import { directory, type Region } from '../../engine/route.ts'
import { compile, type Rulebook, type Rulebooks } from '../../engine/rulebook.ts'
import type { CaseFields } from '../rulepacks/caseShape.ts'
import { compileInline } from '../rulepacks/inlineRule.ts'
import { type LoadedPacks, loadRules } from '../rulepacks/load.ts'
import type { Say } from '../rulepacks/tables.ts'

/** The rules that cases are run against. */
export type Rules = LoadedPacks & { readonly rulebooks: Rulebooks }

export const readRules = (rules: string): Rules => loadRules(rules, { sandbox: true })

/** Everything around one case but the people in it. */
export interface CaseWorld {
  readonly home: Rulebook
  readonly scheme: Scheme
  /** The scheme whose rules apply, where the person's own scheme has none. */
  readonly under: Scheme
  readonly worldOn: (day: Day) => World
}

/**
 * A region that no pack describes: enough to be treated or insured in, and no rule at all. One that no list of pooling areas
 * has either is invented for its case, and belongs to the province that its number says.
 */
function plainRegion(division: Division, areas: readonly Region[]): RegionPack {
  const invented = {
    division,
    name: division,
    divisions: [division],
    province: `${division.slice(0, 2)}0000`,
  }
  const area = areas.find(({ divisions }) => divisions.includes(division)) ?? invented
  return {
    file: 'no file',
    division: area.division,
    name: area.name,
    divisions: area.divisions,
    province: area.province,
    yearStarts: '01-01',
    parameters: {},
    carryOver: { regions: false, schemes: false },
    undo: { acrossMonths: true, acrossYears: false, laterSettlements: 'list' },
    settlesUnder: {},
    externalInjury: 'declaration',
    cards: usualCardPolicy,
    desk: usualDeskPolicy,
    filing: usualFilingPolicy,
    sources: {},
  }
}

const defaultRegion = '990000'

/** The world of a case: its home region with the packs' rules or with its own, and every region it mentions. */
export function worldOf(fields: CaseFields, rules: Rules, say: Say): CaseWorld | undefined {
  const division = fields.region ?? defaultRegion
  const { regions } = rules.packs
  const packed = regions.find((r) => r.divisions.includes(division))
  if (!packed && fields.rule === undefined) {
    say(['region'], `found ${division}, expected a region with rules, or a rule in the case`)
    return undefined
  }
  const region = packed ?? plainRegion(division, rules.packs.areas)
  const scheme = fields.person?.scheme ?? 'employee'
  const inline =
    fields.rule === undefined
      ? undefined
      : compileInline(
          {
            rule: fields.rule,
            region,
            scheme,
            care: careOf(fields),
            catalogues: rules.packs.catalogues,
            citation: fields.source ?? fields.name,
          },
          say,
        )
  const home = fields.rule === undefined ? rules.rulebooks.of(region.division) : inline
  if (!home) return undefined
  const hasRules = home.rules.some((rule) => rule.scheme === scheme)
  const under = hasRules ? scheme : underScheme(home, scheme)
  const mentioned = [fields, ...(fields.visits ?? [])].flatMap(
    (v) => v.crossRegion?.careRegion ?? [],
  )
  const worldOn = worlds(home, mentioned, rules)
  return { home, scheme, under, worldOn }
}

const careOf = (fields: CaseFields): CareKind =>
  fields.care ?? fields.visits?.[0]?.care ?? 'inpatient'

function worlds(
  home: Rulebook,
  mentioned: readonly Division[],
  rules: Rules,
): CaseWorld['worldOn'] {
  const packed = rules.packs.regions.filter((r) => r.division !== home.region.division)
  const all = [home.region, ...packed]
  const known = new Set(all.flatMap((r) => r.divisions))
  const unknown = mentioned.filter((d) => !known.has(d))
  const described = unknown.map((d) => plainRegion(d, rules.packs.areas))
  const plain = [...new Map(described.map((r) => [r.division, r])).values()]
  const compiled = compile({
    regions: plain,
    schemes: [],
    overlays: [],
    catalogues: rules.packs.catalogues,
  })
  const extra = compiled.kind === 'rulebooks' ? compiled.rulebooks : undefined
  const of: Rulebooks['of'] = (division) =>
    division === home.region.division ? home : (rules.rulebooks.of(division) ?? extra?.of(division))
  const regions = [...all, ...plain]
  const served = regions.map((r) => r.division)
  const rulebooks: Rulebooks = {
    of,
    directory: (divisions) => directory(regions, divisions),
    all: served.flatMap((division) => of(division) ?? []),
  }
  return (day) => ({
    rulebooks,
    regions: directory(regions, served),
    now: Date.parse(`${day}T12:00:00+08:00`),
    today: day,
    packHash: rules.hashes.whole,
  })
}
