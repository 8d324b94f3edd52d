import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts'
import { Proxy } from './proxy.ts'

let database: TestDatabase
let proxy: Proxy
let url: string
let kills = 0

beforeAll(async () => {
  database = await createEmptyDatabase()
  const server = new URL(database.ownerUrl)
  proxy = new Proxy(Number(server.port), () => kills++)
  server.port = String(await proxy.listen())
  url = server.href
  await direct('create table answer (word text)')
  await direct('create table other (word text)')
})

afterAll(async () => {
  await proxy.close()
  await database.drop()
})

async function direct(sql: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows.map((row: { word: string }) => row.word)
}

/** Writes a word in a transaction through the proxy: what the client was told, and whether the word is there. */
async function write(
  word: string,
  pipeline = true,
  table = 'answer',
): Promise<[told: string, there: boolean]> {
  const client = new pg.Client({ connectionString: url, pipeline })
  client.on('error', () => {})
  await client.connect()
  let told = 'nothing'
  try {
    const statements = [
      { text: 'begin' },
      { name: 'write', text: `insert into ${table} values ($1)`, values: [word] },
      pipeline ? { text: 'commit' } : { name: 'end', text: 'commit', values: [] },
    ]
    const replies: PromiseSettledResult<pg.QueryResult>[] = []
    if (pipeline)
      replies.push(...(await Promise.allSettled(statements.map((s) => client.query(s)))))
    else for (const s of statements) replies.push(...(await Promise.allSettled([client.query(s)])))
    const last = replies.at(-1)
    if (last?.status === 'fulfilled') told = last.value.command
    else if ('code' in (last?.reason ?? {})) told = String(last?.reason.code)
  } finally {
    await client.end().catch(() => {})
  }
  const found = await direct(`select word from ${table} where word = '${word}'`)
  return [told, found.length > 0]
}

test('a COMMIT passes where nothing is planned, and is counted in either protocol', async () => {
  proxy.lay({})
  expect(await write('plain')).toEqual(['COMMIT', true])
  expect(await write('extended', false)).toEqual(['COMMIT', true])
  expect(proxy.commits).toBe(2)
})

test('a COMMIT that answers no claim is counted and struck apart', async () => {
  proxy.lay({ atOtherCommit: () => ({ kind: 'never' }) })
  expect(await write('claim')).toEqual(['COMMIT', true])
  expect(await write('other', true, 'other')).toEqual(['ECONNRESET', false])
  expect([proxy.commits, proxy.otherCommits]).toEqual([1, 1])
})

test('the reply to the second COMMIT is lost although the server has done it', async () => {
  proxy.lay({ atCommit: (n) => (n === 2 ? { kind: 'loseReply' } : undefined) })
  expect(await write('first')).toEqual(['COMMIT', true])
  expect(await write('second')).toEqual(['ECONNRESET', true])
  expect(await write('third')).toEqual(['COMMIT', true])
  expect(proxy.struck).toBe(1)
})

test('a COMMIT that never arrives is rolled back', async () => {
  proxy.lay({ atCommit: () => ({ kind: 'never' }) })
  expect(await write('never')).toEqual(['ECONNRESET', false])
})

test('a COMMIT that arrives late is not there at first and is there later', async () => {
  proxy.lay({ atCommit: () => ({ kind: 'late', delay_ms: 400 }) })
  expect(await write('late')).toEqual(['ECONNRESET', false])
  await expect.poll(() => direct(`select word from answer where word = 'late'`)).toEqual(['late'])
})

test('a COMMIT fails with the code that was planted', async () => {
  proxy.lay({ atCommit: () => ({ kind: 'fail', code: '40001' }) })
  expect(await write('failed')).toEqual(['40001', false])
})

test('kills come before, after and around the COMMIT they are planned for', async () => {
  const at = async (kind: 'killBefore' | 'killSent' | 'killDone' | 'killTold') => {
    const before = kills
    proxy.lay({ atCommit: () => ({ kind }) })
    const [told] = await write(kind)
    await expect.poll(() => kills).toBe(before + 1)
    return [told, (await direct(`select word from answer where word = '${kind}'`)).length]
  }
  expect(await at('killBefore')).toEqual(['ECONNRESET', 0])
  expect(await at('killSent')).toEqual(['ECONNRESET', 1])
  expect(await at('killDone')).toEqual(['ECONNRESET', 1])
  expect(await at('killTold')).toEqual(['COMMIT', 1])
})

test('the engine is killed in the place of its n-th message', async () => {
  const before = kills
  proxy.lay({ killAtMessage: (n) => n === 3 })
  expect(await write('third message')).toEqual(['ECONNRESET', false])
  expect(kills).toBe(before + 1)
  expect(proxy.messages).toBe(3)
})

test('a connection is cut in the middle of an answer, and newcomers are turned away', async () => {
  proxy.lay({ cutAfter_bytes: 100 })
  await expect(write('cut')).rejects.toThrow()
  proxy.lay({ newcomers: 'refused' })
  await expect(write('refused')).rejects.toThrow('ECONNRESET')
  proxy.lay({ delay_ms: 5 })
  expect(await write('slow')).toEqual(['COMMIT', true])
})
