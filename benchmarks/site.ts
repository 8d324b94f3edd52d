import { setTimeout } from 'node:timers/promises'
import type { Violation } from '../adapters/postgres/checks.ts'
import type { BooksFound, LoadCount, Loaded, Session } from './figure.ts'
import { withClient } from './database.ts'
import { passes } from './highest.ts'
import { doneOf, type K6Result } from './k6.ts'
import type { Load } from './driver.ts'
import type { Sent } from './openModel.ts'
import { type Served, startServer } from './server.ts'
import { hotBills, spreadBills } from './workload/bills.ts'
import { type City, type CityOptions, openCity } from './workload/city.ts'
import { ampleBalance, enterCity } from './workload/enter.ts'

/** A server with a city's people, and a count of what it was asked, which its books are held against. */
export interface Site {
  readonly served: Served
  readonly city: City
  /** What has been sent at a rate so far. */
  readonly loads: readonly Loaded[]
  /** Sends claims at a rate, for as long as the session's loads last. */
  settle(rate: number, arm?: Arm, seconds?: number): Promise<K6Result>
  /** Sends whatever adds a row to the books, at a rate; the arm is what loads are told apart by, the status what says that one was added. */
  send(arm: string, load: Load, settledSays?: '200' | '201'): Promise<K6Result>
  /** Sends each of these claims once the one before it is answered. */
  settleAlone(bills: readonly Sent[]): Promise<K6Result>
  /** Claims that nobody has sent yet, for whoever sends them in another way and notes how many were settled. */
  claims(count: number): readonly Sent[]
  note(settled: number): void
  /** Waits until what was settled has its place in the journal, which whoever is measured next would pay for. */
  rest(): Promise<void>
  /** Looks whether the books hold, and have in them what was answered. */
  checkBooks(): Promise<BooksFound>
  end(): Promise<void>
}

/** Spread out over the city's hospitals, or all at the biggest. */
export type Arm = 'spread' | 'hot'

const billsOf = { spread: spreadBills, hot: hotBills }

/** Books that were seeded before, in place of fresh ones. */
export interface Ground {
  readonly dataDir: string
  /** Whose people they have. */
  readonly city: CityOptions
  /** Of so many households one is looked at by the checks: those of millions take long. */
  readonly oneIn: number
  /** What does not hold of them. */
  check(ownerUrl: string): Promise<readonly Violation[]>
}

/** A site for as long as it is used. */
export async function atSite<T>(session: Session, use: (site: Site) => Promise<T>): Promise<T> {
  const site = await openSite(session)
  try {
    return await use(site)
  } finally {
    await site.end()
  }
}

export async function openSite(session: Session, ground?: Ground): Promise<Site> {
  session.say(`starting a server on ${ground?.dataDir ?? 'a fresh database'}`)
  const served = await startServer(ground?.dataDir)
  try {
    if (!ground) return await settleIn(served, session, session.quick ? 5_000 : 30_000)
    // What is kept knows the keys of the runs before.
    const tag = `load-${Date.now().toString(36)}`
    return await siteAt(served, session, {
      city: openCity(ground.city),
      check: async (url) => ground.check(url),
      tag,
    })
  } catch (error) {
    await served.end()
    throw error
  }
}

type Asked = Pick<Session, 'drive' | 'seconds' | 'seed' | 'say'>

/** Enters a city of so many people into a server that has nobody yet. */
export async function settleIn(served: Served, asked: Asked, people: number): Promise<Site> {
  const city = openCity({ seed: asked.seed, people })
  asked.say(`entering ${people} invented people`)
  await enterCity(city, served.ownerUrl, { balance: ampleBalance })
  return siteAt(served, asked, {
    city,
    check: async () => served.violations(),
    tag: 'load',
  })
}

interface Inhabited {
  readonly city: City
  readonly check: (ownerUrl: string) => Promise<readonly Violation[]>
  /** What the keys of its loads begin with. */
  readonly tag: string
}

async function siteAt(
  served: Served,
  { drive, seconds, say }: Asked,
  { city, check, tag }: Inhabited,
): Promise<Site> {
  const before = await served.count('settlement')
  const answered = { settled: 0, unknown: 0 }
  let sources = 0
  const loads: Loaded[] = []
  /** Claims of people in an order that no other load has. */
  const claimsOf = (arm: Arm, count: number): Sent[] => [
    ...billsOf[arm](city, { count, tag: `${tag}-${++sources}` }),
  ]
  const note = (seen: K6Result, settledSays = '201'): K6Result => {
    answered.settled += (seen.byStatus[settledSays] ?? 0) - seen.replayed
    answered.unknown += unknownIn(seen)
    return seen
  }
  const send: Site['send'] = async (arm, load, settledSays = '201') => {
    const told = note(await drive.arriving(served.url, load), settledSays)
    const settledPerSecond = (told.byStatus[settledSays] ?? 0) / load.seconds
    const seen = { ...told, settledPerSecond }
    loads.push({ arm, rate: load.rate, seconds: load.seconds, seen })
    say(`${arm}, ${sentenceOf(load.rate, seen)}`)
    return seen
  }
  return {
    served,
    city,
    loads,
    async settle(rate, arm = 'spread', lasting = seconds) {
      const requests = claimsOf(arm, Math.ceil(rate * lasting) + spare)
      return send(arm, { rate, requests, seconds: lasting })
    },
    send,
    settleAlone: async (bills) => note(await drive.oneByOne(served.url, bills)),
    claims: (count) => claimsOf('spread', count),
    note(settled) {
      answered.settled += settled
    },
    async rest() {
      while ((await served.count('unjournaled')) > 0) await setTimeout(100)
    },
    async checkBooks() {
      say('checking the books')
      const stored = (await served.count('settlement')) - before
      return booksOf(answered, stored, await check(served.ownerUrl))
    },
    end: async () => served.end(),
  }
}

/** An arrival rate may bring one more request than it says, and none may be sent twice. */
export const spare = 5

/** Requests of which nobody was told whether they were done. */
export const unknownIn = ({ byStatus }: K6Result): number =>
  ['0', '500', '502', '504', 'other'].reduce((sum, status) => sum + (byStatus[status] ?? 0), 0)

export const sentencesOf = (violations: readonly Violation[]): string[] =>
  violations.map(({ check, subject, problem }) => `${check}: ${subject}: ${problem}`)

export function booksOf(
  answered: { readonly settled: number; readonly unknown: number },
  stored: number,
  violations: readonly Violation[],
): BooksFound {
  const wrong = sentencesOf(violations)
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
  const others = Object.entries(seen.byStatus).filter(
    ([status]) => !['200', '201'].includes(status),
  )
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
    failed: sum((one) => one.sent + one.dropped - doneOf(one)),
  }
}

const told = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'shared_buffers',
  'min_wal_size',
  'max_wal_size',
  'checkpoint_timeout',
] as const

/** What the database says of itself, so that nobody need guess what was measured. */
export async function databaseSettings(ownerUrl: string): Promise<Record<string, string>> {
  const { rows } = await withClient(ownerUrl, async (client) =>
    client.query<{ name: string; setting: string }>(
      `select name, current_setting(name) as setting from unnest($1::text[]) name`,
      [told],
    ),
  )
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}
