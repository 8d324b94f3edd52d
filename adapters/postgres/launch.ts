import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { type Folder, secret, trimLog } from './folder.ts'
import { type Identity, commandAs, handOver } from './identity.ts'
import { ask, readPostmaster, readText } from './postmaster.ts'
import { serverSettings } from './settings.ts'

export interface Place extends Folder {
  readonly binaries: Binaries
  readonly identity: Identity
  readonly say: (line: string) => void
}

export const DATABASE = 'jiesuan'
const READY_TIMEOUT_MS = 60_000
const ATTEMPTS = 5
const INSTEAD = 'Set DATABASE_URL to a PostgreSQL 15 or newer instead.'

export function address(folder: Folder, port: number, database = DATABASE): string {
  return `postgresql://postgres:${secret(folder.password)}@127.0.0.1:${port}/${database}`
}

export function impossible(why: string): Error {
  return new Error(`The embedded PostgreSQL cannot run here: ${why.trim()}. ${INSTEAD}`)
}

/** Into a new folder first, so that a start cut short never leaves half a database. */
export function initialise(place: Place): void {
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

/** Starts the server; clients that hold an address need the port to be a fixed one. */
export async function launch(
  place: Place,
  settings: Readonly<Record<string, string>>,
  fixed?: number,
): Promise<{ pid: number; port: number }> {
  trimLog(place)
  for (let attempt = 1; ; attempt++) {
    const port = fixed ?? (await choosePort(Number(readText(place.port)), attempt))
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
  const all = {
    ...serverSettings(place.binaries.prewarms),
    ...settings,
    port: String(port),
  }
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

export async function waitReady(
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
