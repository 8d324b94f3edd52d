import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { standingOf } from '../../benchmarks/figure.ts'
import { marksOf, type Piece } from '../../benchmarks/soak/pieces.ts'
import { takeTime } from '../../benchmarks/soak/processorTime.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const settled = 1_000
const waits = { p50: 20, p95: 50, p99: 80, p999: 90, max: 100 }
const seen = {
  sent: settled,
  dropped: 0,
  byStatus: { '201': settled },
  replayed: 0,
  failedShare: 0,
  settledPerSecond: 100,
  sinceDue: waits,
  sinceSent: waits,
}
const stock = { memory: 4e8, database: 0, wal: 0, checkpoints: 0, server_ms: 0, database_ms: 0 }

/** Pieces of which each settlement took so many milliseconds of PostgreSQL's processors. */
const piecesOf = (...each_ms: number[]): Piece[] =>
  each_ms.map((each, i) => ({
    seen,
    before: stock,
    after: { ...stock, server_ms: settled, database_ms: each * settled },
    ended_s: 60 * (i + 1),
  }))

const markOf = (pieces: readonly Piece[], name: string) =>
  marksOf(pieces).find((mark) => mark.name === name)

const databaseMark = 'processor time a settlement, PostgreSQL’s, last third / middle'

describe('a soak', () => {
  test('misses its mark where a settlement of the last third costs more than one of the middle, whatever the first cost', () => {
    const grown = markOf(piecesOf(9, 9, 1, 1, 1.2, 1.2), databaseMark)
    expect(grown?.rounds).toEqual([1.2, 1.2])
    expect(grown && standingOf(grown)).toBe('missed')
    const flat = markOf(piecesOf(9, 9, 1, 1, 1.05, 1.05), databaseMark)
    expect(flat && standingOf(flat)).toBe('met')
  })

  test('says nothing of processors where the system does not tell', () => {
    expect(markOf(piecesOf(Number.NaN, Number.NaN, Number.NaN), databaseMark)).toBeUndefined()
    expect(markOf(piecesOf(1, 1, 1), databaseMark)).toBeDefined()
  })
})

describe.runIf(process.platform === 'linux')('the processor time of a database', () => {
  let database: TestDatabase
  let owner: pg.Client
  beforeAll(async () => {
    database = await createTestDatabase()
    owner = new pg.Client({ connectionString: database.ownerUrl })
    await owner.connect()
  })
  afterAll(async () => {
    await owner.end()
    await database.drop()
  })

  /** A server that has been busy for two seconds and a half. */
  async function withServer<T>(use: (url: string) => Promise<T>): Promise<T> {
    const server = createServer((_, reply) => reply.end('jiesuan_process_cpu_seconds_total 2.5\n'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    } finally {
      server.close()
    }
  }

  /** Keeps a processor busy, which takes longer where it is slower. */
  const work = `select count(distinct md5(n::text)) from generate_series(1, 200000) as n`
  const some_ms = 50

  test('has in it what connections did that are there, and those that are gone', async () => {
    await withServer(async (url) => {
      const before = await takeTime(url, owner)
      expect(before.server_ms).toBe(2_500)
      await owner.query(work)
      const after = await takeTime(url, owner)
      expect(after.database_ms - before.database_ms).toBeGreaterThan(some_ms)

      const other = new pg.Client({ connectionString: database.ownerUrl })
      await other.connect()
      await other.query(work)
      const beside = await takeTime(url, owner)
      expect(beside.database_ms - after.database_ms).toBeGreaterThan(some_ms)
      await other.end()
      await vi.waitFor(async () => {
        const { rows } = await owner.query(
          `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
        )
        expect(rows).toEqual([])
      })
      // Between its end and its parent's hearing of it nobody counts it.
      await vi.waitFor(async () =>
        expect((await takeTime(url, owner)).database_ms).toBeGreaterThanOrEqual(beside.database_ms),
      )
    })
  })
})
