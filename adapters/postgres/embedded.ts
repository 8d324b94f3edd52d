import { existsSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import { type Folder, openFolder, withLock } from './folder.ts'
import { halt, stopOnExit } from './halt.ts'
import { firstWorking, type Identity, identities } from './identity.ts'
import {
  address,
  DATABASE,
  impossible,
  initialise,
  launch,
  type Place,
  waitReady,
} from './launch.ts'
import { markOf, ownerOf } from './owner.ts'
import { readPostmaster, serves } from './postmaster.ts'

export interface EmbeddedOptions {
  /** The project's DATA_DIR; the server keeps to its folder `postgres`. */
  readonly dataDir: string
  readonly log: (line: string) => void
  readonly settings?: Readonly<Record<string, string>>
  /** The ways to run as an unprivileged user; tests name them, everyone else leaves the choice open. */
  readonly identities?: readonly Identity[]
}

export interface EmbeddedServer {
  /** The owner role's address; migrations use it, the engine does not. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** True where a server that a killed process left was found running. */
  readonly reused: boolean
  /** False once the server is gone, whoever ended it. */
  lives(): boolean
  /** Starts a server that is gone again, on the port it had: every address stays good. */
  restart(): Promise<void>
  stop(): Promise<void>
}

interface Started {
  readonly pid: number
  readonly port: number
  readonly reused: boolean
}

/** Starts PostgreSQL on loopback, or takes over the one that a killed process left on the same data. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const folder = openFolder(options.dataDir)
  const started = await withLock(folder, async () => {
    own(folder, options.dataDir)
    try {
      return await startOrFind(folder, options)
    } catch (error) {
      rmSync(folder.owner, { force: true })
      throw error
    }
  })
  const { port, reused } = started
  let { pid } = started
  const url = address(folder, port)
  await createDatabase(url)
  options.log(`PostgreSQL ${reused ? 'was already running' : 'started'} on 127.0.0.1:${port}`)
  const end = async (): Promise<void> => {
    await halt(folder, pid)
    rmSync(folder.owner, { force: true })
  }
  return {
    url,
    port,
    reused,
    get pid() {
      return pid
    },
    lives: () => serves(pid, folder.data),
    async restart() {
      ;({ pid } = await withLock(folder, () => startOrFind(folder, options, port)))
    },
    stop: stopOnExit(
      () => pid,
      () => withLock(folder, end),
    ),
  }
}

/** The folder belongs to one process while it lives: the server ends with its owner, and would be missed by others. */
function own(folder: Folder, dataDir: string): void {
  const owner = ownerOf(folder.owner)
  if (owner !== undefined)
    throw new Error(
      `DATA_DIR is ${dataDir}, which process ${owner} of jiesuan is using. Stop that one, or give this one another ` +
        'DATA_DIR; several servers share a database only through DATABASE_URL.',
    )
  writeFileSync(folder.owner, markOf(process.pid))
}

async function startOrFind(
  folder: Folder,
  options: EmbeddedOptions,
  port?: number,
): Promise<Started> {
  const running = await findRunning(folder)
  if (running && (port === undefined || running.port === port)) return { ...running, reused: true }
  const place = prepare(folder, options)
  if (!existsSync(folder.data)) initialise(place)
  return { ...(await launch(place, options.settings ?? {}, port)), reused: false }
}

/** The address of the embedded server of a DATA_DIR that some process of ours is running now, if one is. */
export async function runningEmbedded(dataDir: string): Promise<string | undefined> {
  const folder = openFolder(dataDir)
  const found = readPostmaster(folder.data)
  return found && serves(found.pid, folder.data) ? address(folder, found.port) : undefined
}

async function findRunning(folder: Folder): Promise<{ pid: number; port: number } | undefined> {
  const found = readPostmaster(folder.data)
  if (!found) return undefined
  if (!serves(found.pid, folder.data)) {
    // The number is free or belongs to another program; PostgreSQL would take it for its own.
    rmSync(path.join(folder.data, 'postmaster.pid'), { force: true })
    return undefined
  }
  const answer = await waitReady(folder, found.port, () => serves(found.pid, folder.data))
  if (answer === 'ready') return found
  if (answer === 'gone') return undefined
  throw new Error(
    `PostgreSQL (process ${found.pid}) holds ${folder.data} and does not answer with its password. Stop it, or choose another DATA_DIR.`,
  )
}

function prepare(folder: Folder, options: EmbeddedOptions): Place {
  const binaries = findBinaries()
  if (typeof binaries === 'string') throw impossible(binaries)
  const identity = firstWorking(
    options.identities ?? identities(existsSync(folder.data) ? folder.data : folder.root),
    binaries.postgres,
  )
  if (typeof identity === 'string') throw impossible(identity)
  return { ...folder, binaries, identity, say: options.log }
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url)
  maintenance.pathname = '/postgres'
  const client = new pg.Client({ connectionString: maintenance.href })
  await client.connect()
  try {
    await client.query(`create database ${DATABASE}`)
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : ''
    // Created before, or in this very moment by another process.
    if (code !== '42P04' && code !== '23505') throw error
  } finally {
    await client.end()
  }
}
