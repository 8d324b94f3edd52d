import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { byPin, eCardsAt, secretsOf } from '../../support/eCards.ts'
import { personOf } from '../../support/reader.ts'
import { claim, openServed } from './served.ts'

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
const becauseOf = ({ json }: { json: Record<string, unknown> }) =>
  `${String(json['code'])} ${String((json['facts'] as { because?: string }).because)}`
const bill = (token: string, institution = verifying) => ({
  ...claim,
  institution,
  credential: { type: 'e-card', number: token },
})
const pay = async (token: string, institution = verifying, key?: string) =>
  served.post('/v1/settlements', bill(token, institution), key)

describe('a token', () => {
  test('settles one claim of its holder, where cards are verified too', async () => {
    const token = await eCards.token('E1')
    const preview = await served.post('/v1/settlements/preview', bill(token))
    expect(preview.status).toBe(200)
    const settled = await pay(token, verifying, 'once')
    expect(settled.json).toMatchObject({ person: personOf('E1').person.id, state: 'settled' })
    expect(settled.text).not.toContain('card-proof-not-checked')
    expect((await pay(token, verifying, 'once')).text).toBe(settled.text)
    expect(codeOf(await pay(token))).toBe('token-used')
    expect(codeOf(await served.post('/v1/settlements/preview', bill(token)))).toBe('token-used')
    expect(codeOf(await pay(token, trusting))).toBe('token-used')
  })

  test('is used once even where two institutions ask at the same moment', async () => {
    const token = await eCards.token('E1')
    const told = await Promise.all(
      [trusting, verifying, trusting, verifying].map(async (each) => pay(token, each)),
    )
    expect(told.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(told.filter((one) => codeOf(one) === 'token-used')).toHaveLength(3)
  })

  test('that paid for a claim which is cancelled stays used', async () => {
    const token = await eCards.token('E1')
    const { id } = (await pay(token)).json as { id: string }
    const done = await served.post(`/v1/settlements/${id}/cancellation`, { institution: verifying })
    expect(done.status).toBe(201)
    expect(codeOf(await pay(token))).toBe('token-used')
  })

  test('is good for its purpose and at its institution alone', async () => {
    const identity = await eCards.token('E1', { purpose: 'identity' })
    expect(becauseOf(await pay(identity))).toBe('token-not-for-this purpose')
    expect(becauseOf(await eCards.verify(await eCards.token('E1')))).toBe(
      'token-not-for-this purpose',
    )
    const bound = await eCards.token('E1', { only: verifying })
    expect(becauseOf(await pay(bound, trusting))).toBe('token-not-for-this institution')
    expect((await pay(bound)).status).toBe(201)
  })

  test('that was forged, changed or cut off is none', async () => {
    const token = await eCards.token('E1')
    const changed = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`
    expect(await pay(changed)).toMatchObject({ status: 404, json: { code: 'token-invalid' } })
    expect(codeOf(await eCards.verify(changed))).toBe('token-invalid')
    expect(codeOf(await eCards.verify(token.slice(0, -1)))).toBe('token-invalid')
    expect(codeOf(await served.post('/v1/settlements/preview', bill(changed)))).toBe(
      'token-invalid',
    )
    expect((await pay(token)).status).toBe(201)
  })

  test('tells nobody whose it is, and all are of one length', async () => {
    const tokens = await Promise.all(
      ['E1', 'R2', 'D1'].map(async (key) =>
        eCards.token(key, { only: key === 'R2' ? trusting : undefined }),
      ),
    )
    expect(new Set(tokens.map((token) => token.length))).toEqual(new Set([258]))
    for (const token of tokens) {
      const bytes = Buffer.from(token, 'base64url').toString('latin1')
      expect(secretsOf().filter((secret) => bytes.includes(secret))).toEqual([])
    }
  })

  test('is verified offline by a public key', async () => {
    const token = Buffer.from(await eCards.token('E1'), 'base64url')
    const { keys } = (await served.ask('/v1/e-cards/keys')).json as {
      keys: { kind: string; division: string; publicKey: string }[]
    }
    const [head, signature] = [token.subarray(0, -64), token.subarray(-64).toString('hex')]
    const division = token.toString('hex', 3, 6)
    const right = keys.filter(({ publicKey }) => sm2Verify(publicKey, head, signature))
    expect(right).toMatchObject([{ kind: 'social-security', division }])
  })
})

describe('an identity', () => {
  test('is told once, with a masked name', async () => {
    const token = await eCards.token('E2', { purpose: 'identity' })
    const told = await eCards.verify(token, {}, 'who')
    const { id } = personOf('E2').person
    expect(told).toMatchObject({
      status: 201,
      json: { person: id, name: '演*', kind: 'social-security' },
    })
    expect((await eCards.verify(token, {}, 'who')).text).toBe(told.text)
    expect(codeOf(await eCards.verify(token))).toBe('token-used')
  })

  test('is only compared where somebody says who it should be', async () => {
    const matches = async (more: object) =>
      (await eCards.verify(await eCards.token('E2', { purpose: 'identity' }), more)).json
    const { name, citizenNumber } = personOf('E2')
    const kind = 'social-security'
    expect(await matches({ name, citizenNumber })).toEqual({ kind, matches: true })
    expect(await matches({ name: '演示甲', citizenNumber })).toEqual({ kind, matches: false })
    expect(await matches({ citizenNumber: personOf('E1').citizenNumber })).toEqual({
      kind,
      matches: false,
    })
  })
})

describe('a medical-insurance e-credential', () => {
  test('has a life of its own', async () => {
    const kind = 'medical-insurance'
    expect(becauseOf(await eCards.ask('M1', { kind }))).toBe('token-not-for-this credential-closed')
    const opened = await eCards.open('M1')
    expect(opened.json).toEqual({ kind, person: personOf('M1').person.id, state: 'open' })
    expect(codeOf(await eCards.open('M1'))).toBe('entry-already-there')
    const token = await eCards.token('M1', { kind })
    expect((await pay(token)).json).toMatchObject({ person: personOf('M1').person.id })
    const late = await eCards.token('M1', { kind })
    expect((await eCards.close('M1')).json).toMatchObject({ state: 'closed' })
    expect(becauseOf(await pay(late))).toBe('token-not-for-this credential-closed')
    await eCards.open('M1')
    expect(becauseOf(await pay(late))).toBe('token-not-for-this credential-closed')
    expect(becauseOf(await eCards.verify(await eCards.token('M1', { kind })))).toContain('purpose')
  })

  test('settles although the card is lost; an e-card of that card does not', async () => {
    const kind = 'medical-insurance'
    const loss = async (key: string) =>
      served.post(`/v1/cards/${personOf(key).card.number}/temporary-loss`, {
        desk: { division: '510100', operator: 'OP01', channel: 'hotline' },
      })
    await eCards.open('P1')
    const derived = await eCards.token('P1')
    expect((await loss('P1')).status).toBe(201)
    expect(codeOf(await pay(derived))).toBe('card-temporarily-lost')
    expect((await pay(await eCards.token('P1', { kind }))).status).toBe(201)
    const byNumber = { type: 'citizen-number', number: personOf('P1').citizenNumber }
    expect((await served.post('/v1/settlements', { ...claim, credential: byNumber })).status).toBe(
      201,
    )
  })
})

test('a repeat of what issued a token is told the same token', async () => {
  const asked = { ...byPin('U1'), kind: 'social-security', purpose: 'identity' }
  const first = await served.post('/v1/e-cards/tokens', asked, 'one')
  expect((await served.post('/v1/e-cards/tokens', asked, 'one')).text).toBe(first.text)
})

test('the static number of an e-card is a number, and proves nothing where cards are verified', async () => {
  const number = `E${personOf('E1').person.id}`
  expect(codeOf(await pay(number))).toBe('card-not-authenticated')
  expect((await pay(number, trusting)).status).toBe(201)
})

test('the books are whole after all of it', async () => {
  expect(await served.violations()).toEqual([])
})
