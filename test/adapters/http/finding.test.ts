import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cursorWith, institution, openFound } from './found.ts'
import { claim, person } from './served.ts'

const citizenNumber = claim.credential.number

let found: Awaited<ReturnType<typeof openFound>>
let ask: typeof found.ask
let post: typeof found.post
let all: typeof found.all
let id: string
let cancelled: string
let byCard: string
let card: typeof found.card

beforeAll(async () => {
  found = await openFound()
  ;({ ask } = found)
  ;({ post, all, id, cancelled, byCard, card } = found)
})
afterAll(() => found.close())

describe('settlements are listed', () => {
  const list = async (query: string): Promise<string[]> =>
    (await all<{ id: string }>(`/v1/settlements?limit=2&${query}`)).map((one) => one.id)

  test('by the card that was shown', async () => {
    for (const shown of [card.id, card.number])
      expect(await list(`card=${shown}`)).toEqual([byCard])
    expect(await list('card=D99999999')).toEqual([])
    expect(await list(`card=${card.id}&person=510100000000000000001002`)).toEqual([])
  })

  test('by amounts, both included', async () => {
    expect(await list('totalFrom=12.50&totalUntil=12.50')).toEqual([cancelled])
    expect(await list('totalFrom=25.01')).toEqual([])
    expect(await list('totalUntil=25.00')).toEqual([byCard, cancelled, id])
  })

  test('by fund, rules, route, regions and moments', async () => {
    const { shares, rulePack, postedAt } = (await ask(`/v1/settlements/${id}`)).json as {
      shares: { fund: string; amount: string }[]
      rulePack: string
      postedAt: string
    }
    expect(await list(`rulePack=${rulePack}`)).toContain(id)
    expect(await list('rulePack=other')).toEqual([])
    for (const { fund, amount } of shares)
      if (amount !== '0.00') expect(await list(`fund=${fund}`)).toContain(id)
    expect(await list('fund=none')).toEqual([])
    expect(await list('route=local&careRegion=510100&homeRegion=510100')).toContain(id)
    expect(await list('route=crossProvince')).toEqual([])
    const at = encodeURIComponent(postedAt)
    expect(await list(`postedFrom=${at}&postedUntil=${at}`)).toEqual([id])
    expect(await list(`postedFrom=${postedAt}&institution=${institution}`)).toContain(id)
    expect(await list(`postedUntil=2026-01-01T00:00:00Z`)).toEqual([])
  })

  test.each([
    ['totalFrom=1', '/totalFrom'],
    ['totalFrom=-1.00', '/totalFrom'],
    ['postedFrom=yesterday', '/postedFrom'],
    ['fund=%25', '/fund'],
    ['route=abroad', '/route'],
    ['homeRegion=5101', '/homeRegion'],
    ['card=a%20b', '/card'],
  ])('and %s is told to be wrong', async (query, field) => {
    const { status, json } = await ask(`/v1/settlements?${query}`)
    expect(status).toBe(400)
    expect(json).toMatchObject({ facts: { field } })
  })
})

describe('refusals', () => {
  interface Refused {
    readonly at: string
    readonly key: string
    readonly code: string
    readonly person?: string
    readonly kind: string
    readonly institution: string
    readonly message: { readonly en: string; readonly zh: string }
  }
  const list = async (query: string): Promise<Refused[]> => all(`/v1/refusals?limit=1${query}`)

  test('are told with their keys, codes and words, the newest first, and are found by each of them', async () => {
    const everyone = await list('')
    expect(everyone[0]).toMatchObject({
      institution,
      key: 'find-4',
      person,
      code: 'already-undone',
      kind: 'rule',
    })
    expect(everyone[0]?.message.zh).toMatch(/[\u4e00-\u9fff]/)
    expect(everyone.map(({ at }) => at)).toEqual(
      everyone
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    )
    for (const query of [
      `&person=${person}`,
      `&institution=${institution}`,
      '&code=already-undone',
      '&from=2026-03-02&until=2026-03-02',
    ])
      expect(await list(query)).toContainEqual(everyone[0])
    expect(await list('&code=card-expired')).toEqual([])
    expect(await list('&until=2026-03-01')).toEqual([])
    expect(await list('&person=nobody')).toEqual([])
  })

  test('a repeat of what was refused is no further refusal', async () => {
    const before = await list('')
    const again = await post(`/v1/settlements/${cancelled}/cancellation`, { institution }, 'find-4')
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await list('')).toEqual(before)
  })

  test('a reversal of what never came refuses nobody until it comes, and not even then a second time', async () => {
    const before = await list('')
    const reversed = await post('/v1/reversals', { institution, key: 'find-never', person })
    expect(reversed.json).toEqual({ happened: false })
    expect(await list('')).toEqual(before)
  })

  test('of a code that there is none, of days that turn, of control characters is nothing told', async () => {
    expect((await ask('/v1/refusals?code=made-up')).status).toBe(400)
    expect((await ask('/v1/refusals?institution=a%00b')).status).toBe(400)
    expect(await list('&from=2026-03-03&until=2026-03-01')).toEqual([])
  })
})

