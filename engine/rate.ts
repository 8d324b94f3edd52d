import type { Case } from './case.ts'
import { atMostWhole, minus, plus, type Ratio, ratio, ratioText, times } from './money.ts'
import type { CrossRegion, Layer, Table } from './pack.ts'
import type { LayerSetting } from './layer.ts'
import { compileTable, type Lookup } from './table.ts'

/** A rate after every change that applies, as people read it, and the words for how it came about. */
export interface Rate {
  readonly rate: Ratio
  readonly text: string
  readonly because: readonly string[]
}

/** Something that may change a rate, such as a bonus, and how that is told. */
interface Change {
  readonly by: Lookup<Ratio>
  readonly apply: (rate: Ratio, by: Ratio) => Ratio
  readonly words: (rate: Ratio, by: Ratio) => string
}

/** A rate that was worked out, and those that further changes made of it. */
interface Worked {
  readonly rate: Rate
  readonly changed: Map<Ratio, Worked>
}

/**
 * A rate with its bonus, its multiple of the person's own ratio, and the reduction away from home, in that order. The tables
 * have few values, so each rate that they lead to is worked out once.
 */
export function compileRate(
  rate: Table<Ratio>,
  layer: Layer,
  setting: LayerSetting,
): (c: Case) => Rate {
  const base = compileTable(rate, setting.at, setting.complain)
  const changes = changesOf(layer, setting)
  const worked = new Map<Ratio, Worked>()
  return (c) => {
    let found = workedOut(worked, base(c), startWith)
    for (const change of changes)
      found = workedOut(found.changed, change.by(c), (by) => changeBy(change, found.rate, by))
    return found.rate
  }
}

function workedOut(known: Map<Ratio, Worked>, by: Ratio, work: (by: Ratio) => Rate): Worked {
  const found = known.get(by)
  if (found) return found
  const made = { rate: work(by), changed: new Map<Ratio, Worked>() }
  known.set(by, made)
  return made
}

function startWith(rate: Ratio): Rate {
  const text = ratioText(rate)
  return { rate, text, because: [text] }
}

/** A change that changes nothing is not told. */
function changeBy({ apply, words }: Change, before: Rate, by: Ratio): Rate {
  const rate = apply(before.rate, by)
  const { numerator, denominator } = before.rate
  if (rate.numerator * denominator === numerator * rate.denominator) return before
  return { rate, text: ratioText(rate), because: [...before.because, words(before.rate, by)] }
}

function changesOf(layer: Layer, { at, complain, crossRegion }: LayerSetting): Change[] {
  const changes: Change[] = []
  const add = (
    table: Table<Ratio> | undefined,
    whens: typeof at.whens,
    how: Omit<Change, 'by'>,
  ) => {
    if (table) changes.push({ by: compileTable(table, { ...at, whens }, complain), ...how })
  }
  const reductions: CrossRegion | undefined = layer.reduced ? crossRegion : undefined
  add(layer.bonus, at.whens, {
    apply: (rate, by) => atMostWhole(plus(rate, by)),
    words: (_, by) => `+ ${ratioText(by)}`,
  })
  add(layer.selfTimes, at.whens, {
    apply: (rate, by) => minus(ratio(1n, 1n), times(minus(ratio(1n, 1n), rate), by)),
    words: (rate, by) => `1 − (1 − ${ratioText(rate)}) × ${ratioText(by)}`,
  })
  add(reductions?.coefficient, [], {
    apply: times,
    words: (_, by) => `× ${ratioText(by)} away from home`,
  })
  add(reductions?.points, [], {
    apply: minus,
    words: (_, by) => `− ${ratioText(by)} away from home`,
  })
  return changes
}
