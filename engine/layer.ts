import { type Case, compileWhen } from './case.ts'
import type { Span } from './day.ts'
import type { Surroundings } from './domain.ts'
import { excess, type Fen, ratioText, share, toYuan } from './money.ts'
import type {
  Amount,
  BurdenPart,
  CapPeriod,
  CrossRegion,
  DeductibleMode,
  Layer,
  LineFilter,
  Path,
  Table,
  Tiers,
} from './pack.ts'
import { compileRate, type Rate } from './rate.ts'
import type { ScopedLine } from './scoped.ts'
import { type Complain, compileTable } from './table.ts'

/** An amount once the benefit day is known; undefined means without limit. */
export type AmountOf = (c: Case, parameters: Parameters) => Fen | undefined

/** The dated parameters of a region as of one day. */
export type Parameters = (name: string) => Fen

/** A deductible's standard (起付标准) after every change that applies, and where one does the words for how it came about. */
export interface Standard {
  readonly due: Fen
  readonly because: readonly string[]
}

/** A deductible (起付线), ready to be charged. */
export interface CompiledDeductible {
  readonly mode: DeductibleMode
  readonly standard: (c: Case, parameters: Parameters) => Standard
  readonly accumulator: string
  readonly by?: 'disease' | 'institution' | undefined
  readonly source: string
}

/** One segment (分段): up to where, at which rate. */
export interface CompiledSegment {
  readonly upTo: AmountOf
  readonly rate: (c: Case) => Rate
}

/** How a layer pays: a fixed amount, or segments of which a plain rate is the only one. */
export interface CompiledPayment {
  readonly fixed?: AmountOf | undefined
  readonly countedFrom: Tiers['countedFrom']
  readonly over: Tiers['over']
  readonly accumulator?: string | undefined
  readonly segments: readonly CompiledSegment[]
}

/** A limit (封顶线), ready to run. */
export interface CompiledCap {
  readonly per: CapPeriod
  readonly counts: 'paid' | 'base'
  readonly limit: AmountOf
  readonly accumulator?: string | undefined
  readonly by?: 'disease' | 'institution' | undefined
  readonly source: string
}

/** One payer's step, ready to run. */
export interface CompiledLayer {
  readonly id: string
  readonly name: Layer['name']
  readonly payer: string
  readonly applies: (c: Case) => boolean
  /** The days an overlay's layer is for; a rule's own layers are for all of the rule's. */
  readonly span?: Span | undefined
  readonly base: readonly BurdenPart[]
  readonly takes: (line: ScopedLine) => boolean
  readonly deductible?: CompiledDeductible | undefined
  readonly payment: CompiledPayment
  readonly caps: readonly CompiledCap[]
  readonly feeds: readonly string[]
  readonly feedsBase: readonly string[]
  /** Every name under which the layer counts something in the year. */
  readonly counted: readonly string[]
  /** Under which names its base and its payment count in the stay. */
  readonly inStay: { readonly base: string; readonly paid: string }
  readonly source: string
  readonly illustrative: boolean
}

/** What a layer is compiled in: its case, its rule’s reductions away from home, its region’s parameters. */
export interface LayerSetting {
  readonly at: Surroundings
  readonly crossRegion: CrossRegion | undefined
  readonly parameters: ReadonlySet<string>
  readonly complain: Complain
}

const unlimited: AmountOf = () => undefined

function amountTable(table: Table<Amount>, { at, parameters, complain }: LayerSetting): AmountOf {
  for (const { value, path } of table.rows)
    if ('parameter' in value && !parameters.has(value.parameter))
      complain(path, `the region has no parameter "${value.parameter}"`)
  const find = compileTable(table, at, complain)
  return (c, parametersOf) => {
    const amount = find(c)
    if ('fen' in amount) return amount.fen
    if ('unlimited' in amount) return undefined
    return share(parametersOf(amount.parameter), amount.times, 'halfUp')
  }
}

