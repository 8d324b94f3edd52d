import { describe, expect, test } from 'vitest'
import { type Claim, mostLines } from '../../engine/claim.ts'
import { decideOn } from '../../engine/deciding.ts'
import { decide, type World } from '../../engine/decide.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Person } from '../../engine/person.ts'
import { lapseOf } from '../../engine/authenticity.ts'
import type { Card } from '../../engine/card.ts'
import type { Facts } from '../../engine/ports.ts'
import { day, layer, pays, region, rule, rulebooks, scheme } from './support/packs.ts'
import {
  card,
  claim,
  coverage,
  facts,
  institution,
  line,
  now,
  person,
  refused,
  stay,
  world,
  yuan,
} from './support/world.ts'
import {
  books,
  everything,
  inClaim,
  inFacts,
  inPerson,
  inCard,
  inHospital,
  past,
  told,
} from './support/asked.ts'

describe('credentials', () => {
  const by = (credential: Claim['credential'], more: Partial<Facts> = {}) =>
    told(inFacts(more)(inClaim(() => ({ credential }))(everything)))
  const number = '510199194912310024'

  test('a person nobody knows is unknown by citizen number', () => {
    expect(by({ type: 'citizen-number', number }, { person: undefined })).toBe('person-unknown')
  })

  test('a lost card blocks that card, not its holder', () => {
    const lost = { card: card({ loss: { kind: 'formal' } as const }) }
    expect(by({ type: 'card', number: 'A12345678' }, lost)).toBe('card-formally-lost')
    expect(by({ type: 'citizen-number', number }, lost)).toBe('settle')
  })

  test('an e-card follows the card it stands for', () => {
    expect(by({ type: 'e-card', number: 'token' })).toBe('settle')
    expect(by({ type: 'e-card', number: 'token' }, { card: undefined })).toBe('card-unknown')
    expect(by({ type: 'e-card', number: 'token' }, { card: card({ life: 'cancelled' }) })).toBe(
      'card-cancelled',
    )
  })

  test('a temporary loss lapses exactly seven times twenty-four hours after its report', () => {
    const lapses = lapseOf(now - 7 * 24 * 60 * 60 * 1000)
    const at = (moment: number) =>
      told({
        ...inCard({ loss: { kind: 'temporary', lapses } })(everything),
        world: world(books, { now: moment }),
      })
    expect([at(now - 1), at(now)]).toEqual(['card-temporarily-lost', 'settle'])
  })

  test('a card is good on the day it is issued and on the day it expires', () => {
    const on = (more: Partial<Card>) => told(inCard(more)(everything))
    expect(on({ issued: day('2026-11-23') })).toBe('settle')
    expect(on({ issued: day('2026-11-24') })).toBe('card-expired')
    expect(on({ expires: day('2026-11-23') })).toBe('settle')
    expect(on({ expires: day('2026-11-22') })).toBe('card-expired')
  })

  test('ill-formed numbers are refused before anybody is looked up', () => {
    const wrong = (credential: Claim['credential']) => by(credential, { person: undefined })
    expect(wrong({ type: 'citizen-number', number: '510199194912310021' })).toBe(
      'credential-invalid',
    )
    expect(wrong({ type: 'card', number: 'A12345678', cardSn: 'x' })).toBe('credential-invalid')
  })

  test('a card and the coverage of two regions are told to the desk, and coverage decides', () => {
    const found = decide(
      everything.claim,
      { ...everything.facts, card: card({ serial: '500100D15600000500BF7C7A48FB4966' }) },
      everything.world,
    )
    expect(found).toMatchObject({ kind: 'refuse', refusal: { code: 'card-not-genuine' } })
    const { cardSn: _, ...credential } = everything.claim.credential
    const s = decide(
      { ...everything.claim, credential },
      { ...everything.facts, card: card({ serial: '500100D15600000500BF7C7A48FB4966' }) },
      everything.world,
    )
    expect(s).toMatchObject({
      settlement: {
        homeRegion: '510100',
        warnings: [{ code: 'card-region-differs', facts: { card: '500100', insured: '510100' } }],
      },
    })
  })

  test('a photo that is due and a card nobody proved are told to the desk', () => {
    const warned = (f: Partial<Facts>) => {
      const found = decide(everything.claim, { ...everything.facts, ...f }, everything.world)
      return found.kind === 'settle' ? found.settlement.warnings.map((w) => w.code) : found
    }
    expect(warned({ card: card({ photo: false }) })).toEqual(['photo-due'])
    const child = { ...person(), ...everything.facts.person, birth: day('2019-11-24') }
    expect(warned({ card: card({ photo: false }), person: child })).toEqual([])
    expect(warned({ institution: institution({ cardEvidence: 'verified' }) })).toEqual([
      'card-proof-not-checked',
    ])
    expect(warned({ sameBills: [{ settlement: 'S1', at: 0 }] })).toEqual(['same-bill-settled'])
  })
})

