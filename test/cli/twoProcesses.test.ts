import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../adapters/cli/serve.ts'
import { readConfig } from '../../adapters/config.ts'
import { createLog } from '../../adapters/log.ts'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { claim } from '../adapters/http/served.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eCardsAt } from '../support/eCards.ts'
import { chipOf, chipRead, personOf, readerAt } from '../support/reader.ts'

/** Two servers on one database, as behind one address: whatever one is told holds on the other at once. */
let database: TestDatabase
let servers: Awaited<ReturnType<typeof serve>>[]
beforeAll(async () => {
  database = await createTestDatabase()
  const config = readConfig({ DATABASE_URL: database.appUrl, MODE: 'sandbox', PORT: '0' })
  const log = createLog('warn', { write: () => undefined })
  servers = [await serve(config, log), await serve(config, log)]
})
afterAll(async () => {
  await Promise.all(servers.map(async (one) => one.stop()))
  await database.drop()
})

let keys = 0
const postTo =
  (server: number) =>
  async (path: string, body: unknown, key = `k${++keys}`) => {
    const reply = await fetch(`${servers[server]?.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    })
    const text = await reply.text()
    return { status: reply.status, text, json: JSON.parse(text) as Record<string, unknown> }
  }
const here = postTo(0)
const there = postTo(1)
const verifying = 'H51010000002'
const pay = async (post: typeof here, credential: object) =>
  (await post('/v1/settlements', { ...claim, institution: verifying, credential })).json
const desk = { division: '510100', operator: 'OP01', channel: 'hotline' }

test('a loss that is reported on one stops the very next claim on the other', async () => {
  const { number } = personOf('E1').card
  const { authentication } = (await readerAt(here).read('E1')).json
  const byCard = { type: 'card', number, authentication }
  expect(await pay(there, byCard)).toMatchObject({ state: 'settled' })
  expect((await here(`/v1/cards/${number}/temporary-loss`, { desk })).status).toBe(201)
  expect(await pay(there, byCard)).toMatchObject({ code: 'card-temporarily-lost' })
  const citizen = { type: 'citizen-number', number: personOf('E1').citizenNumber }
  expect(await pay(there, citizen)).toMatchObject({ state: 'settled' })
})

test('a challenge of one is answered to the other, once', async () => {
  const { id, random } = await readerAt(here).challenge('E2')
  const cryptogram = chipOf('E2').answer(Buffer.from(random, 'hex')).toString('hex')
  const body = { card: chipRead('E2'), challenge: id, cryptogram }
  const told = await Promise.all(
    [here, there, here, there].map(async (post) => readerAt(post).send(body)),
  )
  expect(told.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(told.filter(({ json }) => json['code'] === 'challenge-unknown')).toHaveLength(3)
})

test('a token of one is used once, whichever of them is asked', async () => {
  const token = await eCardsAt(here).token('C1')
  const told = await Promise.all(
    [here, there, there, here].map(async (post) => pay(post, { type: 'e-card', number: token })),
  )
  expect(told.filter(({ state }) => state === 'settled')).toHaveLength(1)
  expect(told.filter(({ code }) => code === 'token-used')).toHaveLength(3)
})

test('the books are whole after all of it', async () => {
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  expect(await checkBooks(owner)).toEqual([])
  await owner.end()
})
