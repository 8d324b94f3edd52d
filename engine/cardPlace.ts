import type { Card } from './card.ts'
import type { CardPolicy } from './cardPolicy.ts'
import type { ShownDocument } from './cardDocuments.ts'
import type { ServiceRow } from './cardLife.ts'
import type { Division } from './claim.ts'
import { covers, type Day } from './day.ts'
import type { Person } from './person.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Directory } from './route.ts'

/** What a desk knows of places: the regions, and what each has decided about its cards. */
export interface CardPlaces {
  readonly regions: Pick<Directory, 'regionOf'>
  readonly policyOf: (division: Division) => CardPolicy
}

/** Cards are a province's: 一人一卡, and any desk of it. A province is the first two digits of a division (GB/T 2260). */
export const provinceOf = (division: Division): string => division.slice(0, 2)

/** A place that manages cards (管理地): the pooling area of a division. */
export const placeOf = ({ regions }: CardPlaces, division: Division): Division =>
  regions.regionOf(division)?.division ?? division

interface Placed {
  readonly division: Division
  readonly documents: readonly ShownDocument[]
  readonly person: Person
  readonly today: Day
  readonly places: CardPlaces
}

/** Any desk of the province that manages a card does what concerns it. */
export function refuseDesk(
  card: Card | undefined,
  division: Division,
  { regions }: CardPlaces,
): Refusal | undefined {
  if (!regions.regionOf(division)) return refuse('desk-unknown', { desk: division })
  return card && provinceOf(card.managedIn) !== provinceOf(division)
    ? refuse('desk-of-another-province', { desk: division })
    : undefined
}

/** May it be done at this desk? A first card and a move want a ground to be here; all else any desk of the province. */
export function refusePlace(
  { does, from }: ServiceRow,
  card: Card | undefined,
  placed: Placed,
): Refusal | undefined {
  const { division, places } = placed
  const elsewhere = refuseDesk(card, division, places)
  if (elsewhere) return elsewhere
  if (!from && !belongsHere(placed)) return refuse('applicant-not-in-province', { desk: division })
  if (does.includes('moves-card') && !belongsHere(placed))
    return refuse('relocation-without-ground', { place: placeOf(places, division) })
  return undefined
}

/** Insured at this place today, or employed here by a document that says so. */
function belongsHere({ division, documents, person, today, places }: Placed): boolean {
  const here = placeOf(places, division)
  const isHere = (other: Division | undefined): boolean =>
    other !== undefined && placeOf(places, other) === here
  return (
    person.coverages.some((row) => covers(row, today) && isHere(row.region)) ||
    documents.some(({ kind, place }) => kind === 'employment-document' && isHere(place))
  )
}
