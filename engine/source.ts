import type { Day } from './day.ts'

/** Where a value comes from. A and B were read in an official text, C quotes one, D is computed, the last is invented. */
export interface Source {
  readonly id: string
  readonly title: string
  readonly document?: string | undefined
  readonly article?: string | undefined
  readonly link?: string | undefined
  readonly grade: 'A' | 'B' | 'C' | 'D' | 'illustrative'
  /** The day somebody last confirmed the value against the source. */
  readonly confirmed: Day
  readonly note?: string | undefined
}
