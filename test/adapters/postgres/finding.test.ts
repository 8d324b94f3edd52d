import { afterAll, beforeAll, expect, test } from 'vitest'
import { maskedNameHash, nameHashes } from '../../../adapters/postgres/hashes.ts'
import { firstIdAt, timeOfId } from '../../../adapters/postgres/ids.ts'
import { indexNames } from '../../../adapters/postgres/nameIndex.ts'
import { createRecent } from '../../../adapters/postgres/recent.ts'
import { createSearch } from '../../../adapters/postgres/search.ts'
import { listChains, type SettlementFilter } from '../../../adapters/postgres/summaries.ts'
import { withClient } from '../../../benchmarks/database.ts'
import type { Fen } from '../../../engine/money.ts'
import { settle } from './settle.ts'
import {
  cancelAsk,
  claim,
  crypto,
  day,
  ids,
  openWorld,
  person,
  settleAsk,
  type World,
} from './support.ts'

const names = ['张明', '张小明', '张大明', '王小明', '张 小红', '欧阳小华', '李']
const people = names.map((_, i) => `P${i + 1}`)
let world: World
let settled: { id: string; person: string; total: bigint }[]

beforeAll(async () => {
  world = await openWorld()
  for (const [i, name] of names.entries()) {
    const id = people[i] as string
    await world.register.putPerson({
      person: person(id),
      name,
      citizenNumber: id,
      region: '510100',
    })
    await world.register.putCredential({ type: 'citizen-number', number: id }, id, undefined)
  }
  settled = []
  for (let n = 0; n < 70; n++) {
    const who = people[n % people.length] as string
    const amount = n % 10 === 0 ? 99_900n : 1_000n
    const asked = claim(who, {
      amount,
      institution: n % 3 === 0 ? 'H2' : 'H1',
      day: n % 2 === 0 ? '2026-03-01' : '2026-03-02',
    })
    const [outcome] = await settle(world.books, [settleAsk(`k${n}`, asked)], world.clock.now)
    if (outcome?.kind !== 'settled') throw new Error('the test settles')
    settled.push({ id: outcome.row.id, person: who, total: amount })
  }
})
afterAll(() => world.close())

async function pages(filter: Omit<SettlementFilter, 'limit'>, most: number): Promise<string[][]> {
  const found: string[][] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await listChains(
      { pool: world.pool, crypto, most },
      { ...filter, limit: 5, ...(after !== '' && { after }) },
    )
    found.push(page.items.map(({ id }) => id))
    after = page.next
  }
  return found
}

const dear = { totalFrom: 50_000n as Fen }

test('a page looks through no more than so many settlements, and the next one goes on where it stopped', async () => {
  const expected = settled.filter(({ total }) => total > 50_000n).map(({ id }) => id)
  for (const filter of [dear, { ...dear, from: day, until: day }, { ...dear, institution: 'H1' }]) {
    const few = await pages(filter, 10)
    const many = await pages(filter, 1_000)
    expect(few.flat()).toEqual(many.flat())
    expect(few.length).toBeGreaterThan(many.length)
    for (const id of few.flat()) expect(expected).toContain(id)
  }
  expect((await pages(dear, 10)).flat()).toEqual(expected.toReversed())
  expect((await pages({ totalFrom: 99_999_999n as Fen }, 10)).flat()).toEqual([])
})

test('a filter whose last page ends where the books do has no next page', async () => {
  expect(await pages({ ...dear }, 70)).toHaveLength(2)
  expect((await pages({ totalFrom: 99_999_999n as Fen }, 71)).length).toBe(1)
})

test('what is settled while somebody turns pages moves nothing out of its place', async () => {
  const first = await listChains({ pool: world.pool, crypto, most: 10 }, { ...dear, limit: 2 })
  const fresh = settleAsk('late', claim('P1', { amount: 77_700n }))
  const [late] = await settle(world.books, [fresh], world.clock.now)
  const rest: string[] = []
  for (let after = first.next; after !== undefined; ) {
    const page = await listChains(
      { pool: world.pool, crypto, most: 10 },
      { ...dear, limit: 2, after },
    )
    rest.push(...page.items.map(({ id }) => id))
    after = page.next
  }
  const expected = settled.filter(({ total }) => total > 50_000n).map(({ id }) => id)
  expect([...first.items.map(({ id }) => id), ...rest]).toEqual(expected.toReversed())
  if (late?.kind !== 'settled') throw new Error('the test settles')
  await settle(world.books, [cancelAsk('late-undo', late.row.id)], world.clock.now)
})

