import type { CompiledDeductible } from './layer.ts'
import { type Fen, excess, least } from './money.ts'
import type { DeductibleStep } from './settlement.ts'
import type { Waterfall } from './step.ts'

export function takeDeductible(d: CompiledDeductible, base: Fen, fall: Waterfall): DeductibleStep {
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
