import { canonicalJson } from '../../adapters/postgres/document.ts'
import { sm3Hex } from '../../adapters/crypto/sm3.ts'
import type { Claim, FeeLine } from '../../engine/claim.ts'
import { type Day, dayBefore } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { Ask, Key } from '../../engine/ports.ts'
import type { Random } from '../faults/random.ts'
import type { Inhabitant } from './people.ts'

/** What is billed: an item of the catalogue, and one that nobody knows. */
const items = ['XC08CAA101A001010100002', 'XC08CAA101A001010100002', 'UNKNOWN1']

export interface Bill {
  readonly institution: string
  readonly visit: string
  readonly day: Day
  /** Which part of how many; a stay has interim ones. */
  readonly part: number
  readonly parts: number
  readonly away: boolean
}

export function billOf(
  { credential, region, hasFamily }: Inhabitant,
  bill: Bill,
  random: Random,
): Claim {
  const { institution, visit, day, part, parts, away } = bill
  const lines = Array.from({ length: random.between(1, 3) }, (_, i) =>
    lineOf(random, `${part}.${i}`),
  )
  const isStay = parts > 1 || random.chance(0.5)
  return {
    institution,
    day,
    credential,
    ...(away && { insuredIn: region }),
    care: isStay ? 'inpatient' : 'outpatient',
    visit,
    ...(isStay && { stay: { admission: before(day, 6), discharge: day, interim: part < parts } }),
    useAccount: random.chance(0.7),
    useFamilyAccount: hasFamily && random.chance(0.7),
    emergency: random.chance(0.2),
    total: lines.reduce((sum, { amount }) => sum + amount, 0n) as Fen,
    lines,
  }
}

const before = (day: Day, days: number): Day =>
  days === 0 ? day : before(dayBefore(day), days - 1)

function lineOf(random: Random, id: string): FeeLine {
  const amount = BigInt(Math.floor(10 ** (2 + random.next() * 4.3)))
  return {
    id,
    item: random.pick(items),
    quantity: 10_000n as FeeLine['quantity'],
    unitPrice: (amount * 10_000n) as FeeLine['unitPrice'],
    amount: amount as Fen,
  }
}

export function keyOf(institution: string, key: string, asked: unknown): Key {
  const input = canonicalJson(asked)
  return { institution, key, fingerprint: sm3Hex(input), input }
}

export const settleAsk = (key: string, claim: Claim): Ask => ({
  kind: 'settle',
  key: keyOf(claim.institution, key, claim),
  claim,
})

export const cancelAsk = (institution: string, key: string, settlement: string): Ask => ({
  kind: 'cancel',
  key: keyOf(institution, key, { settlement }),
  settlement,
  institution,
})

export const reversalAsk = (
  institution: string,
  key: string,
  original: string,
  person: string,
): Ask => ({
  kind: 'reverse',
  key: keyOf(institution, key, { original }),
  institution,
  original: { institution, key: original },
  person,
})
