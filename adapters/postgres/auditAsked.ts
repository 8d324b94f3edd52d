import type { Day } from '../../engine/day.ts'
import type { AuditOptions } from './audit.ts'
import { openAuditor, sealStart } from './auditor.ts'
import { type AuditFinding, provePostings } from './auditPosting.ts'
import { type Client, readPosted } from './postedRows.ts'
import { postingsOf } from './sql/audit.ts'

/** What an auditor wants proved now (专项核查): postings of a person, an institution, a region, a day, or of several at once. */
export interface AuditAsked {
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly region?: string | undefined
  readonly day?: Day | undefined
}

export interface Proved {
  readonly rows: number
  readonly took_ms: number
  readonly findings: readonly AuditFinding[]
}

/** What one question may ask to be proved, at most. */
export const mostAsked = 20_000
const atOnce = 500

/** Proves what was asked for; undefined where that is more than one question may ask. */
export async function proveAsked(
  { pool, crypto, digest }: Pick<AuditOptions, 'pool' | 'crypto' | 'digest'>,
  { person, institution, region, day }: AuditAsked,
): Promise<Proved | undefined> {
  const begun = performance.now()
  const client = await openAuditor(pool)
  try {
    const ask = client as unknown as Client
    await client.query('begin isolation level repeatable read read only')
    const asked = [person ?? null, institution ?? null, region ?? null, day ?? null, mostAsked + 1]
    const { rows } = await client.query<{ position: bigint }>(postingsOf, asked)
    if (rows.length > mostAsked) return undefined
    const proving = { crypto, digest, start: (await sealStart(ask, crypto)).position }
    const findings: AuditFinding[] = []
    const positions = [...new Set(rows.map(({ position }) => position))]
    for (const [first, last] of runsOf(positions)) {
      const posted = await readPosted(ask, first - 1n, last, true)
      findings.push(...(await provePostings(ask, proving, posted)))
    }
    return { rows: positions.length, took_ms: Math.round(performance.now() - begun), findings }
  } finally {
    await client.end().catch(() => {})
  }
}

/** Neighbours are read together. */
function runsOf(positions: readonly bigint[]): [bigint, bigint][] {
  const runs: [bigint, bigint][] = []
  for (const position of positions) {
    const last = runs.at(-1)
    if (last && last[1] === position - 1n && position - last[0] < BigInt(atOnce)) last[1] = position
    else runs.push([position, position])
  }
  return runs
}