test('whoever is called alike is found by either form of a masked name, and by no other', async () => {
  const search = createSearch({ pool: world.pool, crypto })
  const called = async (text: string): Promise<string[]> => {
    const { items } = await search.find({ text, limit: 50 })
    return items.flatMap((hit) => (hit.kind === 'person' ? [hit.person.id] : []))
  }
  expect(await called('张*')).toEqual(['P1', 'P2', 'P3', 'P5'])
  expect(await called('张*明')).toEqual(['P2', 'P3'])
  expect(await called('张＊＊明')).toEqual(['P2', 'P3'])
  expect(await called('王*明')).toEqual(['P4'])
  expect(await called('欧*华')).toEqual(['P6'])
  expect(await called('李*')).toEqual(['P7'])
  for (const none of ['明*', '张*红明', '*明', '张', '张%明', '欧阳*华'])
    expect(await called(none)).toEqual([])
})

test('the settlements of a day of namesakes are the same however frequent the name is, also where a page goes on the other way', async () => {
  const expected = settled
    .filter(({ person: who }, n) => n % 2 === 1 && ['P2', 'P3'].includes(who))
    .map(({ id }) => id)
    .toReversed()
  expect(expected.length).toBeGreaterThan(5)
  for (const ways of [[2_000], [0], [2_000, 0], [0, 2_000]]) {
    const found: string[] = []
    let after: string | undefined
    for (let page = 0; page === 0 || after !== undefined; page++) {
      const few = ways[page % ways.length] as number
      const search = createSearch({ pool: world.pool, crypto, few })
      const { items, next } = await search.find({ text: '张*明', on: day, limit: 2, after })
      found.push(...items.flatMap((hit) => (hit.kind === 'settlement' ? [hit.summary.id] : [])))
      after = next
    }
    expect(found).toEqual(expected)
  }
})

test('a masked name has one hash however its stars are written, and the clear name is not in the books', async () => {
  const { family, whole } = nameHashes(crypto, '张小明')
  expect(maskedNameHash(crypto, '张*')).toEqual({ form: 'family', hash: family })
  expect(maskedNameHash(crypto, '张**明')).toEqual({ form: 'whole', hash: whole })
  expect(maskedNameHash(crypto, '张*'.repeat(50))).toBeUndefined()
  expect(nameHashes(crypto, '')).toBeDefined()
  const { rows } = await world.pool.query('select p::text as row from person p')
  expect(rows.map(({ row }) => row).join('')).not.toMatch(/[张王李]/)
})

test('whoever was recorded before masked names were looked for is found once the server has gone through them', async () => {
  const kept = await world.pool.query(
    'select owner_id, family_hash, name_hash from person order by 1',
  )
  await withClient(world.database.ownerUrl, async (owner) => {
    await owner.query(
      'update person set family_hash = null, name_hash = null where owner_id <> $1',
      ['P3'],
    )
  })
  const search = createSearch({ pool: world.pool, crypto })
  expect((await search.find({ text: '王*', limit: 5 })).items).toEqual([])
  expect(await indexNames({ pool: world.pool, crypto })).toBe(people.length - 1)
  expect(await indexNames({ pool: world.pool, crypto })).toBe(0)
  const again = await world.pool.query(
    'select owner_id, family_hash, name_hash from person order by 1',
  )
  expect(again.rows).toEqual(kept.rows)
})

test('a person who is called otherwise from now on is found by the new name alone', async () => {
  const search = createSearch({ pool: world.pool, crypto })
  await world.register.putPerson({
    person: person('P7'),
    name: '赵新',
    citizenNumber: 'P7',
    region: '510100',
  })
  expect((await search.find({ text: '李*', limit: 5 })).items).toEqual([])
  expect((await search.find({ text: '赵*', limit: 5 })).items).toHaveLength(1)
})

test('minutes are counted by ids and by answers, and what is over is not counted again', async () => {
  const at = Date.parse('2026-03-02T09:30:00+08:00')
  const recent = createRecent(world.pool)
  const minutes = await recent.minutes(at)
  expect(minutes).toHaveLength(60)
  expect(minutes.map((minute) => minute.at)).toEqual(
    Array.from({ length: 60 }, (_, i) => at - (59 - i) * 60_000),
  )
  const sum = (what: 'settled' | 'undone' | 'refused'): number =>
    minutes.reduce((all, minute) => all + minute[what], 0)
  expect([sum('settled'), sum('undone'), sum('refused')]).toEqual([71, 1, 0])
  const statements: unknown[] = []
  const spied = {
    query: async (...asked: [string, unknown[]]) => (
      statements.push(asked[1][0]), world.pool.query(...asked)
    ),
  }
  const spying = createRecent(spied as unknown as typeof world.pool)
  await spying.minutes(at)
  await spying.minutes(at + 60_000)
  expect(statements.map((asked) => (asked as number[]).length)).toEqual([60, 3])
})

test('the first id of a moment stands before every id of it and after every one before', () => {
  for (const at of [0, 1, Date.parse('2026-03-02T09:00:00Z'), 2 ** 47]) {
    expect(timeOfId(firstIdAt(at))).toBe(at)
    expect(ids.next('P1', at) > firstIdAt(at) || timeOfId(ids.next('P1', at)) > at).toBe(true)
  }
  expect(firstIdAt(-1)).toBe(firstIdAt(0))
})
