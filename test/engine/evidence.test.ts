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
import { now } from './support/world.ts'

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
