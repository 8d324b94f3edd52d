import type { Random } from '../../test/faults/random.ts'
import type { City } from './city.ts'
import { type Care, type Claim, Claims, settlementOf } from './claims.ts'
import { sumOf } from '../statistics.ts'
import { pickerOf } from './draw.ts'
import type { BillsAsked } from './bills.ts'
import type { Request } from './request.ts'

/** How much of a day falls into each of its hours: outpatients come in the morning, and pharmacies are busy after work. */
export const hours: readonly number[] = [
  1, 1, 1, 1, 1, 2, 6, 30, 85, 100, 96, 70, 34, 32, 62, 70, 55, 34, 26, 28, 22, 12, 5, 2,
]

type Mix = readonly (readonly [Care, number])[]
const morning: Mix = [
  ['outpatient', 52],
  ['pharmacy', 26],
  ['special', 10],
  ['inpatient', 8],
  ['emergency', 3],
  ['daySurgery', 1],
]
const evening: Mix = [
  ['pharmacy', 66],
  ['outpatient', 22],
  ['emergency', 8],
  ['special', 4],
]
const night: Mix = [
  ['emergency', 80],
  ['pharmacy', 20],
]

const mixAt = (hour: number): Mix =>
  hour < 7 || hour >= 22 ? night : hour < 17 ? morning : evening

/** Shares of all bills that are looked at before, sent twice under one key, and reversed because no answer came. */
const previewed = 0.1
const repeated = 0.01
const reversed = 0.007
/** A bill with what is sent because of it. */
export const requestsABill = 1 + previewed + repeated + reversed

/**
 * A day at a settlement centre, from midnight to midnight: so many bills of every kind, in the order in which they are sent.
 * Among them are previews before bills, the same request again under its key, and reversals of what was sent a little before.
 */
export function* dayBills(city: City, { count, tag }: BillsAsked): Iterable<Request> {
  const random = city.random(`day ${tag}`)
  const claims = new Claims(city, tag)
  const later = new Later()
  for (const [hour, bills] of shareOut(count).entries()) {
    const careOf = pickerOf(mixAt(hour), ([, weight]) => weight)
    for (let i = 0; i < bills; i++) {
      const claim = claims.next(careOf(random)[0])
      yield* later.due()
      const sent = settlementOf(claim)
      if (random.chance(previewed)) yield previewOf(sent)
      yield sent
      if (random.chance(repeated)) later.add(random, { ...sent, kind: 'repeat' })
      if (random.chance(reversed)) later.add(random, reversalOf(claim))
    }
  }
  yield* later.rest()
}

/** So many things in the hours of a day. */
function shareOut(count: number): number[] {
  const all = sumOf(hours)
  let before = 0
  let given = 0
  return hours.map((share) => {
    before += share
    const until = Math.round((count * before) / all)
    const bills = until - given
    given = until
    return bills
  })
}

/** The requests of a day in its hours, each with its share of them. */
export function byHour<T>(requests: readonly T[]): T[][] {
  let at = 0
  return shareOut(requests.length).map((count) => requests.slice(at, (at += count)))
}

const previewOf = (sent: Request): Request => ({
  ...sent,
  kind: 'preview',
  path: `${sent.path}/preview`,
})

function reversalOf({ citizen, key, body: { institution } }: Claim): Request {
  return {
    kind: 'reversal',
    path: '/v1/reversals',
    key: `${key}-reversal`,
    type: 'application/json',
    body: JSON.stringify({ institution, key, person: citizen.id }),
  }
}

/** What is sent some bills later than what it is about: a day in minutes is too quick for whoever asks again at once. */
class Later {
  readonly #waiting = new Map<number, Request[]>()
  #now = 0

  add(random: Random, request: Request): void {
    const at = this.#now + random.between(400, 2_000)
    this.#waiting.set(at, [...(this.#waiting.get(at) ?? []), request])
  }

  /** Goes on by one bill; gives what is due then. */
  due(): Request[] {
    const due = this.#waiting.get(++this.#now) ?? []
    this.#waiting.delete(this.#now)
    return due
  }

  rest(): Request[] {
    return [...this.#waiting.entries()].toSorted(([a], [b]) => a - b).flatMap(([, due]) => due)
  }
}
