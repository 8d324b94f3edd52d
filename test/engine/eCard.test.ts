import { describe, expect, test } from 'vitest'
import type { Card } from '../../engine/card.ts'
import type { Entry } from '../../engine/dossier.ts'
import {
  eCredentialSubject,
  issueToken,
  openSince,
  refuseClosed,
  refuseToken,
  type Token,
  type TokenShown,
  tokenSubject,
  turnECredential,
  useToken,
} from '../../engine/eCard.ts'
import {
  bearerOf,
  type HolderShown,
  holderOf,
  type PinTold,
  tokenShown,
} from '../../engine/eCardHolder.ts'
import {
  type Authentication,
  authenticationsSubject,
  openAuthentication,
} from '../../engine/evidence.ts'
import { isRefusal, type Refusal } from '../../engine/refusal.ts'
import { provenClaim, subjectsOfClaim } from '../../engine/whole.ts'
import { books } from './support/asked.ts'
import { dossiersOf, found, institution } from './support/dossiers.ts'
import { card, claim, now } from './support/world.ts'

const token: Token = {
  id: '0'.repeat(32),
  owner: 'P1',
  kind: 'social-security',
  purpose: 'settlement',
  from: now,
  until: now + 120_000,
}
const shown: TokenShown = { purpose: 'settlement', institution, now, skew_ms: 30_000 }

const said = (refusal: Refusal | undefined) =>
  refusal && `${refusal.code} ${String(refusal.facts['because'] ?? '')}`.trim()

describe('a token', () => {
  const told = (more: Partial<Token>, where: Partial<TokenShown> = {}, ...entries: Entry[]) =>
    said(refuseToken({ ...token, ...more }, { ...shown, ...where }, dossiersOf(...entries)))

  test('is good from its beginning to its end, and as long as clocks may differ', () => {
    const at = (moment: number) => told({}, { now: moment })
    expect(at(token.from - 30_000)).toBeUndefined()
    expect(at(token.from - 30_001)).toBe('token-not-for-this not-yet-valid')
    expect(at(token.until + 29_999)).toBeUndefined()
    expect(at(token.until + 30_000)).toBe('token-expired')
  })

  test('is for one purpose, and for one institution where it says so', () => {
    expect(told({ purpose: 'identity' })).toBe('token-not-for-this purpose')
    expect(told({ institution })).toBeUndefined()
    expect(told({ institution: 'H1' })).toBe('token-not-for-this institution')
  })

  test('is good once', () => {
    expect(told({}, {}, issueToken(token))).toBeUndefined()
    expect(told({}, {}, issueToken(token), useToken(token, institution))).toBe('token-used')
  })

  test('keeps what it was issued for, and nothing of whose it is', () => {
    expect(issueToken({ ...token, institution })).toEqual({
      subject: { owner: 'P1', name: `token ${token.id}` },
      kind: 'issued',
      body: {
        kind: 'social-security',
        purpose: 'settlement',
        institution,
        from: token.from,
        until: token.until,
      },
    })
  })
})

describe('a medical-insurance e-credential', () => {
  const of = (...entries: readonly (readonly ['opened' | 'closed', number])[]) =>
    dossiersOf(...entries.map(([kind, at]) => [turnECredential('P1', kind), at] as const))
  const medical = { kind: 'medical-insurance', at: now } as const

  test('is open since it was opened last', () => {
    expect(openSince(of(), 'P1')).toBeUndefined()
    expect(openSince(of(['opened', 1]), 'P1')).toBe(1)
    expect(openSince(of(['opened', 1], ['closed', 2]), 'P1')).toBeUndefined()
    expect(openSince(of(['opened', 1], ['closed', 2], ['opened', 3]), 'P1')).toBe(3)
  })

  test('that was closed since leaves what was shown before good for nothing', () => {
    const closed = 'token-not-for-this credential-closed'
    expect(said(refuseClosed(of(), 'P1', medical))).toBe(closed)
    expect(said(refuseClosed(of(['opened', 1]), 'P1', medical))).toBeUndefined()
    expect(said(refuseClosed(of(['opened', now + 1]), 'P1', medical))).toBe(closed)
    expect(refuseClosed(of(), 'P1', { kind: 'social-security', at: now })).toBeUndefined()
  })
})

const opened = turnECredential('P1', 'opened')

