import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { cardIdOf } from '../../../adapters/postgres/cards.ts'
import { cardHash } from '../../../adapters/postgres/hashes.ts'
import type { Card, CardChange } from '../../../engine/card.ts'
import { authenticationsSubject, openAuthentication } from '../../../engine/evidence.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, EnterAsk, Entered, Found } from '../../../engine/ports.ts'
import { type RealWorld, realWorld } from './real.ts'
import { claim, crypto, settleAsk, start_ms } from './support.ts'

const desk = 'desk:510100'
let real: RealWorld
let keys = 0

beforeAll(async () => {
  real = await realWorld()
})
afterAll(() => real.close())

const told = async (...asks: Ask[]): Promise<Outcome[]> => real.process.settle(asks)
const codeOf = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'refused' ? outcome.refusal.code : (outcome?.kind ?? 'nothing')

/** A desk's ask about a person's cards, with one entry of what was done. */
function change(who: string, make: (found: Found) => Partial<Entered>): EnterAsk {
  const owner = real.person(who).person.id
  const subject = { owner, name: 'cards' }
  const key = `c${keys++}`
  return {
    kind: 'enter',
    key: { institution: desk, key, fingerprint: key, input: '{}' },
    institution: desk,
    owner,
    subjects: [subject],
    enter: (found) => ({
      entries: [{ subject, kind: 'done', body: {} }],
      result: null,
      ...make(found),
    }),
  }
}

const changed =
  (more: Partial<Card>, rest: Partial<CardChange> = {}) =>
  ({ facts }: Found): Partial<Entered> => ({
    cards: [{ card: { ...(facts.cards?.[0] as Card), ...more }, ...rest }],
  })

const by = (
  who: string,
  type: 'card' | 'e-card' | 'citizen-number',
  more: { institution?: string; authentication?: string; number?: string } = {},
): Ask => {
  const { card, citizenNumber, person } = real.person(who)
  const numbers = { card: card.number, 'e-card': `E${person.id}`, 'citizen-number': citizenNumber }
  const { institution = 'H51010000001', authentication, number = numbers[type] } = more
  const asked = claim('', { institution, line: `L${keys}` })
  return settleAsk(`s${keys++}`, { ...asked, credential: { type, number, authentication } })
}

describe('what a desk changes of a card', () => {
  it('holds for the very next claim by that card and its e-card, and for no other credential', async () => {
    expect((await told(by('E1', 'card')))[0]?.kind).toBe('settled')
    expect((await told(change('E1', changed({ loss: { kind: 'formal' } }))))[0]?.kind).toBe(
      'entered',
    )
    expect(codeOf((await told(by('E1', 'card')))[0])).toBe('card-formally-lost')
    expect(codeOf((await told(by('E1', 'e-card')))[0])).toBe('card-formally-lost')
    expect(codeOf((await told(by('E1', 'citizen-number')))[0])).toBe('settled')
    expect((await told(change('E1', changed({ loss: { kind: 'none' } }))))[0]?.kind).toBe('entered')
  })

  it('holds for a claim behind it in the same batch', async () => {
    const [lost, claimed] = await told(
      change('R1', changed({ loss: { kind: 'formal' } })),
      by('R1', 'card'),
    )
    expect([codeOf(lost), codeOf(claimed)]).toEqual(['entered', 'card-formally-lost'])
  })

  it('is done once under its key, and by one of two desks that read the same state', async () => {
    const once = change('C1', changed({ photo: false }))
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => told(once)))
    expect(outcomes.flat().every(({ kind }) => kind === 'entered')).toBe(true)
    const { rows } = await real.books.pool.query(
      'select count(*)::int as versions from card_version where owner_id = $1',
      [real.person('C1').person.id],
    )
    expect(rows[0].versions).toBe(2)
  })
})

