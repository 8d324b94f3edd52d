import { usualDeskPolicy } from '../../../engine/regionPack.ts'
import { usualCardPolicy } from '../../../engine/cardPolicy.ts'
import type { CareKind, Scheme } from '../../../engine/claim.ts'
import { usualFilingPolicy } from '../../../engine/filingPolicy.ts'
import { type Day, parseDay } from '../../../engine/day.ts'
import {
  nothing,
  parseRatio,
  parseUnitPrice,
  parseYuan,
  type Ratio,
} from '../../../engine/money.ts'
import type {
  Amount,
  Cap,
  CatalogueItem,
  Deductible,
  Layer,
  Overlay,
  Packs,
  RegionPack,
  Rule,
  SchemePack,
  Source,
  Table,
  Tiers,
  When,
} from '../../../engine/pack.ts'
import { burdenParts } from '../../../engine/pack.ts'
import { compile, type Rulebooks } from '../../../engine/rulebook.ts'
import type { Complaint } from '../../../engine/table.ts'

/** Small packs for readable cases: everything has a default, and a case names only what it is about. */
export const day = (text: string): Day => parseDay(text)
export const rate = (text: string): Ratio => parseRatio(text)

const source: Source = {
  id: 'law',
  title: 'a law',
  document: 'No. 1',
  grade: 'D',
  confirmed: day('2026-01-01'),
}
export const sources = { law: source }

export type Rows<V> = V | readonly (readonly [When, V])[]

const rowsOf = <V>(value: Rows<V>): readonly (readonly [When, V])[] =>
  Array.isArray(value) ? value : [[{}, value as V]]

function table<V>(value: Rows<string>, as: (text: string) => V, pick: 'only' | 'first'): Table<V> {
  return {
    pick,
    path: ['table'],
    rows: rowsOf(value).map(([when, text], i) => ({ when, value: as(text), path: ['table', i] })),
  }
}

const amountOf = (text: string): Amount => {
  if (text === 'unlimited') return { unlimited: true }
  const [times, parameter] = text.split(' × ')
  return parameter === undefined
    ? { fen: parseYuan(text) }
    : { times: parseRatio(times as string), parameter }
}

export const amounts = (value: Rows<string>, pick: 'only' | 'first' = 'only'): Table<Amount> =>
  table(value, amountOf, pick)
export const rates = (value: Rows<string>, pick: 'only' | 'first' = 'only'): Table<Ratio> =>
  table(value, parseRatio, pick)

export function deductible(
  mode: Deductible['mode'],
  amount: Rows<string>,
  more: Partial<Deductible> = {},
): Deductible {
  return {
    mode,
    amount: amounts(amount),
    adjust: [],
    accumulator: 'deductible',
    source: 'law',
    ...more,
  }
}

export function cap(per: Cap['per'], amount: Rows<string>, more: Partial<Cap> = {}): Cap {
  const accumulator = per === 'visit' ? {} : { accumulator: 'pool' }
  return { per, amount: amounts(amount), counts: 'paid', source: 'law', ...accumulator, ...more }
}

/** Segments as [upper boundary, rate]; the last has no boundary. */
export function tiers(
  countedFrom: Tiers['countedFrom'],
  segments: readonly (readonly [Rows<string> | undefined, Rows<string>])[],
  more: Partial<Tiers> = {},
): Layer['pays'] {
  return {
    kind: 'tiers',
    tiers: {
      countedFrom,
      over: 'visit',
      ...more,
      segments: segments.map(([upTo, r]) => ({
        ...(upTo === undefined ? {} : { upTo: amounts(upTo) }),
        rate: rates(r),
      })),
    },
  }
}

export const pays = (text: Rows<string>): Layer['pays'] => ({ kind: 'rate', rate: rates(text) })
export const fixed = (text: Rows<string>): Layer['pays'] => ({
  kind: 'fixed',
  amount: amounts(text),
})

export function layer(payer: string, payment: Layer['pays'], more: Partial<Layer> = {}): Layer {
  return {
    id: payer,
    name: { zh: payer, en: payer },
    payer,
    when: {},
    base: ['inScope'],
    pays: payment,
    reduced: false,
    caps: [],
    feeds: [payer],
    feedsBase: [],
    source: 'law',
    illustrative: false,
    path: ['layers', payer],
    ...more,
  }
}

