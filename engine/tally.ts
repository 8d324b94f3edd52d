import { type Division, medicalSchemes, type Scheme, type VisitSums } from './claim.ts'
import { type Day, monthOf, quarterOf } from './day.ts'
import type { Fen } from './money.ts'
import type { CapPeriod } from './pack.ts'
import type { Counters } from './ports.ts'
import type { Reading } from './rulebook.ts'
import type { CounterDelta } from './settlement.ts'

/** Sums that belong to no benefit year, such as a stay's own, stand under this name. */
export const always = 'all'

/** What tells one running sum (累计) from another. */
export interface TallySetting {
  readonly region: Division
  readonly scheme: Scheme
  readonly year: string
  readonly on: Day
  /** The stay that interim settlements continue, if this is one. */
  readonly stay?: string | undefined
  /** Under what the bills of an outpatient visit count together, where the visit is kept, and what they counted so far. */
  readonly visit?: string | undefined
  readonly earlier?: ReadonlyMap<string, bigint> | undefined
  readonly disease?: string | undefined
  /** The first day of the filed disease's entitlement, for caps per eligibility period. */
  readonly eligibleFrom?: Day | undefined
  readonly institution: string
  readonly carryOver: { readonly regions: boolean; readonly schemes: boolean }
  readonly readings: (accumulator: string) => readonly Reading[]
}

/** What had been used when a stay or visit began stands under names that begin so. */
export const asItBegan = 'before '

/** Sums that only a stay has. */
const admissionSums = new Set(['admission', 'parts'])

/** What the earlier bills of a visit counted together; how it stood as the visit began, all of them tell alike. */
export function addVisitSums(earlier: readonly VisitSums[], under: string): Map<string, bigint> {
  const total = new Map<string, bigint>()
  for (const one of earlier.filter((each) => each.under === under))
    for (const [name, sum] of Object.entries(one.sums))
      total.set(name, (name.startsWith(asItBegan) ? 0n : (total.get(name) ?? 0n)) + BigInt(sum))
  return total
}

const isMedical = (scheme: string | undefined): boolean =>
  medicalSchemes.some((medical) => medical === scheme)

/** What is stored under a key, with what other regions or schemes counted under the same name where that carries over. */
export function storedUnder(
  key: string,
  sums: ReadonlyMap<string, bigint> | undefined,
  { regions, schemes }: TallySetting['carryOver'],
): bigint {
  if (!sums) return 0n
  if (!regions && !schemes) return sums.get(key) ?? 0n
  const [region, scheme, ...rest] = key.split('|')
  const tail = rest.join('|')
  let total = 0n
  for (const [other, amount] of sums) {
    const [r, s, ...t] = other.split('|')
    const ofScheme = s === scheme || (schemes && isMedical(s) && isMedical(scheme))
    if ((regions || r === region) && ofScheme && t.join('|') === tail) total += amount
  }
  return total
}

/** One running sum as this claim finds it, and what the claim adds to it. */
interface RunningSum {
  readonly per: CapPeriod
  readonly by: Reading['by']
  readonly year: string
  readonly key: string
  readonly before: bigint
  delta: bigint
}

/** The running sums that one claim reads and changes; it keeps the changes apart, so that undoing is the same with the sign turned. */
export class Tally {
  readonly #counters: Counters
  readonly #setting: TallySetting
  /** Those that were looked up, by name: a layer asks for the same ones again and again, and keys are long. */
  readonly #sums = new Map<string, RunningSum[]>()
  /** Those that changed, in the order in which they did. */
  readonly #changed = new Set<RunningSum>()
  readonly #inStay = new Map<string, bigint>()
  #closed = false

  constructor(counters: Counters, setting: TallySetting) {
    this.#counters = counters
    this.#setting = setting
  }

  /** What has been counted so far under a name, over a period. */
  read(name: string, reading: Reading): Fen {
    const { before, delta } = this.#sum(name, reading)
    return (before + delta) as Fen
  }

