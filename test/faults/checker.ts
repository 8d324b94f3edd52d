import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { type RefusalCode, refusals } from '../../engine/refusal.ts'
import { type Answer, finalOf, type Story } from './client.ts'

/** What is wrong after a run, each in one sentence; all three empty is what every run must end with. */
export interface Verdict {
  /** Answered as settled or undone, and not in the ledger with exactly those amounts. */
  readonly lost: string[]
  /** In the ledger more than once. */
  readonly doubled: string[]
  /** Everything else that does not fit what was answered. */
  readonly unexplained: string[]
}

export const isClean = ({ lost, doubled, unexplained }: Verdict): boolean =>
  lost.length + doubled.length + unexplained.length === 0

/** What one key left in the books. */
interface Stored {
  readonly hash: string
  readonly kind: 'settled' | 'undone' | 'reversed' | 'refused' | null
  readonly id: string | null
  readonly settlement_id: string | null
  readonly share_funds: readonly string[]
  readonly share_fen: readonly string[]
  readonly [column: string]: unknown
}

const amounts = {
  total: 'total_fen',
  selfPaid: 'self_paid_fen',
  overLimit: 'over_limit_fen',
  firstSelfPay: 'first_self_pay_fen',
  inScope: 'in_scope_fen',
  deductible: 'deductible_fen',
  fundTotal: 'fund_total_fen',
  personTotal: 'person_total_fen',
  account: 'account_fen',
  familyAccount: 'family_account_fen',
  cash: 'cash_fen',
  hospitalShare: 'hospital_share_fen',
  employerShare: 'employer_share_fen',
  accountBalance: 'account_balance_fen',
} as const

const storedByKey = `
  select encode(k.key_hash, 'hex') as hash, a.kind, s.id, s.settlement_id, s.share_funds, s.share_fen::text[],
         ${Object.values(amounts)
           .map((column) => `s.${column}::text`)
           .join(', ')}
  from unnest($1::bytea[]) as k (key_hash)
  left join request r on r.key_hash = k.key_hash
  left join answer a on a.owner_id = r.owner_id and a.key_hash = r.key_hash
  left join settlement s on s.owner_id = a.owner_id and s.id = a.posting_id`

const rowsByMark = `
  select line_ids[1] as mark, count(*)::int as rows from settlement
  where sequence = 1 and line_ids[1] = any ($1) group by 1`

/**
 * Every row of every run on this database, with the sign of its kind: what institutions were told must add up to it. Of those
 * of other regions only their own can tell.
 */
const sumsByInstitution = `
  select institution, sum(sign)::text as rows, sum(sign * total_fen)::text as total,
         sum(sign * fund_total_fen)::text as "fundTotal", sum(sign * account_fen)::text as account,
         sum(sign * cash_fen)::text as cash
  from (select *, case when sequence % 2 = 1 then 1 else -1 end as sign from settlement
        where side <> 'home') s group by 1`

/** What bills have drawn: all that reached personal accounts otherwise, less what they hold. And what their rows say. */
const accountsDrawn = `
  select coalesce((
           select sum(case when sequence % 2 = 1 then account_fen else -account_fen end)
           from settlement where side <> 'care'), 0) as told,
         coalesce((
           select sum(credit_fen - debit_fen) from entry
           where account like 'personal:%' and kind in ('opening', 'contribution', 'credit')), 0)
       - coalesce((select sum(balance_fen) from (
           select distinct on (owner_id, account) balance_fen from account_version
           order by owner_id, account, version desc) newest), 0) as fen`

const sumNames = ['total', 'fundTotal', 'account', 'cash'] as const

/** What is told of a settlement, an undoing, or a reversal that found something. */
interface Answered extends Readonly<Record<(typeof sumNames)[number], string>> {
  readonly id: string
  readonly happened?: boolean
  readonly row?: { readonly id: string; readonly kind: string }
}

/** Compares what clients were told with what one database holds. It remembers the sums of all runs on it. */
export class Checker {
  readonly #pool: pg.Pool
  readonly #told = new Map<string, Record<string, bigint>>()
  readonly #rows = new Set<string>()

