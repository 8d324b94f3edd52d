import type { Day } from '../../engine/day.ts'
import type { Random } from '../../test/faults/random.ts'
import { daysFrom } from './calendar.ts'
import { around, whole } from './draw.ts'
import {
  cataract,
  consultations,
  daily,
  inpatientItems,
  type Item,
  itemsOfDisease,
  operations,
  outpatientItems,
  overTheCounter,
  prescribed,
} from './items.ts'

export interface Line {
  readonly id: string
  readonly item: string
  readonly at?: Day
  readonly quantity: string
  readonly unitPrice: string
  readonly amount: string
}

export interface Bill {
  readonly lines: readonly Line[]
  readonly total: string
}

/** Puts the lines of one bill together. */
class Sheet {
  readonly #random: Random
  readonly #lines: Line[] = []
  #fen = 0

  constructor(random: Random) {
    this.#random = random
  }

  add([item, usual, most]: Item, at?: Day): this {
    const random = this.#random
    const quantity = random.between(1, most)
    // Not two institutions charge the same, so that two bills are hardly ever the same one.
    const price = whole(around(random, usual, 0.1), 1, 10_000_000)
    const fen = price * quantity
    this.#fen += fen
    this.#lines.push({
      id: String(this.#lines.length + 1),
      item,
      ...(at && { at }),
      quantity: String(quantity),
      unitPrice: yuan(price),
      amount: yuan(fen),
    })
    return this
  }

  some(count: number, from: readonly Item[], on?: () => Day): this {
    for (let i = 0; i < count; i++) this.add(this.#random.pick(from), on?.())
    return this
  }

  bill(): Bill {
    return { lines: this.#lines, total: yuan(this.#fen) }
  }
}

const yuan = (fen: number): string =>
  `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`

/** A visit's bill of so many lines: a consultation and what followed from it. */
export const visitLines = (random: Random, count: number): Bill =>
  new Sheet(random)
    .add(random.pick(consultations))
    .some(count - 1, outpatientItems)
    .bill()

/** About five lines, now and then many more. */
export const outpatientLines = (random: Random): Bill =>
  visitLines(random, whole(around(random, 4.6, 0.45), 1, 20))

export const pharmacyLines = (random: Random, byPrescription: boolean): Bill =>
  new Sheet(random).some(random.between(1, 3), byPrescription ? prescribed : overTheCounter).bill()

/** What a pharmacy sells on one prescription. */
export const prescribedLines = (random: Random, count: number): Bill =>
  new Sheet(random).some(count, prescribed).bill()

export const diseaseLines = (random: Random, disease: string): Bill =>
  new Sheet(random).some(random.between(1, 4), itemsOfDisease[disease] ?? []).bill()

export const cataractLines = (random: Random): Bill =>
  new Sheet(random)
    .add(cataract[0] as Item)
    .add(cataract[1] as Item)
    .some(3, inpatientItems)
    .bill()

/** Ten to two hundred lines: what each day costs, an operation perhaps, and all that was given and looked at. */
export function stayLines(random: Random, admission: Day, days: number): Bill {
  const sheet = new Sheet(random)
  for (let day = 0; day < days; day++)
    for (const item of daily) sheet.add(item, daysFrom(admission, day))
  if (random.chance(0.2)) sheet.add(random.pick(operations), admission)
  const rest = whole(around(random, 5 * days, 0.5), Math.max(0, 10 - 3 * days), 200 - 3 * days - 1)
  return sheet
    .some(rest, inpatientItems, () => daysFrom(admission, random.between(0, days - 1)))
    .bill()
}