  /** Adds under a name, over every period that some rule reads it by. */
  feed(name: string, amount: bigint): void {
    if (amount === 0n) return
    for (const reading of this.#setting.readings(name)) {
      const sum = this.#sum(name, reading)
      sum.delta += amount
      this.#changed.add(sum)
    }
  }

  /** What has been counted in the stay or visit that this bill continues, or else in this bill alone. */
  readStay(name: string): Fen {
    return (this.#storedOfStay(name) + (this.#inStay.get(name) ?? 0n)) as Fen
  }

  feedStay(name: string, amount: bigint): void {
    this.#inStay.set(name, (this.#inStay.get(name) ?? 0n) + amount)
  }

  /** Forgets a stay once its last part is settled. */
  closeStay(): void {
    this.#closed = true
  }

  /** What changed, year by year. */
  deltas(): CounterDelta[] {
    const changed = [...this.#changed]
    const years = new Set(changed.map(({ year }) => year))
    const own = [...years].flatMap((one) => changed.filter(({ year }) => year === one))
    return [
      ...own.map(({ year, key, delta }) => ({ year, key, delta })),
      ...this.#stayDeltas(),
    ].filter(({ delta }) => delta !== 0n)
  }

  /**
   * What this bill counted for the next one of its visit. What had been used as the visit began is told as it is, since
   * the bill that looked it up may be undone.
   */
  visitSums(): Record<string, string> {
    const told = [...this.#inStay.keys(), ...(this.#setting.earlier?.keys() ?? [])].filter(
      (name) => !admissionSums.has(name),
    )
    const value = (name: string): bigint =>
      name.startsWith(asItBegan) ? this.readStay(name) : (this.#inStay.get(name) ?? 0n)
    const sums = [...new Set(told)].map((name) => [name, String(value(name))] as const)
    return Object.fromEntries(sums.filter(([, sum]) => sum !== '0'))
  }

  #stayDeltas(): CounterDelta[] {
    if (this.#setting.stay === undefined) return []
    const prefix = this.#stayKey('')
    if (!this.#closed)
      return [...this.#inStay].map(([name, delta]) => ({ year: always, key: prefix + name, delta }))
    return [...(this.#counters.get(always) ?? [])]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, amount]) => ({ year: always, key, delta: -amount }))
  }

  #storedOfStay(name: string): bigint {
    if (this.#setting.stay === undefined) return this.#setting.earlier?.get(name) ?? 0n
    const kept = this.#counters.get(always)
    return kept?.get(this.#stayKey(name)) ?? 0n
  }

  #sum(name: string, { per, by }: Reading): RunningSum {
    const named = this.#sums.get(name)
    const known = named?.find((sum) => sum.per === per && sum.by === by)
    if (known) return known
    const { year, key } = this.#place(name, per, by)
    const before = storedUnder(key, this.#counters.get(year), this.#setting.carryOver)
    const found = { per, by, year, key, before, delta: 0n }
    if (named) named.push(found)
    else this.#sums.set(name, [found])
    return found
  }

  #stayKey(name: string): string {
    const { region, scheme, stay } = this.#setting
    return `${region}|${scheme}|stay ${stay}|${name}`
  }

  #place(name: string, per: CapPeriod, by: Reading['by']): { year: string; key: string } {
    const { region, scheme, year, disease, institution } = this.#setting
    const period = this.#period(per)
    const apart =
      by === 'disease' ? `|${disease ?? ''}` : by === 'institution' ? `|${institution}` : ''
    const lasting = per === 'eligibility' || per === 'lifetime'
    return { year: lasting ? always : year, key: `${region}|${scheme}|${name}|${period}${apart}` }
  }

  #period(per: CapPeriod): string {
    const { on, eligibleFrom } = this.#setting
    switch (per) {
      case 'visit':
      case 'year':
        return 'year'
      case 'day':
        return on
      case 'month':
        return monthOf(on)
      case 'quarter':
        return quarterOf(on)
      case 'eligibility':
        return `from ${eligibleFrom ?? 'ever'}`
      case 'lifetime':
        return 'lifetime'
    }
  }
}
