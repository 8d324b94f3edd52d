import type { Burden } from './burden.ts'
import type { Case } from './case.ts'
import type {
  CompiledCap,
  CompiledDeductible,
  CompiledLayer,
  CompiledPayment,
  Parameters,
} from './layer.ts'
import {
  add,
  excess,
  type Fen,
  least,
  type Ratio,
  share,
  ratioText,
  subtract,
  sum,
  zero,
} from './money.ts'
import type { CompiledRule } from './rulebook.ts'
import type { CapStep, DeductibleStep, RateStep, Step } from './settlement.ts'
import type { Tally } from './tally.ts'

/** What every step of one claim's waterfall works with. */
export interface Waterfall {
  readonly rule: CompiledRule
  readonly of: Case
  readonly parameters: Parameters
  readonly burden: Burden
  readonly tally: Tally
}

interface Paying {
  readonly paid: Fen
  /** The part of the payable base that the payment was made for; the rest lies above a cap. */
  readonly consumed: Fen
  readonly rates: readonly RateStep[]
  readonly caps: readonly CapStep[]
}

/** Runs one layer: base, deductible, rates, caps; then books what is paid and what is left to whom. */
export function runLayer(layer: CompiledLayer, fall: Waterfall): Step | undefined {
  const { burden, tally, rule } = fall
  if (!layer.applies(fall.of)) return undefined
  const base = layer.base.map((part) => ({ part, amount: burden.of(part, layer.takes) }))
  const baseTotal = sum(base.map(({ amount }) => amount))
  if (baseTotal === 0n) return undefined
  const names = [...new Set([...layer.feeds, ...layer.feedsBase])]
  const before = names.map((name) => tally.read(name, { per: 'year' }))
  const deductible = layer.deductible && takeDeductible(layer.deductible, baseTotal, fall)
  const taken = deductible?.taken ?? zero
  const paying = pay(layer, { base: baseTotal, taken }, fall)
  placeInBurden(layer, { baseTotal, taken, paying }, burden)
  feed(layer, { baseTotal, taken, paid: paying.paid }, tally)
  return {
    layer: layer.id,
    name: layer.name,
    payer: layer.payer,
    rule: rule.id,
    base: base.filter(({ amount }) => amount > 0n),
    baseTotal,
    deductible,
    rates: paying.rates,
    caps: paying.caps,
    paid: paying.paid,
    accumulators: names.map((name, i) => ({
      name,
      before: before[i] as Fen,
      after: tally.read(name, { per: 'year' }),
    })),
    citation: rule.cite(layer.source),
    ...(layer.illustrative ? { illustrative: true as const } : {}),
  }
}

function takeDeductible(d: CompiledDeductible, base: Fen, fall: Waterfall): DeductibleStep {
  const { tally, of, parameters, rule } = fall
  const standard = d.standard(of, parameters)
  const usedBefore = usedOf(d, standard, fall)
  const taken = least(base, excess(standard, usedBefore))
  tally.feed(d.accumulator, taken)
  if (d.mode === 'yearToppedUp') chargeOnce(d, standard, fall)
  if (d.mode === 'firstVisitOfInstitution' && !of.continued)
    tally.feed(`${d.accumulator}.visits`, 1n)
  tally.feedStay(`deductible ${d.accumulator}`, taken)
  const { title, document } = rule.cite(d.source)
  return {
    mode: d.mode,
    standard,
    usedBefore,
    taken,
    accumulator: d.accumulator,
    citation: document ?? title,
  }
}

/** How much of the standard no longer counts, by mode (起付线方式). */
function usedOf(d: CompiledDeductible, standard: Fen, { tally, of }: Waterfall): Fen {
  const inStay = tally.readStay(`deductible ${d.accumulator}`)
  switch (d.mode) {
    case 'visit':
      return inStay
    case 'year':
    case 'quarter':
    case 'month':
      return tally.read(d.accumulator, { per: d.mode, by: d.by })
    case 'firstVisitOfInstitution':
      return !of.continued &&
        tally.read(`${d.accumulator}.visits`, { per: 'year', by: 'institution' }) > 0n
        ? standard
        : inStay
    case 'yearToppedUp': {
      const charged = tally.read(`${d.accumulator}.charged`, { per: 'year' })
      return of.continued ? inStay : least(standard, charged)
    }
  }
}

/** 按年收取一次不足补齐: the standard counts as charged even where the bill was smaller; a higher one adds the difference. */
function chargeOnce(d: CompiledDeductible, standard: Fen, { tally }: Waterfall): void {
  const name = `${d.accumulator}.charged`
  tally.feed(name, excess(standard, tally.read(name, { per: 'year' })))
}

function pay(layer: CompiledLayer, at: { base: Fen; taken: Fen }, fall: Waterfall): Paying {
  const afterDeductible = subtract(at.base, at.taken)
  const baseCaps = layer.caps.filter((cap) => cap.counts === 'base')
  const paidCaps = layer.caps.filter((cap) => cap.counts === 'paid')
  const underBase = applyCaps(baseCaps, afterDeductible, layer, fall)
  const payable = underBase.allowed
  const stretches = stretch(layer, { ...at, payable }, fall)
  const full = layer.payment.fixed
    ? least(payable, layer.payment.fixed(fall.of, fall.parameters) ?? payable)
    : exactly(stretches)
  const underPaid = applyCaps(paidCaps, full, layer, fall)
  const paid = underPaid.allowed
  return {
    paid,
    consumed: paid === full ? payable : consumedBy(paid, stretches),
    rates: layer.payment.fixed ? [] : shown(stretches, full),
    caps: [...underBase.steps, ...underPaid.steps],
  }
}

