import { allocate, type Fen, least, subtract, zero } from './money.ts'
import type { BurdenPart } from './pack.ts'
import type { ScopedLine } from './scoped.ts'

type Rest = Exclude<BurdenPart, 'inScope'>

/** What the lines of a bill add up to, part by part. */
export type LineSums = Pick<
  ScopedLine,
  'amount' | 'selfPaid' | 'overLimit' | 'firstSelfPay' | 'inScope'
>

export function sumLines(lines: readonly ScopedLine[]): LineSums {
  let [amount, selfPaid, overLimit, firstSelfPay, inScope] = [0n, 0n, 0n, 0n, 0n]
  for (const line of lines) {
    amount += line.amount
    selfPaid += line.selfPaid
    overLimit += line.overLimit
    firstSelfPay += line.firstSelfPay
    inScope += line.inScope
  }
  return { amount, selfPaid, overLimit, firstSelfPay, inScope } as LineSums
}

/**
 * What the person still bears, in parts that always add up. Layers take from it; whatever no payer takes is the person's,
 * so the parts of a bill add up by construction.
 */
export class Burden {
  readonly #lines: readonly ScopedLine[]
  /** The in-scope amount of each line that no layer has taken up yet. */
  readonly #inScope: Fen[]
  readonly #rest: Record<Rest, Fen>

  constructor(lines: readonly ScopedLine[], sums: LineSums = sumLines(lines)) {
    this.#lines = lines
    this.#inScope = lines.map((line) => line.inScope)
    this.#rest = {
      crossRegionFirstPay: zero,
      deductible: zero,
      copay: zero,
      aboveCap: zero,
      firstSelfPay: sums.firstSelfPay,
      overLimit: sums.overLimit,
      selfPaid: sums.selfPaid,
    }
  }

  of(part: BurdenPart, takes: (line: ScopedLine) => boolean = () => true): Fen {
    if (part !== 'inScope') return this.#rest[part]
    let total = 0n
    for (let i = 0; i < this.#inScope.length; i++) {
      const amount = this.#inScope[i] as Fen
      if (amount > 0n && takes(this.#lines[i] as ScopedLine)) total += amount
    }
    return total as Fen
  }

  total(): Fen {
    const { firstSelfPay, overLimit, selfPaid } = this.#rest
    return (this.withinPolicy() + firstSelfPay + overLimit + selfPaid) as Fen
  }

  /** The in-scope part of what the person bears (政策范围内个人负担). */
  withinPolicy(): Fen {
    const { crossRegionFirstPay, deductible, copay, aboveCap } = this.#rest
    return (this.of('inScope') + crossRegionFirstPay + deductible + copay + aboveCap) as Fen
  }

  /** Sets an amount of the in-scope part aside before any layer, spread over the lines by their size. */
  setAside(amount: Fen): void {
    const parts = allocate(amount, this.#inScope)
    for (const [i, part] of parts.entries())
      this.#inScope[i] = subtract(this.#inScope[i] as Fen, part)
    this.#put('crossRegionFirstPay', amount)
  }

  /** A layer takes up the in-scope amount of its lines: it is no longer there for other layers to take up. */
  takeUp(takes: (line: ScopedLine) => boolean): void {
    for (const [i, amount] of this.#inScope.entries())
      if (amount > 0n && takes(this.#lines[i] as ScopedLine)) this.#inScope[i] = zero
  }

  leave(parts: { readonly deductible: Fen; readonly copay: Fen; readonly aboveCap: Fen }): void {
    this.#put('deductible', parts.deductible)
    this.#put('copay', parts.copay)
    this.#put('aboveCap', parts.aboveCap)
  }

  /** A payer pays an amount out of parts, the first first. */
  pay(amount: Fen, parts: readonly BurdenPart[]): void {
    let left = amount
    for (const part of parts) {
      if (part === 'inScope') left = this.#payInScope(left)
      else {
        const paid = least(left, this.#rest[part])
        this.#rest[part] = subtract(this.#rest[part], paid)
        left = subtract(left, paid)
      }
    }
  }

  #payInScope(amount: Fen): Fen {
    let left = amount
    for (const [i, open] of this.#inScope.entries()) {
      const paid = least(left, open)
      this.#inScope[i] = subtract(open, paid)
      left = subtract(left, paid)
    }
    return left
  }

  #put(part: Rest, amount: Fen): void {
    this.#rest[part] = (this.#rest[part] + amount) as Fen
  }
}