  constructor(ownerUrl: string) {
    this.#pool = new pg.Pool({ connectionString: ownerUrl, max: 1 })
    this.#pool.on('error', () => {})
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  /** Judges the stories of one run; the engine runs and is idle. */
  async judge(stories: readonly Story[]): Promise<Verdict> {
    const verdict: Verdict = { lost: [], doubled: [], unexplained: [] }
    const hashes = stories.map(({ op }) => keyHash(op.institution, op.key))
    const stored = await this.#pool.query<Stored>(storedByKey, [hashes])
    const byHash = new Map(stored.rows.map((row) => [row.hash, row]))
    const marks = stories.flatMap(({ op }) => op.mark ?? [])
    const counted = await this.#pool.query<{ mark: string; rows: number }>(rowsByMark, [marks])
    const rows = new Map(counted.rows.map((row) => [row.mark, row.rows]))
    for (const [i, story] of stories.entries()) {
      judgeWords(story, verdict)
      judgeRow(story, byHash.get((hashes[i] as Buffer).toString('hex')), verdict)
      judgeCount(story, rows.get(story.op.mark ?? '') ?? 0, verdict)
      this.#add(story)
    }
    await this.#judgeSums(verdict)
    await this.#judgeBooks(verdict)
    return verdict
  }

  /** All rows get their place in the journal soon; then every check of the books must be empty. */
  async #judgeBooks(verdict: Verdict): Promise<void> {
    const until = performance.now() + 10_000
    const waiting = () => this.#pool.query('select from unjournaled limit 1')
    while ((await waiting()).rowCount !== 0 && performance.now() < until) await sleep(20)
    if ((await waiting()).rowCount !== 0) verdict.unexplained.push('postings stay unjournaled')
    for (const { check, subject, problem } of await checkBooks(this.#pool))
      verdict.unexplained.push(`${check}: ${subject}: ${problem}`)
  }

  #add({ op, ...story }: Story): void {
    const answer = story.answers[0]
    const body = (answer?.body ?? {}) as Answered
    if (answer?.status !== 201 || (op.kind === 'reverse' && !body.happened)) return
    // A second reversal is told the row of the first.
    const row = body.row ?? { id: body.id, kind: 'settlement' }
    if (this.#rows.has(row.id)) return
    this.#rows.add(row.id)
    const sums = this.#told.get(op.institution) ?? { rows: 0n }
    this.#told.set(op.institution, sums)
    const sign = row.kind === 'settlement' || row.kind === 'restoration' ? 1n : -1n
    sums['rows'] = (sums['rows'] ?? 0n) + sign
    for (const name of sumNames) {
      const said = body[name]
      sums[name] = (sums[name] ?? 0n) + sign * toFen(said)
    }
  }

  async #judgeSums(verdict: Verdict): Promise<void> {
    const kept = await this.#pool.query<Record<string, string>>(sumsByInstitution)
    const drawn = await this.#pool.query<{ fen: string; told: string }>(accountsDrawn)
    for (const { institution, ...sums } of kept.rows) {
      const told = this.#told.get(String(institution)) ?? {}
      for (const [name, sum] of Object.entries(sums))
        if (BigInt(sum) !== (told[name] ?? 0n))
          verdict.unexplained.push(
            `${institution}: ${name} in the ledger is ${sum}, all answers add up to ${told[name] ?? 0n}`,
          )
    }
    const [accounts] = drawn.rows
    if (accounts?.fen !== accounts?.told)
      verdict.unexplained.push(
        `accounts fell by ${accounts?.fen}, settlements say ${accounts?.told}`,
      )
  }
}

/** The books know a key by SM3 of institution and key, with a zero byte between. */
const keyHash = (institution: string, key: string): Buffer =>
  createHash('sm3').update(`${institution}\0${key}`).digest()

/** What was said about a key must agree with itself. */
function judgeWords(story: Story, { unexplained }: Verdict): void {
  const { op, told, answers } = story
  const [first, ...others] = answers
  const name = `${op.kind} ${op.key}`
  if (!first) return void unexplained.push(`${name}: no final answer after ${told.join(', ')}`)
  if (told.includes('fault of theirs')) unexplained.push(`${name}: ${told.join(', ')}`)
  if (others.some((other) => !isDeepStrictEqual(other, first)))
    unexplained.push(`${name}: two final answers differ: ${short(answers)}`)
  if (![201, 422, 404].includes(first.status))
    unexplained.push(`${name}: status ${first.status}: ${short(first.body)}`)
  if (!isBlocked(first)) judgeNothingDone(name, told, unexplained)
}

/** Refused because it was reversed before it came: that stands under its key although nothing of it arrived. */
const isBlocked = ({ body }: Answer): boolean =>
  (body as { code?: string }).code === 'undone-before-arrival'

/** Who was told that nothing had happened must not find later that it had. */
function judgeNothingDone(name: string, told: Story['told'], unexplained: string[]): void {
  if (told.some((word, i) => word === 'unreachable' && told[i + 1] === 'replayed'))
    unexplained.push(`${name}: was told that nothing was sent, and it had been: ${told.join(', ')}`)
  const end = told.findIndex((word) => word === 'answered' || word === 'replayed')
  const before = told.slice(0, end)
  const nothingDone = ['busy', 'not reached', 'unreachable']
  if (
    before.length > 0 &&
    before.every((word) => nothingDone.includes(word)) &&
    told[end] === 'replayed'
  )
    unexplained.push(`${name}: was told that nothing had happened, and it had`)
}

function judgeRow(story: Story, stored: Stored | undefined, verdict: Verdict): void {
  const answer = finalOf(story)
  if (!answer) return
  const { op } = story
  const name = `${op.kind} ${op.key}`
  if (answer.status !== 201) return judgeRefusal(name, answer, stored, verdict)
  const body = answer.body as Record<string, unknown>
  const isSettled = op.kind === 'settle'
  const { id, chain, kind } = expectedOf(op, answer.body as Answered)
  if (stored?.kind !== kind || stored.id !== id || stored.settlement_id !== chain)
    return void verdict.lost.push(`${name}: answered ${id}, stored ${stored?.kind} ${stored?.id}`)
  for (const [part, column] of Object.entries(amounts)) {
    if (!(part in body)) continue
    const said = toFen(String(body[part]))
    const kept = BigInt(String(stored[column]))
    if (said !== kept)
      verdict.lost.push(`${name}: ${part} was answered ${said} fen and stored ${kept}`)
  }
  if (!isSettled) return
  const shares = (body['shares'] as { fund: string; amount: string }[])
    .map(({ fund, amount }) => `${fund} ${toFen(amount)}`)
    .join(', ')
  const kept = stored.share_funds.map((fund, i) => `${fund} ${stored.share_fen[i]}`).join(', ')
  if (shares !== kept) verdict.lost.push(`${name}: shares were answered ${shares}, stored ${kept}`)
}

/** What stands under a key that was answered: which row, of which settlement. */
function expectedOf({ kind, settlement }: Story['op'], { id, row, happened }: Answered) {
  switch (kind) {
    case 'settle':
      return { kind: 'settled', id, chain: id }
    case 'cancel':
      return { kind: 'undone', id: row?.id, chain: settlement }
    case 'reverse':
      return happened
        ? { kind: 'reversed', id: row?.id, chain: id }
        : { kind: 'reversed', id: null, chain: null }
  }
}

/** A refusal by rule is kept and posts nothing; any other leaves no trace at all. */
function judgeRefusal(
  name: string,
  { body }: Answer,
  stored: Stored | undefined,
  verdict: Verdict,
) {
  const { code } = body as { code: RefusalCode }
  const expected = refusals[code] === 'rule' ? 'refused' : null
  const kind = stored?.kind ?? null
  if (kind !== expected || stored?.id)
    verdict.unexplained.push(`${name}: was refused (${code}), stored is ${kind} ${stored?.id}`)
}

function judgeCount({ op, ...story }: Story, rows: number, verdict: Verdict): void {
  if (op.mark === undefined) return
  const due = story.answers[0]?.status === 201 ? 1 : 0
  if (rows > 1) verdict.doubled.push(`${op.key}: is ${rows} times in the ledger`)
  else if (rows < due) verdict.lost.push(`${op.key}: its lines are not in the ledger`)
  else if (rows > due) verdict.unexplained.push(`${op.key}: is in the ledger and was not settled`)
}

function toFen(yuan: string): bigint {
  const found = /^(-?)(\d+)\.(\d\d)$/.exec(yuan)
  if (!found) throw new Error(`${yuan} is not an amount`)
  return BigInt(`${found[1]}${found[2]}${found[3]}`)
}

const short = (value: unknown): string => JSON.stringify(value).slice(0, 400)