interface Stretch {
  readonly from: Fen
  readonly to: Fen
  readonly rate: Ratio
  readonly because: readonly string[]
}

/** Cuts the payable base at the boundaries of the segments, counted as the rule counts. */
function stretch(
  layer: CompiledLayer,
  at: { base: Fen; taken: Fen; payable: Fen },
  fall: Waterfall,
): Stretch[] {
  const { payment } = layer
  const start = startOf(payment, layer, at.taken, fall)
  const end = add(start, at.payable)
  const found: Stretch[] = []
  let lower = zero
  for (const segment of payment.segments) {
    const upTo = segment.upTo(fall.of, fall.parameters) ?? end
    const from = lower > start ? lower : start
    const to = least(upTo, end)
    if (to > from) found.push({ from, to, ...segment.rate(fall.of) })
    lower = upTo
  }
  return found
}

function startOf(payment: CompiledPayment, layer: CompiledLayer, taken: Fen, fall: Waterfall): Fen {
  if (payment.segments.length < 2) return zero
  const before =
    payment.over === 'year' && payment.accumulator !== undefined
      ? fall.tally.read(payment.accumulator, { per: 'year' })
      : fall.tally.readStay(`base ${layer.id}`)
  return payment.countedFrom === 'zero' ? add(before, taken) : before
}

/** The sum of all stretches at their rates, rounded once per layer. */
function exactly(stretches: readonly Stretch[]): Fen {
  const [only, ...more] = stretches
  if (!only) return zero
  if (more.length === 0) return share(subtract(only.to, only.from), only.rate, 'halfUp')
  let numerator = 0n
  let denominator = 1n
  for (const { from, to, rate } of stretches) {
    numerator = numerator * rate.denominator + (to - from) * rate.numerator * denominator
    denominator *= rate.denominator
  }
  return share(1n as Fen, { numerator, denominator }, 'halfUp')
}

/** Each stretch with its payment; the last takes what rounding once per layer leaves over. */
function shown(stretches: readonly Stretch[], full: Fen): RateStep[] {
  let left = full
  return stretches.map(({ from, to, rate, because }, i) => {
    const last = i === stretches.length - 1
    const paid = last ? left : least(left, share(subtract(to, from), rate, 'halfUp'))
    left = subtract(left, paid)
    return { from, to, rate: ratioText(rate), because, paid }
  })
}

/** How much of the base a capped payment answers for; the rest lies above the cap (封顶线以上). */
function consumedBy(paid: Fen, stretches: readonly Stretch[]): Fen {
  let left: bigint = paid
  let consumed = 0n
  for (const { from, to, rate } of stretches) {
    const length = to - from
    const full = share(length as Fen, rate, 'halfUp')
    if (full > left || left === 0n) {
      const { numerator, denominator } = rate
      const needed = numerator === 0n ? 0n : (left * denominator + numerator - 1n) / numerator
      return least((consumed + needed) as Fen, (consumed + length) as Fen)
    }
    left -= full
    consumed += length
  }
  return consumed as Fen
}

interface Capped {
  readonly allowed: Fen
  readonly steps: readonly CapStep[]
}

function applyCaps(
  caps: readonly CompiledCap[],
  amount: Fen,
  layer: CompiledLayer,
  fall: Waterfall,
): Capped {
  let allowed = amount
  const steps: CapStep[] = []
  for (const cap of caps) {
    const limit = cap.limit(fall.of, fall.parameters)
    if (limit === undefined) continue
    const usedBefore =
      cap.per === 'visit' || cap.accumulator === undefined
        ? fall.tally.readStay(`${cap.counts} ${layer.id}`)
        : fall.tally.read(cap.accumulator, { per: cap.per, by: cap.by })
    const under = least(allowed, excess(limit, usedBefore))
    const { title, document } = fall.rule.cite(cap.source)
    steps.push({
      per: cap.per,
      counts: cap.counts,
      limit,
      usedBefore,
      cut: subtract(allowed, under),
      accumulator: cap.accumulator,
      citation: document ?? title,
    })
    allowed = under
  }
  return { allowed, steps }
}

interface Placing {
  readonly baseTotal: Fen
  readonly taken: Fen
  readonly paying: Paying
}

/**
 * The first layers take up the in-scope amount and leave it as deductible, copay and above the cap; later layers pay out
 * of the parts they name, in that order.
 */
function placeInBurden(
  layer: CompiledLayer,
  { baseTotal, taken, paying }: Placing,
  burden: Burden,
): void {
  const { paid, consumed } = paying
  const own = layer.base.includes('inScope') ? burden.of('inScope', layer.takes) : zero
  if (own === 0n) {
    burden.pay(paid, layer.base)
    return
  }
  const others = layer.base.filter((part) => part !== 'inScope')
  burden.takeUp(layer.takes)
  const paidOwn = least(paid, own)
  burden.pay(subtract(paid, paidOwn), others)
  const unpaid = subtract(own, paidOwn)
  const deductible = least(taken, unpaid)
  const above = least(subtract(unpaid, deductible), subtract(subtract(baseTotal, taken), consumed))
  burden.leave({
    deductible,
    aboveCap: above,
    copay: subtract(subtract(unpaid, deductible), above),
  })
}

function feed(
  layer: CompiledLayer,
  at: { baseTotal: Fen; taken: Fen; paid: Fen },
  tally: Tally,
): void {
  const { payment } = layer
  const base = payment.countedFrom === 'zero' ? at.baseTotal : subtract(at.baseTotal, at.taken)
  for (const name of layer.feeds) tally.feed(name, at.paid)
  for (const name of layer.feedsBase) tally.feed(name, base)
  tally.feedStay(`base ${layer.id}`, base)
  tally.feedStay(`paid ${layer.id}`, at.paid)
}
