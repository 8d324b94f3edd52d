import { type Both, settleAndReverse } from '../dayEnd/reversals.ts'
import { type Reconciled, reconcileDay } from '../dayEnd/statements.ts'
import { openWaiting } from '../dayEnd/waiting.ts'
import type { Figure, Mark, Outcome, Session } from '../figure.ts'
import { groundWith, largestThatFits } from '../growth/ground.ts'
import { countOf, databaseSettings, openSite, type Site } from '../site.ts'
import { ratios } from '../statistics.ts'

/** What is done when a day is over, or must be undone before it is: beside how fast it is settled. */
export const dayEnd: Figure = {
  id: 'B10',
  title: 'Reversals, the order of the journal and its seal, and a day that is reconciled',
  against:
    'the settlement rate (the journal is placed and sealed alone, and the day is reconciled once)',
  driven: true,
  seconds: ({ rounds, seconds, quick }) => (quick ? 60 : 240) + rounds * 22 * (seconds + 1),
  async run(session) {
    const { quick, say } = session
    const { settlements } = quick ? { settlements: 100_000 } : largestThatFits()
    const ground = await groundWith(settlements, quick ? 10_000 : 200_000, say)
    const site = await openSite(session, ground)
    try {
      return await measure(site, session, ground.oneIn)
    } finally {
      await site.end()
    }
  },
}

/** A day in the middle of those that were seeded. */
const reconciledDay = '2026-02-25'
const million = 1_000_000

async function measure(site: Site, session: Session, oneIn: number): Promise<Outcome> {
  const { rounds, quick, say } = session
  const url = site.served.ownerUrl
  const searches = await settleAndReverse(site, session)
  const books = await site.checkBooks()
  say(`reconciling ${reconciledDay}`)
  const day = await reconcileDay(url, reconciledDay)
  say('making postings that wait for the journal')
  const waiting = await openWaiting(url, { settlements: (quick ? 5_000 : 20_000) * rounds, rounds })
  try {
    const placed: number[] = []
    const sealed: number[] = []
    for (let round = 1; round <= rounds; round++) {
      placed.push(await waiting.place())
      sealed.push(await waiting.seal())
    }
    const wrong = [...books.wrong, ...day.wrong, ...(await waiting.check())]
    const best = searches.flatMap((both) => [both.settling.best.seen, both.reversing.best.seen])
    return {
      marks: [...marksOf(searches, { placed, sealed }), ...marksOfDay(day)],
      load: countOf(best),
      books: { ...books, wrong },
      settings: {
        'rows of the day': day.rows,
        institutions: day.institutions,
        'households checked, one in': oneIn,
        ...(await databaseSettings(url)),
      },
      loads: site.loads,
      charts: [],
    }
  } finally {
    await waiting.end()
  }
}

const keepsUp = { atLeast: 1 }

interface Rates {
  readonly placed: readonly number[]
  readonly sealed: readonly number[]
}

function marksOf(searches: readonly Both[], { placed, sealed }: Rates): Mark[] {
  const settled = searches.map(({ settling }) => settling.best.seen.settledPerSecond)
  const reversed = searches.map(({ reversing }) => reversing.best.seen.settledPerSecond)
  return [
    { name: 'reversals / settlements', unit: '', rounds: ratios(reversed, settled) },
    { name: 'journal / settlements', unit: '', rounds: ratios(placed, settled), target: keepsUp },
    { name: 'sealing / settlements', unit: '', rounds: ratios(sealed, settled), target: keepsUp },
    { name: 'settlements', unit: '/s', rounds: settled },
    { name: 'reversals', unit: '/s', rounds: reversed },
    { name: 'placed in the journal', unit: '/s', rounds: placed },
    { name: 'sealed', unit: '/s', rounds: sealed },
  ]
}

/** A day of a million is a matter of minutes: told for as many rows as the day had, scaled to a million. */
const marksOfDay = ({ rows, totals_s, details_s }: Reconciled): Mark[] => [
  {
    name: 'a day of a million reconciled, scaled from the rows of the day',
    unit: 'min',
    rounds: [((totals_s + details_s) / 60) * (million / rows)],
    target: { atMost: 10 },
  },
  { name: 'its totals', unit: 's', rounds: [totals_s] },
  { name: 'its details', unit: 's', rounds: [details_s] },
]
