import type { Burden } from './burden.ts'
import type { Case } from './case.ts'
import { takeDeductible } from './deductible.ts'
import type { CompiledCap, CompiledLayer, Parameters } from './layer.ts'
import { type Fen, add, excess, least, subtract, sum, zero } from './money.ts'
import { type CompiledRule, yearly } from './rulebook.ts'
import type { CapStep, FixedStep, RateStep, Step } from './settlement.ts'
import { consumedBy, exactly, shown, stretch } from './stretch.ts'
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
  readonly fixed?: FixedStep | undefined
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
  const before = layer.counted.map((name) => tally.read(name, yearly))
  const deductible = layer.deductible && takeDeductible(layer.deductible, baseTotal, fall)
  const taken = deductible?.taken ?? zero
  const paying = pay(layer, { base: baseTotal, taken }, fall)
  const aboveCap = placeInBurden(layer, { baseTotal, taken, paying }, burden)
  feed(layer, { baseTotal, taken, paid: paying.paid }, tally)
  return {
    layer: layer.id,
    name: layer.name,
    payer: layer.payer,
    rule: rule.id,
    base: base.filter(({ amount }) => amount > 0n),
    baseTotal,
    deductible,
    fixed: paying.fixed,
    rates: paying.rates,
    caps: paying.caps,
    ...(aboveCap > 0n ? { aboveCap } : undefined),
    paid: paying.paid,
    accumulators: layer.counted.map((name, i) => ({
      name,
      before: before[i] as Fen,
      after: tally.read(name, yearly),
    })),
    citation: rule.cite(layer.source),
    ...(layer.illustrative ? { illustrative: true as const } : undefined),
  }
}

function pay(layer: CompiledLayer, at: { base: Fen; taken: Fen }, fall: Waterfall): Paying {
  const afterDeductible = subtract(at.base, at.taken)
  const baseCaps = layer.caps.filter((cap) => cap.counts === 'base')
  const paidCaps = layer.caps.filter((cap) => cap.counts === 'paid')
  const underBase = applyCaps(baseCaps, afterDeductible, layer, fall)
  const payable = underBase.allowed
  const stretches = stretch(layer, { ...at, payable }, fall)
  const fixed = fixedOf(layer, payable, fall)
  const full = fixed ? least(payable, excess(fixed.amount, fixed.usedBefore)) : exactly(stretches)
  const underPaid = applyCaps(paidCaps, full, layer, fall)
  const paid = underPaid.allowed
  return {
    paid,
    consumed: paid === full ? payable : consumedBy(paid, stretches),
    fixed,
    rates: fixed ? [] : shown(stretches, full),
    caps: [...underBase.steps, ...underPaid.steps],
  }
}

/** A fixed amount (定额) is for the whole stay, so its interim parts share it. */
function fixedOf(
  { inStay, payment }: CompiledLayer,
  payable: Fen,
  { of, parameters, tally }: Waterfall,
): FixedStep | undefined {
  if (!payment.fixed) return undefined
  const usedBefore = tally.readStay(inStay.paid)
  return { amount: payment.fixed(of, parameters) ?? add(usedBefore, payable), usedBefore }
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
        ? fall.tally.readStay(layer.inStay[cap.counts])
        : fall.tally.read(cap.accumulator, cap)
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
): Fen {
  const { paid, consumed } = paying
  const own = layer.base.includes('inScope') ? burden.of('inScope', layer.takes) : zero
  if (own === 0n) {
    burden.pay(paid, layer.base)
    return zero
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
  return above
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
  tally.feedStay(layer.inStay.base, base)
  tally.feedStay(layer.inStay.paid, at.paid)
}
