import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { checkBooks, type Violation } from '../adapters/postgres/checks.ts'
import { startEmbedded } from '../adapters/postgres/embedded.ts'
import { migrate } from '../adapters/postgres/migrate.ts'
import { ensureAppRole } from '../adapters/postgres/roles.ts'

/** A server in a process of its own, as a user would start it. */
export interface Served {
  readonly url: string
  /** The address of the database as its owner. */
  readonly ownerUrl: string
  /** Milliseconds since 1970 by the clock of the sandbox, which runs as fast as ours. */
  now(): number
  /** What does not hold of the books. */
  violations(): Promise<readonly Violation[]>
  count(table: string): Promise<number>
  end(): Promise<void>
}

const start = '2026-03-02T09:00:00+08:00'

/** On a fresh database with the sandbox world, or on a data directory that is kept. */
export async function startServer(kept?: string): Promise<Served> {
  const dataDir = kept ?? mkdtempSync(path.join(os.tmpdir(), 'jiesuan-bench-'))
  const database = await startEmbedded({ dataDir, log: () => {} })
  await migrate({ url: database.url, dir: 'migrations', log: () => {} })
  const appUrl = await ensureAppRole(database.url, dataDir)
  const child = spawn(process.execPath, ['adapters/main.ts'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      MODE: 'sandbox',
      DATABASE_URL: appUrl,
      CLOCK: start,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await listening(child)
  const begun = Date.now()
  const owner = new pg.Pool({ connectionString: database.url, max: 1 })
  return {
    url,
    ownerUrl: database.url,
    now: () => Date.parse(start) + (Date.now() - begun),
    violations: () => checkBooks(owner),
    count: async (table) =>
      Number((await owner.query(`select count(*) as n from ${table}`)).rows[0].n),
    async end() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await owner.end()
      await database.stop()
      if (kept === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function listening(child: ChildProcess): Promise<string> {
  let said = ''
  for await (const part of child.stdout ?? []) {
    said += String(part)
    const [, url] = /listening on (http:\/\/[^"]+)/.exec(said) ?? []
    if (url === undefined) continue
    child.stdout?.on('data', () => {})
    return url
  }
  throw new Error(`the server did not start: ${said}`)
}
