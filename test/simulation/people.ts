import { withCheckDigit } from '../support/citizenNumber.ts'
import { readWorld } from '../../adapters/sandbox/world.ts'
import type { NewCard } from '../../engine/card.ts'
import type { Credential, Division } from '../../engine/claim.ts'
import { parseDay } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { Person } from '../../engine/person.ts'
import type { Random } from '../faults/random.ts'
import type { Region } from './region.ts'

const sandbox = readWorld('rules')
const since = parseDay('2025-01-01')

/** Somebody invented: a copy of somebody of the sandbox under another name. */
export interface Inhabitant {
  readonly person: Person
  readonly region: Division
  readonly citizenNumber: string
  readonly card: NewCard
  readonly credential: Credential
  readonly opening: Fen
  readonly hasFamily: boolean
  /** Who shares an account with whom. */
  readonly group: string
}

/** Whom of the sandbox the people of a region are like. */
const models: Readonly<Record<Division, readonly string[]>> = {
  '510100': ['O1', 'E1', 'R1', 'P1', 'O1'],
  '510700': ['Y2', 'Y1'],
  '440100': ['G1'],
}

const modelOf = (key: string): (typeof sandbox.people)[number] => {
  const found = sandbox.people.find((one) => one.key === key)
  if (!found) throw new Error(`the sandbox has no ${key}`)
  return found
}

/** The n-th of the people of a region. Every third may draw on the account of the one before. */
export function inhabitant(region: Division, n: number, seeded: Random): Inhabitant {
  const random = seeded.fork(`inhabitant ${region} ${n}`)
  const model = modelOf(random.pick(models[region] ?? []))
  const hasFamily = n % 3 === 2
  const shares = [{ owner: idOf(region, n - 1), relation: 'parent', from: since }]
  const citizenNumber = citizenNumberOf(region, n)
  const serial = `${region}D156000005${String(n).padStart(16, '0')}`
  const number = `${letters[region]}${String(n).padStart(8, '0')}`
  const card = { ...model.card, number, serial, owner: idOf(region, n) }
  const showsCard = random.chance(0.3)
  return {
    person: { ...model.person, id: idOf(region, n), familyShares: hasFamily ? shares : [] },
    region,
    citizenNumber,
    card,
    credential: showsCard
      ? { type: 'card', number: card.number, cardSn: serial }
      : { type: 'citizen-number', number: citizenNumber },
    opening: BigInt(random.between(0, 300_000)) as Fen,
    hasFamily,
    group: `${region} ${hasFamily ? n - 1 : n}`,
  }
}

const letters: Readonly<Record<Division, string>> = { '510100': 'S', '510700': 'T', '440100': 'U' }

/** Of a division that nobody can be of, such as 510199, born day by day from 1950 on. */
function citizenNumberOf(region: Division, n: number): string {
  const born = new Date(Date.UTC(1950, 0, 1 + n)).toISOString().slice(0, 10).replaceAll('-', '')
  return withCheckDigit(`${region.slice(0, 4)}99${born}001`)
}

const idOf = (region: Division, n: number): string => `${region}9${String(n).padStart(17, '0')}`

/** Enters somebody where they are insured. */
export async function enrol(
  { person, region, citizenNumber, card, opening }: Inhabitant,
  { register, opening: books }: Region,
): Promise<void> {
  await register.putPerson({ person, name: '演示', citizenNumber, region })
  await register.putCredential(
    { type: 'citizen-number', number: citizenNumber },
    person.id,
    undefined,
  )
  await register.putCard(card)
  await register.putCredential({ type: 'card', number: card.number }, person.id, card.number)
  if (opening > 0n) await books.open([{ owner: person.id, region, amount: opening }])
}

/** Institutions of a region that treat people from elsewhere. */
export const hospitalsOf = ({ served }: Region): readonly string[] =>
  sandbox.institutions
    .filter(
      ({ division, agreements, terminated, cardEvidence }) =>
        served.includes(division) &&
        terminated === undefined &&
        cardEvidence === 'reader-trusted' &&
        agreements.some(({ kind }) => kind === 'crossRegion'),
    )
    .map(({ code }) => code)

export async function enterPlaces({ register, served }: Region): Promise<void> {
  const divisions = new Set(
    sandbox.regions
      .filter(({ division }) => served.includes(division))
      .flatMap((one) => one.divisions),
  )
  for (const region of sandbox.regions) await register.putRegion(region)
  for (const institution of sandbox.institutions)
    if (divisions.has(institution.division)) await register.putInstitution(institution)
}
