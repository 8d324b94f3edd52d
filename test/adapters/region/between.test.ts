// Two whole servers, each with a database of its own, and a directory of a few words between them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../../adapters/cli/serve.ts'
import { readConfig } from '../../../adapters/config.ts'
import { createLog } from '../../../adapters/log.ts'
import { sandboxRegionKey } from '../../../adapters/crypto/regionKeys.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { query, settle } from './examples.ts'
import { messageOf, send } from './messages.ts'

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-between-'))
const databases: TestDatabase[] = []
const running: Awaited<ReturnType<typeof serve>>[] = []
const logged: string[] = []

/** A server for one region that knows the other at an address. */
async function open(own: string, other: string, url: string, database: TestDatabase) {
  const file = join(folder, `${own}-${running.length}.yaml`)
  writeFileSync(
    file,
    `regions:\n  - {division: ${other}, url: '${url}', keys: sandbox, together: 32}\n`,
  )
  const config = readConfig({
    DATABASE_URL: database.appUrl,
    MODE: 'sandbox',
    PORT: '0',
    REGIONS: own,
    REGION_DIRECTORY: file,
  })
  const log = createLog('trace', { write: (line: string) => void logged.push(line) })
  const one = await serve(config, log)
  running.push(one)
  return one
}

let chengdu: Awaited<ReturnType<typeof serve>>
let guangzhou: Awaited<ReturnType<typeof serve>>
beforeAll(async () => {
  databases.push(await createTestDatabase(), await createTestDatabase())
  const [here, there] = databases as [TestDatabase, TestDatabase]
  guangzhou = await open('440100', '510100', 'http://127.0.0.1:9', there)
  chengdu = await open('510100', '440100', guangzhou.url, here)
})
afterAll(async () => {
  await Promise.all(running.map(async (one) => one.stop()))
  await Promise.all(databases.map(async (one) => one.drop()))
  rmSync(folder, { recursive: true })
})

const key = { ...sandboxRegionKey('510100'), secret: '' }
const fresh = (what = query, nonce = Math.random()) =>
  messageOf(what, {
    key,
    envelope: { created: Date.now(), nonce: nonce.toFixed(16).slice(2).padStart(32, '0') },
  })

test('one asks the other over its line', async () => {
  const reply = await chengdu.lines?.from('510100').ask('440100', settle)
  expect(reply).toMatchObject({ kind: 'refused' })
})

test('a message is good once, in every process of a database and after a restart', async () => {
  const [, database] = databases as [TestDatabase, TestDatabase]
  const second = await open('440100', '510100', chengdu.url, database)
  const messages = Array.from({ length: 20 }, () => fresh())
  for (const message of messages) expect((await send(message, guangzhou.url)).status).toBe(200)
  const replay = async (url: string) =>
    Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const { json } = await send(messages[i % 20] as (typeof messages)[0], url)
        return json['code']
      }),
    )
  const told = [...(await replay(guangzhou.url)), ...(await replay(second.url))]
  expect(new Set(told)).toEqual(new Set(['nonce-used']))
  running.splice(running.indexOf(second), 1)
  await second.stop()
  const third = await open('440100', '510100', chengdu.url, database)
  expect(new Set(await replay(third.url))).toEqual(new Set(['nonce-used']))
  expect((await send(fresh(), third.url)).status).toBe(200)
})

test('of the same message at many doors at once one is let in', async () => {
  const message = fresh()
  const told = await Promise.all(
    Array.from({ length: 40 }, async (_, i) =>
      send(message, (running.filter((one) => one !== chengdu)[i % 2] as typeof guangzhou).url),
    ),
  )
  expect(told.filter(({ status }) => status === 200)).toHaveLength(1)
})

test.each(['messages', 'message-batches'])(
  'the document says how to join with %s, and every object in it is closed',
  async (path) => {
    const document = (await (await fetch(`${chengdu.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { tags: string[]; responses: object }>>
    }
    const operation = document.paths[`/region/v1/${path}`]?.['post']
    expect(operation?.tags).toEqual(['regions'])
    expect(Object.keys(operation?.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '413',
      '415',
      '421',
      '500',
      '503',
    ])
    const open: string[] = []
    const walk = (node: unknown, place: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { type, additionalProperties } = node as Record<string, unknown>
      if (type === 'object' && additionalProperties !== false) open.push(place)
      for (const [name, value] of Object.entries(node)) walk(value, `${place}/${name}`)
    }
    walk(operation, '')
    // Running sums and facts have names of their own.
    for (const place of open) expect(place).toMatch(/\/(sums|facts)$/)
  },
)

test('exchanges are counted by region, kind and outcome, at both ends', async () => {
  const of = async (url: string) => (await fetch(`${url}/metrics`)).text()
  const labels = (direction: string, region: string) =>
    `{direction="${direction}",region="${region}",kind="settle",outcome="refused"} 1`
  expect(await of(chengdu.url)).toContain(
    `jiesuan_region_exchanges_total${labels('out', '440100')}`,
  )
  expect(await of(guangzhou.url)).toContain(
    `jiesuan_region_exchanges_total${labels('in', '510100')}`,
  )
  expect(await of(chengdu.url)).toContain('jiesuan_region_breaker{region="440100"} 0')
})

test('nobody is named in the log', () => {
  expect(logged.join('')).not.toMatch(/440199198603120112|CT平扫/)
})
