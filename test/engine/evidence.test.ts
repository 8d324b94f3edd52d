import { describe, expect, test } from 'vitest'
import type { Credential } from '../../engine/claim.ts'
import { type Kept, subjectKey } from '../../engine/dossier.ts'
import {
  authenticated,
  authenticationOpen,
  authenticationsSubject,
  type Authentication,
  openAuthentication,
} from '../../engine/evidence.ts'
import { refuseCredential } from '../../engine/authenticity.ts'
import { provenClaim, subjectsOfClaim } from '../../engine/whole.ts'
import {
  card as cardOf,
  claim,
  institution as institutionOf,
  now,
  person,
  today,
} from './support/world.ts'

const minute = 60_000
const institution = 'H51010000002'
const card = 'D80000001'
const terminal = 'T1'
const read: Authentication = {
  id: 'A1',
  institution,
  terminal,
  card,
  proof: 'cryptogram',
  pin: true,
  at: now,
  until: now + 30 * minute,
}

const kept = (...opened: readonly Authentication[]): Kept[] =>
  opened.map((one, i) => {
    const { kind, body } = openAuthentication('P1', one)
    return { version: i + 1, kind, body, institution, at: one.at }
  })

describe('an authentication', () => {
  const open = (more: object = {}, ...opened: readonly Authentication[]) =>
    authenticationOpen(kept(...(opened.length > 0 ? opened : [read])), {
      institution,
      terminal,
      card,
      now,
      ...more,
    })?.id

  test('is open for its institution, its terminal and its card, until its end', () => {
    expect(open()).toBe('A1')
    expect(open({ now: read.until - 1 })).toBe('A1')
    expect(open({ now: read.until })).toBeUndefined()
    expect(open({ now: read.at - 1 })).toBeUndefined()
    expect(open({ institution: 'H51010000001' })).toBeUndefined()
    expect(open({ terminal: 'T2' })).toBeUndefined()
    expect(open({ terminal: undefined })).toBeUndefined()
    expect(open({ card: 'D80000002' })).toBeUndefined()
  })

  test('that is newer counts, and other entries do not', () => {
    expect(open({}, read, { ...read, id: 'A2' })).toBe('A2')
    const other: Kept = { version: 1, kind: 'noted', body: { ...read }, institution, at: now }
    expect(authenticationOpen([other], { institution, terminal, card, now })).toBeUndefined()
  })

  test('stands in the dossier of its person', () => {
    expect(openAuthentication('P1', read).subject).toEqual(authenticationsSubject('P1'))
  })
})

describe('a credential', () => {
  const presented: Credential = { type: 'card', number: card }
  const found = (...opened: readonly Authentication[]) => ({
    dossiers: new Map([[subjectKey(authenticationsSubject('P1')), kept(...opened)]]),
    now,
  })
  const at = { person: 'P1', institution, terminal }

  test('that is a card relies on what is open, or on nothing', () => {
    expect(authenticated(presented, found(read), at)).toEqual({
      ...presented,
      proofDue: 'where-verified',
      authentication: 'A1',
      proof: 'cryptogram',
      pinChecked: read.pin,
    })
    expect(authenticated(presented, found(), at).authentication).toBeUndefined()
  })

  test('that is a card relies on what its visit carries, where it is the same card', () => {
    const visit = (number: string) => ({
      credential: { type: 'card', number, authentication: 'A0' } as const,
    })
    const of = (number: string) =>
      authenticated(presented, found(), { ...at, visit: visit(number) })
    expect(of(card).authentication).toBe('A0')
    expect(of('D80000002').authentication).toBeUndefined()
  })

  test('that is a citizen number is left alone', () => {
    const number: Credential = { type: 'citizen-number', number: '510199198603120110' }
    expect(authenticated(number, found(read), at)).toBe(number)
  })
})

