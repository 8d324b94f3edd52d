import { describe, expect, test } from 'vitest'
import { mostLines } from '../../engine/claim.ts'
import {
  assert,
  Bug,
  isRefusal,
  isRefusalCode,
  type Refusal,
  refuse,
  type RefusalCode,
  refusalCodes,
} from '../../engine/refusal.ts'
import { day } from './support/packs.ts'
import { coverage, line, now, stay, yuan } from './support/world.ts'
import {
  everything,
  type Spoil,
  inClaim,
  inFacts,
  inPerson,
  inCard,
  inHospital,
  injury,
  past,
  told,
} from './support/asked.ts'

/** A credential of which something was found wrong before its parties were. */
const wrong = (refusal: Refusal): Spoil =>
  inClaim(({ credential }) => ({
    credential:
      credential.wrong?.code === 'token-invalid' ? credential : { ...credential, wrong: refusal },
  }))

/** What brings each refusal about, in the order in which the list has them. */
const spoils: readonly (readonly [RefusalCode, Spoil])[] = [
  ['institution-unknown', inFacts({ institution: undefined })],
  [
    'credential-invalid',
    inClaim((c) => ({ credential: { ...c.credential, number: 'a12345678' } })),
  ],
  [
    'lines-too-many',
    inClaim(() => ({
      lines: Array.from({ length: mostLines + 1 }, (_, i) => line('1.00', { id: `${i}` })),
    })),
  ],
  ['line-repeated', inClaim((c) => ({ lines: [...c.lines, ...c.lines] }))],
  [
    'line-amount-wrong',
    inClaim((c) => ({ lines: c.lines.map((l) => ({ ...l, amount: yuan('10.01') })) })),
  ],
  ['total-mismatch', inClaim(() => ({ total: yuan('15.01') }))],
  [
    'day-in-future',
    inClaim((c) => ({ lines: c.lines.map((l) => ({ ...l, at: day('2026-12-01') })) })),
  ],
  [
    'stay-invalid',
    inClaim((c) => ({
      stay: { ...stay('2025-12-30', '2026-01-05'), ...c.stay, admission: day('2026-01-06') },
    })),
  ],
  ['token-invalid', wrong(refuse('token-invalid'))],
  ['card-unknown', inFacts({ person: undefined })],
  ['token-not-for-this', wrong(refuse('token-not-for-this'))],
  ['card-not-genuine', inCard({ serial: '510100D15600000500BF7C7A48FB4967' })],
  ['card-holder-mismatch', inCard({ owner: 'P2' })],
  ['card-cancelled', inCard({ life: 'cancelled' })],
  ['card-superseded', inCard({ life: 'superseded' })],
  ['card-formally-lost', inCard({ loss: { kind: 'formal' } })],
  ['card-temporarily-lost', inCard({ loss: { kind: 'temporary', lapses: now + 1 } })],
  ['card-not-activated', inCard({ life: 'issued' })],
  ['card-expired', inCard({ expires: past })],
  [
    'card-pin-locked',
    (asked) => inHospital({ cardEvidence: 'verified' })(inCard({ pin: 'locked' })(asked)),
  ],
  [
    'card-not-authenticated',
    (asked) =>
      inHospital({ cardEvidence: 'verified' })(
        inClaim(({ credential }) => ({
          credential: { ...credential, proofDue: 'where-verified' },
        }))(asked),
      ),
  ],
  ['institution-terminated', inHospital({ terminated: past })],
  ['institution-suspended', inHospital({ suspended: { from: past } })],
  ['institution-not-designated', inHospital({ agreements: [] })],
  ['person-deceased', inPerson({ died: past })],
  ['direct-settlement-suspended', inPerson({ directSettlementSuspended: { from: past } })],
  ['not-insured', inPerson({ coverages: [] })],
  ['coverage-paused', inPerson({ coverages: [coverage({ paused: past })] })],
  ['home-region-not-served', inPerson({ coverages: [coverage({ region: '999999' })] })],
  [
    'care-region-not-served',
    (asked) => ({
      ...asked,
      world: { ...asked.world, regions: { ...asked.world.regions, serves: () => false } },
    }),
  ],
  [
    'line-not-of-disease',
    inClaim((c) => ({
      care: 'specialOutpatient',
      disease: 'M1',
      lines: c.lines.map((l) => ({
        ...l,
        classification: {
          class: 'A',
          firstSelfPayRate: { numerator: 0n, denominator: 1n },
          funds: ['medical'],
          diseases: ['M9'],
        },
      })),
    })),
  ],
  ['line-already-settled', inFacts({ settledLines: new Set(['L2']) })],
  ['no-rule-for-care', inClaim(() => ({ care: 'outpatient' }))],
  [
    'no-rule-for-day',
    inClaim(() => ({
      day: day('2019-12-31'),
      stay: stay('2019-12-30', '2019-12-31'),
      lines: [line('10.00', { id: 'L1' }), line('5.00', { id: 'L2' })],
    })),
  ],
  ['injury-not-certified', injury({ certification: 'G2' })],
  ['injury-diagnosis-not-covered', injury({ diagnoses: ['S52', 'S53'] })],
  ['injury-consent-missing', injury({ consent: undefined })],
  ['maternity-not-registered', inPerson({ maternity: [] })],
  ['disease-missing', inClaim(() => ({ disease: undefined }))],
  ['disease-not-filed', inPerson({ diseases: [] })],
  [
    'disease-not-filed-here',
    inPerson({ diseases: [{ code: 'M1', name: 'a', from: past, institutions: ['H2'] }] }),
  ],
  ['third-party-declaration-missing', inClaim(() => ({ externalInjury: { noThirdParty: false } }))],
  [
    'interim-settlement-required',
    inClaim(() => ({
      lines: [
        line('10.00', { id: 'L1', at: day('2025-12-31') }),
        line('5.00', { id: 'L2', at: day('2026-01-05') }),
      ],
    })),
  ],
]

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

test('what is no refusal is not taken for one, and a bug is thrown', () => {
  expect([
    isRefusal(undefined),
    isRefusal(null),
    isRefusal('refusal'),
    isRefusal({ kind: 'settle' }),
  ]).toEqual([false, false, false, false])
  expect(() => assert(false, 'a rule of ours')).toThrow(Bug)
})

test('a code is one of the list, and no word that every object knows', () => {
  for (const code of refusalCodes) expect(isRefusalCode(code)).toBe(true)
  for (const word of ['', 'constructor', 'toString', 'no-such-code'])
    expect(isRefusalCode(word)).toBe(false)
})
