import type { Instant } from '../../engine/day.ts'

/** Something that will happen at a virtual moment. */
export interface Happening {
  readonly at: Instant
  /** Unlike any other's: of two at the same moment the names decide which is first, and never the order of asking. */
  readonly name: string
  /** Whom it is about: what is about nobody in common may happen side by side. */
  readonly group: string
  /** What must have everything to itself, one step of the database after the other. */
  readonly alone?: Strike | undefined
  readonly happen: () => void
  cancelled?: boolean
}

/** What is to go wrong in the n-th step of the database that a happening takes. */
export interface Strike {
  readonly kind: 'none' | 'kill-before' | 'kill-after' | 'unavailable' | 'reply-lost' | 'unsent'
  readonly step: number
}

/** Virtual time: what happens next is the earliest, and nothing else moves the clock. */
export class Timeline {
  readonly #heap: Happening[] = []
  /** What comes again and again, and is no reason to go on. */
  #background: Happening[] = []
  #now: Instant

  constructor(start: Instant) {
    this.#now = start
  }

  get now(): Instant {
    return this.#now
  }

  at(at: Instant, one: Omit<Happening, 'at'>): Happening {
    const happening = { ...one, at: Math.max(Math.ceil(at), this.#now) }
    this.#heap.push(happening)
    this.#rise(this.#heap.length - 1)
    return happening
  }

  /** Happens when it is due, but nobody who peeks sees it. */
  behind(at: Instant, one: Omit<Happening, 'at'>): void {
    this.#background.push({ ...one, at: Math.max(Math.ceil(at), this.#now) })
  }

  after(wait_ms: number, one: Omit<Happening, 'at'>): Happening {
    return this.at(this.#now + wait_ms, one)
  }

  peek(): Happening | undefined {
    while (this.#heap[0]?.cancelled) this.#pop()
    return this.#heap[0]
  }

  /**
   * The next ones that may happen side by side: of different groups, within a moment that nobody can tell apart. The clock
   * moves on to the first of them, and a millisecond at least.
   */
  take(most: number, within_ms: number): Happening[] {
    const first = this.#first()
    if (!first) return []
    this.#now = Math.max(this.#now + 1, first.at)
    if (first.alone) return [first]
    const [taken, left, groups] = [[first], [] as Happening[], new Set([first.group])]
    for (let next = this.peek(); next && taken.length < most; next = this.peek()) {
      if (next.alone || next.at > first.at + within_ms || left.length > most) break
      this.#pop()
      if (groups.has(next.group)) left.push(next)
      else taken.push(next)
      groups.add(next.group)
    }
    for (const one of left) {
      this.#heap.push(one)
      this.#rise(this.#heap.length - 1)
    }
    return taken
  }

  #first(): Happening | undefined {
    const [behind] = this.#background.toSorted((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
    const ahead = this.peek()
    if (behind && (!ahead || behind.at <= ahead.at)) {
      this.#background = this.#background.filter((one) => one !== behind)
      return behind
    }
    if (ahead) this.#pop()
    return ahead
  }

  #pop(): void {
    const last = this.#heap.pop()
    if (!last || this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink(0)
  }

  #rise(start: number): void {
    for (let i = start; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!this.#swapped(i, parent)) return
      i = parent
    }
  }

  #sink(start: number): void {
    for (let i = start; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2]
      const least = right < this.#heap.length && this.#isBefore(right, left) ? right : left
      if (least >= this.#heap.length || !this.#swapped(least, i)) return
      i = least
    }
  }

  #swapped(child: number, parent: number): boolean {
    if (!this.#isBefore(child, parent)) return false
    const [a, b] = [this.#heap[child] as Happening, this.#heap[parent] as Happening]
    this.#heap[child] = b
    this.#heap[parent] = a
    return true
  }

  #isBefore(i: number, j: number): boolean {
    const [a, b] = [this.#heap[i] as Happening, this.#heap[j] as Happening]
    return a.at === b.at ? a.name < b.name : a.at < b.at
  }
}
