import type { Institution } from '../../engine/institution.ts'
import type { Random } from '../../test/faults/random.ts'
import { daysFrom } from './calendar.ts'
import type { City } from './city.ts'
import { around, whole } from './draw.ts'
import {
  type Bill,
  cataractLines,
  diseaseLines,
  outpatientLines,
  pharmacyLines,
  stayLines,
} from './lines.ts'
import { type Citizen, today } from './people.ts'
import type { Request, RequestKind } from './request.ts'

/** Kinds of visits that end in a bill. */
export type Care = Exclude<RequestKind, 'preview' | 'repeat' | 'reversal'>

/** A claim as an institution would send it, and whose it is. */
export interface Claim {
  readonly kind: Care
  readonly citizen: Citizen
  readonly key: string
  readonly body: Readonly<Record<string, unknown>> & { readonly institution: string }
}

/** By card with its serial, as a reader sends it, or by citizen number. */
export const byCard = ({ card: { number, serial } }: Citizen): object => ({
  type: 'card',
  number,
  cardSn: serial,
})
export const byNumber = ({ citizenNumber }: Citizen): object => ({
  type: 'citizen-number',
  number: citizenNumber,
})

export const settlementOf = ({ kind, key, body }: Claim): Request => ({
  kind,
  path: '/v1/settlements',
  key,
  type: 'application/json',
  body: JSON.stringify(body),
})

/** Makes up claims of a city's people; `tag` begins their keys, which are thereby apart from every other source's. */
export class Claims {
  readonly #city: City
  readonly #random: Random
  readonly #tag: string
  #count = 0

  constructor(city: City, tag: string) {
    this.#city = city
    this.#random = city.random(tag)
    this.#tag = tag
  }

  next(kind: Care): Claim {
    const random = this.#random
    const citizen = this.#patientFor(kind)
    const key = `${this.#tag}-${++this.#count}`
    const { institution, bill, ...more } = this.#visit(kind, citizen, key)
    const body = {
      institution: institution.code,
      day: today,
      credential: random.chance(0.55) ? byCard(citizen) : byNumber(citizen),
      useAccount: citizen.scheme === 'employee' && random.chance(0.85),
      ...(citizen.mayDrawOn !== undefined && { familyAccount: random.chance(0.7) }),
      ...more,
      ...bill,
    }
    return { kind, citizen, key, body }
  }

  #patientFor(kind: Care): Citizen {
    for (;;) {
      const citizen = this.#city.patient(this.#random)
      if (isFit(kind, citizen, this.#city)) return citizen
    }
  }

  #visit(kind: Care, citizen: Citizen, key: string): Visit {
    const random = this.#random
    const { hospital, clinic, pharmacy } = this.#city.institutions
    const away = citizen.home !== this.#city.region
    switch (kind) {
      case 'outpatient':
        return {
          // Clinics have no agreement for people from elsewhere.
          institution: (away || random.chance(0.55) ? hospital : clinic)(random),
          care: 'outpatient',
          bill: outpatientLines(random),
        }
      case 'emergency':
        return {
          institution: hospital(random),
          care: kind,
          emergency: true,
          bill: outpatientLines(random),
        }
      case 'pharmacy':
        return { institution: pharmacy(random), ...this.#sale(key) }
      case 'special':
        return {
          institution: (random.chance(0.5) ? hospital : clinic)(random),
          care: 'specialOutpatient',
          ...this.#ofDisease(citizen),
        }
      case 'inpatient':
        return { institution: hospital(random), care: kind, ...this.#stay(key) }
      case 'daySurgery': {
        const stay = { admission: today, discharge: today }
        return {
          institution: hospital(random),
          care: kind,
          visit: `V${key}`,
          stay,
          bill: cataractLines(random),
        }
      }
    }
  }

  #sale(key: string): Omit<Visit, 'institution'> {
    const byPrescription = this.#random.chance(0.3)
    return {
      care: 'pharmacy',
      ...(byPrescription && { prescription: { number: `RX${key}` } }),
      bill: pharmacyLines(this.#random, byPrescription),
    }
  }

  #ofDisease({ diseases }: Citizen): Pick<Visit, 'disease' | 'bill'> {
    const disease = this.#random.pick(diseases)
    return { disease, bill: diseaseLines(this.#random, disease) }
  }

  #stay(key: string): Pick<Visit, 'visit' | 'stay' | 'bill'> {
    const days = whole(around(this.#random, 6, 0.6), 1, 40)
    const admission = daysFrom(today, -days)
    return {
      visit: `V${key}`,
      stay: { admission, discharge: today },
      bill: stayLines(this.#random, admission, days),
    }
  }
}

interface Visit {
  readonly institution: Institution
  readonly care: string
  readonly bill: Bill
  readonly emergency?: boolean
  readonly disease?: string
  readonly visit?: string
  readonly stay?: object
  readonly prescription?: object
}

/** People from elsewhere go to hospitals; a disease must be filed; cataracts are of the old. */
function isFit(kind: Care, { home, diseases, age }: Citizen, { region }: City): boolean {
  if (kind === 'special') return home === region && diseases.length > 0
  if (kind === 'pharmacy') return home === region
  return kind !== 'daySurgery' || age >= 60
}
