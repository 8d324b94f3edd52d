import { readdirSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { migrateJobs } from '../../adapters/jobs/schema.ts'
import { type EmbeddedServer, startEmbedded } from '../../adapters/postgres/embedded.ts'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { isAlive, readText } from '../../adapters/postgres/postmaster.ts'
import { APP_ROLE, ensureAppRole } from '../../adapters/postgres/roles.ts'

const template = 'faults_template'

/** A PostgreSQL of the bench's own, which may be killed at any time. */
export interface Database {
  readonly port: number
  /** A fresh, migrated database, or a copy of another; gives the owner's address, past the proxy. */
  fresh(name: string, from?: string): Promise<string>
  /** The application role's address of a database, through this port. */
  appUrl(name: string, port: number): string
  /** SIGKILL to the postmaster and every process it started. */
  kill(): Promise<void>
  /** Starts again on the same data: recovery runs. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startDatabase(dataDir: string): Promise<Database> {
  const quiet = { dataDir, log: () => {} }
  let server: EmbeddedServer = await startEmbedded(quiet)
  const app = new URL(await ensureAppRole(server.url, dataDir))
  const maintenance = () => withName(server.url, 'postgres')
  await run(maintenance(), `create database ${template}`)
  await migrate({ url: withName(server.url, template), dir: 'migrations', log: () => {} })
  await migrateJobs(withName(server.url, template), APP_ROLE)
  return {
    get port() {
      return server.port
    },
    async fresh(name, from = template) {
      await run(maintenance(), `create database ${name} template ${from}`)
      return withName(server.url, name)
    },
    appUrl(name, port) {
      app.port = String(port)
      return withName(app.href, name)
    },
    async kill() {
      const family = [server.pid, ...childrenOf(server.pid)]
      for (const pid of family) killNow(pid)
      while (family.some(runs)) await sleep(5)
      // Nothing is left to stop, but its handlers would go on waiting for our end.
      await server.stop()
    },
    async restart() {
      server = await startEmbedded(quiet)
    },
    stop: () => server.stop(),
  }
}

/** A process may be gone before we come to it. */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {}
}

function childrenOf(parent: number): number[] {
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
      .map(Number)
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/).map(Number))
  return rows.filter(([, of]) => of === parent).map(([pid]) => pid as number)
}

/** The dead that nobody has buried yet do not run. */
const runs = (pid: number): boolean => isAlive(pid) && statOf(pid)[0] !== 'Z'

const parentOf = (pid: string): number => Number(statOf(pid)[1])

/** State and parent. The command before them may itself hold blanks and brackets, so we read from its end. */
function statOf(pid: string | number): string[] {
  const stat = readText(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function withName(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
