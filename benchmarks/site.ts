import pg from 'pg'
import { Bills } from './bills.ts'
import type { BooksFound, LoadCount, Session } from './figure.ts'
import { passes } from './highest.ts'
import type { K6Result } from './k6.ts'
import type { Sent } from './openModel.ts'
import { type Served, startServer } from './server.ts'

/** A server with its people, and a count of what it was asked, which its books are held against. */
export interface Site {
  readonly served: Served
  readonly bills: Bills
  /** Sends claims at a rate, for as long as the session's loads last. */
  settle(rate: number, claimsOf?: ClaimsOf, seconds?: number): Promise<K6Result>
  /** Sends each claim once the one before it is answered. */
  settleAlone(claims: readonly Sent[]): Promise<K6Result>
  /** Stops nothing: looks whether the books hold and have in them what was answered. */
  checkBooks(): Promise<BooksFound>
  end(): Promise<void>
}

export type ClaimsOf = (bills: Bills, count: number) => readonly Sent[]

export const spreadOut: ClaimsOf = (bills, count) => bills.spread(count)

export async function openSite(session: Session): Promise<Site> {
  const { drive, seconds: usual, quick, say } = session
  say('starting a server on a fresh database')
  const served = await startServer()
  const answered = { settled: 0, unknown: 0 }
  const noted = (seen: K6Result): K6Result => {
    answered.settled += seen.byStatus['201'] ?? 0
    answered.unknown += unknownIn(seen)
    return seen
  }
  try {
    const people = quick ? 3_000 : 20_000
    say(`entering ${people} invented people`)
    const bills = await Bills.enter(served, people)
    const before = await served.count('settlement')
    return {
      served,
      bills,
      async settle(rate, claimsOf = spreadOut, seconds = usual) {
        const requests = claimsOf(bills, Math.ceil(rate * seconds))
        const seen = noted(await drive.arriving(served.url, { requests, rate, seconds }))
        say(sentenceOf(rate, seen))
        return seen
      },
      settleAlone: async (claims) => noted(await drive.oneByOne(served.url, claims)),
      async checkBooks() {
        say('checking the books')
        const stored = (await served.count('settlement')) - before
        return booksOf(answered, stored, await served.violations())
      },
      end: served.end,
    }
  } catch (error) {
    await served.end()
    throw error
  }
}

/** Requests of which nobody was told whether they were done. */
const unknownIn = ({ byStatus }: K6Result): number =>
  ['0', '500', '502', '504', 'other'].reduce((sum, status) => sum + (byStatus[status] ?? 0), 0)

export function booksOf(
  answered: { readonly settled: number; readonly unknown: number },
  stored: number,
  violations: readonly { readonly check: string; readonly subject: string; readonly problem: string }[],
): BooksFound {
  const wrong = violations.map(({ check, subject, problem }) => `${check}: ${subject}: ${problem}`)
  const { settled, unknown } = answered
  if (stored < settled) wrong.push(`${settled} settlements were answered, but only ${stored} are stored`)
  if (stored > settled + unknown)
    wrong.push(`${stored} settlements are stored, but only ${settled} were answered and ${unknown} may have been done`)
  return { answered: settled, stored, wrong }
}

function sentenceOf(rate: number, seen: K6Result): string {
  const { sinceDue, dropped, settledPerSecond } = seen
  const others = Object.entries(seen.byStatus).filter(([status]) => status !== '201')
  return [
    `${rate}/s ${passes(seen) ? 'passes' : 'fails'}: ${settledPerSecond.toFixed(0)} settled a second`,
    `p50 ${sinceDue.p50.toFixed(0)} ms`,
    `p99 ${sinceDue.p99.toFixed(0)} ms`,
    `${dropped} dropped`,
    ...others.map(([status, count]) => `${count} × ${status}`),
  ].join(', ')
}

/** Of several loads together. */
export function countOf(seen: readonly K6Result[]): LoadCount {
  const sum = (of: (one: K6Result) => number): number => seen.reduce((all, one) => all + of(one), 0)
  return {
    sent: sum((one) => one.sent),
    dropped: sum((one) => one.dropped),
    failed: sum((one) => one.sent + one.dropped - (one.byStatus['201'] ?? 0)),
  }
}

const told = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'shared_buffers',
  'max_wal_size',
  'checkpoint_timeout',
] as const

/** What the database says of itself, so that nobody need guess what was measured. */
export async function databaseSettings(ownerUrl: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      `select name, current_setting(name) as setting from unnest($1::text[]) name`,
      [told],
    )
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
  } finally {
    await client.end()
  }
}
