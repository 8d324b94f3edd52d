import type { Figure, Outcome, Session } from '../figure.ts'
import { findHighest, ramp } from '../highest.ts'
import { startServer } from '../server.ts'
import { countOf, databaseSettings, settleIn, type Site } from '../site.ts'
import { disksOf, marksOf, memoryOf, type Piece, waitsOf } from '../soak/pieces.ts'
import { takeStock } from '../soak/stock.ts'

const share = 0.7
/** A load that lasts for long is made of such pieces: k6 reads the requests of one from a file, and that takes memory. */
const piece_s = 60
const quickPiece_s = 10

/** What grows that should not, and what is lost, shows only after a while. */
export const soak: Figure = {
  id: 'soak',
  title: `Half an hour at ${100 * share} % of the highest rate`,
  against: 'its own middle third',
  driven: true,
  onlyByName: true,
  seconds: ({ quick, minutes }) => (quick ? 150 : 750 + 90 * minutes),
  async run(session) {
    session.say('starting a server on a fresh database')
    const served = await startServer()
    try {
      // Many enough that nobody has a hundred bills on one day.
      const site = await settleIn(served, session, session.quick ? 5_000 : 150_000)
      return await measure(site, session)
    } finally {
      await served.end()
    }
  },
}

async function measure(site: Site, session: Session): Promise<Outcome> {
  const { quick, minutes, manner, say } = session
  const lasting = quick ? quickPiece_s : piece_s
  const from = await ramp(async (rate) => site.settle(rate, 'spread', 2), 250)
  // What a server keeps up with for some seconds, since so many may wait, is more than what it bears.
  const { best } = await findHighest(
    async (rate) => site.settle(rate, 'spread', lasting),
    from,
    manner,
  )
  const rate = Math.round(share * best.rate)
  const count = quick ? 4 : minutes
  const { url, ownerUrl } = site.served
  const pieces: Piece[] = []
  const begun = performance.now()
  let before = await takeStock(url, ownerUrl)
  for (let i = 1; i <= count; i++) {
    const seen = await site.settle(rate, 'spread', lasting)
    const after = await takeStock(url, ownerUrl)
    pieces.push({ seen, before, after, ended_s: (performance.now() - begun) / 1000 })
    before = after
    say(`piece ${i} of ${count}: ${(after.memory / 1e6).toFixed(0)} MB of memory`)
  }
  const took_s = (performance.now() - begun) / 1000
  return {
    marks: [
      ...marksOf(pieces),
      { name: 'at a rate of', unit: '/s', rounds: [rate] },
      { name: 'of the time under load', unit: '', rounds: [(count * lasting) / took_s] },
    ],
    load: countOf(pieces.map(({ seen }) => seen)),
    books: await site.checkBooks(),
    settings: await databaseSettings(ownerUrl),
    loads: site.loads,
    charts: [waitsOf(pieces), memoryOf(pieces), disksOf(pieces)],
  }
}
