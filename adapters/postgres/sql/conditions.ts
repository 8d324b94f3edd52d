/** A condition with a question mark for each of its values; one with a value that is not given is left out. */
export type Condition = readonly [condition: string, ...values: readonly unknown[]]

/** Values travel as parameters: each is put where a condition has a question mark. */
export class Conditions {
  readonly values: unknown[] = []

  of(...some: readonly Condition[]): string {
    const given = some.filter(([, ...values]) => values.every((value) => value !== undefined))
    return given.map(([condition, ...values]) => ` and ${this.#filled(condition, values)}`).join('')
  }

  put(value: unknown): string {
    return `$${this.values.push(value ?? null)}`
  }

  #filled(condition: string, values: readonly unknown[]): string {
    const left = [...values]
    return condition.replaceAll('?', () => this.put(left.shift()))
  }
}
