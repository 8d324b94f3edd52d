import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { institution, openFound, type Page } from './found.ts'
import { claim, person } from './served.ts'

interface Item {
  readonly kind: string
  readonly id: string
  readonly title: { readonly en: string; readonly zh: string }
  readonly person?: string
  readonly settlement?: string
  readonly day?: string
  readonly institution?: string
}

const citizenNumber = claim.credential.number

let found: Awaited<ReturnType<typeof openFound>>
let ask: typeof found.ask
let id: string
let cancelled: string
let byCard: string
let card: typeof found.card

beforeAll(async () => {
  found = await openFound()
  ;({ ask } = found)
  ;({ id, cancelled, byCard, card } = found)
})
afterAll(() => found.close())

const search = async (q: string, more = ''): Promise<readonly Item[]> => {
  const { status, json } = await ask(`/v1/search?q=${encodeURIComponent(q)}${more}`)
  expect(status).toBe(200)
  return (json as unknown as Page<Item>).items
}

describe('one box finds', () => {
  test('a settlement by its id and by that of a later row', async () => {
    const [first] = await search(id)
    expect(first).toMatchObject({
      kind: 'settlement',
      id,
      settlement: id,
      person,
      institution,
      day: '2026-03-02',
    })
    expect(first?.title.en).toContain('25.00 yuan')
    expect(first?.title.zh).toContain('已结算')
    const { rows } = (await ask(`/v1/settlements/${cancelled}`)).json as { rows: { id: string }[] }
    expect(await search(rows[1]?.id ?? '')).toMatchObject([{ kind: 'settlement', id: cancelled }])
  })

  test('a person by their number and by their citizen number, masked', async () => {
    for (const q of [person, citizenNumber]) {
      const hits = await search(q)
      expect(hits).toMatchObject([{ kind: 'person', id: person }])
      expect(JSON.stringify(hits)).not.toContain(citizenNumber)
      expect(hits[0]?.title.zh).toMatch(/^演\* 510\*+0110$/)
    }
  })

  test('a card by its number and by its id, with whose it is', async () => {
    for (const q of [card.number, card.id]) {
      const hits = await search(q)
      expect(hits).toMatchObject([
        { kind: 'card', id: card.id, person },
        { kind: 'person', id: person },
      ])
      expect(JSON.stringify(hits[0])).not.toContain(card.number)
    }
  })

  test('an institution by its code and by a part of its name', async () => {
    const [byCode] = await search(institution)
    expect(byCode).toMatchObject({ kind: 'institution', id: institution })
    const name = String(byCode?.title.en.split(' ')[0])
    expect(await search(name.slice(1, -1))).toContainEqual(byCode)
  })

  test('all of it, once, however short the pages are', async () => {
    for (const q of [card.number, '演示', 'H51010000001'])
      expect(await found.all(`/v1/search?q=${encodeURIComponent(q)}&limit=1`)).toEqual(
        await search(q),
      )
  })

  test('with a day, also what a person had on it', async () => {
    const kinds = (await search(citizenNumber, '&on=2026-03-02')).map(({ kind }) => kind)
    expect(kinds).toEqual(['settlement', 'settlement', 'settlement', 'person'])
    expect(await search(citizenNumber, '&on=2026-03-01')).toHaveLength(1)
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
      const hits = await search(q, '&on=2026-03-02')
      expect(hits.map((one) => one.id)).toEqual(expect.arrayContaining([id, cancelled, byCard]))
      expect(new Set(hits.map(({ kind }) => kind))).toEqual(new Set(['settlement']))
    }
    expect(await search(name, '&on=2026-03-01')).toEqual([])
  })

  test('people by a masked name, each once, page by page, and nobody by a name that is masked otherwise', async () => {
    const hits = await found.all<Item>(`/v1/search?q=${encodeURIComponent('演*')}&limit=3`)
    const { rows } = await found.owner.query('select owner_id from person order by owner_id')
    expect(hits.map(({ id: one }) => one)).toEqual(rows.map(({ owner_id }) => owner_id))
    for (const q of ['演*没', '没*', '**', '*演', '演示*']) expect(await search(q)).toEqual([])
  })

  test('everybody of the sandbox has what their masked names are found by', async () => {
    const { rows } = await found.owner.query(
      `select owner_id from person where name_hash is null or family_hash is null`,
    )
    expect(rows).toEqual([])
  })

  test.each([
    '%',
    '_',
    '%%',
    "'",
    "' or 1=1 --",
    '\\',
    '%医院%',
    '.*',
    '[a-z]',
    '$1',
    '?',
    '{}',
    'H5101000000_',
  ])('nothing by the pattern %s', async (q) => expect(await search(q)).toEqual([]))

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
