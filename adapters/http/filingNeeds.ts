import type { FilingPlaces } from '../../engine/awayFiling.ts'
import type { Kept } from '../../engine/dossier.ts'

/** Filings of care away from home as their desk and the insured ask about them (异地就医备案). */
export interface FilingDesk {
  readonly places: FilingPlaces
  /** A number that no filing has. */
  newNumber(person: string): string
  /** What is kept of a person's filings, by name of their dossiers. */
  kept(person: string): Promise<ReadonlyMap<string, readonly Kept[]>>
}
