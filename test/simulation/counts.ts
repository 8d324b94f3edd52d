/** What was counted in a run, by name. */
export class Counts {
  readonly #counts = new Map<string, number>()

  add(name: string): void {
    this.#counts.set(name, this.of(name) + 1)
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** Those whose names begin so, and their sum. */
  group(prefix: string): { readonly sum: number; readonly each: readonly [string, number][] } {
    const each = [...this.#counts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]): [string, number] => [name.slice(prefix.length), count])
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
    return { sum: each.reduce((sum, [, count]) => sum + count, 0), each }
  }
}
