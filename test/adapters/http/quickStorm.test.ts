import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import type { RecordLine } from '../../../adapters/http/quickSchema.ts'
import { start } from '../../cli/start.ts'
import { createRandom } from '../../faults/random.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openServed } from './served.ts'
import { cardOf, record, type RecordTold, tap, upload, worldNow } from './taps.ts'

const day_ms = 24 * 3_600_000
let rules: string
beforeAll(() => {
  rules = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-rules-'))
  cpSync('rules', rules, { recursive: true })
  const file = path.join(rules, '510100-chengdu/region.yaml')
  const text = readFileSync(file, 'utf8')
  const without = text.replace('pinTries: 3}', 'pinTries: 3, quickPayments: {risks: []}}')
  if (without === text) throw new Error('the region of the sandbox has other words')
  writeFileSync(file, without)
})
afterAll(() => rmSync(rules, { recursive: true, force: true }))

test('of a hundred taps of one card at once exactly those settle that fit the limits', async () => {
  const served = await openServed({ CLOCK: '2026-03-02T09:00:00+08:00', RULES_DIR: rules })
  try {
    const storm = async (key: string, amount: string): Promise<unknown[]> => {
      const taps = Array.from({ length: 100 }, () => tap(cardOf(key), { amount }))
      const pay = async (body: object): Promise<unknown> => {
        const { status, json } = await served.post('/v1/quick-payments', body)
        return json.code ?? status
      }
      const told = await Promise.all(taps.map(pay))
      // A greater counter may have come first; whoever pays on then finds what the limits leave, and no more.
      while (told.at(-1) !== 'card-pin-needed') told.push(await pay(tap(cardOf(key), { amount })))
      return told
    }
    const [byNumber, byAmount] = await Promise.all([storm('E1', '20.00'), storm('C1', '250.00')])
    expect(byNumber.filter((code) => code === 201)).toHaveLength(5)
    expect(byAmount.filter((code) => code === 201)).toHaveLength(4)
    // What fits is decided by the limits and by the order in which the counters came.
    const others = new Set([...byNumber, ...byAmount].filter((code) => code !== 201))
    expect([...others].filter((code) => code !== 'payment-repeated')).toEqual(['card-pin-needed'])
    const accounts = await served.ask('/v1/people/510100000000000000001005/accounts')
    expect((accounts.json.items as { balance: string }[])[0]?.balance).toBe('4000.00')
    expect(await served.violations()).toEqual([])
  } finally {
    await served.close()
  }
}, 60_000)

const sellers = ['E1', 'E2', 'C1', 'W1', 'M1', 'U1', 'P1', 'D1', 'O1', 'X8'] as const

/** Five hundred sales of ten cards: some too long ago, and the last of them forged. */
function sales(): RecordLine[] {
  const records = Array.from({ length: 500 }, (_, i) =>
    record(cardOf(sellers[i % sellers.length]!), {
      sequence: 1_000 + i,
      at: worldNow - (i % 25 === 7 ? 40 : 1 + (i % 20)) * day_ms,
      amount: `${10 + (i % 50)}.00`,
    }),
  )
  records[499] = { ...records[499]!, cryptogram: '00'.repeat(16) }
  return records
}

/** What became of each record, once all of its answers are found to be one. */
function outcomes(told: readonly RecordTold[]): Map<number, RecordTold> {
  const byCounter = new Map<number, RecordTold>()
  for (const one of told) {
    const before = byCounter.get(one.sequence!)
    if (before) expect(one.body).toEqual(before.body)
    byCounter.set(one.sequence!, before ?? one)
  }
  return byCounter
}

test('F47: five hundred records, shuffled, doubled, some forty days old and one forged, are each decided once', async () => {
  const served = await openServed({ CLOCK: '2026-03-02T09:00:00+08:00' })
  try {
    const records = sales()
    const random = createRandom('f47')
    const doubled = [...records, ...records]
      .map((one) => ({ one, at: random.next() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ one }) => one)
    const uploads = [doubled.slice(0, 400), doubled.slice(400, 700), doubled.slice(700)]
    const told = (await Promise.all(uploads.map((some) => upload(served.url, some)))).flat()
    expect(told).toHaveLength(1_000)
    const decided = outcomes(told)
    expect(decided.size).toBe(500)
    const codes = [...decided.values()].map(({ status, body }) => body.code ?? status)
    const count = (code: unknown): number => codes.filter((one) => one === code).length
    expect([count(201), count('offline-too-late'), count('card-not-genuine')]).toEqual([479, 20, 1])
    const { rows } = await served.owner.query(
      `select count(*)::int as n, sum(total_fen)::int as total, sum(account_fen + receivable_fen)::int as paid,
              sum(fund_total_fen)::int as funds from settlement`,
    )
    expect(rows[0]).toMatchObject({ n: 479, total: rows[0].paid, funds: 0 })
    expect(await served.violations()).toEqual([])
    // A week later the terminal sends everything once more.
    const again = await upload(served.url, records)
    expect(again.every(({ replayed }) => replayed === true)).toBe(true)
    expect(outcomes([...told, ...again]).size).toBe(500)
  } finally {
    await served.close()
  }
}, 120_000)

test('an upload whose server is killed half way is sent again, and each record is settled once', async () => {
  const database: TestDatabase = await createTestDatabase()
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  const env = {
    DATABASE_URL: database.appUrl,
    MODE: 'sandbox',
    CLOCK: '2026-03-02T09:00:00+08:00',
  }
  const settled = async (): Promise<number> =>
    (await owner.query('select count(*)::int as n from settlement')).rows[0].n
  try {
    const records = sales().slice(0, 300)
    const first = start(env)
    const cut = upload(await first.url(), records).catch(() => 'cut')
    while ((await settled()) < 60) await sleep(5)
    first.child.kill('SIGKILL')
    expect(await cut).toBe('cut')
    await first.exited
    const half = await settled()
    expect(half).toBeLessThan(300)
    const second = start(env)
    const told = await upload(await second.url(), records)
    expect(told).toHaveLength(300)
    expect(told.filter(({ replayed }) => replayed).length).toBeGreaterThanOrEqual(half)
    const good = told.filter(({ status }) => status === 201)
    expect(await settled()).toBe(good.length)
    expect(good).toHaveLength(288)
    await second.end()
    expect(await checkBooks(owner)).toEqual([])
  } finally {
    await owner.end()
    await database.drop()
  }
}, 120_000)