describe('a claim that brings its own lines', () => {
  const named = (credential: Credential, at = institution) => {
    const asked = claim('10.00', { credential, institution: at })
    const dossiers = new Map([[subjectKey(authenticationsSubject('P1')), kept(read)]])
    const { credential: proven } = provenClaim(asked, { dossiers, owner: 'P1', now, skew_ms: 0 })
    return [proven.authentication, proven.proof, proven.proofDue]
  }
  test('relies on the authentication that it names, of this card and institution', () => {
    const credential: Credential = { type: 'card', number: card, authentication: 'A1' }
    expect(named(credential)).toEqual(['A1', 'cryptogram', 'always'])
    expect(named({ ...credential, number: 'D80000002' })).toEqual([undefined, undefined, 'always'])
    expect(named(credential, 'H51010000001')).toEqual([undefined, undefined, 'always'])
    expect(named({ ...credential, authentication: 'A2' })).toEqual([undefined, undefined, 'always'])
  })

  test('needs one where cards are verified, though it names none; a citizen number never does', () => {
    expect(named({ type: 'card', number: card })).toEqual([undefined, undefined, 'where-verified'])
    const number: Credential = { type: 'citizen-number', number: '510199198603120110' }
    expect(named(number)).toEqual([undefined, undefined, undefined])
  })

  test('is about the authentications of its person where it names one', () => {
    const credential: Credential = { type: 'card', number: card, authentication: 'A1' }
    const subjects = subjectsOfClaim(claim('10.00', { credential }), 'P1')
    expect(subjects).toEqual([authenticationsSubject('P1')])
  })
})

describe('a visit', () => {
  test('that was kept before proofs were told apart relied on a reader', () => {
    const { proof: _proof, pin: _pin, ...old } = read
    const dossier = kept(old as Authentication)
    expect(authenticationOpen(dossier, { institution, terminal, card, now })).toMatchObject({
      proof: 'reader',
      pin: false,
    })
  })

  test('relies on a proof sooner than on a reader that came later', () => {
    const dossier = kept(read, { ...read, id: 'A2', proof: 'reader' })
    expect(authenticationOpen(dossier, { institution, terminal, card, now })?.id).toBe('A1')
  })
})

test('where cards are verified the word of a reader settles nothing', () => {
  const told = (proof: Credential['proof'], cardEvidence: 'verified' | 'reader-trusted') =>
    refuseCredential({
      credential: {
        type: 'card',
        number: 'A12345678',
        proofDue: 'where-verified',
        authentication: 'A1',
        proof,
      },
      card: cardOf(),
      person: person(),
      institution: institutionOf({ cardEvidence }),
      now,
      day: today,
    })?.code
  expect(told('reader', 'verified')).toBe('card-not-authenticated')
  expect(told(undefined, 'verified')).toBe('card-not-authenticated')
  expect(told('signature', 'verified')).toBeUndefined()
  expect(told('reader', 'reader-trusted')).toBeUndefined()
})

test('a region may want the PIN as well, where cards are verified and the account is to pay', () => {
  const told = (pinChecked: boolean | undefined, pinForAccount: boolean, authentication?: string) =>
    refuseCredential({
      credential: {
        type: 'card',
        number: 'A12345678',
        proofDue: 'where-verified',
        authentication,
        proof: 'cryptogram',
        pinChecked,
      },
      card: cardOf(),
      person: person(),
      institution: institutionOf({ cardEvidence: 'verified' }),
      now,
      day: today,
      pinForAccount,
    })?.code
  expect(told(false, true, 'A1')).toBe('card-pin-needed')
  expect(told(undefined, true, 'A1')).toBe('card-pin-needed')
  expect(told(true, true, 'A1')).toBeUndefined()
  expect(told(false, false, 'A1')).toBeUndefined()
  expect(told(false, true)).toBe('card-not-authenticated')
})

test('a region may leave the e-card alone when its card is lost', () => {
  const told = (type: Credential['type'], eCardOutlivesLoss: boolean) =>
    refuseCredential({
      credential: { type, number: 'A12345678' },
      card: cardOf({ loss: { kind: 'formal' } }),
      person: person(),
      institution: institutionOf(),
      now,
      day: today,
      eCardOutlivesLoss,
    })?.code
  expect(told('e-card', false)).toBe('card-formally-lost')
  expect(told('e-card', true)).toBeUndefined()
  expect(told('card', true)).toBe('card-formally-lost')
})

test('a locked PIN stops the card where the server verifies it, and no e-card of it', () => {
  const told = (type: Credential['type']) =>
    refuseCredential({
      credential: { type, number: 'A12345678', proof: 'token' },
      card: cardOf({ pin: 'locked' }),
      person: person(),
      institution: institutionOf({ cardEvidence: 'verified' }),
      now,
      day: today,
    })?.code
  expect(told('card')).toBe('card-pin-locked')
  expect(told('e-card')).toBeUndefined()
})
