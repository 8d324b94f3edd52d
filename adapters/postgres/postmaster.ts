import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import pg from 'pg'

export interface Postmaster {
  readonly pid: number
  readonly port: number
}

/** What postmaster.pid in this data directory says, whether or not that process still lives. */
export function readPostmaster(data: string): Postmaster | undefined {
  const lines = readText(path.join(data, 'postmaster.pid')).split('\n')
  const pid = Number(lines[0])
  return pid > 0 ? { pid, port: Number(lines[3] ?? 0) } : undefined
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A process number is given out again, so a living one counts only when its command names our data. */
export function serves(pid: number, data: string): boolean {
  return isAlive(pid) && commandLine(pid).includes(data)
}

function commandLine(pid: number): string {
  if (process.platform === 'linux') return readText(`/proc/${pid}/cmdline`)
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/** The text of a file, empty where there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

export type Answer = 'ready' | 'starting' | 'foreign'

/** Asks the server on this address: ready for us, not there yet, or somebody else's. */
export async function ask(url: string): Promise<Answer> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  // A server that goes away while we ask is "starting" like one that has not come yet.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return 'ready'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return code.startsWith('28') ? 'foreign' : 'starting'
  } finally {
    await client.end().catch(() => {})
  }
}
