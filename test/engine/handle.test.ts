import { describe, expect, test } from 'vitest'
import type { Entry } from '../../engine/dossier.ts'
import { eCardNumber, turnECredential } from '../../engine/eCard.ts'
import { type Authentication, authenticated, openAuthentication } from '../../engine/evidence.ts'
import { provenClaim } from '../../engine/whole.ts'
import { presentedBy } from '../../engine/deciding.ts'
import { dossiersOf, found, institution } from './support/dossiers.ts'
import { card, claim, facts, now, person } from './support/world.ts'

const opened = turnECredential('P1', 'opened')

describe('a handle', () => {
  const handle: Authentication = {
    id: 'HANDLE',
    institution,
    proof: 'token',
    pin: false,
    eCredential: 'medical-insurance',
    at: now,
    until: now + 60_000,
  }
  const presented = { type: 'e-card', number: 'HANDLE' } as const
  const at = { person: 'P1', institution }
  const look = (more: Partial<Authentication>, ...others: Entry[]) =>
    authenticated(
      presented,
      found(dossiersOf(openAuthentication('P1', { ...handle, ...more }), ...others)),
      at,
    )

  test('stands for the token that was scanned, by its card where it has one', () => {
    expect(look({}, opened)).toMatchObject({
      number: 'HANDLE',
      authentication: 'HANDLE',
      proof: 'token',
      eCredential: 'medical-insurance',
      wrong: undefined,
    })
    const derived = look({ eCredential: 'social-security', card: 'A12345678' })
    expect(derived).toMatchObject({ number: 'A12345678', authentication: 'HANDLE' })
    expect(look({}).wrong).toMatchObject({ code: 'token-not-for-this' })
  })

  test('is none elsewhere, later, or where no token was scanned', () => {
    const unproved = { ...presented, proofDue: 'where-verified' }
    expect(look({ institution: 'H1' }, opened)).toEqual(unproved)
    expect(look({ until: now }, opened)).toEqual(unproved)
    expect(look({ eCredential: undefined }, opened)).toEqual(unproved)
  })

  test('is carried by its visit, until the credential is closed', () => {
    const visit = { credential: look({}, opened) }
    const later = { ...found(dossiersOf(opened)), now: now + 3_600_000 }
    expect(authenticated(presented, later, { ...at, visit })).toMatchObject({
      authentication: 'HANDLE',
      wrong: undefined,
    })
    expect(authenticated(visit.credential, later, { ...at, visit }).wrong).toBeUndefined()
    const closed = { ...later, dossiers: dossiersOf() }
    expect(authenticated(presented, closed, { ...at, visit }).wrong).toBeDefined()
    const old = { credential: { ...visit.credential, eCredential: undefined } }
    expect(authenticated(presented, closed, { ...at, visit: old })).toEqual(old.credential)
  })

  test('is not the card that it derives from, which has to prove itself', () => {
    const derived = { eCredential: 'social-security', card: 'A12345678' } as const
    const byCard = { type: 'card', number: 'A12345678' } as const
    const dossiers = dossiersOf(openAuthentication('P1', { ...handle, ...derived }))
    const visit = { credential: look(derived) }
    for (const presenting of [at, { ...at, visit }])
      expect(authenticated(byCard, found(dossiers), presenting).authentication).toBeUndefined()
    const named = claim('1.00', {
      credential: { ...byCard, authentication: 'HANDLE' },
      institution,
    })
    const proving = { dossiers, owner: 'P1', now, skew_ms: 0 }
    expect(provenClaim(named, proving).credential.proof).toBeUndefined()
  })

  test('is what an e-card is known by, or its own number, and never the number of a card', () => {
    const known = facts({ person: person(), cards: [card()] })
    const cardOf = (number: string, eCredential?: 'social-security') =>
      presentedBy({ credential: { type: 'e-card', number, eCredential } }, known).card?.number
    expect(cardOf(eCardNumber('P1'))).toBe('A12345678')
    expect(cardOf('A12345678', 'social-security')).toBe('A12345678')
    expect(cardOf('A12345678')).toBeUndefined()
    expect(cardOf(eCardNumber('P2'))).toBeUndefined()
  })

  test('of a medical-insurance credential is by no card', () => {
    const known = facts({ card: card(), cards: [card()] })
    const own = { credential: look({}, opened) }
    expect(presentedBy(own, known).card).toBeUndefined()
  })
})
