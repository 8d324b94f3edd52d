import type { CompiledLayer, CompiledPayment } from './layer.ts'
import { type Fen, type Ratio, add, least, most, share, subtract, zero } from './money.ts'
import type { RateStep } from './settlement.ts'
import type { Waterfall } from './step.ts'

/** A part of the base that is paid at one rate. */
export interface Stretch {
  readonly from: Fen
  readonly to: Fen
  readonly rate: Ratio
  readonly text: string
  readonly because: readonly string[]
}

/** Cuts the payable base at the boundaries of the segments, counted as the rule counts. */
export function stretch(
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
    lower = most(lower, upTo)
  }
  return found
}

function startOf(payment: CompiledPayment, layer: CompiledLayer, taken: Fen, fall: Waterfall): Fen {
  if (payment.segments.length < 2) return zero
  const before =
    payment.over === 'year' && payment.accumulator !== undefined
      ? fall.tally.read(payment.accumulator, { per: 'year' })
      : fall.tally.readStay(layer.inStay.base)
  return payment.countedFrom === 'zero' ? add(before, taken) : before
}

/** The sum of all stretches at their rates, rounded once per layer. */
export function exactly(stretches: readonly Stretch[]): Fen {
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
export function shown(stretches: readonly Stretch[], full: Fen): RateStep[] {
  let left = full
  return stretches.map(({ from, to, rate, text, because }, i) => {
    const last = i === stretches.length - 1
    const paid = last ? left : least(left, share(subtract(to, from), rate, 'halfUp'))
    left = subtract(left, paid)
    return { from, to, rate: text, because, paid }
  })
}

/** How much of the base a capped payment answers for; the rest lies above the cap (封顶线以上). */
export function consumedBy(paid: Fen, stretches: readonly Stretch[]): Fen {
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