describe('a new card', () => {
  it('finds its holder by its number, bears the e-card, has a PIN and tries of its own', async () => {
    const number = 'K00000001'
    const id = cardIdOf(cardHash(crypto, number))
    const made = { verifier: 'ab'.repeat(16), keyVersion: 1 }
    const pin = { made, initial: false, tries: 3 }
    const [outcome] = await told(
      change('A1', ({ facts }) => {
        const [old] = facts.cards as Card[]
        const fresh = { ...(old as Card), id, number, serial: '510100D15600000500000000000000A1' }
        return {
          cards: [
            { card: { ...(old as Card), life: 'superseded' } },
            { card: { ...fresh, life: 'active' }, pin, bearsECard: true },
          ],
        }
      }),
    )
    expect(codeOf(outcome)).toBe('entered')
    expect(codeOf((await told(by('A1', 'card')))[0])).toBe('card-superseded')
    expect(codeOf((await told(by('A1', 'card', { number })))[0])).toBe('settled')
    expect(codeOf((await told(by('A1', 'e-card')))[0])).toBe('settled')
    const cards = await real.books.register.cardsOf(real.person('A1').person.id)
    expect(cards.find((one) => one.id === id)).toMatchObject({ number, pin: 'set' })
  })

  it('whose number is somebody else’s is not written', async () => {
    const { number } = real.person('E2').card
    const [outcome] = await told(
      change('M1', ({ facts }) => {
        const [old] = facts.cards as Card[]
        return { cards: [{ card: { ...(old as Card), id: 'another', number } }] }
      }),
    )
    expect(outcome?.kind).toBe('busy')
  })
})

describe('what somebody is called', () => {
  it('changes with their number: the old one finds nobody', async () => {
    const citizenNumber = '510199199502140221'
    const [outcome] = await told(
      change('M1', ({ facts: { identity } }) => ({
        identity: { ...identity, name: '演示新名', citizenNumber },
      })),
    )
    expect(codeOf(outcome)).toBe('entered')
    expect(codeOf((await told(by('M1', 'citizen-number')))[0])).toBe('person-unknown')
    expect(codeOf((await told(by('M1', 'citizen-number', { number: citizenNumber })))[0])).toBe(
      'settled',
    )
    const found = await real.books.register.findPerson(real.person('M1').person.id)
    expect(found?.name).toBe('演示新名')
  })
})

describe('an authentication that a claim names', () => {
  const verified = 'H51010000002'
  const open = (who: string, id: string, until: number): Ask => {
    const { person, card } = real.person(who)
    const ask = change(who, () => ({}))
    const entry = openAuthentication(person.id, {
      id,
      institution: verified,
      card: card.number,
      proof: 'cryptogram',
      pin: false,
      at: start_ms,
      until,
    })
    return {
      ...ask,
      subjects: [authenticationsSubject(person.id)],
      enter: () => ({ entries: [entry], result: null }),
    }
  }

  it('is needed where the institution verifies cards, and must be open for this card and place', async () => {
    expect(codeOf((await told(by('P1', 'card', { institution: verified })))[0])).toBe(
      'card-not-authenticated',
    )
    await told(open('P1', 'A-1', start_ms + 3_600_000), open('P1', 'A-2', start_ms + 1))
    const named = (authentication: string, institution = verified) =>
      by('P1', 'card', { institution, authentication })
    expect(codeOf((await told(named('A-1')))[0])).toBe('settled')
    expect(codeOf((await told(named('A-2')))[0])).toBe('card-not-authenticated')
    expect(codeOf((await told(named('A-3')))[0])).toBe('card-not-authenticated')
    expect(codeOf((await told(named('A-1', 'H51010000001')))[0])).toBe('card-not-authenticated')
    expect(
      codeOf((await told(by('U1', 'card', { institution: verified, authentication: 'A-1' })))[0]),
    ).toBe('card-not-authenticated')
  })
})

describe('the books', () => {
  it('hold together afterwards', async () => {
    expect(await checkBooks(real.books.pool)).toEqual([])
  })
})