test('the history of a settlement tells its rows, its places in the journal and what was refused of it', async () => {
  const journaled = async (): Promise<boolean> =>
    ((await found.owner.query('select count(*)::int as n from unjournaled')).rows[0]?.n ?? 1) === 0
  await expect.poll(journaled, { timeout: 10_000 }).toBe(true)
  const { json } = await ask(`/v1/settlements/${cancelled}/history`)
  const items = json['items'] as {
    event: string
    row?: string
    at: string
    detail: { en: string; zh: string }
  }[]
  expect(items.map(({ event }) => event).toSorted()).toEqual(
    ['settled', 'cancelled', 'refused', 'journaled', 'journaled'].toSorted(),
  )
  expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted())
  expect(items[0]).toMatchObject({ event: 'settled', row: cancelled, institution })
  expect(items.find(({ event }) => event === 'refused')?.detail.en).toContain('already-undone')
  for (const { detail } of items) expect(detail.zh).toMatch(/[\u4e00-\u9fff]/)
  expect(JSON.stringify(items)).not.toContain(citizenNumber)
  expect((await ask('/v1/settlements/01JNX3H0000000000000000000ABCD/history')).status).toBe(404)
})

test('today is told minute by minute, and adds up to what is in the books', async () => {
  const { json } = await ask('/v1/today')
  const minutes = json['minutes'] as {
    at: string
    settled: number
    undone: number
    refused: number
  }[]
  const outcomes = json['outcomes'] as { settled: number; undone: number; refused: number }
  expect(minutes).toHaveLength(60)
  const { rows } = await found.owner.query(
    `select count(*) filter (where kind = 'settlement')::int as settled,
            count(*) filter (where kind = 'cancellation')::int as undone,
            (select count(*)::int from answer where code is not null) as refused
     from settlement`,
  )
  expect(outcomes).toEqual(rows[0])
  for (const what of ['settled', 'undone', 'refused'] as const)
    expect(minutes.reduce((sum, minute) => sum + minute[what], 0)).toBe(outcomes[what])
  // Sealing goes on beside it, and takes a second.
  expect([null, expect.objectContaining({ size: expect.any(Number) })]).toContainEqual(
    json['sealed'],
  )
  expect(json).toMatchObject({
    day: '2026-03-02',
    pendingCrossRegion: 0,
    proved: null,
    latency: { p50_ms: expect.any(Number), p99_ms: expect.any(Number) },
  })
  const told = await Promise.all(Array.from({ length: 20 }, () => ask('/v1/today')))
  expect(new Set(told.map(({ text }) => text)).size).toBeLessThanOrEqual(2)
})

test('a cursor of one list, or of none, is no cursor of another', async () => {
  const paths = [
    `/v1/search?q=${encodeURIComponent('演*')}&limit=1`,
    `/v1/search?q=${encodeURIComponent('演*')}&on=2026-03-02&limit=1`,
    '/v1/refusals?limit=1',
    '/v1/settlements?totalFrom=1.00&limit=1',
  ]
  const made = Buffer.from('aaaaaaaa:1@x').toString('base64url')
  for (const path of paths) {
    const { next } = (await ask(path)).json as { next?: string }
    expect((await ask(`${path}&cursor=${made}`)).status).toBe(400)
    for (const other of paths)
      if (other !== path && next !== undefined)
        expect((await ask(`${other}&cursor=${next}`)).status).toBe(400)
  }
})

test('a cursor whose place somebody changed is theirs to hear', async () => {
  const paths = [
    `/v1/search?q=${encodeURIComponent('演*')}&limit=1`,
    `/v1/search?q=${encodeURIComponent('演*')}&on=2026-03-02&limit=1`,
    '/v1/search?q=H51&limit=1',
    '/v1/settlements?from=2026-03-01&limit=1',
  ]
  for (const path of paths) {
    const { next } = (await ask(path)).json as { next?: string }
    for (const place of [
      '',
      '@',
      'x@y@z',
      "';--",
      'e-1',
      'eNaN',
      'e99999999999999999999',
      'i',
      '@@9999-99-99',
    ]) {
      const cursor = cursorWith(next, place)
      expect([200, 400]).toContain((await ask(`${path}&cursor=${cursor}`)).status)
    }
  }
})

describe('institutions', () => {
  interface Listed {
    readonly code: string
    readonly name: string
  }
  const listed = async (query: string): Promise<Listed[]> => all(`/v1/institutions?${query}`)

  test('are told with their names by their codes, and what is none is left out', async () => {
    const told = await listed('codes=H51010000002,H51010000001,H99999999999&limit=1')
    expect(told).toMatchObject([
      { code: 'H51010000001', name: expect.stringContaining('医院'), division: '510100' },
      { code: 'H51010000002' },
    ])
  })

  test('are told page by page, each once, in the order of their codes', async () => {
    const codes = (await listed('limit=7')).map(({ code }) => code)
    expect(codes.length).toBeGreaterThan(7)
    expect(codes).toEqual([...new Set(codes)].toSorted())
  })

  test.each([
    ['no code', ''],
    ['a hundred and one', `${'A,'.repeat(100)}A`],
    ['a control character', 'a%00b'],
    ['a space', 'a%20b'],
  ])('asked for by %s, nothing is told', async (_, codes) => {
    expect((await ask(`/v1/institutions?codes=${codes}`)).status).toBe(400)
  })
})
