import { bookCryptoOf } from '../../adapters/crypto/bookCrypto.ts'
import { readDataKeys } from '../../adapters/crypto/dataKey.ts'
import { drawBytes } from '../../adapters/crypto/drawnBytes.ts'
import { sm3, sm3Hex } from '../../adapters/crypto/sm3.ts'
import { askToSettle, keyOf } from '../../adapters/http/settlements.ts'
import { createIds } from '../../adapters/postgres/ids.ts'
import type { Statement } from '../../adapters/postgres/transaction.ts'
import { loadRules } from '../../adapters/rulepacks/load.ts'
import { dayInChina } from '../../adapters/sandbox/clock.ts'
import type { Instant } from '../../engine/day.ts'
import type { Ask, Row } from '../../engine/ports.ts'
import { type Process, startProcess, type Taken } from '../../engine/process.ts'
import type { Random } from '../../test/faults/random.ts'
import { type City, openCity } from '../workload/city.ts'
import { type Care, Claims } from '../workload/claims.ts'
import { pickerOf } from '../workload/draw.ts'
import { ampleBalance } from '../workload/enter.ts'
import type { Citizen } from '../workload/people.ts'
import { type CopyRows, copyRowsOf } from './copyRows.ts'
import { residentsOf } from './residents.ts'
import { SeedBooks } from './seedBooks.ts'

/** Which settlements are to be made, and by how many threads, of which this is one. */
export interface Generating {
  readonly seed: string
  readonly people: number
  readonly settlements: number
  readonly part: number
  readonly parts: number
}

const hour_ms = 3_600_000
const day_ms = 24 * hour_ms
/** The day before the sandbox begins is the last of those that are seeded. */
const seededDays = 10
const firstDay = Date.parse('2026-03-02T00:00:00+08:00') - seededDays * day_ms
/** People are there before anything is settled. */
export const enteredAt = firstDay
const opensAt_hours = 7
const open_hours = 14
/** As many are settled in one transaction as where nobody is in a hurry. */
const batch = 20
/** Of a thousand settlements so many are cancelled. */
const cancelled = 15

/** Visits without a stay: a bill of some five lines on average, so that many fit a disk. */
const kinds: readonly (readonly [Care, number])[] = [
  ['outpatient', 60],
  ['pharmacy', 28],
  ['special', 9],
  ['emergency', 3],
]

/**
 * Settles a part of the city's bills with the real process over books in memory, some hundreds at a time, and gives what the
 * database would have been sent, as rows for COPY.
 */
export async function* generate(generating: Generating): AsyncGenerator<CopyRows[]> {
  const { settlements, parts, part } = generating
  const own = Math.floor(settlements / parts) + (part < settlements % parts ? 1 : 0)
  const desk = new SeedDesk(generating)
  for (let made = 0; made < own; ) {
    for (let i = 0; i < batchesAChunk && made < own; i++)
      made += await desk.settle(Math.min(batch, own - made), momentAt(made / own))
    yield desk.take()
  }
}

/** Threads write in turns, so that rows lie on the disk nearly in the order of time. */
const batchesAChunk = 10

/** The hours in which somebody is there, of all days, one after the other. */
function momentAt(share: number): Instant {
  const hours = share * seededDays * open_hours
  const days = Math.floor(hours / open_hours)
  return Math.trunc(firstDay + days * day_ms + (opensAt_hours + (hours % open_hours)) * hour_ms)
}

class SeedDesk {
  readonly #city: City
  readonly #books: SeedBooks
  readonly #process: Process
  readonly #claims: Claims
  readonly #random: Random
  readonly #kind = pickerOf(kinds, ([, weight]) => weight)
  #now: Instant = firstDay
  #statements: Statement[] = []

  constructor({ seed, people, part, parts }: Generating) {
    const crypto = bookCryptoOf(readDataKeys({ file: undefined, mode: 'sandbox' }))
    const rules = loadRules('rules', { sandbox: true })
    this.#city = partOf(openCity({ seed, people }), part, parts)
    this.#random = this.#city.random(`seeding ${part}`)
    this.#claims = new Claims(this.#city, `seed${part}`)
    const clock = { now: () => this.#now, today: () => dayInChina(this.#now) }
    this.#books = new SeedBooks({
      register: residentsOf(this.#city, crypto),
      crypto,
      clock,
      write: (statements) => this.#statements.push(...statements),
    })
    for (const { id } of this.#city.people) this.#books.opened(id, ampleBalance)
    this.#process = startProcess({
      books: this.#books,
      clock,
      ids: createIds({ sm3, drawBytes }),
      rulebooks: rules.rulebooks,
      regions: rules.rulebooks.directory(['510100', '510700']),
      packHash: rules.hashes.whole,
      dayOf: dayInChina,
      pause: async () => {},
      tell: (event) => {
        throw new Error(JSON.stringify(event), { cause: 'error' in event && event.error })
      },
    })
  }

  /** Settles so many bills of different people at a moment, and cancels a few of them. */
  async settle(count: number, at: Instant): Promise<number> {
    this.#now = at
    const asks = new Map<string, Ask>()
    while (asks.size < count) {
      const { citizen, body, key } = this.#claims.next(this.#kind(this.#random)[0])
      if (asks.has(citizen.id) || isTouched(citizen, asks)) continue
      const claim = { ...body, day: dayInChina(at) }
      asks.set(citizen.id, askToSettle(desk, key, claim as unknown as ClaimBody))
    }
    const rows = rowsOf(await this.#process.settle([...asks.values()]))
    const wrong = rows.filter(() => this.#random.chance(cancelled / 1000))
    if (wrong.length > 0) rowsOf(await this.#process.settle(wrong.map(cancelling)))
    this.#books.forget()
    return rows.length
  }

  /** What was written since it was last asked. */
  take(): CopyRows[] {
    return this.#statements.splice(0).map(copyRowsOf)
  }
}

type ClaimBody = Parameters<typeof askToSettle>[2]

const desk = { fingerprint: sm3Hex, evidence: undefined }

/** Whoever may draw on an account goes with its holder: no account is in two parts. */
function partOf(city: City, part: number, parts: number): City {
  const numbers = new Map(city.people.map(({ id, number }) => [id, number]))
  const isOwn = ({ mayDrawOn, number }: Citizen): boolean =>
    (numbers.get(mayDrawOn ?? '') ?? number) % parts === part
  const patient: City['patient'] = (random) => {
    for (;;) {
      const one = city.patient(random)
      if (isOwn(one)) return one
    }
  }
  return { ...city, people: city.people.filter(isOwn), patient }
}

/** Nobody is asked for twice at one moment, by themselves or by a family account: what is undone then has nothing after it. */
const isTouched = ({ mayDrawOn }: Citizen, asks: ReadonlyMap<string, Ask>): boolean =>
  mayDrawOn !== undefined && asks.has(mayDrawOn)

function rowsOf(outcomes: readonly Taken[]): Row[] {
  return outcomes.map((outcome) => {
    if (outcome.kind === 'settled' || outcome.kind === 'undone') return outcome.row
    throw new Error(`a seeded bill is not settled: ${JSON.stringify(outcome)}`)
  })
}

function cancelling({ settlement, content: { institution } }: Row): Ask {
  const key = keyOf(desk, institution, `${settlement}-back`, { settlement, institution })
  return { kind: 'cancel', key, settlement, institution }
}
