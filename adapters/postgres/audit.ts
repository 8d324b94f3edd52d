import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import type { Digest } from '../../engine/seal/hash.ts'
import type { VerifySignature } from '../../engine/seal/head.ts'
import type { SealKey } from '../../engine/seal/head.ts'
import { type KeyInLine, leadTo } from '../../engine/seal/keyChain.ts'
import { readTrustedKeys } from './sealKeys.ts'
import type { AuditFinding } from './auditPosting.ts'
import { openAuditor, sealStart } from './auditor.ts'
import { AccessWalk } from './accessWalk.ts'
import { AuditWalk } from './auditWalk.ts'
import { lastEntry } from './sql/seal.ts'
import type { Crypto } from './needs.ts'
import type { Client } from './postedRows.ts'
import { keepRound, keepState, readState, tryToAudit } from './sql/audit.ts'

/** One part of a round: what it looked at, and how long that took. */
export interface AuditSlice {
  readonly name: string
  readonly at: Instant
  readonly rows: number
  readonly took_ms: number
}

/** How far the self-audit is (自查). */
export interface AuditState {
  readonly round: number
  readonly beganAt: Instant
  /** When the last round began that found nothing; whatever stood then was proved since. */
  readonly provedAt: Instant | undefined
  readonly slices: readonly AuditSlice[]
  readonly findings: readonly AuditFinding[]
}

export interface AuditOptions {
  readonly pool: pg.Pool
  readonly crypto: Crypto
  readonly digest: Digest
  readonly verify: VerifySignature
  /** What heads of the journal's log say they are of, and those of the access log's. */
  readonly origin: string
  readonly accessOrigin: string
  /** Who signs it here, as the process knows it and not as the database says. */
  readonly signer?: KeyInLine | undefined
  readonly now: () => Instant
  /** Positions of one slice. */
  readonly stretch?: number
  /** What it may take of a processor: a tenth unless told. */
  readonly share?: number
  /** From the end of one round to the next. */
  readonly every_ms?: number
  readonly onFinding?: (finding: AuditFinding) => void
  readonly onRound?: (state: AuditState) => void
  readonly onError?: (error: unknown) => void
}

export interface Audit {
  /** A whole round, without the pauses that leave room for others. */
  run(): Promise<AuditState>
  start(): void
  stop(): Promise<void>
}

/** What has just started has other things to do. */
const first_ms = 30_000
/** Of books that are wrong everywhere nobody reads more. */
const mostFindings = 200

/**
 * Proves everything again and again while the system serves: each posting, each step of balances and running sums, every rollup
 * and head from the first position on, then each `check_…` view. One process at a time, with pauses between slices.
 */
export function createAudit(options: AuditOptions): Audit {
  const { every_ms = 60_000, share = 0.1, onError = () => {} } = options
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let round: Promise<unknown> = Promise.resolve()
  const wake = (): void => {
    round = runRound(options, share, stopping.signal)
      .catch((error) => !stopping.signal.aborted && onError(error))
      .finally(() => {
        if (timer) timer = setTimeout(wake, every_ms)
      })
  }
  return {
    async run() {
      const state = await runRound(options, 1, stopping.signal)
      if (!state) throw new Error('Another process audits these books now.')
      return state
    },
    start() {
      timer ??= setTimeout(wake, first_ms)
    },
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      timer = undefined
      await round
    },
  }
}

/** Undefined where another process is at it. */
async function runRound(
  options: AuditOptions,
  share: number,
  signal: AbortSignal,
): Promise<AuditState | undefined> {
  const client = await openAuditor(options.pool)
  try {
    const { rows } = await client.query(tryToAudit)
    if (!rows[0].ours) return undefined
    return await new Round(client, options, share, signal).run()
  } finally {
    await client.end().catch(() => {})
  }
}

class Round {
  readonly #client: pg.Client
  readonly #options: AuditOptions
  readonly #share: number
  readonly #signal: AbortSignal
  readonly #slices: AuditSlice[] = []
  readonly #findings: AuditFinding[] = []

  constructor(client: pg.Client, options: AuditOptions, share: number, signal: AbortSignal) {
    this.#client = client
    this.#options = options
    this.#share = share
    this.#signal = signal
  }

