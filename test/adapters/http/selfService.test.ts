import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eCardsAt } from '../../support/eCards.ts'
import { personOf } from '../../support/reader.ts'
import { claim, openServed } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>
let eCards: ReturnType<typeof eCardsAt>
let token: string
/** What is E1's own, and what is E2's. */
const own = { person: personOf('E1').person.id, card: '', settlement: '' }
const others = { person: personOf('E2').person.id, card: '', settlement: '' }

const settleFor = async (key: string): Promise<string> => {
  const credential = { type: 'citizen-number', number: personOf(key).citizenNumber }
  return String((await served.post('/v1/settlements', { ...claim, credential })).json['id'])
}
const cardOf = async (key: string): Promise<string> => {
  const { cards } = (await served.ask(`/v1/people/${personOf(key).person.id}`)).json as {
    cards: { id: string }[]
  }
  return cards[0]?.id ?? ''
}

beforeAll(async () => {
  served = await openServed()
  eCards = eCardsAt(served.post)
  for (const [key, of] of [
    ['E1', own],
    ['E2', others],
  ] as const) {
    of.settlement = await settleFor(key)
    of.card = await cardOf(key)
  }
  token = await eCards.token('E1', { purpose: 'self-service' })
})
afterAll(() => served.close())

interface Asked {
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}
const as = async (path: string, { headers, ...init }: Asked = {}, text = token) =>
  served.ask(path, { ...init, headers: { ...headers, authorization: `Bearer ${text}` } })
const codeOf = ({ json }: { json: Record<string, unknown> }) => json['code']

describe('a person with a token for self-service', () => {
  test('reads what is their own, as often as they like', async () => {
    for (const id of ['me', own.person, 'me'])
      expect((await as(`/v1/people/${id}`)).json).toMatchObject({ id: own.person, name: '演*' })
    expect((await as('/v1/people/me/accounts')).json).toMatchObject({ person: own.person })
    expect((await as('/v1/people/me/accumulators')).json).toMatchObject({ person: own.person })
    expect((await as('/v1/people/me/records')).json).toMatchObject({ person: own.person })
    expect((await as('/v1/people/me/settlements')).json).toMatchObject({
      items: [{ id: own.settlement, person: own.person }],
    })
    expect((await as(`/v1/settlements/${own.settlement}`)).json).toMatchObject({
      id: own.settlement,
    })
    expect((await as(`/v1/cards/${own.card}`)).status).toBe(200)
    // Nothing was ever collected of it, which is told as it is told to everybody.
    const collection = `/v1/settlements/${own.settlement}/collection`
    expect((await as(collection)).text).toBe((await served.ask(collection)).text)
  })

  test('is told of others what is told of nobody', async () => {
    const nobody = { person: '510100000000000000009999', card: '0'.repeat(32), settlement: 'S9' }
    const told = async (of: typeof nobody, names: keyof typeof nobody, path: string) => {
      const { status, json } = await as(path.replace('{id}', of[names]))
      return `${status} ${String(json['code'])}`
    }
    for (const [names, path] of [
      ['person', '/v1/people/{id}'],
      ['person', '/v1/people/{id}/accounts'],
      ['settlement', '/v1/settlements/{id}'],
      ['card', '/v1/cards/{id}'],
    ] as const) {
      expect(await told(others, names, path)).toMatch(/^404 /)
      expect(await told(others, names, path)).toBe(await told(nobody, names, path))
    }
    expect((await as(`/v1/cards/${personOf('E2').card.number}`)).status).toBe(404)
  })

  test('is refused on every other path of the interface, whoever it names', async () => {
    const { paths } = (await served.ask('/openapi.json')).json as {
      paths: Record<string, Record<string, unknown>>
    }
    const readable =
      /^\/(livez|readyz|metrics|v1\/(rules|institutions|e-cards\/keys|me|ledger\/seal-key))/
    const seen: string[] = []
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods)) {
        const { person, card, settlement } = others
        const id = path.includes('cards')
          ? card
          : path.includes('settlements')
            ? settlement
            : person
        const named = path.replace('{id}', id).replace('{certificate}', 'ab'.repeat(32))
        const url = named.replace(/\{\w+\}/, '510100')
        const body =
          method === 'get' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } }
        const { status } = await as(url, { method: method.toUpperCase(), ...body })
        const isOthers = path.includes('{id}') && !path.includes('ledger') && method === 'get'
        const wanted = path.includes('proofs')
          ? [404]
          : isOthers
            ? /^\/v1\/(people|cards|settlements|reimbursements|resettlements|recoveries)\/\{id\}/.test(
                path,
              )
              ? [404]
              : [403]
            : method === 'get' && readable.test(path)
              ? [200]
              : // What regions say to each other is proved by its signature, and a token proves nothing there.
                path.startsWith('/region/')
                ? [method === 'get' ? 200 : 400]
                : [403]
        seen.push(`${method} ${path}`)
        expect(`${method} ${path} ${wanted.includes(status) ? 'as wanted' : status}`).toBe(
          `${method} ${path} as wanted`,
        )
      }
    expect(seen.length).toBeGreaterThan(40)
  })

  test('writes nothing', async () => {
    const before = await served.count()
    const credential = { type: 'citizen-number', number: personOf('E1').citizenNumber }
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'x' },
      body: JSON.stringify({ ...claim, credential }),
    }
    expect(codeOf(await as('/v1/settlements', init))).toBe('caller-not-allowed')
    expect(codeOf(await as(`/v1/settlements?person=${own.person}`))).toBe('caller-not-allowed')
    expect(await served.count()).toEqual(before)
  })
})

describe('a token that is not good for self-service', () => {
  test.each<[string, () => Promise<string>]>([
    ['of another purpose', () => eCards.token('E1')],
    [
      'for one institution',
      () => eCards.token('E1', { purpose: 'self-service', only: 'H51010000001' }),
    ],
    ['that was changed', async () => `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`],
    ['that is none', async () => 'x'],
  ])('%s shows nobody', async (_says, make) => {
    const told = await as('/v1/people/me', {}, await make())
    expect(told).toMatchObject({ status: 401, json: { code: 'caller-unknown' } })
    expect(told.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('is one whose card is lost meanwhile', async () => {
    const lost = await eCards.token('P1', { purpose: 'self-service' })
    expect((await as('/v1/people/me', {}, lost)).status).toBe(200)
    const desk = { division: '510100', operator: 'OP01', channel: 'hotline' }
    await served.post(`/v1/cards/${personOf('P1').card.number}/temporary-loss`, { desk })
    const told = await as('/v1/people/me', {}, lost)
    expect(told.json).toMatchObject({ status: 401, facts: { because: 'card-temporarily-lost' } })
  })

  test('settles nothing either', async () => {
    const credential = { type: 'e-card', number: token }
    expect(codeOf(await served.post('/v1/settlements', { ...claim, credential }))).toBe(
      'token-not-for-this',
    )
  })
})

test('whoever has no token is nobody, and me is nobody', async () => {
  expect((await served.ask('/v1/people/me')).status).toBe(404)
  const basic = await served.ask('/v1/people/me', { headers: { authorization: 'Basic eDp5' } })
  expect(basic.json).toMatchObject({ status: 401, facts: { because: 'form' } })
})
