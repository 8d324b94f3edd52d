import type { Division, Scheme } from './claim.ts'
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
  readonly disease?: string | undefined
  /** The first day of the filed disease's entitlement, for caps per eligibility period. */
  readonly eligibleFrom?: Day | undefined
  readonly institution: string
  readonly carryOver: { readonly regions: boolean; readonly schemes: boolean }
  readonly readings: (accumulator: string) => readonly Reading[]
}

/** The running sums that one claim reads and changes; it keeps the changes apart, so that undoing is the same with the sign turned. */
export class Tally {
  readonly #counters: Counters
  readonly #setting: TallySetting
  readonly #deltas = new Map<string, CounterDelta>()

  constructor(counters: Counters, setting: TallySetting) {
    this.#counters = counters
    this.#setting = setting
  }

  /** What has been counted so far under a name, over a period. */
  read(name: string, { per, by }: Reading): Fen {
    const { year, key } = this.#place(name, per, by)
    return (this.#stored(year, key) + this.#changed(year, key)) as Fen
  }

  /** Adds under a name, over every period that some rule reads it by. */
  feed(name: string, amount: bigint): void {
    if (amount === 0n) return
    for (const { per, by } of this.#setting.readings(name)) {
      const { year, key } = this.#place(name, per, by)
      this.#change(year, key, amount)
    }
  }

  readStay(name: string): Fen {
    if (this.#setting.stay === undefined) return 0n as Fen
    const key = this.#stayKey(name)
    return ((this.#counters.get(always)?.get(key) ?? 0n) + this.#changed(always, key)) as Fen
  }

  feedStay(name: string, amount: bigint): void {
    if (this.#setting.stay !== undefined && amount !== 0n)
      this.#change(always, this.#stayKey(name), amount)
  }

  /** Forgets a stay once its last part is settled. */
  closeStay(): void {
    if (this.#setting.stay === undefined) return
    const prefix = this.#stayKey('')
    const keys = new Set([...this.#deltas.values()].map((d) => d.key))
    for (const key of this.#counters.get(always)?.keys() ?? []) keys.add(key)
    for (const key of keys) {
      if (!key.startsWith(prefix)) continue
      const left = (this.#counters.get(always)?.get(key) ?? 0n) + this.#changed(always, key)
      this.#change(always, key, -left)
    }
  }

  deltas(): CounterDelta[] {
    return [...this.#deltas.values()].filter(({ delta }) => delta !== 0n)
  }

  #change(year: string, key: string, amount: bigint): void {
    const delta = this.#changed(year, key) + amount
    this.#deltas.set(`${year} ${key}`, { year, key, delta })
  }

  #changed(year: string, key: string): bigint {
    return this.#deltas.get(`${year} ${key}`)?.delta ?? 0n
  }

  #stored(year: string, key: string): bigint {
    const sums = this.#counters.get(year)
    if (!sums) return 0n
    const { regions, schemes } = this.#setting.carryOver
    if (!regions && !schemes) return sums.get(key) ?? 0n
    const [region, scheme, ...rest] = key.split('|')
    const tail = rest.join('|')
    let total = 0n
    for (const [other, amount] of sums) {
      const [r, s, ...t] = other.split('|')
      if ((regions || r === region) && (schemes || s === scheme) && t.join('|') === tail)
        total += amount
    }
    return total
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
