import type { Day, Span } from '../../engine/day.ts'
import { parseYuan } from '../../engine/money.ts'
import type { Coverage } from '../../engine/person.ts'
import { writeInstant } from './instant.ts'
import type { NewPerson, Registered } from './needs.ts'
import type { NewPersonBody, PersonAnswer } from './personSchema.ts'

interface Texts {
  readonly from: string
  readonly until?: string
}

const days = (span: Texts): Span => span as Span

/** The schema has seen to it that these texts are days. */
const dated = <T extends Texts>(items: readonly T[] | undefined): (Omit<T, keyof Span> & Span)[] =>
  (items ?? []).map((item) => ({ ...item, ...days(item) }))

/** Reads a person for the sandbox. Days were checked by the schema, the citizen number by the path. */
export function readPerson(body: NewPersonBody): NewPerson {
  const { card, citizenNumber: number } = body
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  return {
    name: body.name,
    citizenNumber: number,
    region: body.region,
    bankAccount: body.bankAccount,
    openingBalance: body.openingBalance === undefined ? undefined : parseYuan(body.openingBalance),
    card: card && {
      number: card.number,
      serial: card.serial,
      owner: body.id,
      life: card.life ?? 'active',
      loss: { kind: card.loss ?? 'none' },
      pin: card.pin ?? 'set',
      issued: card.issued as Day,
      expires: card.expires as Day,
      photo: card.photo ?? true,
      version: card.version ?? '3.00',
      managedIn: card.managedIn ?? card.serial.slice(0, 6),
    },
    person: {
      id: body.id,
      birth: (body.birth ?? born) as Day,
      sex: body.sex ?? (Number(number[16]) % 2 === 1 ? 'male' : 'female'),
      coverages: body.coverages.map(({ from, until, paused, ...c }) => ({
        ...c,
        region: c.region ?? body.region,
        paused: paused as Day | undefined,
        ...days({ from, ...(until !== undefined && { until }) }),
      })),
      civilServant: body.civilServant ?? false,
      identities: dated(body.identities),
      benefits: dated(body.benefits),
      diseases: dated(body.diseases),
      filings: dated(body.filings),
      injuries: dated(body.injuries),
      maternity: dated(body.maternity),
      familyShares: dated(body.familyShares),
      died: body.died as Day | undefined,
      directSettlementSuspended:
        body.directSettlementSuspended && days(body.directSettlementSuspended),
    },
  }
}

const spanOf = ({ from, until }: Span): { from: string; until?: string } => ({
  from,
  ...(until !== undefined && { until }),
})

export const writeCoverages = (coverages: readonly Coverage[]): PersonAnswer['coverages'] =>
  coverages.map((c) => ({
    scheme: c.scheme,
    region: c.region,
    group: c.group,
    ...(c.paused !== undefined && { paused: c.paused }),
    ...(c.premiumTier !== undefined && { premiumTier: c.premiumTier }),
    ...(c.contributionMonths !== undefined && { contributionMonths: c.contributionMonths }),
    ...spanOf(c),
  }))

export function writePerson(registered: Registered): PersonAnswer {
  const { person } = registered
  return {
    id: person.id,
    name: registered.maskedName,
    citizenNumber: registered.maskedCitizenNumber,
    birth: person.birth,
    sex: person.sex,
    region: registered.region,
    civilServant: person.civilServant,
    coverages: writeCoverages(person.coverages),
    cards: registered.cards.map((card) => ({
      id: card.id,
      number: card.maskedNumber,
      life: card.life,
      loss: card.loss.kind,
      ...(card.loss.kind === 'temporary' && { lossLapses: writeInstant(card.loss.lapses) }),
      pin: card.pin,
      issued: card.issued,
      expires: card.expires,
      photo: card.photo,
      version: card.version,
      managedIn: card.managedIn,
    })),
    identities: person.identities.map((x) => ({ kind: x.kind, ...spanOf(x) })),
    benefits: person.benefits.map((x) => ({ kind: x.kind, ...spanOf(x) })),
    diseases: person.diseases.map((x) => ({ code: x.code, name: x.name, ...spanOf(x) })),
    filings: person.filings.map(({ kind, as, careRegion, number, ...x }) => ({
      kind,
      ...(as !== undefined && { as }),
      careRegion,
      ...(number !== undefined && { number }),
      ...spanOf(x),
    })),
  }
}
