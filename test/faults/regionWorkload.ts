import { withCheckDigit } from '../support/citizenNumber.ts'
import { wordsOf, type Story } from './client.ts'
import type { Random } from './random.ts'
import type { Op } from './workload.ts'

/** Chengdu and Guangzhou: each is home to some people and treats those of the other. */
export const regions = ['510100', '440100'] as const
export type RegionCode = (typeof regions)[number]

export const otherOf = (region: RegionCode): RegionCode =>
  region === '510100' ? '440100' : '510100'

export const hospitalOf = (region: RegionCode): string => `H${region}00001`

/** Divisions 510199 and 440199 are assigned to nobody, so no citizen number here can be anybody's. */
export interface Resident {
  readonly id: string
  readonly region: RegionCode
  readonly citizenNumber: string
}

export function residentOf(region: RegionCode, n: number): Resident {
  const stem = `${region.slice(0, 4)}991980${String(1 + (n % 12)).padStart(2, '0')}05${String(100 + (Math.trunc(n / 12) % 900))}`
  const citizenNumber = withCheckDigit(stem)
  return { id: `${region}7${String(n).padStart(17, '0')}`, region, citizenNumber }
}

export const enrolmentOf = ({ id, region, citizenNumber }: Resident): object => ({
  id,
  name: '演示',
  citizenNumber,
  region,
  coverages: [{ scheme: 'employee', group: 'working', from: '2020-01-01' }],
  openingBalance: '5000.00',
})

const items = [
  '001101000010000',
  '001204000010000',
  'XC08CAA101A001010100002',
  'ZA06AAF002010100102',
]
export const day = '2026-03-02'

/** What one hospital asks, of people from elsewhere and of its own; `tag` keeps its keys apart from all others. */
export class RegionWorkload {
  readonly #random: Random
  readonly #tag: string
  readonly #here: RegionCode
  #count = 0

  constructor(random: Random, tag: string, here: RegionCode) {
    this.#random = random
    this.#tag = tag
    this.#here = here
  }

  /** A bill, mostly of somebody from elsewhere, by people of whom there are so many in each region. */
  claim(residents: number): Op {
    const away = this.#random.chance(0.8)
    const region = away ? otherOf(this.#here) : this.#here
    return this.bill(residentOf(region, this.#random.between(1, residents)))
  }

  bill(of: Resident): Op {
    const random = this.#random
    const key = this.#next()
    const isStay = random.chance(0.3)
    const stay = { admission: `2026-02-${random.between(10, 26)}`, discharge: day }
    let fen = 0
    const lines = Array.from({ length: random.between(1, 3) }, (_, i) => {
      const price = random.between(50, isStay ? 900_000 : 40_000)
      fen += price
      const amount = yuan(price)
      return {
        id: i === 0 ? key : `${key}.${i}`,
        item: random.pick(items),
        quantity: '1',
        unitPrice: amount,
        amount,
      }
    })
    const body = {
      institution: hospitalOf(this.#here),
      day,
      credential: { type: 'citizen-number', number: of.citizenNumber },
      ...(of.region !== this.#here && { insuredIn: of.region }),
      ...(isStay ? { care: 'inpatient', visit: `V${key}`, stay } : { care: 'outpatient' }),
      useAccount: random.chance(0.6),
      total: yuan(fen),
      lines,
    }
    const { institution } = body
    const about = { key, institution, mark: key, person: of.id }
    return { ...about, kind: 'settle', path: '/v1/settlements', body }
  }

  cancellation(of: Story): Op {
    const { institution, person } = of.op
    const settlement = wordsOf(of)['id'] ?? ''
    const path = `/v1/settlements/${settlement}/cancellation`
    return {
      key: this.#next(),
      institution,
      kind: 'cancel',
      path,
      body: { institution },
      settlement,
      person,
    }
  }

  /** Of a settlement or a cancellation, whatever became of it. */
  reversal({ op: { institution, key, person } }: Pick<Story, 'op'>): Op {
    const body = { institution, key, person }
    return { key: this.#next(), institution, kind: 'reverse', path: '/v1/reversals', body }
  }

  #next(): string {
    return `${this.#tag}-${++this.#count}`
  }
}

const yuan = (fen: number): string =>
  `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
