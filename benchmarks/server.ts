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
import { freshDatabase } from './database.ts'
import { atExit } from './ending.ts'
import { useLog } from './usedLog.ts'
import { bareEnvironment } from '../test/support/environment.ts'

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

/** A PostgreSQL for as many databases as are measured beside each other. */
export interface Host {
  /** A migrated database, fresh if it has a name, else the host's own: its address as its owner, and as the application. */
  open(name?: string): Promise<Addresses>
  end(): Promise<void>
}

interface Addresses {
  readonly ownerUrl: string
  readonly appUrl: string
}

/** In a folder of its own, or in one that is kept. */
export async function startHost(kept?: string): Promise<Host> {
  const dataDir = kept ?? mkdtempSync(path.join(os.tmpdir(), 'jiesuan-bench-'))
  const remove = (): void => {
    if (kept === undefined) rmSync(dataDir, { recursive: true, force: true, maxRetries: 20 })
  }
  const server = await startEmbedded({ dataDir, log: () => {} })
  const calledOff = atExit(remove)
  await useLog(server.url)
  return {
    async open(name) {
      const ownerUrl = name === undefined ? server.url : await freshDatabase(server.url, name)
      await migrate({ url: ownerUrl, dir: 'migrations', log: () => {} })
      return { ownerUrl, appUrl: await ensureAppRole(ownerUrl, dataDir) }
    },
    async end() {
      await server.stop()
      calledOff()
      remove()
    },
  }
}

/** On a fresh database with the sandbox world, or on a data directory that is kept. */
export async function startServer(kept?: string, more: NodeJS.ProcessEnv = {}): Promise<Served> {
  const host = await startHost(kept)
  try {
    const served = await serveOn(await host.open(), more)
    const end = async (): Promise<void> => {
      await served.end()
      await host.end()
    }
    return { ...served, end }
  } catch (error) {
    await host.end()
    throw error
  }
}

/** One server on a database of its own. */
export async function serveOn(
  { ownerUrl, appUrl }: Addresses,
  more: NodeJS.ProcessEnv = {},
): Promise<Served> {
  const child = spawn(process.execPath, [...process.execArgv, 'adapters/main.ts'], {
    env: {
      ...bareEnvironment(),
      PORT: '0',
      MODE: 'sandbox',
      DATABASE_URL: appUrl,
      CLOCK: start,
      LOG_LEVEL: 'info',
      // As many as whoever measures asks for, or as a server has by itself.
      ...(process.env['WORKERS'] !== undefined && { WORKERS: process.env['WORKERS'] }),
      ...more,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const calledOff = atExit(() => child.kill('SIGKILL'))
  const url = await listening(child)
  const begun = Date.now()
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 })
  // A connection that is on its way out may still hear that the database stops.
  owner.on('error', () => {})
  return {
    url,
    ownerUrl,
    now: () => Date.parse(start) + (Date.now() - begun),
    violations: () => checkBooks(owner, { atOnce: os.availableParallelism() }),
    count: async (table) =>
      Number((await owner.query(`select count(*) as n from ${table}`)).rows[0].n),
    async end() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      calledOff()
      await owner.end()
    },
  }
}

/** Its output is read on after that: a pipe that nobody reads is closed or fills, and the server would be the slower for it. */
async function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const read = (part: Buffer): void => {
      said += String(part)
      const [, url] = /listening on (http:\/\/[^"]+)/.exec(said) ?? []
      if (url === undefined) return
      child.stdout?.off('data', read).resume()
      resolve(url)
    }
    child.stdout?.on('data', read)
    child.once('exit', () => reject(new Error(`the server did not start: ${said}`)))
  })
}
