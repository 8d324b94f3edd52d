import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claim, openServed, person } from './served.ts'

interface Item {
  readonly kind: string
  readonly id: string
  readonly title: { readonly en: string; readonly zh: string }
  readonly person?: string
  readonly settlement?: string
  readonly day?: string
  readonly institution?: string
}
interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}

const institution = 'H51010000001'
const citizenNumber = claim.credential.number
let served: Awaited<ReturnType<typeof openServed>>
let ask: typeof served.ask
let post: typeof served.post
let id: string
let cancelled: string
let byCard: string
let card: { id: string; number: string }

const search = async (q: string, more = ''): Promise<readonly Item[]> => {
  const { status, json } = await ask(`/v1/search?q=${encodeURIComponent(q)}${more}`)
  expect(status).toBe(200)
  return (json as unknown as Page<Item>).items
}

/** Every item of a list, whose pages may be as short as they like. */
async function all<T>(path: string): Promise<T[]> {
  const items: T[] = []
  for (let next: string | undefined = ''; next !== undefined; ) {
    const { json } = await ask(`${path}${next && `&cursor=${next}`}`)
    const page = json as unknown as Page<T>
    items.push(...page.items)
    next = page.next
  }
  return items
}

beforeAll(async () => {
  served = await openServed()
  ;({ ask, post } = served)
  id = String((await post('/v1/settlements', claim, 'find-1')).json['id'])
  cancelled = String((await post('/v1/settlements', { ...claim, total: '12.50', lines: [{ ...claim.lines[0], quantity: '1', amount: '12.50' }] }, 'find-2')).json['id'])
  await post(`/v1/settlements/${cancelled}/cancellation`, { institution }, 'find-3')
  await post(`/v1/settlements/${cancelled}/cancellation`, { institution }, 'find-4')
  const shown = (await ask(`/v1/people/${person}`)).json as { cards: { id: string }[] }
  card = { id: shown.cards[0]?.id ?? '', number: 'D80000001' }
  const carded = { ...claim, credential: { type: 'card', number: card.number } }
  byCard = String((await post('/v1/settlements', carded, 'find-5')).json['id'])
})
afterAll(() => served.close())

describe('one box finds', () => {
  test('a settlement by its id and by that of a later row', async () => {
    const [first] = await search(id)
    expect(first).toMatchObject({ kind: 'settlement', id, settlement: id, person, institution, day: '2026-03-02' })
    expect(first?.title.en).toContain('25.00 yuan')
    expect(first?.title.zh).toContain('已结算')
    const { rows } = (await ask(`/v1/settlements/${cancelled}`)).json as { rows: { id: string }[] }
    expect(await search(rows[1]?.id ?? '')).toMatchObject([{ kind: 'settlement', id: cancelled }])
  })

  test('a person by their number and by their citizen number, masked', async () => {
    for (const q of [person, citizenNumber]) {
      const found = await search(q)
      expect(found).toMatchObject([{ kind: 'person', id: person }])
      expect(JSON.stringify(found)).not.toContain(citizenNumber)
      expect(found[0]?.title.zh).toMatch(/^演\* 510\*+0110$/)
    }
  })

  test('a card by its number and by its id, with whose it is', async () => {
    for (const q of [card.number, card.id]) {
      const found = await search(q)
      expect(found).toMatchObject([{ kind: 'card', id: card.id, person }, { kind: 'person', id: person }])
      expect(JSON.stringify(found[0])).not.toContain(card.number)
    }
  })

  test('an institution by its code and by a part of its name', async () => {
    const [byCode] = await search(institution)
    expect(byCode).toMatchObject({ kind: 'institution', id: institution })
    const name = String(byCode?.title.en.split(' ')[0])
    expect(await search(name.slice(1, -1))).toContainEqual(byCode)
  })

  test('a message by its key, alone, in quotes and with whose it is', async () => {
    for (const q of ['find-1', '"find-1"', `${institution} find-1`])
      expect(await search(q)).toMatchObject([
        { kind: 'message', id: `${institution} find-1`, settlement: id, person, institution },
      ])
    expect((await search('find-4'))[0]?.title.en).toMatch(/refused \(already-undone\)$/)
    expect(await search('find-nothing')).toEqual([])
  })

  test('with only a masked name and a day, the settlements of that day of whoever is called so', async () => {
    const { name } = (await ask(`/v1/people/${person}`)).json as { name: string }
    for (const q of [name, name.replace('*', '＊'), name.replace('*', '***')]) {
      const found = await search(q, '&on=2026-03-02')
      expect(found.map((one) => one.id)).toEqual(expect.arrayContaining([id, cancelled, byCard]))
      expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['settlement']))
    }
    expect(await search(name, '&on=2026-03-01')).toEqual([])
  })

  test('people by a masked name, each once, page by page, and nobody by a name that is masked otherwise', async () => {
    const found = await all<Item>(`/v1/search?q=${encodeURIComponent('演*')}&limit=3`)
    const { rows } = await served.owner.query('select owner_id from person order by owner_id')
    expect(found.map(({ id: one }) => one)).toEqual(rows.map(({ owner_id }) => owner_id))
    for (const q of ['演*没', '没*', '**', '*演', '演', '演示*'])
      expect(await search(q)).toEqual([])
  })

  test('a name that was changed is found as it is now', async () => {
    const { rows } = await served.owner.query(
      `select owner_id from person where name_hash is null or family_hash is null`,
    )
    expect(rows).toEqual([])
  })

  test.each(['%', '_', '%%', "'", "' or 1=1 --", '\\', '%医院%', '.*', '[a-z]', '$1', '?', '{}', 'H5101000000_'])(
    'nothing by the pattern %s',
    async (q) => expect(await search(q)).toEqual([]),
  )

  test.each([
    ['nothing', ''],
    ['a NUL', '%00'],
    ['a line break', 'a%0Ab'],
    ['a mark that turns the direction of writing', '%E2%80%AEabc'],
    ['ten thousand letters', 'a'.repeat(10_000)],
    ['ten thousand stars', `${encodeURIComponent('张')}${'*'.repeat(10_000)}`],
    ['half a character', '%ED%A0%80'],
  ])('is not asked with %s', async (_, q) => {
    const { status, json } = await ask(`/v1/search?q=${q}`)
    if (status === 200) expect(json['items']).toEqual([])
    else expect(status).toBe(400)
  })

  test('the longest text that may be asked for is answered', async () => {
    expect(await search('a'.repeat(300))).toEqual([])
    expect(await search('*'.repeat(300))).toEqual([])
  })
})