function compileTakes(lines: LineFilter | undefined): (line: ScopedLine) => boolean {
  if (!lines) return () => true
  const { kind, exceptKind, class: classes, items } = lines
  return (line) =>
    (kind === undefined || (line.kind !== undefined && kind.includes(line.kind))) &&
    (exceptKind === undefined || line.kind === undefined || !exceptKind.includes(line.kind)) &&
    (classes === undefined || classes.includes(line.class)) &&
    (items === undefined || items.includes(line.item))
}

function compileDeductible(
  { deductible }: Layer,
  setting: LayerSetting,
): CompiledDeductible | undefined {
  if (!deductible) return undefined
  for (const { value, path } of deductible.amount.rows)
    if ('unlimited' in value) setting.complain(path, 'a deductible needs an amount')
  const standard = amountTable(deductible.amount, setting)
  const changes = deductible.adjust.map((a) => ({ ...a, fits: compileWhen(a.when) }))
  return {
    mode: deductible.mode,
    accumulator: deductible.accumulator,
    by: deductible.by,
    source: deductible.source,
    standard: (c, parameters) => {
      let due = standard(c, parameters) ?? (0n as Fen)
      const because: string[] = []
      for (const { fits, times: factor, less } of changes) {
        if (!fits(c)) continue
        if (because.length === 0) because.push(toYuan(due))
        if (factor) due = share(due, factor, 'halfUp')
        if (factor) because.push(`× ${ratioText(factor)}`)
        if (less !== undefined) due = excess(due, less)
        if (less !== undefined) because.push(`− ${toYuan(less)}`)
      }
      return { due, because }
    },
  }
}

function compilePayment(layer: Layer, setting: LayerSetting): CompiledPayment {
  const { pays } = layer
  const flat = { countedFrom: 'deductible', over: 'visit' } as const
  if (pays.kind === 'fixed')
    return { ...flat, fixed: amountTable(pays.amount, setting), segments: [] }
  if (pays.kind === 'rate')
    return {
      ...flat,
      segments: [{ upTo: unlimited, rate: compileRate(pays.rate, layer, setting) }],
    }
  const { segments, ...tiers } = pays.tiers
  return {
    ...tiers,
    segments: segments.map(({ upTo, rate }) => ({
      upTo: upTo ? amountTable(upTo, setting) : unlimited,
      rate: compileRate(rate, layer, setting),
    })),
  }
}

function checkLayer(layer: Layer, complain: Complain): void {
  const { path, pays } = layer
  const say = (message: string, ...more: Path): void => complain([...path, ...more], message)
  if (layer.lines && (layer.base.length !== 1 || layer.base[0] !== 'inScope'))
    say('only a base of inScope can be limited to some lines', 'lines')
  if (pays.kind === 'tiers') {
    const { segments, over, accumulator } = pays.tiers
    if (segments.some((s, i) => (s.upTo === undefined) !== (i === segments.length - 1)))
      say('every segment but the last needs upTo, and the last has none', 'pays', 'tiers')
    if (over === 'year' && accumulator === undefined)
      say('segments over a year need an accumulator of the base', 'pays', 'tiers')
  }
  for (const [index, cap] of layer.caps.entries())
    if (cap.per !== 'visit' && cap.accumulator === undefined)
      say(`a cap per ${cap.per} needs an accumulator`, 'caps', index)
}

export function compileLayer(layer: Layer, around: LayerSetting): CompiledLayer {
  checkLayer(layer, around.complain)
  const setting = { ...around, at: { ...around.at, whens: [...around.at.whens, layer.when] } }
  return {
    id: layer.id,
    name: layer.name,
    payer: layer.payer,
    applies: compileWhen(layer.when),
    base: layer.base,
    takes: compileTakes(layer.lines),
    deductible: compileDeductible(layer, setting),
    payment: compilePayment(layer, setting),
    caps: layer.caps.map((cap) => ({
      per: cap.per,
      counts: cap.counts,
      limit: amountTable(cap.amount, setting),
      accumulator: cap.accumulator,
      by: cap.by,
      source: cap.source,
    })),
    feeds: layer.feeds,
    feedsBase: layer.feedsBase,
    counted: [...new Set([...layer.feeds, ...layer.feedsBase])],
    inStay: { base: `base ${layer.id}`, paid: `paid ${layer.id}` },
    source: layer.source,
    illustrative: layer.illustrative,
  }
}
