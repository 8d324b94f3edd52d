import { parseArgs } from 'node:util'
import pg from 'pg'
import { isDay } from '../../engine/day.ts'
import { readConfig } from '../config.ts'
import { runningEmbedded } from '../postgres/embedded.ts'
import { setThreshold, type Threshold, thresholdHistory } from '../postgres/thresholds.ts'
import type { Print } from './cases.ts'

export const anomaliesUsage = `jiesuan anomalies [list] [--url URL]
jiesuan anomalies show NAME [--url URL]
jiesuan anomalies thresholds
jiesuan anomalies set THRESHOLD VALUE --source TEXT [--region 510100] [--from 2026-03-02]

What is worth a look (疑点), and the thresholds that say so (docs/anomalies.md).

list        how much of each kind a running server finds
show        what it finds of one kind, the newest day first
thresholds  every threshold there has been, in the order in which they count
set         sets one from a day on, here or everywhere that has none of its own; the old row stays, and what was
            treated before that day goes by it
            --source  why, and who says so
            --region  default * (everywhere)
            --from    default the last day of treatment that the books know

list and show ask --url, default http://127.0.0.1:8080; the others the database of MIGRATE_DATABASE_URL, of DATABASE_URL, or
that of the sandbox that runs on DATA_DIR.

Ends with 0, with 1 where there is no such threshold, with 2 where nobody can be asked.`

interface Wish {
  readonly url: string
  readonly region: string
  readonly from?: string | undefined
  readonly source?: string | undefined
}

/** The command. Resolves to its exit code. */
export async function anomalies(args: readonly string[], print: Print): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8080' },
        region: { type: 'string', default: '*' },
        from: { type: 'string' },
        source: { type: 'string' },
      },
      allowPositionals: true,
    })
    const [act = 'list', ...words] = positionals
    if (act === 'list' && words.length === 0) return await list(values.url, print)
    if (act === 'show' && words.length === 1) return await show(values.url, words[0] ?? '', print)
    if (act === 'thresholds' && words.length === 0) return await thresholds(print)
    if (act === 'set' && words.length === 2)
      return await set(words as [string, string], values, print)
    print.error(anomaliesUsage)
    return 2
  } catch (error) {
    print.error(`jiesuan anomalies: ${(error as Error).message}`)
    return 2
  }
}

interface Kind {
  readonly name: string
  readonly title: { readonly en: string; readonly zh: string }
  readonly count?: number
}

async function list(url: string, print: Print): Promise<number> {
  const { items } = (await ask(`${url}/v1/anomalies`)) as { items: readonly Kind[] }
  for (const { name, title, count = '?' } of items)
    print.out(`${String(count).padStart(5)}  ${name.padEnd(12)}  ${title.en} ${title.zh}`)
  return 0
}

interface Found {
  readonly day?: string
  readonly subject: string
  readonly problem: { readonly en: string; readonly zh: string }
}

async function show(url: string, name: string, print: Print): Promise<number> {
  let cursor = ''
  do {
    const page = (await ask(
      `${url}/v1/anomalies/${encodeURIComponent(name)}?limit=200${cursor}`,
    )) as { items: readonly Found[]; next?: string }
    for (const { day = '', subject, problem } of page.items)
      print.out(`${day}  ${subject}\n  ${problem.en}\n  ${problem.zh}`)
    cursor = page.next === undefined ? '' : `&cursor=${page.next}`
  } while (cursor !== '')
  return 0
}

const thresholds = async (print: Print): Promise<number> =>
  withDatabase(async (pool) => {
    for (const one of await thresholdHistory(pool)) print.out(lineOf(one))
    return 0
  })

const lineOf = ({ name, region, from, value, unit, source }: Threshold): string =>
  `${name.padEnd(22)}  ${region.padEnd(6)}  from ${from}  ${value} ${unit}  ${source}`

async function set(
  [name, value]: readonly [string, string],
  { region, from, source }: Wish,
  print: Print,
): Promise<number> {
  if (source === undefined || source.trim() === '') throw new Error('--source is missing.')
  if (!/^\d{1,12}(\.\d{1,4})?$/.test(value))
    throw new Error(`found "${value}", expected a number that is not negative.`)
  if (!/^(\*|\d{6})$/.test(region))
    throw new Error('--region must be a division of six digits, or *.')
  if (from !== undefined && !isDay(from))
    throw new Error('--from must be a day such as 2026-03-02.')
  return withDatabase(async (pool) => {
    const told = await setThreshold(pool, { name, value, region, from, source })
    if (!told) {
      print.error(`jiesuan anomalies: no view goes by a threshold "${name}"`)
      return 1
    }
    print.out(lineOf(told))
    return 0
  })
}

async function withDatabase<T>(work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const { migrateDatabaseUrl, databaseUrl, dataDirectory } = readConfig(process.env)
  const connectionString =
    migrateDatabaseUrl ?? databaseUrl ?? (await runningEmbedded(dataDirectory))
  if (connectionString === undefined)
    throw new Error('no DATABASE_URL is set, and no sandbox runs on DATA_DIR.')
  const pool = new pg.Pool({ connectionString, max: 1 })
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}

async function ask(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch(() => {
    throw new Error(`no server answers at ${new URL(url).origin}`)
  })
  const json: unknown = await response.json()
  if (response.ok) return json
  const { title } = json as { title?: string }
  throw new Error(
    `the server answered ${response.status}${title === undefined ? '' : `: ${title}`}`,
  )
}