describe('claims by themselves', () => {
  test('the day of a claim, the days of its lines and of its stay follow each other', () => {
    const on = (more: Partial<Claim>) => told(inClaim(() => more)(everything))
    expect(on({ day: day('2026-11-24') })).toBe('day-in-future')
    expect(on({ stay: stay('2025-12-30', '2026-01-06') })).toBe('stay-invalid')
    expect(on({ stay: undefined })).toBe('settle')
  })

  test('5,000 lines are not too many', () => {
    const many = Array.from({ length: mostLines }, (_, i) =>
      line('1.00', { id: `${i}`, at: day('2026-01-05') }),
    )
    expect(told(inClaim(() => ({ lines: many, total: yuan('5000.00') }))(everything))).toBe(
      'settle',
    )
  })
})

describe('institutions', () => {
  const at = (more: Partial<Institution>) => told(inHospital(more)(everything))

  test('have a last day, suspensions with an end, and agreements by scheme and days', () => {
    expect(at({ terminated: day('2026-01-05') })).toBe('settle')
    expect(at({ suspended: { from: past, until: day('2026-01-04') } })).toBe('settle')
    const kind = 'specialOutpatient' as const
    expect(at({ agreements: [{ kind, from: past, schemes: ['employee'] }] })).toBe('settle')
    expect(at({ agreements: [{ kind, from: past, schemes: ['resident'] }] })).toBe(
      'institution-not-designated',
    )
    expect(at({ agreements: [{ kind, from: past, until: day('2026-01-04') }] })).toBe(
      'institution-not-designated',
    )
  })

  test('need an agreement for people of other regions', () => {
    const elsewhere = inPerson({ coverages: [coverage({ region: '500100' })] })
    const kind = 'specialOutpatient' as const
    const only = inHospital({ agreements: [{ kind, from: past }] })
    expect(told(elsewhere(only(everything)))).toBe('institution-not-designated')
  })

  test('in a region without rules cannot settle', () => {
    expect(at({ division: '999999' })).toBe('no-rule-for-care')
  })
})

