import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Random } from './random.ts'

/** One thing an institution asks under a key of its own, which it has written down before it sends anything. */
export interface Op {
  readonly key: string
  readonly institution: string
  readonly kind: 'settle' | 'cancel' | 'reverse'
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
  /** The first line's id, which no other claim of the whole run has: it finds the claim without its key. */
  readonly mark?: string | undefined
  /** Who it is about, where that is needed to reverse it. */
  readonly person?: string | undefined
  /** The settlement to be cancelled. */
  readonly settlement?: string | undefined
}

interface Person {
  readonly key: string
  readonly certno: string
  readonly card: { readonly cardno: string; readonly card_sn: string }
}

const world: { people: Person[] } = parse(readFileSync('rules/sandbox/world.yaml', 'utf8'))
const people = new Map(world.people.map((person) => [person.key, person]))

/** Settling people, with and without an account, of five schemes and both pooling areas. */
const settling = ['E1', 'E2', 'R1', 'R2', 'C1', 'U1', 'P1', 'A1', 'D1', 'Y1', 'W1', 'M1', 'X8']
/** Coverage paused, card formally lost, card cancelled, card expired. */
const refused = ['S1', 'X3', 'X5', 'X7']
const hospitals = ['H51010000001', 'H51010000002', 'H51010000003', 'H51010000004']
const wards = ['H51010000001', 'H51010000002', 'H51010000004']
const items = [
  '001101000010000',
  '001101000020000',
  '001204000010000',
  '001109000010000',
  '002501010010000',
  'XN02BEB001A001010100013',
  'XM01AEB001A001010100014',
  'ZA06AAF002010100102',
  'T000100001',
]
const day = '2026-03-02'

/** Makes up claims; `tag` keeps their keys and marks apart from every other source's. */
export class Workload {
  readonly #random: Random
  readonly #tag: string
  #count = 0

  constructor(random: Random, tag: string) {
    this.#random = random
    this.#tag = tag
  }

  claim(): Op {
    const random = this.#random
    if (random.chance(0.06)) return this.#settle(this.#outpatient(random.pick(refused), true))
    if (random.chance(0.03)) return this.#settle({ ...this.#outpatient('E1'), credential: nobody })
    if (random.chance(0.2)) return this.#settle(this.#stay(random.pick(settling)))
    if (random.chance(0.1))
      return this.#settle(this.#pharmacy(random.pick(['E1', 'E2', 'C1', 'P1'])))
    return this.#settle(this.#outpatient(random.pick(settling)))
  }

  /** The same plain claim, but for its key: what a loop over every message needs. */
  plain(): Op {
    const { key, body } = { key: 'E1', body: this.#outpatient('E1') }
    return this.#settle({ ...body, credential: byNumber(key), useAccount: true })
  }

  cancellation(settlement: string, institution: string): Op {
    return {
      key: this.#next(),
      institution,
      kind: 'cancel',
      path: `/v1/settlements/${settlement}/cancellation`,
      body: { institution },
      settlement,
    }
  }

  #next(): string {
    return `${this.#tag}-${++this.#count}`
  }

  #settle(body: Record<string, unknown>): Op {
    const key = this.#next()
    const { lines, total } = this.#bill(key)
    const institution = String(body['institution'])
    const path = '/v1/settlements'
    return { key, institution, kind: 'settle', path, body: { ...body, total, lines }, mark: key }
  }

  #outpatient(person: string, byCardOnly = false): Record<string, unknown> {
    const random = this.#random
    const institution = random.pick(hospitals)
    const credential = byCardOnly || random.chance(0.5) ? byCard(person) : byNumber(person)
    const useAccount = random.chance(0.5)
    const familyAccount = person === 'R2' && random.chance(0.7)
    return { institution, day, credential, care: 'outpatient', useAccount, familyAccount }
  }

  #stay(person: string): Record<string, unknown> {
    const random = this.#random
    const admission = `2026-02-${random.between(10, 26)}`
    const stay = { admission, discharge: day }
    return {
      institution: random.pick(wards),
      day,
      credential: byNumber(person),
      care: 'inpatient',
      visit: `V${this.#tag}-${this.#count + 1}`,
      stay,
      useAccount: random.chance(0.3),
    }
  }

  #pharmacy(person: string): Record<string, unknown> {
    const institution = 'P51010000001'
    return { institution, day, credential: byCard(person), care: 'pharmacy', useAccount: true }
  }

  #bill(mark: string): { lines: object[]; total: string } {
    const random = this.#random
    let total = 0
    const lines = Array.from({ length: random.between(1, 4) }, (_, i) => {
      const price = random.between(50, 40_000)
      const quantity = random.between(1, 3)
      total += price * quantity
      return {
        id: i === 0 ? mark : `${mark}.${i}`,
        // Now and then an item that no catalogue has: a refusal by rule, which is kept.
        item: random.chance(0.01) ? 'XZ99ZZZ999A999999999999' : random.pick(items),
        quantity: String(quantity),
        unitPrice: yuan(price),
        amount: yuan(price * quantity),
      }
    })
    return { lines, total: yuan(total) }
  }
}

const yuan = (fen: number): string =>
  `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`

const byNumber = (key: string): object => ({
  type: 'citizen-number',
  number: people.get(key)?.certno,
})

const byCard = (key: string): object => ({
  type: 'card',
  number: people.get(key)?.card.cardno,
  cardSn: people.get(key)?.card.card_sn,
})

/** A well-formed citizen number of a division that was never assigned: nobody's. */
const nobody = { type: 'citizen-number', number: '510199199001010015' }