export function rule(layers: readonly Layer[], more: Partial<Rule> = {}): Rule {
  const care: readonly CareKind[] = more.care ?? ['inpatient']
  return {
    id: care.join('-'),
    care,
    from: day('2020-01-01'),
    when: {},
    scope: { catalogue: 'medical', firstSelfPay: 'apply', priceLimit: 'apply', rates: [] },
    dates: {
      entitlement: 'discharge',
      group: 'discharge',
      benefit: 'discharge',
      year: 'discharge',
      catalogue: 'line',
      acrossYears: 'whole',
    },
    careGroup: care[0] as string,
    countsAdmission: care[0] === 'inpatient',
    needs: [],
    layers,
    account: {
      own: burdenParts,
      family: burdenParts,
      relations: ['spouse', 'child', 'parent'],
      order: 'own-first',
      source: 'law',
    },
    source: 'law',
    path: ['rules', 0],
    ...more,
  }
}

export function scheme(
  rules: readonly Rule[],
  more: Partial<SchemePack> & { readonly scheme?: Scheme } = {},
): SchemePack {
  const pack = {
    region: '510100',
    scheme: 'employee' as Scheme,
    period: { from: day('2020-01-01'), until: day('2027-12-31') },
    sources,
    rules,
    ...more,
  }
  return { file: `${pack.region}/${pack.scheme}.yaml`, ...pack }
}

export function region(division = '510100', more: Partial<RegionPack> = {}): RegionPack {
  return {
    file: `${division}/region.yaml`,
    division,
    name: division,
    divisions: [division],
    province: `${division.slice(0, 2)}0000`,
    yearStarts: '01-01',
    parameters: {},
    carryOver: { regions: false, schemes: false },
    undo: { acrossMonths: true, acrossYears: false, laterSettlements: 'list' },
    settlesUnder: {},
    externalInjury: 'declaration',
    cards: usualCardPolicy,
    desk: usualDeskPolicy,
    filing: usualFilingPolicy,
    sources,
    ...more,
  }
}

export function overlay(layers: readonly Layer[], more: Partial<Overlay> = {}): Overlay {
  return {
    file: 'overlay.yaml',
    name: 'overlay',
    regions: ['510100'],
    schemes: ['employee'],
    care: ['inpatient'],
    span: { from: day('2020-01-01'), until: day('2027-12-31') },
    settlesUnder: {},
    layers,
    sources,
    sandboxOnly: false,
    ...more,
  }
}

/** A catalogue entry; limits hold for every level. */
export function item(
  code: string,
  more: Partial<CatalogueItem> & { readonly limit?: string; readonly own?: string } = {},
): CatalogueItem {
  const { limit, own, ...rest } = more
  const price = limit === undefined ? undefined : parseUnitPrice(limit)
  const levels = ['community', 'primary', 'secondary', 'tertiary', 'none'] as const
  return {
    code,
    name: code,
    class: own === undefined ? 'A' : 'B',
    firstSelfPayRate: own === undefined ? nothing : parseRatio(own),
    limits: price === undefined ? {} : Object.fromEntries(levels.map((level) => [level, price])),
    funds: ['medical', 'workInjury', 'maternity'],
    from: day('2020-01-01'),
    source: 'law',
    ...rest,
  }
}

export function packs(some: Partial<Packs>): Packs {
  return { regions: [region()], schemes: [], overlays: [], catalogues: [], ...some }
}

export function rulebooks(some: Partial<Packs>): Rulebooks {
  const compiled = compile(packs(some))
  if (compiled.kind === 'complaints')
    throw new Error(compiled.complaints.map((c) => c.message).join('\n'))
  return compiled.rulebooks
}

export function complaints(some: Partial<Packs>): readonly Complaint[] {
  const compiled = compile(packs(some))
  return compiled.kind === 'complaints' ? compiled.complaints : []
}

export const messages = (some: Partial<Packs>): string[] => complaints(some).map((c) => c.message)