describe('a token that is shown', () => {
  const of = (kind: Token['kind'], cards: readonly Card[], ...entries: Entry[]) => {
    const judged = tokenShown(
      { ...token, kind },
      shown,
      found(dossiersOf(...entries), cards),
      books,
    )
    return isRefusal(judged) ? judged.code : (judged.card?.number ?? 'no card')
  }
  test('follows the card that it derives from, or is its holder’s own', () => {
    expect(of('social-security', [card()])).toBe('A12345678')
    expect(of('social-security', [])).toBe('card-unknown')
    expect(of('social-security', [card({ loss: { kind: 'formal' } })])).toBe('card-formally-lost')
    expect(of('medical-insurance', [card({ loss: { kind: 'formal' } })], opened)).toBe('no card')
    expect(of('medical-insurance', [])).toBe('token-not-for-this')
  })

  test('derives from the card in use, whatever others there were', () => {
    const old = card({ number: 'A1', life: 'superseded' })
    const next = card({ number: 'A3', life: 'issued' })
    expect(bearerOf([old, card(), next])?.number).toBe('A12345678')
    expect(bearerOf([old, next])?.number).toBe('A3')
    expect(bearerOf([])).toBeUndefined()
  })
})

describe('a holder', () => {
  const authentication: Authentication = {
    id: 'A1',
    institution,
    card: 'A12345678',
    proof: 'cryptogram',
    pin: true,
    at: now,
    until: now + 60_000,
  }
  const by = (
    how: HolderShown,
    { cards, asks, more = {} }: { cards?: readonly Card[]; asks?: object; more?: object } = {},
  ) => {
    const dossiers = dossiersOf(openAuthentication('P1', { ...authentication, ...more }), opened)
    const wanted = { kind: 'social-security', needsOpen: true, ...asks } as const
    const holder = holderOf('P1', how, wanted, found(dossiers, cards), books)
    return isRefusal(holder) ? holder.code : holder.card.number
  }
  const read: HolderShown = { kind: 'authentication', id: 'A1', institution }
  const entered = (pin: PinTold): HolderShown => ({ kind: 'pin', card: 'A12345678', pin })
  const right = entered({ kind: 'right', initial: false })

  test('is shown by a card that proved itself, with its PIN', () => {
    expect(by(read)).toBe('A12345678')
    expect(by(read, { more: { pin: false } })).toBe('card-pin-needed')
    expect(by(read, { more: { proof: 'reader' } })).toBe('card-not-authenticated')
    expect(by(read, { more: { proof: 'token' } })).toBe('card-not-authenticated')
    expect(by(read, { more: { card: undefined } })).toBe('card-not-authenticated')
    expect(by(read, { more: { until: now } })).toBe('card-not-authenticated')
    expect(by(read, { cards: [] })).toBe('card-unknown')
  })

  test('is shown by the number of the card and its PIN, which is not the initial one that everybody knows', () => {
    expect(by(right)).toBe('A12345678')
    expect(by(entered({ kind: 'right', initial: true }))).toBe('card-pin-initial')
    expect(by(entered({ kind: 'wrong', left: 1 }))).toBe('card-pin-wrong')
    expect(by(entered({ kind: 'locked' }))).toBe('card-pin-locked')
  })

  test('is shown by no PIN that was not tried; that only the PIN is missing is told last', () => {
    expect(by(entered('untried'))).toBe('card-pin-needed')
    const lost = [card({ loss: { kind: 'formal' } })]
    expect(by(entered('untried'), { cards: lost })).toBe('card-formally-lost')
  })

  test('of a lost card has no e-card of it, and their own credential all the same', () => {
    const cards = [card({ loss: { kind: 'formal' } })]
    expect(by(right, { cards })).toBe('card-formally-lost')
    expect(by(right, { cards, asks: { kind: 'medical-insurance' } })).toBe('A12345678')
    const ended = [card({ life: 'cancelled' })]
    expect(by(right, { cards: ended, asks: { kind: 'medical-insurance' } })).toBe('card-cancelled')
  })
})

describe('a claim by token', () => {
  const credential = { type: 'e-card', number: 'x', token } as const
  const asked = claim('10.00', { credential, institution })

  test('is about the token, the credential and its visit', () => {
    expect(subjectsOfClaim({ ...asked, visit: 'V1' }, 'P1').map(({ name }) => name)).toEqual([
      'visit V1',
      `token ${token.id}`,
      'e-credential',
    ])
  })

  test('carries what is wrong with it to its place among the refusals', () => {
    const proving = {
      dossiers: dossiersOf(useToken(token, institution)),
      owner: 'P1',
      now,
      skew_ms: 0,
    }
    expect(provenClaim(asked, proving).credential).toMatchObject({
      proof: 'token',
      eCredential: 'social-security',
      wrong: { code: 'token-used' },
    })
    const fresh = { ...proving, dossiers: dossiersOf(issueToken(token)) }
    expect(provenClaim(asked, fresh).credential.wrong).toBeUndefined()
  })
})

test('what a person has are dossiers of their own', () => {
  expect(
    [tokenSubject(token), eCredentialSubject('P1'), authenticationsSubject('P1')].map(
      (one) => one.owner,
    ),
  ).toEqual(['P1', 'P1', 'P1'])
})
