import type { Division } from '../../engine/claim.ts'
import { createRandom, type Random } from '../../test/faults/random.ts'
import { type Picker, pickerOf } from './draw.ts'
import { type Institutions, institutionsOf } from './institutions.ts'
import { Census, type Citizen } from './people.ts'

/** An invented city: the same seed gives the same people, households and institutions on every machine. */
export interface City {
  readonly region: Division
  readonly people: readonly Citizen[]
  readonly institutions: Institutions
  /** Whoever needs care: the old and the sick more often than others. */
  readonly patient: Picker<Citizen>
  /** A source of choices for one purpose, apart from those for others. */
  random(purpose: string): Random
}

export interface CityOptions {
  readonly seed: string | number
  readonly people: number
  readonly region?: Division
}

export function openCity({ seed, people: count, region = '510100' }: CityOptions): City {
  const random = createRandom(`${seed}/${region}`)
  const census = new Census(region, random.fork('people'))
  const people: Citizen[] = []
  while (people.length < count) people.push(...census.household())
  // The last household may be larger than what is left of the city.
  people.length = count
  return {
    region,
    people,
    institutions: institutionsOf(region),
    patient: pickerOf(people, needOf),
    random: (purpose) => random.fork(purpose),
  }
}

const needOf = ({ age, diseases }: Citizen): number =>
  (age >= 60 ? 3 : age < 7 ? 2 : 1) + 3 * diseases.length
