import type { BooksFound, Figure, Outcome, Session } from '../figure.ts'
import { groundWith, largestThatFits } from '../growth/ground.ts'
import { findHighest, ramp, type Search } from '../highest.ts'
import type { Chart, Point } from '../report/chart.ts'
import { countOf, databaseSettings, openSite, type Site } from '../site.ts'
import { median } from '../statistics.ts'

/** The same load where few, many and most settlements are stored already. */
export const growth: Figure = {
  id: 'B5',
  title: 'Settlements a second with ten thousand, a million and ten million stored',
  against: 'ten thousand stored',
  driven: true,
  seconds: ({ rounds, seconds }) => 90 + rounds * 20 * (seconds + 1),
  async run(session) {
    const sizes = sizesOf(session)
    const arms: Arm[] = []
    try {
      for (const stored of sizes) arms.push(await openArm(session, stored))
      return await measure(arms, session)
    } finally {
      for (const { site } of arms) await site.end()
    }
  },
}

interface Arm {
  readonly stored: number
  readonly site: Site
  readonly searches: Search[]
}

const fewest = 10_000

function sizesOf({ quick, say }: Session): number[] {
  if (quick) return [fewest, 10 * fewest]
  const { settlements, wanted } = largestThatFits()
  if (settlements < wanted)
    say(`there is room for ${settlements} settlements and not for ${wanted}: that is the most that is stored`)
  return [...new Set([fewest, Math.min(1_000_000, settlements), settlements])]
}

async function openArm(session: Session, stored: number): Promise<Arm> {
  const people = session.quick ? 10_000 : 200_000
  const ground = await groundWith(stored, people, session.say)
  return { stored, site: await openSite(session, ground), searches: [] }
}

async function measure(arms: readonly Arm[], { say, rounds, manner }: Session): Promise<Outcome> {
  const from = new Map<Arm, number>()
  for (const arm of arms) from.set(arm, await ramp(async (rate) => arm.site.settle(rate, 'spread', 2), 250))
  for (let round = 1; round <= rounds; round++)
    for (const arm of arms) {
      say(`round ${round} of ${rounds}, ${arm.stored} stored`)
      const search = await findHighest(
        async (rate) => arm.site.settle(rate),
        from.get(arm) ?? fewest,
        manner,
      )
      arm.searches.push(search)
      from.set(arm, search.best.rate)
    }
  const [few, ...more] = arms
  const largest = more.at(-1) ?? few
  const ratios = more.toReversed().map((arm) => ({
    name: `${arm.stored} stored / ${few?.stored} stored`,
    unit: '',
    rounds: ratesOf(arm).map((rate, i) => rate / (few ? (ratesOf(few)[i] as number) : 1)),
    target: { atLeast: 0.9 },
  }))
  const rates = arms.map((arm) => ({ name: `${arm.stored} stored`, unit: '/s', rounds: ratesOf(arm) }))
  return {
    marks: [...ratios, ...rates],
    load: countOf(arms.flatMap(({ searches }) => searches.map(({ best }) => best.seen))),
    books: await checkAll(arms),
    settings: await databaseSettings(largest?.site.served.ownerUrl ?? ''),
    charts: [growthOverStored(arms)],
  }
}

const ratesOf = ({ searches }: Arm): number[] =>
  searches.map(({ best }) => best.seen.settledPerSecond)

async function checkAll(arms: readonly Arm[]): Promise<BooksFound> {
  const found: BooksFound[] = []
  for (const { site } of arms) found.push(await site.checkBooks())
  return {
    answered: found.reduce((sum, { answered }) => sum + answered, 0),
    stored: found.reduce((sum, { stored }) => sum + stored, 0),
    wrong: found.flatMap(({ wrong }) => wrong),
  }
}

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
