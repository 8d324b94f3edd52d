import { describe, expect, test } from 'vitest'
import { type Claim, mostLines } from '../../engine/claim.ts'
import { decide, type World } from '../../engine/decide.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Person } from '../../engine/person.ts'
import { lapseOf } from '../../engine/authenticity.ts'
import type { Card } from '../../engine/card.ts'
import type { Facts, UndoFacts } from '../../engine/ports.ts'
import { assert, Bug, isRefusal, type RefusalCode, refusalCodes } from '../../engine/refusal.ts'
import { cancel, type UndoAsked } from '../../engine/undo.ts'
import { day, layer, pays, region, rule, rulebooks, scheme } from './support/packs.ts'
import { card, claim, coverage, facts, institution, line, now, person, refused, stay, world, yuan } from './support/world.ts'
import { row } from './support/rows.ts'

/** One rule that needs everything, over a forced interim, so that one claim can lack anything. */
const books = rulebooks({
  regions: [region(), region('500100')],
  schemes: [
    scheme([
      rule([layer('pool', pays('0.8'))], {
        care: ['specialOutpatient'],
        needs: ['injuryCertification', 'injuryConsent', 'maternityRegistration', 'filedDisease', 'prescription'],
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

interface Asked {
  readonly claim: Claim
  readonly facts: Facts
  readonly world: World
}

const everything: Asked = {
  claim: claim([line('10.00', { id: 'L1', at: day('2026-01-05') }), line('5.00', { id: 'L2', at: day('2026-01-05') })], {
    care: 'specialOutpatient',
    credential: { type: 'card', number: 'A12345678', cardSn: '510100D15600000500BF7C7A48FB4966' },
    visit: 'V1',
    stay: stay('2025-12-30', '2026-01-05'),
    disease: 'M1',
    injury: { certification: 'G1', diagnoses: ['S52'], consent: 'C1', recurrence: false },
    maternity: { kind: 'natural', fetuses: 1 },
    externalInjury: { noThirdParty: true },
    prescription: { number: 'R1', circulating: false },
  }),
  facts: facts({
    card: card(),
    person: person({
      diseases: [{ code: 'M1', name: 'a', from: day('2020-01-01') }],
      injuries: [{ certification: 'G1', employer: 'E', diagnoses: ['S52'], from: day('2020-01-01') }],
      maternity: [{ registration: 'R', from: day('2020-01-01') }],
    }),
  }),
  world: world(books),
}

type Spoil = (a: Asked) => Asked
const inClaim = (more: (c: Claim) => Partial<Claim>): Spoil => (a) => ({ ...a, claim: { ...a.claim, ...more(a.claim) } })
const inFacts = (more: Partial<Facts>): Spoil => (a) => ({ ...a, facts: { ...a.facts, ...more } })
const inPerson = (more: Partial<Person>): Spoil => (a) =>
  inFacts({ person: { ...person(), ...a.facts.person, ...more } })(a)
const inCard = (more: Partial<Card>): Spoil => (a) => inFacts({ card: { ...card(), ...a.facts.card, ...more } })(a)
const inHospital = (more: Partial<Institution>): Spoil => (a) =>
  inFacts({ institution: { ...institution(), ...a.facts.institution, ...more } })(a)
const injury = (more: object): Spoil =>
  inClaim((c) => ({ injury: { certification: 'G1', diagnoses: [], consent: 'C', recurrence: false, ...c.injury, ...more } }))
const past = day('2018-01-01')

/** What brings each refusal about, in the order in which the list has them. */
const spoils: readonly (readonly [RefusalCode, Spoil])[] = [
  ['institution-unknown', inFacts({ institution: undefined })],
  ['credential-invalid', inClaim((c) => ({ credential: { ...c.credential, number: 'a12345678' } }))],
  ['lines-too-many', inClaim(() => ({ lines: Array.from({ length: mostLines + 1 }, (_, i) => line('1.00', { id: `${i}` })) }))],
  ['line-repeated', inClaim((c) => ({ lines: [...c.lines, ...c.lines] }))],
  ['line-amount-wrong', inClaim((c) => ({ lines: c.lines.map((l) => ({ ...l, amount: yuan('10.01') })) }))],
  ['total-mismatch', inClaim(() => ({ total: yuan('15.01') }))],
  ['day-in-future', inClaim((c) => ({ lines: c.lines.map((l) => ({ ...l, at: day('2026-12-01') })) }))],
  ['stay-invalid', inClaim((c) => ({ stay: { ...stay('2025-12-30', '2026-01-05'), ...c.stay, admission: day('2026-01-06') } }))],
  ['card-unknown', inFacts({ person: undefined })],
  ['card-not-genuine', inCard({ serial: '510100D15600000500BF7C7A48FB4967' })],
  ['card-holder-mismatch', inCard({ owner: 'P2' })],
  ['card-cancelled', inCard({ life: 'cancelled' })],
  ['card-superseded', inCard({ life: 'superseded' })],
  ['card-formally-lost', inCard({ loss: { kind: 'formal' } })],
  ['card-temporarily-lost', inCard({ loss: { kind: 'temporary', lapses: now + 1 } })],
  ['card-not-activated', inCard({ life: 'issued' })],
  ['card-expired', inCard({ expires: past })],
  ['institution-terminated', inHospital({ terminated: past })],
  ['institution-suspended', inHospital({ suspended: { from: past } })],
  ['institution-not-designated', inHospital({ agreements: [] })],
  ['person-deceased', inPerson({ died: past })],
  ['direct-settlement-suspended', inPerson({ directSettlementSuspended: { from: past } })],
  ['not-insured', inPerson({ coverages: [] })],
  ['coverage-paused', inPerson({ coverages: [coverage({ paused: past })] })],
  ['home-region-not-served', inPerson({ coverages: [coverage({ region: '999999' })] })],
  ['line-not-of-disease', inClaim((c) => ({ care: 'specialOutpatient', disease: 'M1', lines: c.lines.map((l) => ({ ...l, classification: { class: 'A', firstSelfPayRate: { numerator: 0n, denominator: 1n }, funds: ['medical'], diseases: ['M9'] } })) }))],
  ['line-already-settled', inFacts({ settledLines: new Set(['L2']) })],
  ['no-rule-for-care', inClaim(() => ({ care: 'outpatient' }))],
  ['no-rule-for-day', inClaim(() => ({ day: day('2019-12-31'), stay: stay('2019-12-30', '2019-12-31'), lines: [line('10.00', { id: 'L1' }), line('5.00', { id: 'L2' })] }))],
  ['injury-not-certified', injury({ certification: 'G2' })],
  ['injury-diagnosis-not-covered', injury({ diagnoses: ['S52', 'S53'] })],
  ['injury-consent-missing', injury({ consent: undefined })],
  ['maternity-not-registered', inPerson({ maternity: [] })],
  ['disease-missing', inClaim(() => ({ disease: undefined }))],
  ['disease-not-filed', inPerson({ diseases: [] })],
  ['disease-not-filed-here', inPerson({ diseases: [{ code: 'M1', name: 'a', from: past, institutions: ['H2'] }] })],
  ['third-party-declaration-missing', inClaim(() => ({ externalInjury: { noThirdParty: false } }))],
  ['interim-settlement-required', inClaim(() => ({ lines: [line('10.00', { id: 'L1', at: day('2025-12-31') }), line('5.00', { id: 'L2', at: day('2026-01-05') })] }))],
]

const told = ({ claim: c, facts: f, world: w }: Asked): string => refused(decide(c, f, w))

describe('the order of refusals', () => {
  test('the claim that lacks nothing settles', () => expect(told(everything)).toBe('settle'))

  test.each(spoils)('%s is told of what alone brings it about', (code, spoil) => {
    expect(told(spoil(everything))).toBe(code)
  })

  test('where two apply, the earlier one is told', () => {
    const wrong: string[] = []
    for (const [j, [later, second]] of spoils.entries())
      for (const [earlier, first] of spoils.slice(0, j)) {
        const found = told(first(second(everything)))
        if (found !== earlier) wrong.push(`${earlier} and ${later}: ${found}`)
      }
    expect(wrong).toEqual([])
  })

  test('the table stands in the order of the list', () => {
    const order = spoils.map(([code]) => refusalCodes.indexOf(code))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })
})

describe('credentials', () => {
  const by = (credential: Claim['credential'], more: Partial<Facts> = {}) =>
    told(inFacts(more)(inClaim(() => ({ credential }))(everything)))
  const number = '11010519491231002X'

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
    expect(by({ type: 'e-card', number: 'token' }, { card: card({ life: 'cancelled' }) })).toBe('card-cancelled')
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
    expect(wrong({ type: 'citizen-number', number: '110105194912310021' })).toBe('credential-invalid')
    expect(wrong({ type: 'card', number: 'A12345678', cardSn: 'x' })).toBe('credential-invalid')
  })

  test('a card and the coverage of two regions are told to the desk, and coverage decides', () => {
    const found = decide(everything.claim, { ...everything.facts, card: card({ serial: '500100D15600000500BF7C7A48FB4966' }) }, everything.world)
    expect(found).toMatchObject({ kind: 'refuse', refusal: { code: 'card-not-genuine' } })
    const { cardSn: _, ...credential } = everything.claim.credential
    const s = decide({ ...everything.claim, credential }, { ...everything.facts, card: card({ serial: '500100D15600000500BF7C7A48FB4966' }) }, everything.world)
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
    expect(warned({ institution: institution({ cardEvidence: 'verified' }) })).toEqual(['card-proof-not-checked'])
    expect(warned({ sameBills: ['S1'] })).toEqual(['same-bill-settled'])
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
    const many = Array.from({ length: mostLines }, (_, i) => line('1.00', { id: `${i}`, at: day('2026-01-05') }))
    expect(told(inClaim(() => ({ lines: many, total: yuan('5000.00') }))(everything))).toBe('settle')
  })
})

describe('institutions', () => {
  const at = (more: Partial<Institution>) => told(inHospital(more)(everything))

  test('have a last day, suspensions with an end, and agreements by scheme and days', () => {
    expect(at({ terminated: day('2026-01-05') })).toBe('settle')
    expect(at({ suspended: { from: past, until: day('2026-01-04') } })).toBe('settle')
    const kind = 'specialOutpatient' as const
    expect(at({ agreements: [{ kind, from: past, schemes: ['employee'] }] })).toBe('settle')
    expect(at({ agreements: [{ kind, from: past, schemes: ['resident'] }] })).toBe('institution-not-designated')
    expect(at({ agreements: [{ kind, from: past, until: day('2026-01-04') }] })).toBe('institution-not-designated')
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
      told(inClaim(() => ({ maternity: { kind: 'natural', fetuses: 1, registration } }))(everything))
    expect([of('R'), of('R2')]).toEqual(['settle', 'maternity-not-registered'])
    expect(told(inClaim(() => ({ maternity: undefined }))(everything))).toBe('maternity-not-registered')
  })

  test('a pooled sale needs its prescription', () => {
    expect(told(inClaim(() => ({ prescription: undefined }))(everything))).toBe('prescription-missing')
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
    expect(told({ claim: plain, facts: facts(), world: world(strict) })).toBe('third-party-declaration-missing')
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
    const both = [coverage({ scheme: 'workInjury' }), coverage({ scheme: 'resident', group: 'adult' }), coverage()]
    expect(schemeOf(claim('1.00'), both)).toBe('employee')
    expect(schemeOf(claim('1.00', { scheme: 'resident' }), both)).toBe('resident')
    expect(schemeOf(claim('1.00', { care: 'workInjury' }), both)).toBe('workInjury')
    expect(schemeOf(claim('1.00', { scheme: 'pension' }), both)).toBe('not-insured')
    // A paused row does not stand in the way of another.
    expect(schemeOf(claim('1.00'), [coverage({ paused: past }), coverage({ scheme: 'resident', group: 'adult' })])).toBe('resident')
  })

  test('a person away from home whose region another instance serves is asked for there', () => {
    const here = world(books)
    const only: World = { ...here, regions: { ...here.regions, serves: (division) => division === '500100' } }
    const found = decide(everything.claim, everything.facts, only)
    expect(found).toMatchObject({ kind: 'askHome', home: '510100', scoped: { careRegion: '510100', total: yuan('15.00') } })
  })

  test('a region in the directory without rules of its own is not served', () => {
    const here = world(books)
    const foreign: World = {
      ...here,
      regions: {
        serves: () => true,
        regionOf: (d) => (d === '440100' ? { division: d, name: d, divisions: [d], province: '440000' } : here.regions.regionOf(d)),
      },
    }
    const asked = inPerson({ coverages: [coverage({ region: '440100' })] })(everything)
    expect(told({ ...asked, world: foreign })).toBe('home-region-not-served')
  })
})

describe('the order of refusals of a cancellation', () => {
  const head = row({ visit: 'V1', stay: stay('2026-03-01', '2026-03-02') })
  const undo: UndoFacts = { head, transfers: [], later: [], balances: new Map(), counters: new Map() }
  const asked: UndoAsked = {
    institution: head.content.institution,
    today: day('2026-03-31'),
    postedOn: day('2026-03-02'),
    policy: { acrossMonths: false, acrossYears: false, laterSettlements: 'refuse' },
    yearStarts: '01-01',
  }
  const later = (visit: string | undefined) => ({
    settlement: 'S9',
    head: 'S9',
    postedAt: now,
    day: day('2026-03-03'),
    visit,
    year: '2026',
  })
  type Both = { undo: UndoFacts; asked: UndoAsked }
  const wrong: readonly (readonly [RefusalCode, (b: Both) => Both])[] = [
    ['settlement-unknown', (b) => ({ ...b, undo: { ...b.undo, head: undefined } })],
    ['settlement-of-another-institution', (b) => ({ ...b, asked: { ...b.asked, institution: 'H2' } })],
    ['already-undone', (b) => ({ ...b, undo: { ...b.undo, head: b.undo.head && { ...b.undo.head, kind: 'cancellation' } } })],
    ['undo-past-boundary', (b) => ({ ...b, asked: { ...b.asked, today: day('2026-04-01') } })],
    ['later-part-of-stay', (b) => ({ ...b, undo: { ...b.undo, later: [...b.undo.later, later('V1')] } })],
    ['later-settlements', (b) => ({ ...b, undo: { ...b.undo, later: [...b.undo.later, later(undefined)] } })],
  ]
  const tell = (b: Both): string => {
    const found = cancel(b.undo, b.asked)
    return isRefusal(found) ? found.code : 'undone'
  }

  test('what lacks nothing is undone', () => expect(tell({ undo, asked })).toBe('undone'))

  test.each(wrong)('%s is told of what alone brings it about', (code, spoil) => {
    expect(tell(spoil({ undo, asked }))).toBe(code)
  })

  test('where two apply, the earlier one is told, and the table stands in the order of the list', () => {
    for (const [j, [, second]] of wrong.entries())
      for (const [earlier, first] of wrong.slice(0, j)) expect(tell(second(first({ undo, asked })))).toBe(earlier)
    const order = wrong.map(([code]) => refusalCodes.indexOf(code))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })
})

test('what is no refusal is not taken for one, and a bug is thrown', () => {
  expect([isRefusal(undefined), isRefusal(null), isRefusal('refusal'), isRefusal({ kind: 'settle' })]).toEqual([
    false,
    false,
    false,
    false,
  ])
  expect(() => assert(false, 'a rule of ours')).toThrow(Bug)
})
