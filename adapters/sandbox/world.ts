import path from 'node:path'
import { type CardLoss, cardVersions, type NewCard } from '../../engine/card.ts'
import { lapseOf } from '../../engine/authenticity.ts'
import type { Credential, Division } from '../../engine/claim.ts'
import { type Day, parseDay } from '../../engine/day.ts'
import { eCardNumber } from '../../engine/eCard.ts'
import { agreementKinds, hospitalLevels, type Institution } from '../../engine/institution.ts'
import type { Fen } from '../../engine/money.ts'
import type { Person } from '../../engine/person.ts'
import type { Region } from '../../engine/route.ts'
import type { OpeningBalance, Registry } from './needs.ts'
import { balanceOf, readPerson } from './people.ts'
import { type Fields, map, maps, maybeText, readYamlFile, text, texts, word } from './yaml.ts'

/** The invented world of the sandbox. */
export interface SandboxWorld {
  /** The day on which the sandbox clock starts. */
  readonly day: Day
  /** The PIN of every card: nobody's secret. */
  readonly pin: string
  readonly regions: readonly Region[]
  readonly institutions: readonly Institution[]
  readonly people: readonly SandboxPerson[]
  /** The pair of the national interface that institutions of the sandbox use, unless they are among its clients. */
  readonly gateway: {
    readonly paasid: string
    readonly secret: string
    readonly signingKey: string
    readonly clients: readonly Fields[]
  }
}

export interface SandboxPerson {
  /** The short name by which scripts and tests know this person. */
  readonly key: string
  readonly says: string
  readonly person: Person
  readonly name: string
  readonly citizenNumber: string
  /** 民族 (naty) and 单位名称 (emp_name), where the world tells them. */
  readonly ethnicGroup?: string | undefined
  readonly employer?: string | undefined
  /** The bank account of the card, where it has one. */
  readonly bankAccount?: string | undefined
  readonly region: Division
  readonly card: NewCard
  readonly credentials: readonly Credential[]
  readonly balance: Fen
}

/** Reads `sandbox/world.yaml` of a rules directory. */
export function readWorld(rulesDirectory: string): SandboxWorld {
  const file = readYamlFile(path.join(rulesDirectory, 'sandbox', 'world.yaml'))
  const gateway = map(file, 'gateway')
  return {
    day: parseDay(text(file, 'worldDay')),
    pin: text(file, 'pin'),
    regions: maps(file, 'regions').map(readRegion),
    institutions: maps(file, 'institutions').map(readInstitution),
    people: readPeople(maps(file, 'people')),
    gateway: {
      paasid: text(gateway, 'paasid'),
      secret: text(gateway, 'secret'),
      signingKey: text(gateway, 'signingKey'),
      clients: maps(gateway, 'clients'),
    },
  }
}

function readRegion(fields: Fields): Region {
  const division = text(fields, 'division')
  return {
    division,
    name: text(fields, 'name'),
    divisions: texts(fields, 'poolingArea'),
    province: `${division.slice(0, 2)}0000`,
  }
}

/** Agreements of the world are older than anything that is settled in it. */
const always = parseDay('2000-01-01')

function readInstitution(fields: Fields): Institution {
  const terminated = maybeText(fields, 'terminated')
  return {
    code: text(fields, 'code'),
    name: text(fields, 'name'),
    type: text(fields, 'type'),
    level: word(fields, 'level', hospitalLevels),
    division: text(fields, 'division'),
    cardEvidence: word(fields, 'cardEvidence', ['verified', 'reader-trusted']),
    agreements: texts(fields, 'agreements').map((kind) => ({
      kind: word({ kind }, 'kind', agreementKinds),
      from: always,
    })),
    ...(terminated !== undefined && { terminated: parseDay(terminated) }),
  }
}