describe('settlements are listed', () => {
  const list = async (query: string): Promise<string[]> =>
    (await all<{ id: string }>(`/v1/settlements?limit=2&${query}`)).map((one) => one.id)

  test('by the card that was shown', async () => {
    for (const shown of [card.id, card.number]) expect(await list(`card=${shown}`)).toEqual([byCard])
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
    expect(await list('route=cross-province')).toEqual([])
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
    expect(everyone.map(({ at }) => at)).toEqual(everyone.map(({ at }) => at).toSorted().toReversed())
    for (const query of [`&person=${person}`, `&institution=${institution}`, '&code=already-undone', '&from=2026-03-02&until=2026-03-02'])
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
    ((await served.owner.query('select count(*)::int as n from unjournaled')).rows[0]?.n ?? 1) === 0
  await expect.poll(journaled, { timeout: 10_000 }).toBe(true)
  const { json } = await ask(`/v1/settlements/${cancelled}/history`)
  const items = json['items'] as { event: string; row?: string; at: string; detail: { en: string; zh: string } }[]
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
  const minutes = json['minutes'] as { at: string; settled: number; undone: number; refused: number }[]
  const outcomes = json['outcomes'] as { settled: number; undone: number; refused: number }
  expect(minutes).toHaveLength(60)
  const { rows } = await served.owner.query(
    `select count(*) filter (where kind = 'settlement')::int as settled,
            count(*) filter (where kind = 'cancellation')::int as undone,
            (select count(*)::int from answer where code is not null) as refused
     from settlement`,
  )
  expect(outcomes).toEqual(rows[0])
  for (const what of ['settled', 'undone', 'refused'] as const)
    expect(minutes.reduce((sum, minute) => sum + minute[what], 0)).toBe(outcomes[what])
  expect(json).toMatchObject({
    day: '2026-03-02',
    pendingCrossRegion: 0,
    sealed: null,
    proved: null,
    latency: { p50_ms: expect.any(Number), p99_ms: expect.any(Number) },
  })
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
    const mark = next === undefined ? '' : Buffer.from(next, 'base64url').toString().slice(0, 9)
    for (const place of ['', '@', 'x@y@z', "';--", 'e-1', 'eNaN', 'e99999999999999999999', 'i', '@@9999-99-99']) {
      const cursor = Buffer.from(mark + place).toString('base64url')
      expect([200, 400]).toContain((await ask(`${path}&cursor=${cursor}`)).status)
    }
  }
})
