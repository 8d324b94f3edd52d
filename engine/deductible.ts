import type { CompiledDeductible } from './layer.ts'
import { type Fen, add, excess, least } from './money.ts'
import type { DeductibleStep } from './settlement.ts'
import type { Waterfall } from './step.ts'
import { asItBegan, type Tally } from './tally.ts'

export function takeDeductible(d: CompiledDeductible, base: Fen, fall: Waterfall): DeductibleStep {
  const { tally, of, parameters, rule } = fall
  const { due: standard, because } = d.standard(of, parameters)
  const usedBefore = usedOf(d, standard, fall)
  const taken = least(base, excess(standard, usedBefore))
  tally.feed(d.accumulator, taken)
  tally.feedStay(`deductible ${d.accumulator}`, taken)
  const { title, document } = rule.cite(d.source)
  return {
    mode: d.mode,
    standard,
    usedBefore,
    taken,
    accumulator: d.accumulator,
    ...(because.length > 0 ? { because } : {}),
    citation: document ?? title,
  }
}

/** How much of the standard no longer counts, by mode (起付线方式). */
function usedOf(d: CompiledDeductible, standard: Fen, { tally, of }: Waterfall): Fen {
  switch (d.mode) {
    case 'visit':
      return inStay(d, tally)
    case 'year':
    case 'quarter':
    case 'month':
      return tally.read(d.accumulator, { per: d.mode, by: d.by })
    case 'firstVisitOfInstitution': {
      const name = `${d.accumulator}.visits`
      const visits = asTheStayBegan(d, tally, () =>
        tally.read(name, { per: 'year', by: 'institution' }),
      )
      // One visit a stay, however many of its parts and layers share the deductible.
      if (tally.readStay(`seen ${d.accumulator}`) === 1n && !of.continued) tally.feed(name, 1n)
      return visits > 0n ? standard : inStay(d, tally)
    }
    case 'yearToppedUp': {
      const name = `${d.accumulator}.charged`
      const charged = tally.read(name, { per: 'year' })
      const paidFor = asTheStayBegan(d, tally, () => least(standard, charged))
      // The standard counts as charged even where the bill was smaller; a higher one adds the difference.
      tally.feed(name, excess(standard, charged))
      return add(paidFor, inStay(d, tally))
    }
  }
}

const inStay = (d: CompiledDeductible, tally: Tally): Fen =>
  tally.readStay(`deductible ${d.accumulator}`)

/** What had been used when the stay, or else the bill, began: its later parts and other layers must not see its own. */
function asTheStayBegan(d: CompiledDeductible, tally: Tally, before: () => Fen): Fen {
  const seen = `seen ${d.accumulator}`
  const name = asItBegan + d.accumulator
  if (tally.readStay(seen) === 0n) tally.feedStay(name, before())
  tally.feedStay(seen, 1n)
  return tally.readStay(name)
}
