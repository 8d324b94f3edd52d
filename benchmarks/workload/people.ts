import { withCheckDigit } from '../../test/support/citizenNumber.ts'
import type { Division } from '../../engine/claim.ts'
import { type Day, parseDay } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { Group, Person } from '../../engine/person.ts'
import type { Random } from '../../test/faults/random.ts'
import { daysFrom } from './calendar.ts'
import { around, whole } from './draw.ts'

/** Somebody invented: division 5101 99 and its like are assigned to nobody, so no citizen number here can be anybody's. */
export interface Citizen {
  readonly number: number
  readonly id: string
  readonly citizenNumber: string
  readonly birth: Day
  readonly age: number
  readonly sex: 'male' | 'female'
  /** Where they are insured. */
  readonly home: Division
  readonly scheme: 'employee' | 'resident'
  readonly group: Group
  readonly card: { readonly number: string; readonly serial: string }
  readonly balance: Fen
  readonly diseases: readonly string[]
  /** On the minimum living allowance (低保). */
  readonly poor: boolean
  /** Whose account they may draw on. */
  readonly mayDrawOn: string | undefined
}

/** The day of the city: everything it does happens on it. */
export const today = parseDay('2026-03-02')

const digits = (number: number, width: number): string => String(number).padStart(width, '0')

/** What the ids of a city's people begin with; seventeen digits of their number follow. */
export const idPrefix = (region: Division): string => `${region}C`

/** Members of a household by age, from youngest grown-up on; what is drawn for each follows from it. */
const households: readonly (readonly (readonly [low: number, high: number])[])[] = [
  [[22, 58]],
  [
    [22, 58],
    [22, 58],
  ],
  [
    [26, 45],
    [26, 45],
    [1, 17],
  ],
  [
    [28, 48],
    [28, 48],
    [1, 17],
    [1, 17],
  ],
  [
    [30, 50],
    [30, 50],
    [3, 20],
    [60, 84],
  ],
  [
    [60, 88],
    [60, 88],
  ],
  [[66, 92]],
]

export class Census {
  readonly #region: Division
  readonly #random: Random
  readonly #born = new Map<string, number>()
  #number = 0

  constructor(region: Division, random: Random) {
    this.#region = region
    this.#random = random
  }

  /** One household, insured in one place. */
  household(): Citizen[] {
    const random = this.#random
    // A few people of the next city live and are treated here; both are served by one instance.
    const home = this.#region === '510100' && random.chance(0.03) ? '510700' : this.#region
    const members: Citizen[] = []
    const shares = random.chance(0.4)
    for (const [low, high] of random.pick(households)) {
      const payer = shares ? members.find(({ group }) => group === 'working') : undefined
      members.push(this.#member(home, random.between(low, high), payer?.id))
    }
    return members
  }

  #member(home: Division, age: number, payer: string | undefined): Citizen {
    const random = this.#random
    const number = ++this.#number
    const sex = random.chance(0.5) ? 'male' : 'female'
    const birth = this.#birthday(age)
    const { scheme, group } = coverageAt(age, random)
    const isOld = age >= 60
    const balance = scheme === 'employee' ? around(random, isOld ? 5_000 : 3_000, 0.8) : 0
    return {
      number,
      id: `${idPrefix(this.#region)}${digits(number, 17)}`,
      citizenNumber: this.#citizenNumber(home, birth, sex),
      birth,
      age,
      sex,
      home,
      scheme,
      group,
      card: {
        number: `C${digits(number, 8)}`,
        serial: `${home}D156000005C0${digits(number, 14)}`,
      },
      balance: BigInt(whole(balance * 100, 0, 10_000_000)) as Fen,
      diseases: diseasesAt(age, random),
      poor: scheme === 'resident' && random.chance(0.02),
      mayDrawOn: scheme === 'resident' ? payer : undefined,
    }
  }

  /**
   * Of that age today. Nobody is born in January or on a fifth: the people of other benchmarks and of tests are, and nobody
   * may have the number of another.
   */
  #birthday(age: number): Day {
    for (;;) {
      const eve = parseDay(`${2026 - age - 1}-03-02`)
      const birth = daysFrom(eve, this.#random.between(1, 365))
      if (birth.slice(5, 7) !== '01' && birth.slice(8) !== '05') return birth
    }
  }

  #citizenNumber(home: Division, birth: Day, sex: Citizen['sex']): string {
    const day = `${home.slice(0, 4)}99${birth.replaceAll('-', '')}`
    const born = this.#born.get(day + sex) ?? 0
    if (born === 250) throw new Error(`too many people are born on ${birth}`)
    this.#born.set(day + sex, born + 1)
    return withCheckDigit(`${day}${digits(500 + 2 * born + (sex === 'male' ? 1 : 0), 3)}`)
  }
}

function coverageAt(age: number, random: Random): Pick<Citizen, 'scheme' | 'group'> {
  if (age < 18) return { scheme: 'resident', group: 'child' }
  if (age >= 60)
    return random.chance(0.6)
      ? { scheme: 'employee', group: 'retired' }
      : { scheme: 'resident', group: 'adult' }
  return age >= 22 && random.chance(0.72)
    ? { scheme: 'employee', group: 'working' }
    : { scheme: 'resident', group: 'adult' }
}

/** Hypertension and diabetes (高血压, 糖尿病) as they are filed for special outpatient care. */
function diseasesAt(age: number, random: Random): string[] {
  const often = age >= 60 ? 0.3 : age >= 40 ? 0.08 : 0
  return ['M03900', 'M01600'].filter((_, i) => random.chance(often / (i + 1)))
}

/** The citizen as the engine knows them. */
export function personOf(citizen: Citizen): Person {
  const { id, birth, sex, scheme, home, group, age, mayDrawOn } = citizen
  const from = parseDay('2020-01-01')
  return {
    id,
    birth,
    sex,
    coverages: [
      {
        scheme,
        region: home,
        group,
        from: birth > from ? birth : from,
        ...(scheme === 'resident' &&
          group === 'adult' && { premiumTier: age % 3 ? 'high' : 'low' }),
      },
    ],
    civilServant: false,
    identities: citizen.poor ? [{ kind: 'minimum-living', from: parseDay('2024-01-01') }] : [],
    benefits: [],
    diseases: citizen.diseases.map((code) => ({
      code,
      name: code === 'M03900' ? '高血压' : '糖尿病',
      from: parseDay('2024-01-01'),
    })),
    filings: [],
    injuries: [],
    maternity: [],
    familyShares:
      mayDrawOn === undefined
        ? []
        : [
            {
              owner: mayDrawOn,
              relation: age < 18 ? 'child' : 'parent',
              from: parseDay('2025-01-01'),
            },
          ],
  }
}
