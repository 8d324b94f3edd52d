import { parseArgs } from 'node:util'
import type { Print } from './cases.ts'

export const auditUsage = `jiesuan audit [--url URL] [--key KEY]
jiesuan audit [--person ID] [--institution CODE] [--region DIVISION] [--day 2026-03-02] [--url URL] [--key KEY]

Without a condition: since when everything is proved, what the self-audit looked at, and what is not as it was written.
With conditions: proves all postings of a person, an institution, a region or a day now; conditions hold together.

--url  where the server is; default http://127.0.0.1:8080
--key  the key of a caller who may audit, where the server has callers

Ends with 0 where all is as it was written, with 1 where something is not, which it names, with 2 where the server cannot be asked.

自查状态与专项核查：按人、机构、统筹区或日期立即核对全部入账。`

interface Finding {
  readonly check: string
  readonly subject: string
  readonly problem: string
}

interface State {
  readonly round: number
  readonly provedAt?: string
  readonly secondsSince?: number
  readonly slices: readonly {
    readonly name: string
    readonly rows: number
    readonly took_ms: number
  }[]
  readonly findings: readonly Finding[]
}

/** The command. Resolves to its exit code. */
export async function audit(args: readonly string[], print: Print): Promise<number> {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        person: text,
        institution: text,
        region: text,
        day: text,
        url: { ...text, default: 'http://127.0.0.1:8080' },
        key: text,
      },
    })
    const { url, key, ...conditions } = values
    const isOfSome = Object.keys(conditions).length > 0
    const answer = await ask(url, key, isOfSome ? conditions : undefined)
    return isOfSome ? tellProved(answer as unknown as Proved, print) : tellState(answer, print)
  } catch (error) {
    print.error(`jiesuan audit: ${(error as Error).message}`)
    return 2
  }
}

interface Proved {
  readonly rows: number
  readonly took_ms: number
  readonly findings: readonly Finding[]
}

async function ask(url: string, key: string | undefined, conditions?: object): Promise<State> {
  const headers: Record<string, string> =
    key === undefined ? {} : { Authorization: `Bearer ${key}` }
  const request: RequestInit = conditions
    ? {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(conditions),
      }
    : { headers }
  const answer = await fetch(`${url}/v1/audit`, request).catch(() => {
    throw new Error(`no server answers at ${url}; --url says where it is`)
  })
  const json = (await answer.json()) as State & { readonly message?: { readonly en: string } }
  if (!answer.ok) throw new Error(json.message?.en ?? `the server answered ${answer.status}`)
  return json
}

function tellState(
  { round, provedAt, secondsSince, slices, findings }: State,
  print: Print,
): number {
  if (round === 0) print.out('No round has ended yet. 首轮自查尚未完成。')
  if (provedAt !== undefined)
    print.out(`proved 已核对至  ${provedAt}, ${secondsSince} s ago, round ${round}`)
  for (const { name, rows, took_ms } of slices)
    print.out(`  ${name.padEnd(36)} ${String(rows || '').padStart(9)}  ${took_ms} ms`)
  return tellFindings(findings, print)
}

function tellProved({ rows, took_ms, findings }: Proved, print: Print): number {
  print.out(`${rows} postings proved in ${took_ms} ms. 已核对 ${rows} 笔入账。`)
  return tellFindings(findings, print)
}

function tellFindings(findings: readonly Finding[], print: Print): number {
  for (const { check, subject, problem } of findings)
    print.out(`✗ ${check}: ${subject}: ${problem}`)
  if (findings.length === 0) print.out('✓ All is as it was written. 与入账时一致。')
  return findings.length === 0 ? 0 : 1
}