  async run(): Promise<AuditState> {
    const before = await readAuditState(this.#client as unknown as Client)
    const beganAt = this.#options.now()
    const round = (before?.round ?? 0) + 1
    const { rows } = await this.#client.query('select position from journal_head')
    const until = BigInt(rows[0].position)
    await this.#walk(until)
    await this.#walkAccess()
    await this.#view()
    const provedAt = this.#findings.length === 0 ? beganAt : before?.provedAt
    const findings = this.#findings.slice(0, mostFindings)
    const state: AuditState = { round, beganAt, provedAt, slices: this.#slices, findings }
    await this.#client.query(keepState, [
      round,
      beganAt,
      provedAt ?? null,
      JSON.stringify(this.#slices),
      JSON.stringify(findings),
    ])
    const ended = this.#options.now()
    await this.#client.query(keepRound, [round, beganAt, ended, until, JSON.stringify(findings)])
    this.#options.onRound?.(state)
    return state
  }

  /** The journal from its first position to the last there was when the round began. */
  async #walk(until: bigint): Promise<void> {
    const { crypto, digest, verify, origin, stretch = 100 } = this.#options
    const client = this.#client as unknown as Client
    const keys = await readTrustedKeys(client, { digest, verify })
    const { position: start, isOurs } = await sealStart(client, crypto)
    if (!isOurs)
      this.#tell({
        check: 'seal_start',
        subject: 'seal_start',
        problem: 'where digests begin was said by nobody with our keys',
      })
    this.#tell(...(await this.#notOurs(keys)))
    const walk = new AuditWalk({ crypto, digest, verify, keys, origin, start })
    do {
      const next = walk.position + BigInt(stretch)
      const isLast = next >= until
      await this.#slice('journal', async () => {
        const after = walk.position
        this.#tell(...(await walk.step(client, isLast ? until : next, isLast)))
        return Number(walk.position - after)
      })
    } while (walk.position < until)
  }

  /** Whoever writes the whole log anew signs it with a key of their own, which everything in the database may fit. */
  async #notOurs(keys: readonly SealKey[]): Promise<AuditFinding[]> {
    const { signer } = this.#options
    if (!signer || leadTo(keys, signer)) return []
    const { rowCount } = await this.#client.query('select from seal_head limit 1')
    if (rowCount === 0) return []
    const problem = 'the keys that signed the log do not lead to the one that signs it here'
    return [{ check: 'seal_key', subject: signer.name, problem }]
  }

  async #walkAccess(): Promise<void> {
    const { digest, verify, accessOrigin, stretch = 100 } = this.#options
    const client = this.#client as unknown as Client
    const keys = await readTrustedKeys(client, { digest, verify })
    const until = BigInt((await client.query(lastEntry)).rows[0].position)
    const walk = new AccessWalk({ digest, verify, keys, origin: accessOrigin })
    while (walk.position < until) {
      const next = walk.position + BigInt(stretch)
      await this.#slice('access log', async () => {
        const after = walk.position
        this.#tell(...(await walk.step(client, next < until ? next : until)))
        return Number(walk.position - after)
      })
    }
  }

  async #view(): Promise<void> {
    const { rows } = await this.#client.query<{ name: string }>(checkViews)
    for (const { name } of rows)
      await this.#slice(name, async () => {
        this.#tell(...(await this.#findingsOf(name)))
        return 0
      })
  }

  /** A document that cannot be read any more fails whatever reads it, which is a finding and no reason to stop. */
  async #findingsOf(name: string): Promise<AuditFinding[]> {
    await this.#client.query('set local enable_nestloop = off; savepoint before')
    try {
      const { rows } = await this.#client.query<Omit<AuditFinding, 'check'>>(
        `select subject, problem from ${name} limit ${mostFindings}`,
      )
      return rows.map(({ subject, problem }) => ({ check: name, subject, problem }))
    } catch (error) {
      // Class 57 and 08: somebody ended us, or the line is gone.
      if (!isOfContent(error)) throw error
      await this.#client.query('rollback to savepoint before')
      return [{ check: name, subject: 'all', problem: `cannot be read: ${error.message}` }]
    }
  }

  /** Told as it is found, for the round may be ended before its end. */
  #tell(...findings: readonly AuditFinding[]): void {
    for (const finding of findings) {
      if (this.#findings.length < mostFindings) this.#options.onFinding?.(finding)
      this.#findings.push(finding)
    }
  }

  /** One snapshot for each slice; then a pause as long as makes the whole take no more than its share. */
  async #slice(name: string, prove: () => Promise<number>): Promise<void> {
    this.#signal.throwIfAborted()
    const begun = performance.now()
    await this.#client.query('begin isolation level repeatable read read only')
    const rows = await prove()
    await this.#client.query('commit')
    const took_ms = performance.now() - begun
    this.#note(name, rows, took_ms)
    const pause_ms = took_ms * (1 / this.#share - 1)
    if (pause_ms > 0) await pause(pause_ms, this.#signal)
  }

  /** Stretches of the journal are told as one. */
  #note(name: string, rows: number, took_ms: number): void {
    const last = this.#slices.at(-1)
    const at = this.#options.now()
    if (last?.name === name)
      this.#slices.splice(-1, 1, {
        name,
        at,
        rows: last.rows + rows,
        took_ms: Math.round(last.took_ms + took_ms),
      })
    else this.#slices.push({ name, at, rows, took_ms: Math.round(took_ms) })
  }
}

/** What PostgreSQL says of what stands in a row (classes 21, 22, 23 and 2F): not a number, not JSON. */
const isOfContent = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && /^2[0-9F]/.test(String(error.code))

const checkViews = `
  select viewname as name from pg_views
  where schemaname = 'public' and viewname like 'check\\_%' order by 1`

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}

/** How far the self-audit is; undefined where none has ended yet. */
export async function readAuditState(client: Client): Promise<AuditState | undefined> {
  const { rows } = await client.query(readState)
  const [row] = rows
  if (!row) return undefined
  const { round, began_ms, proved_ms, slices, findings } = row
  const provedAt = proved_ms === null ? undefined : Number(proved_ms)
  return { round: Number(round), beganAt: Number(began_ms), provedAt, slices, findings }
}
