import type { ChargeClass } from '../../engine/claim.ts'
import { parseRatio, parseYuan } from '../../engine/money.ts'
import type { Cap, Deductible, Layer, LineFilter, Path, Payment, Tiers } from '../../engine/pack.ts'
import type { CapFields, DeductibleFields, LayerFields, TierFields } from './layerShape.ts'
import {
  amountTableOf,
  decodeWhen,
  isTrue,
  many,
  maybeMany,
  rateTableOf,
  type Say,
} from './tables.ts'

/** What a layer takes from the file around it. */
export interface LayerPlace {
  /** The accumulator of a deductible that names none. */
  readonly deductibleName: string
  readonly isIllustrative: (source: string) => boolean
  readonly say: Say
}

const classes: Record<string, ChargeClass> = { 甲: 'A', 乙: 'B', 丙: 'C' }
export const decodeClass = (name: string): ChargeClass => classes[name] ?? (name as ChargeClass)

export function decodeLayer(fields: LayerFields, path: Path, place: LayerPlace): Layer {
  const { say } = place
  const base = many(fields.base ?? 'inScope')
  const { bonus, selfTimes } = fields
  return {
    id: fields.id,
    name: fields.name,
    payer: fields.payer,
    when: decodeWhen(fields.when ?? {}, [...path, 'when'], say),
    base,
    lines: fields.lines && decodeLines(fields.lines),
    deductible:
      fields.deductible && decodeDeductible(fields.deductible, path, place, fields.source),
    pays: decodePayment(fields.pays, [...path, 'pays'], say),
    bonus: bonus === undefined ? undefined : rateTableOf(bonus, [...path, 'bonus'], say),
    selfTimes:
      selfTimes === undefined ? undefined : rateTableOf(selfTimes, [...path, 'selfTimes'], say),
    reduced:
      fields.reduced === undefined
        ? fields.payer === 'pool' && base.includes('inScope')
        : isTrue(fields.reduced),
    caps: (fields.caps ?? []).map((cap, i) =>
      decodeCap(cap, [...path, 'caps', i], say, fields.source),
    ),
    feeds: fields.feeds ?? [],
    feedsBase: fields.feedsBase ?? [],
    source: fields.source,
    illustrative:
      fields.illustrative === undefined
        ? place.isIllustrative(fields.source)
        : isTrue(fields.illustrative),
    path,
  }
}

function decodeLines(fields: NonNullable<LayerFields['lines']>): LineFilter {
  const { kind, exceptKind, class: names, items } = fields
  return {
    kind: maybeMany(kind),
    exceptKind: maybeMany(exceptKind),
    class: names && many(names).map(decodeClass),
    items: maybeMany(items),
  }
}

function decodeDeductible(
  fields: DeductibleFields,
  layerPath: Path,
  { deductibleName, say }: LayerPlace,
  source: string,
): Deductible {
  const path = [...layerPath, 'deductible']
  return {
    mode: fields.mode,
    amount: amountTableOf(fields.amount, [...path, 'amount'], say),
    adjust: (fields.adjust ?? []).map((change, i) => {
      const at = [...path, 'adjust', i]
      const { times, less } = change
      if ((times === undefined) === (less === undefined)) say(at, 'give either times or less')
      return {
        when: decodeWhen(change, at, say),
        ...(times === undefined ? {} : { times: parseRatio(times) }),
        ...(less === undefined ? {} : { less: parseYuan(less) }),
        path: at,
      }
    }),
    accumulator: fields.accumulator ?? deductibleName,
    by: fields.by,
    source: fields.source ?? source,
  }
}

function decodeCap(fields: CapFields, path: Path, say: Say, source: string): Cap {
  return {
    per: fields.per,
    amount: amountTableOf(fields.amount, [...path, 'amount'], say),
    counts: fields.counts ?? 'paid',
    accumulator: fields.accumulator,
    by: fields.by,
    source: fields.source ?? source,
  }
}

function decodePayment(fields: LayerFields['pays'], path: Path, say: Say): Payment {
  const { rate, tiers, fixed } = fields
  const given = Object.keys(fields)
  if (given.length !== 1) say(path, 'give exactly one of rate, tiers and fixed')
  if (tiers) return { kind: 'tiers', tiers: decodeTiers(tiers, [...path, 'tiers'], say) }
  if (fixed !== undefined)
    return { kind: 'fixed', amount: amountTableOf(fixed, [...path, 'fixed'], say) }
  return { kind: 'rate', rate: rateTableOf(rate ?? '0', [...path, 'rate'], say) }
}

function decodeTiers(fields: TierFields, path: Path, say: Say): Tiers {
  checkBoundaries(fields, path, say)
  return {
    countedFrom: fields.countedFrom,
    over: fields.over,
    accumulator: fields.accumulator,
    segments: fields.segments.map(({ upTo, rate }, i) => ({
      upTo:
        upTo === undefined ? undefined : amountTableOf(upTo, [...path, 'segments', i, 'upTo'], say),
      rate: rateTableOf(rate, [...path, 'segments', i, 'rate'], say),
    })),
  }
}

/** Boundaries written as plain amounts must rise; those that depend on the case cannot be compared here. */
function checkBoundaries({ segments }: TierFields, path: Path, say: Say): void {
  let last = 0n
  for (const [i, { upTo }] of segments.entries()) {
    if (typeof upTo !== 'string' || upTo === 'unlimited') continue
    const boundary = parseYuan(upTo)
    if (boundary <= last)
      say([...path, 'segments', i, 'upTo'], `found ${upTo}, expected more than the boundary before`)
    last = boundary
  }
}
