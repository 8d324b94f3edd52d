import { cardIdOf } from '../../adapters/postgres/cards.ts'
import { cardHash } from '../../adapters/postgres/hashes.ts'
import type { Crypto } from '../../adapters/postgres/needs.ts'
import type { Credential } from '../../engine/claim.ts'
import type { City } from '../workload/city.ts'
import { type Citizen, personOf } from '../workload/people.ts'
import { cardOf } from '../workload/registerRows.ts'
import type { SeedRegister } from './seedBooks.ts'

/** The register of a city, as `enterCity` writes it, without a database. */
export function residentsOf(city: City, crypto: Crypto): SeedRegister {
  const holders = new Map<string, Citizen>()
  for (const citizen of city.people) {
    holders.set(citizen.citizenNumber, citizen)
    holders.set(citizen.card.number, citizen)
  }
  const institutions = new Map(city.institutions.all.map((one) => [one.code, one]))
  return {
    holder({ type, number }: Credential) {
      const citizen = holders.get(number)
      if (!citizen) return undefined
      const person = personOf(citizen)
      if (type !== 'card') return { person, card: undefined }
      return { person, card: { ...cardOf(citizen), id: cardIdOf(cardHash(crypto, number)) } }
    },
    institution: (code) => institutions.get(code),
  }
}