describe('needs', () => {
  test('a work injury claimed without naming one is not certified', () => {
    expect(told(inClaim(() => ({ injury: undefined }))(everything))).toBe('injury-not-certified')
  })

  test('a registration number must be the person’s own', () => {
    const of = (registration: string) =>
      told(
        inClaim(() => ({ maternity: { kind: 'natural', fetuses: 1, registration } }))(everything),
      )
    expect([of('R'), of('R2')]).toEqual(['settle', 'maternity-not-registered'])
    expect(told(inClaim(() => ({ maternity: undefined }))(everything))).toBe(
      'maternity-not-registered',
    )
  })

  test('a pooled sale needs its prescription', () => {
    expect(told(inClaim(() => ({ prescription: undefined }))(everything))).toBe(
      'prescription-missing',
    )
  })

  test('a disease filed for this institution is filed here', () => {
    const own = { code: 'M1', name: 'a', from: past, institutions: ['H51010000001'] }
    expect(told(inPerson({ diseases: [own] })(everything))).toBe('settle')
  })

  test('an external injury is for the claim to declare or not at all, as the region says', () => {
    expect(told(inClaim(() => ({ externalInjury: undefined }))(everything))).toBe('settle')
    const strict = rulebooks({
      regions: [region('510100', { externalInjury: 'refuse' })],
      schemes: [scheme([rule([])])],
    })
    const plain = claim('1.00', { externalInjury: { noThirdParty: true } })
    const advancing = rulebooks({
      regions: [region('510100', { externalInjury: 'advance' })],
      schemes: [scheme([rule([layer('pool', pays('0.8'))])])],
    })
    const warned = (noThirdParty: boolean) => {
      const asked = claim('1.00', { externalInjury: { noThirdParty } })
      const found = decide(asked, facts(), world(advancing))
      return found.kind === 'settle' ? found.settlement.warnings : found
    }
    expect(warned(false)).toEqual([{ code: 'paid-in-advance', facts: { recover: '0.80' } }])
    expect(warned(true)).toEqual([])
    expect(told({ claim: plain, facts: facts(), world: world(strict) })).toBe(
      'third-party-declaration-missing',
    )
  })
})

describe('coverage', () => {
  test('the scheme is the claim’s, or work injury by the care, or the first medical one', () => {
    const schemeOf = (c: Claim, coverages: Person['coverages']) => {
      const all = rulebooks({
        schemes: (['employee', 'resident', 'workInjury'] as const).map((name) =>
          scheme([rule([], { care: ['inpatient', 'workInjury'] })], { scheme: name }),
        ),
      })
      const found = decide(c, facts({ person: person({ coverages }) }), world(all))
      return found.kind === 'settle' ? found.settlement.scheme : refused(found)
    }
    const both = [
      coverage({ scheme: 'workInjury' }),
      coverage({ scheme: 'resident', group: 'adult' }),
      coverage(),
    ]
    expect(schemeOf(claim('1.00'), both)).toBe('employee')
    expect(schemeOf(claim('1.00', { scheme: 'resident' }), both)).toBe('resident')
    expect(schemeOf(claim('1.00', { care: 'workInjury' }), both)).toBe('workInjury')
    expect(schemeOf(claim('1.00', { scheme: 'pension' }), both)).toBe('not-insured')
    // A paused row does not stand in the way of another.
    expect(
      schemeOf(claim('1.00'), [
        coverage({ paused: past }),
        coverage({ scheme: 'resident', group: 'adult' }),
      ]),
    ).toBe('resident')
  })

  test('a person away from home whose region can be asked is asked for there', () => {
    const here = world(books)
    const only: World = {
      ...here,
      regions: {
        ...here.regions,
        serves: (division) => division === '510100',
        reaches: (division) => division === '500100',
      },
    }
    const asked = inPerson({ coverages: [coverage({ region: '500100' })] })(everything)
    expect(decide(asked.claim, asked.facts, only)).toMatchObject({
      kind: 'askHome',
      home: '500100',
      claim: { scoped: { careRegion: '510100', total: yuan('15.00') } },
    })
  })

  test('a person away from home whose region nobody can reach is refused by name', () => {
    const here = world(books)
    const only: World = {
      ...here,
      regions: { ...here.regions, serves: (division) => division === '510100' },
    }
    const asked = inPerson({ coverages: [coverage({ region: '500100' })] })(everything)
    expect(decideOn(asked.claim, asked.facts, only)).toMatchObject({
      code: 'home-region-not-served',
      facts: { region: '500100' },
    })
  })

  test('a region in the directory without rules of its own is not served', () => {
    const here = world(books)
    const foreign: World = {
      ...here,
      regions: {
        ...here.regions,
        serves: () => true,
        reaches: () => false,
        regionOf: (d) =>
          d === '440100'
            ? { division: d, name: d, divisions: [d], province: '440000' }
            : here.regions.regionOf(d),
      },
    }
    const asked = inPerson({ coverages: [coverage({ region: '440100' })] })(everything)
    expect(told({ ...asked, world: foreign })).toBe('home-region-not-served')
  })
})
