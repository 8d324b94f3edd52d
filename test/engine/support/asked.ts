import { type Claim } from '../../../engine/claim.ts'
import { decide, type World } from '../../../engine/decide.ts'
import type { Institution } from '../../../engine/institution.ts'
import type { Person } from '../../../engine/person.ts'
import type { Card } from '../../../engine/card.ts'
import type { Facts } from '../../../engine/ports.ts'
import { day, layer, pays, region, rule, rulebooks, scheme } from './packs.ts'
import { card, claim, facts, institution, line, person, refused, stay, world } from './world.ts'

/** One rule that needs everything, over a forced interim, so that one claim can lack anything. */
export const books = rulebooks({
  regions: [region(), region('500100')],
  schemes: [
    scheme([
      rule([layer('pool', pays('0.8'))], {
        care: ['specialOutpatient'],
        needs: [
          'injuryCertification',
          'injuryConsent',
          'maternityRegistration',
          'filedDisease',
          'prescription',
        ],
        dates: {
          entitlement: 'discharge',
          group: 'discharge',
          benefit: 'discharge',
          year: 'discharge',
          catalogue: 'line',
          acrossYears: 'forced-interim',
        },
      }),
    ]),
  ],
})

export interface Asked {
  readonly claim: Claim
  readonly facts: Facts
  readonly world: World
}

export const everything: Asked = {
  claim: claim(
    [
      line('10.00', { id: 'L1', at: day('2026-01-05') }),
      line('5.00', { id: 'L2', at: day('2026-01-05') }),
    ],
    {
      care: 'specialOutpatient',
      credential: { type: 'card', number: 'A12345678', cardSn: '510100D15600000500BF7C7A48FB4966' },
      visit: 'V1',
      stay: stay('2025-12-30', '2026-01-05'),
      disease: 'M1',
      injury: { certification: 'G1', diagnoses: ['S52'], consent: 'C1', recurrence: false },
      maternity: { kind: 'natural', fetuses: 1 },
      externalInjury: { noThirdParty: true },
      prescription: { number: 'R1', circulating: false },
    },
  ),
  facts: facts({
    card: card(),
    person: person({
      diseases: [{ code: 'M1', name: 'a', from: day('2020-01-01') }],
      injuries: [
        { certification: 'G1', employer: 'E', diagnoses: ['S52'], from: day('2020-01-01') },
      ],
      maternity: [{ registration: 'R', from: day('2020-01-01') }],
    }),
  }),
  world: world(books),
}

export type Spoil = (a: Asked) => Asked

export const inClaim =
  (more: (c: Claim) => Partial<Claim>): Spoil =>
  (a) => ({ ...a, claim: { ...a.claim, ...more(a.claim) } })

export const inFacts =
  (more: Partial<Facts>): Spoil =>
  (a) => ({ ...a, facts: { ...a.facts, ...more } })

export const inPerson =
  (more: Partial<Person>): Spoil =>
  (a) =>
    inFacts({ person: { ...person(), ...a.facts.person, ...more } })(a)

export const inCard =
  (more: Partial<Card>): Spoil =>
  (a) =>
    inFacts({ card: { ...card(), ...a.facts.card, ...more } })(a)

export const inHospital =
  (more: Partial<Institution>): Spoil =>
  (a) =>
    inFacts({ institution: { ...institution(), ...a.facts.institution, ...more } })(a)

export const injury = (more: object): Spoil =>
  inClaim((c) => ({
    injury: {
      certification: 'G1',
      diagnoses: [],
      consent: 'C',
      recurrence: false,
      ...c.injury,
      ...more,
    },
  }))

export const past = day('2018-01-01')

export const told = ({ claim: c, facts: f, world: w }: Asked): string => refused(decide(c, f, w))
