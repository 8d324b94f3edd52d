import pg from 'pg'
import {
  compareEntries,
  compareList,
  compareStatement,
  compareTotals,
  compareTreatedUntil,
  compareTrialBalance,
  type Compared,
} from '../audit/exact.ts'
import { exportDay, measuredFormats } from '../audit/exports.ts'
import { type Question, questionsOn, someSettlements } from '../audit/questions.ts'
import type { Figure, Mark, Outcome, Session } from '../figure.ts'
import { enteredAt } from '../growth/generation.ts'
import { groundWith, largestThatFits } from '../growth/ground.ts'
import { databaseSettings, openSite, type Site } from '../site.ts'
import { percentileOf } from '../statistics.ts'

/** What auditors ask over HTTP of books that are full, and whether it is right to the fen. */
export const auditing: Figure = {
  id: 'B9',
  title:
    'Questions of auditors on the largest books that the disk has room for, one after the other',
  against: '200 ms for 19 of 20 (asked from Node on a server that does nothing else)',
  driven: false,
  seconds: ({ rounds, quick }) => (quick ? 60 : 240 + rounds * 60),
  async run(session) {
    const { quick, say } = session
    const { settlements, wanted } = quick ? small : largestThatFits()
    if (settlements < wanted)
      say(`there is room for ${settlements} settlements and not for ${wanted}`)
    const ground = await groundWith(settlements, quick ? 10_000 : 200_000, say)
    const site = await openSite(session, ground)
    // Millions are joined to find out what is exact, which need not go by the disk.
    const options = '-c work_mem=512MB'
    const pool = new pg.Pool({ connectionString: site.served.ownerUrl, max: 1, options })
    try {
      return await measure(site, pool, session)
    } finally {
      await pool.end()
      await site.end()
    }
  },
}

const small = { settlements: 100_000, wanted: 100_000 }
const longest_ms = 200

interface Asked {
  readonly question: Question
  /** What nineteen of twenty waited at most, a round each. */
  readonly waits: number[]
}

async function measure(site: Site, pool: pg.Pool, session: Session): Promise<Outcome> {
  const { say, rounds, quick } = session
  const ask = askAt(site.served.url)
  const subject = {
    city: site.city,
    from_ms: enteredAt,
    until_ms: site.served.now() - 60_000,
    settlements: await someSettlements(pool),
  }
  const asked = questionsOn(subject).map((question): Asked => ({ question, waits: [] }))
  const random = site.city.random(`questions ${session.seed}`)
  const times = quick ? 20 : 100
  let count = 0
  for (let round = 0; round <= rounds; round++)
    for (const { question, waits } of asked) {
      const took: number[] = []
      for (let i = 0; i < times; i++) {
        const begun = performance.now()
        await ask(question.next(random))
        took.push(performance.now() - begun)
        count++
      }
      // The first round is everybody's first look, and counts for nobody.
      if (round > 0) waits.push(percentileOf(took, 0.95))
      say(
        `${question.name}: p50 ${percentileOf(took, 0.5).toFixed(1)} ms, p95 ${percentileOf(took, 0.95).toFixed(1)} ms`,
      )
    }
  const exported = await measureExports(site, pool, session)
  const { rows } = await pool.query('select count(*)::int as n from transfer')
  const wrong = [...exported.wrong, ...(await findWrong(site, pool, session))]
  return {
    marks: [...marksOf(asked), ...exported.marks],
    load: { sent: count, dropped: 0, failed: 0 },
    books: { answered: 0, stored: 0, wrong },
    settings: {
      transfers: rows[0].n,
      settlements: await site.served.count('settlement'),
      times,
      ...(await databaseSettings(site.served.ownerUrl)),
    },
    charts: [],
  }
}

/** The slowest question is the figure; each of the others is told as well. */
function marksOf(asked: readonly Asked[]): Mark[] {
  const rounds = asked[0]?.waits.map((_, i) => Math.max(...asked.map(({ waits }) => waits[i] ?? 0)))
  const target = { atMost: longest_ms }
  return [
    { name: 'p95 of the slowest question', unit: 'ms', rounds: rounds ?? [], target },
    ...asked.map(({ question, waits }) => ({
      name: `${question.name}, p95`,
      unit: 'ms',
      rounds: waits,
    })),
  ]
}

type Ask = (path: string) => Promise<unknown>

const askAt =
  (url: string): Ask =>
  async (path) => {
    const reply = await fetch(new URL(path, url))
    const body = await reply.text()
    if (reply.status !== 200) throw new Error(`${path} is answered with ${reply.status}: ${body}`)
    return JSON.parse(body)
  }

/** A day on which many were treated. */
const seededDay = '2026-02-25'

/** How many rows of a day's settlements leave the house in a second, and whether they are the books'. */
async function measureExports(
  site: Site,
  pool: pg.Pool,
  { say, rounds }: Session,
): Promise<{ readonly marks: Mark[]; readonly wrong: string[] }> {
  const speeds = new Map<string, number[]>(measuredFormats.map((format) => [format, []]))
  const wrong: string[] = []
  for (let round = 0; round < rounds; round++)
    for (const [format, speed] of speeds) {
      const told = await exportDay(pool, site.served.url, { format, day: seededDay })
      speed.push(told.rows / (told.took_ms / 1000))
      wrong.push(...told.wrong)
      say(`${told.rows} settlements as ${format}: ${(told.took_ms / 1000).toFixed(1)} s`)
    }
  const marks = [...speeds].map(([format, rounds]) => ({
    name: `settlements exported as ${format}`,
    unit: '/s',
    rounds,
  }))
  return { marks, wrong }
}

/** Sums that were told beside sums that nobody keeps. */
async function findWrong(site: Site, pool: pg.Pool, { say }: Session): Promise<string[]> {
  say('adding everything up, to compare')
  const ask = askAt(site.served.url)
  const { city, served } = site
  const pharmacy = city.institutions.all.at(-1)?.code ?? ''
  const hospital = city.institutions.all[3]?.code ?? ''
  const between = (share: number): string =>
    new Date(enteredAt + share * (served.now() - enteredAt)).toISOString()
  const compared: Compared[] = [
    await compareTrialBalance(pool, ask, undefined),
    await compareTrialBalance(pool, ask, between(0.31)),
    await compareTrialBalance(pool, ask, between(0.83)),
    await compareStatement(pool, ask, `payable:${pharmacy}:settled`),
    await compareList(pool, ask, hospital, seededDay),
    await compareTotals(pool, ask),
    await compareTreatedUntil(pool, ask, seededDay),
    await compareEntries(ask, 'fund:510100:employee:pool'),
    await compareEntries(ask, `payable:${pharmacy}:settled`),
  ]
  return compared
    .filter(({ told, computed }) => told !== computed || told === '')
    .map(({ what, told, computed }) => `${what}: told ${firstOf(told, computed)}`)
}

function firstOf(told: string, computed: string): string {
  const [ours, theirs] = [told.split('\n'), computed.split('\n')]
  const at = ours.findIndex((line, i) => line !== theirs[i])
  return `${ours[at]}, computed ${theirs[at]}`
}
