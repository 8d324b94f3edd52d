import pg from 'pg'
import type { Violation } from '../adapters/postgres/checks.ts'
import type { Fen } from '../engine/money.ts'
import type { BooksFound, LoadCount, Session } from './figure.ts'
import { passes } from './highest.ts'
import type { K6Result } from './k6.ts'
import type { Sent } from './openModel.ts'
import { type Served, startServer } from './server.ts'
import { hotBills, spreadBills } from './workload/bills.ts'
import { type City, openCity } from './workload/city.ts'
import { enterCity } from './workload/enter.ts'

/** A server with a city's people, and a count of what it was asked, which its books are held against. */
export interface Site {
  readonly served: Served
  readonly city: City
  /** Sends claims at a rate, for as long as the session's loads last. */
  settle(rate: number, arm?: Arm, seconds?: number): Promise<K6Result>
  /** Sends each claim once the one before it is answered. */
  settleAlone(count: number): Promise<K6Result>
  /** Looks whether the books hold, and have in them what was answered. */
  checkBooks(): Promise<BooksFound>
}

/** Spread out over the city's hospitals, or all at the biggest. */
export type Arm = 'spread' | 'hot'

const billsOf = { spread: spreadBills, hot: hotBills }

/** A server of its own for as long as it is used. */
export async function atSite<T>(session: Session, use: (site: Site) => Promise<T>): Promise<T> {
  session.say('starting a server on a fresh database')
  const served = await startServer()
  try {
    return await use(await settleIn(served, session, session.quick ? 5_000 : 30_000))
  } finally {
    await served.end()
  }
}

/** Enters a city of so many people into a server that has nobody yet. */
export async function settleIn(
  served: Served,
  { drive, seconds, seed, say }: Pick<Session, 'drive' | 'seconds' | 'seed' | 'say'>,
  people: number,
): Promise<Site> {
  const city = openCity({ seed, people })
  say(`entering ${people} invented people`)
  await enterCity(city, served.ownerUrl, { balance })
  const before = await served.count('settlement')
  const answered = { settled: 0, unknown: 0 }
  let loads = 0
  /** Claims of people in an order that no other load has. */
  const claimsOf = (arm: Arm, count: number): Sent[] => [
    ...billsOf[arm](city, { count, tag: `load-${++loads}` }),
  ]
  const note = (seen: K6Result): K6Result => {
    answered.settled += seen.byStatus['201'] ?? 0
    answered.unknown += unknownIn(seen)
    return seen
  }
  return {
    served,
    city,
    async settle(rate, arm = 'spread', lasting = seconds) {
      const requests = claimsOf(arm, Math.ceil(rate * lasting) + spare)
      const load = { requests, rate, seconds: lasting }
      const seen = note(await drive.arriving(served.url, load))
      say(sentenceOf(rate, seen))
      return seen
    },
    settleAlone: async (count) => note(await drive.oneByOne(served.url, claimsOf('spread', count))),
    async checkBooks() {
      say('checking the books')
      const stored = (await served.count('settlement')) - before
      return booksOf(answered, stored, await served.violations())
    },
  }
}

/** An arrival rate may bring one more request than it says, and none may be sent twice. */
export const spare = 5

/** Nobody's account runs dry, however long they are settled for: a million yuan. */
const balance = 100_000_000n as Fen

/** Requests of which nobody was told whether they were done. */
export const unknownIn = ({ byStatus }: K6Result): number =>
  ['0', '500', '502', '504', 'other'].reduce((sum, status) => sum + (byStatus[status] ?? 0), 0)

export function booksOf(
  answered: { readonly settled: number; readonly unknown: number },
  stored: number,
  violations: readonly Violation[],
): BooksFound {
  const wrong = violations.map(({ check, subject, problem }) => `${check}: ${subject}: ${problem}`)
  const { settled, unknown } = answered
  if (stored < settled)
    wrong.push(`${settled} settlements were answered, but only ${stored} are stored`)
  if (stored > settled + unknown)
    wrong.push(
      `${stored} settlements are stored, but only ${settled} were answered and ${unknown} may have been done`,
    )
  return { answered: settled, stored, wrong }
}

export function sentenceOf(rate: number, seen: K6Result): string {
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
