import { once } from 'node:events'
import http from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim, openServed } from './served.ts'

// Exports that are under way: what becomes of them when one side goes away, takes nothing, or stops.

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
  const told = await served.post('/v1/settlements', claim)
  if (told.status !== 201) throw new Error(told.text)
})
afterAll(() => served.close())

/** Makes every transfer of a settlement wait a second, so that no export has its first rows while a test looks at it. */
async function slowly(work: () => Promise<void>): Promise<void> {
  const { owner } = served
  await owner.query(`
    alter table transfer rename to transfer_at_once;
    create view transfer as select t.* from transfer_at_once t, lateral (select pg_sleep(case t.posting_id when 'Z' then 0 else 1 end)) s;
    grant select on transfer to jiesuan_app`)
  try {
    await work()
  } finally {
    await owner.query('drop view transfer; alter table transfer_at_once rename to transfer')
  }
}

interface Reading {
  readonly pid: number
  readonly state: string
  /** How long it has been in that state. */
  readonly for_ms: number
}

const readers = async (): Promise<Reading[]> =>
  (
    await served.owner.query(
      `select pid, state, extract(epoch from clock_timestamp() - state_change)::float8 * 1000 as for_ms
       from pg_stat_activity where application_name = 'jiesuan reader' and datname = current_database()`,
    )
  ).rows
const kept = async (): Promise<number> =>
  (await served.owner.query('select count(*)::int as n from export_manifest')).rows[0].n

/** Asks for exports of every transfer, and goes away again whatever comes of the work. */
async function asking(
  times: number,
  work: (requests: readonly http.ClientRequest[]) => Promise<void>,
): Promise<void> {
  const requests = Array.from({ length: times }, () =>
    http.get(`${served.url}/v1/exports/transfers?format=jsonl`),
  )
  for (const request of requests) request.on('error', () => {})
  try {
    await work(requests)
  } finally {
    for (const request of requests) request.destroy()
    await expect.poll(readers, { timeout: 5_000 }).toEqual([])
  }
}

test('a client that goes away ends the query, and what it had has no manifest', async () => {
  const before = await kept()
  await slowly(() =>
    asking(1, async () => {
      await expect
        .poll(readers, { timeout: 5_000 })
        .toEqual([expect.objectContaining({ state: 'active' })])
    }),
  )
  expect(await kept()).toBe(before)
})

/** Puts in more transfers than fit on the way between the server and a client, for as long as the work takes. */
async function plenty(work: () => Promise<void>): Promise<void> {
  const { owner } = served
  await owner.query(`
    insert into transfer (posting_id, owner_id, leg, kind, debit_account, credit_account, amount_fen)
    select 'Z', 'Z', n, 'cash', 'memo:person:Z' || repeat('z', 90), 'memo:window:Z', 1 from generate_series(1, 60000) n;
    analyze transfer`)
  try {
    await work()
  } finally {
    await owner.query(`delete from transfer where posting_id = 'Z'`)
  }
}

interface Begun {
  /** Takes the rest of it. */
  readonly goOn: () => unknown
  /** Whether it came to its end, once nothing more can come. */
  readonly outcome: Promise<{ readonly ended: boolean; readonly complete: boolean }>
}

/** Takes the first of a reply and nothing more. */
const takeFirst = (request: http.ClientRequest): Promise<Begun> =>
  new Promise((resolve, reject) => {
    request.once('error', reject)
    request.once('response', (reply) => {
      reply.on('error', () => {})
      let ended = false
      reply.on('end', () => (ended = true))
      const outcome = new Promise<Awaited<Begun['outcome']>>((tell) =>
        reply.on('close', () => tell({ ended, complete: reply.complete })),
      )
      reply.once('data', () => {
        reply.pause()
        resolve({ goOn: () => reply.resume(), outcome })
      })
    })
  })

/** Waits until the database has not been asked for more rows for so long that the server must be waiting for the client; between two portions it is idle as well. */
async function untilHeldUp(): Promise<Reading> {
  await expect
    .poll(
      async () =>
        (await readers()).map(({ state, for_ms }) => state.startsWith('idle') && for_ms > 500),
      { timeout: 20_000 },
    )
    .toEqual([true])
  return (await readers())[0] as Reading
}

test('who takes nothing holds the query up, and an export that breaks is cut and not ended as if it were whole', async () => {
  const before = await kept()
  await plenty(() =>
    asking(1, async ([request]) => {
      const begun = await takeFirst(request as http.ClientRequest)
      const { pid } = await untilHeldUp()
      await served.owner.query('select pg_terminate_backend($1)', [pid])
      begun.goOn()
      expect(await begun.outcome).toEqual({ ended: false, complete: false })
    }),
  )
  expect(await kept()).toBe(before)
}, 60_000)

test('a few go out at once, and the next is told to come again', async () => {
  await slowly(() =>
    asking(3, async () => {
      await expect.poll(async () => (await readers()).length, { timeout: 5_000 }).toBe(3)
      const told = await served.ask('/v1/exports/settlements?format=csv')
      expect(told).toMatchObject({ status: 503, json: { code: 'exports-full' } })
      expect(told.headers.get('retry-after')).toBe('10')
    }),
  )
  expect((await served.ask('/v1/exports/settlements?format=csv')).status).toBe(200)
})

test('a server that stops waits neither for who takes nothing nor for first rows', async () => {
  await plenty(() =>
    slowly(() =>
      asking(1, async ([request]) => {
        await expect.poll(async () => (await readers()).length, { timeout: 5_000 }).toBe(1)
        const began = await takeFirst(
          http.get(`${served.url}/v1/exports/transfers?format=jsonl&account=memo:window:Z`),
        )
        await expect.poll(async () => (await readers()).length, { timeout: 5_000 }).toBe(2)
        const told = once(request as http.ClientRequest, 'response')
        const since = performance.now()
        await served.stop()
        expect(performance.now() - since).toBeLessThan(10_000)
        expect((await told)[0].statusCode).toBe(503)
        began.goOn()
        expect(await began.outcome).toEqual({ ended: false, complete: false })
      }),
    ),
  )
}, 60_000)
