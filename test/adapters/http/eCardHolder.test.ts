import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { app, byPin, eCardsAt } from '../../support/eCards.ts'
import { simulateTerminal } from '../../../adapters/simulator/terminal.ts'
import { personOf, pinBody, readerAt, terminal } from '../../support/reader.ts'
import { openServed } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>
let eCards: ReturnType<typeof eCardsAt>
beforeAll(async () => {
  served = await openServed()
  eCards = eCardsAt(served.post)
})
afterAll(() => served.close())

const trusting = 'H51010000001'
const verifying = 'H51010000002'
const codeOf = ({ json }: { json: Record<string, unknown> }) => json['code']

describe('a holder', () => {
  test('is shown by an authentication with PIN, and by no other', async () => {
    const { person } = personOf('C1')
    const reader = readerAt(served.post)
    const { authentication } = (await reader.read('C1', { pin: pinBody('135790', 'C1') })).json
    const ask = async (more: object) =>
      served.post('/v1/e-cards/tokens', {
        institution: verifying,
        person: person.id,
        kind: 'social-security',
        purpose: 'identity',
        ...more,
      })
    expect((await ask({ authentication })).status).toBe(201)
    expect(codeOf(await ask({ authentication, person: personOf('E1').person.id }))).toBe(
      'card-not-authenticated',
    )
    expect(codeOf(await ask({ authentication, institution: trusting }))).toBe(
      'card-not-authenticated',
    )
    const without = (await reader.read('C1')).json['authentication']
    expect(codeOf(await ask({ authentication: without }))).toBe('card-pin-needed')
    const atTrusting = readerAt(served.post, { institution: trusting })
    const read = await atTrusting.read('C1', {
      checkedByReader: true,
      challenge: undefined,
      cryptogram: undefined,
    })
    const byReader = { authentication: read.json['authentication'], institution: trusting }
    expect(codeOf(await ask(byReader))).toBe('card-not-authenticated')
  })

  test('is told what is missing of a body', async () => {
    const field = async (more: object) =>
      (
        (
          await served.post('/v1/e-cards/tokens', {
            institution: app,
            kind: 'social-security',
            purpose: 'identity',
            ...more,
          })
        ).json['facts'] as { field: string }
      ).field
    const { number } = personOf('E1').card
    expect(await field({})).toBe('/card')
    expect(await field({ card: number })).toBe('/pin')
    expect(await field({ authentication: 'X' })).toBe('/person')
    expect(await field({ authentication: 'X', card: number })).toBe('/card')
  })

  test('whose PIN is wrong gets none, and loses a try; the same key loses no other', async () => {
    const asked = { ...byPin('W1', '739146'), kind: 'social-security', purpose: 'identity' }
    const first = await served.post('/v1/e-cards/tokens', asked, 'wrong')
    expect(first.json).toMatchObject({ code: 'card-pin-wrong', facts: { left: 2 } })
    const again = await served.post('/v1/e-cards/tokens', asked, 'wrong')
    expect(again.text).toBe(first.text)
    expect((await eCards.ask('W1', byPin('W1', '739146'))).json).toMatchObject({
      facts: { left: 1 },
    })
    expect((await eCards.ask('W1')).status).toBe(201)
  })

  test('whose PIN was not tried gets none, although what forbade the try ends at that very moment', async () => {
    const { number } = personOf('A1').card
    const desk = { division: '510100', operator: 'OP01' }
    const documents = [{ kind: 'own-card' }, { kind: 'id-document' }]
    const codes = new Set<unknown>()
    for (let round = 0; round < 5; round++) {
      await served.post(`/v1/cards/${number}/temporary-loss`, { desk })
      const guess = async () => codes.add(codeOf(await eCards.ask('A1', byPin('A1', '864209'))))
      const found = served.post(`/v1/cards/${number}/loss-cancel`, { desk, documents })
      await Promise.all([...Array.from({ length: 12 }, guess), found, guess(), guess()])
    }
    expect(codes).not.toContain(undefined)
  })

  test('is shown by no initial PIN, which everybody knows, whatever the token is for', async () => {
    const desk = { division: '510100', operator: 'OP01' }
    const documents = [{ kind: 'own-card' }, { kind: 'id-document' }]
    const serve = async (card: string, service: string, more: object = {}) =>
      (await served.post(`/v1/cards/${card}/${service}`, { desk, documents, ...more })).json
    const { newCard } = (await serve(personOf('S1').card.number, 'replacement', {
      reason: 'damaged',
    })) as { newCard: { id: string } }
    const { make } = (await serve(newCard.id, 'making')) as { make: { number: string } }
    await serve(newCard.id, 'delivery')
    await serve(newCard.id, 'activation')
    const block = simulateTerminal(terminal).pinBlock('123456', make.number).toString('hex')
    const shown = { institution: app, card: make.number, pin: { terminal, block } }
    for (const purpose of ['settlement', 'identity', 'self-service'])
      expect(codeOf(await eCards.ask('S1', { ...shown, purpose }))).toBe('card-pin-initial')
    expect(codeOf(await served.post('/v1/e-cards', shown))).toBe('card-pin-initial')
  })

  test('loses no try where nobody knows who asks', async () => {
    for (const institution of ['H999', 'agency:999999', 'desk:x'])
      expect(codeOf(await eCards.ask('L1', { ...byPin('L1', '864209'), institution }))).toBe(
        'institution-unknown',
      )
    expect((await eCards.ask('L1', byPin('L1', '864209'))).json).toMatchObject({
      facts: { left: 2 },
    })
  })

  test.each([
    ['X3', 'card-formally-lost'],
    ['X2', 'card-temporarily-lost'],
    ['X5', 'card-cancelled'],
    ['X1', 'card-not-activated'],
    ['X7', 'card-expired'],
    ['X4', 'card-pin-locked'],
  ])('%s gets no e-card: %s', async (key, code) => {
    expect(codeOf(await eCards.ask(key))).toBe(code)
  })
})
