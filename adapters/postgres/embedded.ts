import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Binaries, findBinaries } from './binaries.ts'
import { type Folder, openFolder, secret, trimLog, withLock } from './folder.ts'
import { type Identity, commandAs, firstWorking, handOver, identities } from './identity.ts'
import { ask, isAlive, readPostmaster, readText, serves } from './postmaster.ts'
import { DURABLE_SETTINGS } from './settings.ts'

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
  /** True where a server left by a killed process, or shared with a living one, was found running. */
  readonly reused: boolean
  stop(): Promise<void>
}

interface Place extends Folder {
  readonly binaries: Binaries
  readonly identity: Identity
  readonly say: (line: string) => void
}

const READY_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 20_000
const ATTEMPTS = 5
const DATABASE = 'jiesuan'
const INSTEAD = 'Set DATABASE_URL to a PostgreSQL 15 or newer instead.'

/** Starts PostgreSQL on loopback, or takes over the one that a killed process left on the same data. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const folder = openFolder(options.dataDir)
  const server = await withLock(folder, async () => {
    const running = await findRunning(folder)
    if (running) return { ...running, reused: true }
    const place = prepare(folder, options)
    if (!existsSync(folder.data)) initialise(place)
    return { ...(await launch(place, options.settings ?? {})), reused: false }
  })
  const url = address(folder, server.port)
  await createDatabase(url)
  options.log(
    `PostgreSQL ${server.reused ? 'was already running' : 'started'} on 127.0.0.1:${server.port}`,
  )
  const ours = !server.reused || !isAlive(Number(readText(folder.owner)))
  // Whoever owns the server stops it; a second process on the same data only shares it.
  if (!ours) return { url, ...server, stop: async () => {} }
  writeFileSync(folder.owner, String(process.pid))
  const stop = () => withLock(folder, () => halt(folder, server.pid))
  return { url, ...server, stop: stopOnExit(server.pid, stop) }
}

function address(folder: Folder, port: number, database = DATABASE): string {
  return `postgresql://postgres:${secret(folder.password)}@127.0.0.1:${port}/${database}`
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

function impossible(why: string): Error {
  return new Error(`The embedded PostgreSQL cannot run here: ${why.trim()}. ${INSTEAD}`)
}

/** Into a new folder first, so that a start cut short never leaves half a database. */
function initialise(place: Place): void {
  for (const name of readdirSync(place.root)) {
    if (name.startsWith('data.new')) rmSync(path.join(place.root, name), { recursive: true })
  }
  secret(place.password)
  handOver(place.identity, place.root)
  const fresh = `${place.data}.new`
  const { file, args, options } = commandAs(place.identity, place.binaries.initdb, [
    `--pgdata=${fresh}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${place.password}`,
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
  ])
  const result = spawnSync(file, args, { ...options, cwd: '/', encoding: 'utf8', env: clean() })
  if (result.status !== 0) {
    throw impossible(result.error?.message ?? `${result.stdout}${result.stderr}`.slice(-600))
  }
  renameSync(fresh, place.data)
  place.say('created the database cluster')
}

/** None of our environment, least of all PG* variables and secrets, reaches the server. */
function clean(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}

async function launch(
  place: Place,
  settings: Readonly<Record<string, string>>,
): Promise<{ pid: number; port: number }> {
  trimLog(place)
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(Number(readText(place.port)), attempt)
    const started = spawnServer(place, port, settings)
    const answer = await waitReady(place, port, () => started.failure === undefined)
    if (answer === 'ready') {
      writeFileSync(place.port, String(port))
      return { pid: readPostmaster(place.data)?.pid ?? started.pid, port }
    }
    const said = `${started.failure ?? ''} ${readText(place.log).slice(-600)}`
    // A port may be taken between choosing and binding, and a killed server's children take a moment to leave.
    if (attempt >= ATTEMPTS || !/in use|could not bind/.test(said)) throw impossible(said)
    await sleep(200 * attempt)
  }
}

function spawnServer(
  place: Place,
  port: number,
  settings: Readonly<Record<string, string>>,
): { pid: number; failure: string | undefined } {
  const all = { ...DURABLE_SETTINGS, ...settings, port: String(port) }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = commandAs(place.identity, place.binaries.postgres, ['-D', place.data, ...flags])
  const log = openSync(place.log, 'a', 0o600)
  // A group of its own keeps Ctrl-C in a terminal from reaching the server before its owner has finished with it.
  const child = spawn(server.file, server.args, {
    ...server.options,
    cwd: '/',
    env: clean(),
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  const started: { pid: number; failure: string | undefined } = {
    pid: child.pid ?? 0,
    failure: undefined,
  }
  child.on('error', (error) => (started.failure = error.message))
  child.on('exit', (code) => (started.failure = `the server ended with code ${code}.`))
  return started
}

async function waitReady(
  folder: Folder,
  port: number,
  lives: () => boolean,
): Promise<'ready' | 'gone' | 'foreign' | 'starting'> {
  const deadline = Date.now() + READY_TIMEOUT_MS
  for (;;) {
    const answer = await ask(address(folder, port, 'postgres'))
    if (answer !== 'starting') return answer
    if (!lives()) return 'gone'
    if (Date.now() > deadline) return 'starting'
    await sleep(20)
  }
}

/** The port of last time where it is still free, so that tools keep their connection settings. */
async function choosePort(last: number, attempt: number): Promise<number> {
  if (last > 0 && attempt === 1 && (await canListen(last)) > 0) return last
  return canListen(0)
}

function canListen(port: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = net.createServer()
    probe.on('error', () => resolve(0))
    probe.listen(port, '127.0.0.1', () => {
      const bound = probe.address()
      probe.close(() => resolve(bound && typeof bound === 'object' ? bound.port : 0))
    })
  })
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

/** A fast shutdown: open transactions roll back, everything committed is on disk. */
async function halt(folder: Folder, pid: number): Promise<void> {
  if (readPostmaster(folder.data)?.pid !== pid || !serves(pid, folder.data)) return
  signalStop(folder, pid, 'SIGINT')
  const deadline = Date.now() + STOP_TIMEOUT_MS
  while (isAlive(pid) && readPostmaster(folder.data)?.pid === pid) {
    if (Date.now() > deadline) {
      signalStop(folder, pid, 'SIGQUIT')
      return
    }
    await sleep(20)
  }
  rmSync(folder.owner, { force: true })
}

function signalStop(folder: Folder, pid: number, signal: 'SIGINT' | 'SIGQUIT'): void {
  if (process.platform !== 'win32') return void process.kill(pid, signal)
  const binaries = findBinaries()
  if (typeof binaries === 'string') return
  const mode = signal === 'SIGINT' ? 'fast' : 'immediate'
  spawnSync(binaries.pgCtl, ['stop', '-D', folder.data, '-m', mode, '-W'])
}

/** The server never outlives an owner that ends in any way but SIGKILL. */
function stopOnExit(pid: number, stop: () => Promise<void>): () => Promise<void> {
  const onExit = () => isAlive(pid) && process.kill(pid, 'SIGINT')
  const onSignal = (signal: NodeJS.Signals) => {
    // An owner with a handler of its own closes its work first and then calls stop itself.
    if (process.listenerCount(signal) > 1) return
    void stopped().finally(() => process.kill(process.pid, signal))
  }
  const stopped = async () => {
    await stop()
    process.off('exit', onExit).off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
  process.on('exit', onExit).on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return stopped
}
