/** Names under which something may be done by one at a time, and by all others not at all meanwhile. */
export interface Turns {
  take(name: string): Promise<boolean>
  give(name: string): Promise<void>
}

/** Turns that are taken by processes, each known by its slot. */
export interface SharedTurns {
  of(slot: number): Turns
  /** Of a process that has ended all turns are given back. */
  giveAll(slot: number): void
}

export function createTurns(): SharedTurns {
  const takers = new Map<string, number>()
  return {
    of: (slot) => ({
      async take(name) {
        if (takers.has(name)) return false
        takers.set(name, slot)
        return true
      },
      async give(name) {
        if (takers.get(name) === slot) takers.delete(name)
      },
    }),
    giveAll(slot) {
      for (const [name, taker] of takers) if (taker === slot) takers.delete(name)
    },
  }
}