/** An account's owner files who may draw on it; a person knows whose accounts they may draw on. */
function readPeople(people: readonly Fields[]): SandboxPerson[] {
  const ids = new Map(people.map((fields) => [text(fields, 'key'), text(fields, 'psn_no')]))
  const shares = people.flatMap((fields) =>
    maps(fields, 'familyShare').map((share) => ({
      to: text(share, 'to'),
      owner: ids.get(text(fields, 'key')) as string,
      relation: text(share, 'relation'),
      from: parseDay(text(share, 'filed')),
    })),
  )
  return people.map((fields) => {
    const key = text(fields, 'key')
    const familyShares = shares
      .filter((share) => share.to === key)
      .map(({ owner, relation, from }) => ({ owner, relation, from }))
    const person = readPerson(fields, familyShares)
    const citizenNumber = text(fields, 'certno')
    const card = readCard(map(fields, 'card'), person.id)
    return {
      key,
      says: text(fields, 'says'),
      person,
      name: text(fields, 'name'),
      citizenNumber,
      ethnicGroup: maybeText(fields, 'naty'),
      employer: maybeText(fields, 'employer'),
      bankAccount: maybeText(fields, 'bankAccount'),
      region: text(fields, 'region'),
      card,
      credentials: [
        { type: 'citizen-number', number: citizenNumber },
        { type: 'card', number: card.number },
        // The world gives no numbers of e-cards: in the sandbox it is E and the person's number.
        { type: 'e-card', number: eCardNumber(person.id) },
      ],
      balance: balanceOf(fields),
    }
  })
}

function readCard(fields: Fields, owner: string): NewCard {
  return {
    number: text(fields, 'cardno'),
    serial: text(fields, 'card_sn'),
    owner,
    life: word(fields, 'life', [
      'requested',
      'made',
      'issued',
      'active',
      'superseded',
      'cancelled',
    ]),
    loss: readLoss(fields),
    pin: word(fields, 'pinState', ['initial', 'set', 'locked']),
    issued: parseDay(text(fields, 'issued')),
    expires: parseDay(text(fields, 'expires')),
    photo: text(fields, 'photo') === 'true',
    version: word(fields, 'version', cardVersions),
    managedIn: text(fields, 'card_sn').slice(0, 6),
  }
}

function readLoss(fields: Fields): CardLoss {
  const kind = word(fields, 'loss', ['none', 'temporary', 'formal'])
  return kind === 'temporary'
    ? { kind, lapses: lapseOf(Date.parse(text(fields, 'lostAt'))) }
    : { kind }
}

/** The part of the world that is kept here: institutions and people of the regions that are served here (servedBy). */
export function servedPart(world: SandboxWorld, served: Iterable<Division>): SandboxWorld {
  const ours = new Set(served)
  const divisions = new Set(
    world.regions.filter((one) => ours.has(one.division)).flatMap((one) => one.divisions),
  )
  return {
    ...world,
    institutions: world.institutions.filter((one) => divisions.has(one.division)),
    people: world.people.filter((one) => divisions.has(one.region)),
  }
}

/** Enters the world; whoever and whatever is already there becomes as the world has it, and accounts keep their balance. */
export async function enterWorld(
  world: SandboxWorld,
  registry: Registry,
  mode: 'sandbox' | 'production',
): Promise<void> {
  if (mode !== 'sandbox')
    throw new Error('The invented people of the sandbox have no place in production.')
  for (const { card, credentials, ...enrolled } of world.people) {
    const { person } = enrolled
    await registry.putPerson(enrolled)
    await registry.putCard(card, card.pin === 'initial' ? undefined : world.pin)
    for (const credential of credentials)
      await registry.putCredential(
        credential,
        person.id,
        credential.type === 'citizen-number' ? undefined : card.number,
      )
  }
  await registry.openAccounts(world.people.map((one) => openingOf(one, world.regions)))
  for (const region of world.regions) await registry.putRegion(region)
  // Last, so that a database with institutions has all of the world.
  for (const institution of world.institutions) await registry.putInstitution(institution)
}

/** The pooling area holds the account, 市本级 (510199) included. */
function openingOf(
  { person, region, balance }: SandboxPerson,
  regions: readonly Region[],
): OpeningBalance {
  const pooling = regions.find((each) => each.divisions.includes(region))
  return { owner: person.id, region: pooling?.division ?? region, amount: balance }
}
