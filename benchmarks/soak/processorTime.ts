import { readdirSync, readFileSync } from 'node:fs'
import type { Client } from 'pg'
import { readMetric } from '../metric.ts'

/** Milliseconds for which processors were busy so far; not a number where the system does not tell. */
export interface ProcessorTime {
  readonly server_ms: number
  readonly database_ms: number
}

/** Of all processes of a server, and of all that its database has and had, whoever else uses it. */
export const takeTime = async (
  url: string,
  owner: Pick<Client, 'query'>,
): Promise<ProcessorTime> => ({
  server_ms: 1000 * (await readMetric(url, 'process_cpu_seconds_total')),
  database_ms: await databaseTime(owner),
})

/** Linux counts in hundredths of a second. */
const tick_ms = 10

/** PostgreSQL does not tell, so its processes are looked at: the children of the one that each connection's process is a child of. */
async function databaseTime(owner: Pick<Client, 'query'>): Promise<number> {
  const { rows } = await owner.query<{ pid: number }>('select pg_backend_pid() as pid')
  const parent = processOf(String(rows[0]?.pid))?.parent
  const first = parent === undefined ? undefined : processOf(String(parent))
  if (first === undefined) return Number.NaN
  const children = readdirSync('/proc')
    .map(processOf)
    .filter((one) => one?.parent === parent)
  // What has ended is counted by the one that it was a child of.
  return children.reduce((total, one) => total + (one?.own_ms ?? 0), first.own_ms + first.ended_ms)
}

interface Process {
  readonly parent: number
  readonly own_ms: number
  /** Of its children that are no more. */
  readonly ended_ms: number
}

/** Nothing where there is no such process, or no such list of them. */
function processOf(pid: string): Process | undefined {
  if (!/^\d+$/.test(pid)) return undefined
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before it is in brackets and may hold anything.
    const [, parent, ...rest] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const ticks = (from: number): number => tick_ms * ((rest[from] ?? 0) + (rest[from + 1] ?? 0))
    return { parent: parent ?? 0, own_ms: ticks(9), ended_ms: ticks(11) }
  } catch {
    return undefined
  }
}
