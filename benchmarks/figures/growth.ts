import type { BooksFound, Figure, Loaded, Outcome, Session } from '../figure.ts'
import { groundWith, largestThatFits, withCopy } from '../growth/ground.ts'
import { findHighest, ramp, type RateSearch } from '../highest.ts'
import type { Chart, Point } from '../report/chart.ts'
import { countOf, databaseSettings, type Ground, openSite } from '../site.ts'
import { median, ratios } from '../statistics.ts'

/** The same load where few, many and most settlements are stored already. */
export const growth: Figure = {
  id: 'B5',
  title: 'Settlements a second with few and with most settlements stored',
  against: 'ten thousand stored',
  driven: true,
  // A round is a start, a search on each of the books and a look at them, which takes longest: eight minutes of seven million.
  seconds: ({ rounds, seconds, quick }) =>
    rounds *
    (quick ? 2 : 3) *
    (warmingSeconds(quick) + (quick ? 60 + 8 * (seconds + 1) : 240 + 12 * (seconds + 1))),
  async run(session) {
    const people = session.quick ? 10_000 : 200_000
    const arms: Arm[] = []
    for (const stored of sizesOf(session)) {
      const ground = await groundWith(stored, people, session.say)
      arms.push({ stored, ground, rounds: [] })
    }
    for (let round = 1; round <= session.rounds; round++)
      for (const arm of arms) {
        session.say(`round ${round} of ${session.rounds}, ${arm.stored} stored`)
        arm.rounds.push(await settleOn(arm, session))
      }
    return outcomeOf(arms)
  },
}

interface Arm {
  readonly stored: number
  readonly ground: Ground
  readonly rounds: Round[]
}

interface Round {
  /** Of the claims that came while the server had just started. */
  readonly p99AtStart: number
  readonly search: RateSearch
  /** Settlements before it: runs on what is kept leave theirs. */
  readonly before: number
  readonly loads: readonly Loaded[]
  readonly books: BooksFound
  readonly settings: Readonly<Record<string, string>>
}

const fewest = 10_000
/**
 * A server that has just started reads into memory what claims touch, and writes each page whole the first time: claims are sent for a
 * while before any are counted, since a settlement centre starts seldom. How long they take meanwhile is a mark of its own.
 */
const warmingSeconds = (quick: boolean): number => (quick ? 5 : 60)
const warmingRate = 200

function sizesOf({ quick, say }: Session): number[] {
  if (quick) return [fewest, 10 * fewest]
  const { settlements, wanted } = largestThatFits()
  if (settlements < wanted)
    say(
      `there is room for ${settlements} settlements and not for ${wanted}: that is the most that is stored`,
    )
  return [...new Set([fewest, Math.min(1_000_000, settlements), settlements])]
}

/** What a round adds to the fewest would make them many, so they are a copy; to a million it matters little. */
const settleOn = async ({ stored, ground }: Arm, session: Session): Promise<Round> =>
  stored === fewest
    ? withCopy(ground, async (copy) => settleAt(copy, session))
    : settleAt(ground, session)

async function settleAt(ground: Ground, session: Session): Promise<Round> {
  const site = await openSite(session, ground)
  try {
    const before = await site.served.count('settlement')
    const first = await site.settle(warmingRate, 'spread', warmingSeconds(session.quick))
    const from = await ramp(async (rate) => site.settle(rate, 'spread', 2), 250)
    const search = await findHighest(async (rate) => site.settle(rate), from, session.manner)
    const settings = await databaseSettings(site.served.ownerUrl)
    const books = await site.checkBooks()
    return { p99AtStart: first.sinceDue.p99, search, before, loads: site.loads, books, settings }
  } finally {
    await site.end()
  }
}

function outcomeOf(arms: readonly Arm[]): Outcome {
  const [few, ...more] = arms
  const held = more.toReversed().map((arm) => ({
    name: `${arm.stored} stored / ${few?.stored} stored`,
    unit: '',
    rounds: few ? ratios(ratesOf(arm), ratesOf(few)) : [],
    target: { atLeast: 0.9 },
  }))
  const rates = arms.map((arm) => ({
    name: `${arm.stored} stored`,
    unit: '/s',
    rounds: ratesOf(arm),
  }))
  const starts = arms.map((arm) => ({
    name: `${arm.stored} stored, p99 at ${warmingRate}/s right after a start`,
    unit: 'ms',
    rounds: arm.rounds.map(({ p99AtStart }) => p99AtStart),
  }))
  const rounds = arms.flatMap((arm) => arm.rounds)
  return {
    marks: [...held, ...rates, ...starts],
    load: countOf(rounds.map(({ search }) => search.best.seen)),
    books: {
      answered: rounds.reduce((sum, { books }) => sum + books.answered, 0),
      stored: rounds.reduce((sum, { books }) => sum + books.stored, 0),
      wrong: rounds.flatMap(({ books }) => books.wrong),
    },
    settings: {
      ...rounds[0]?.settings,
      ...Object.fromEntries(arms.flatMap(saysOf)),
    },
    loads: arms.flatMap(({ stored, rounds: all }) =>
      all.flatMap(({ loads }) => loads.map((load) => ({ ...load, arm: `${stored} stored` }))),
    ),
    charts: [growthOverStored(arms)],
  }
}

const saysOf = ({ stored, ground, rounds }: Arm): [string, string | number][] => [
  [`of ${stored} stored, before each round`, rounds.map(({ before }) => before).join(' and ')],
  [`of ${stored} stored, households checked, one in`, ground.oneIn],
]

const ratesOf = ({ rounds }: Arm): number[] =>
  rounds.map(({ search }) => search.best.seen.settledPerSecond)

function growthOverStored(arms: readonly Arm[]): Chart {
  const dots = arms.flatMap((arm) => ratesOf(arm).map((rate): Point => [arm.stored, rate]))
  const line = arms.map((arm): Point => [arm.stored, median(ratesOf(arm))])
  return {
    name: 'rate-over-stored',
    title: 'Settlements a second over settlements stored',
    x: { label: 'settlements stored before', scale: 'log' },
    y: { label: 'settlements a second', scale: 'linear' },
    series: [{ name: 'highest rate in time', line, dots }],
  }
}
