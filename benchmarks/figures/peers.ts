import type { Figure, Mark, Outcome, Session } from '../figure.ts'
import { measureHere } from '../peers/here.ts'
import type { PeerMeasured } from '../peers/peers.ts'
import { ratios, sumOf } from '../statistics.ts'

const clients = 32

/** What other ledgers do that make as many postings a request, with the settings that each is told to be run with. */
export const otherLedgers: Figure = {
  id: 'peers',
  title: 'Other ledgers, with the postings of one bill of B1 a request',
  against:
    'bare SQL on the same server, as B1 is: all that a settlement writes, not its postings alone',
  driven: false,
  onlyByName: true,
  seconds: ({ rounds, seconds }) => 40 + 5 * rounds * (seconds + 1),
  run: async (session) => measure(session),
}

async function measure({ rounds, seconds, quick, say }: Session): Promise<Outcome> {
  const people = quick ? 5_000 : 20_000
  const { measured, settings } = await measureHere({ people, rounds, seconds, clients, say })
  const [bare, ...others] = measured
  if (!bare) throw new Error('bare SQL was not measured')
  return {
    marks: [...others.map((one) => besideBare(one, bare)), ...measured.map(perSecond)],
    load: { sent: 0, dropped: 0, failed: 0 },
    books: {
      answered: 0,
      stored: 0,
      wrong: measured.flatMap(({ name, wrong }) =>
        wrong.map((one) => `${name}: ${JSON.stringify(one)}`),
      ),
    },
    settings: {
      ...settings,
      clients,
      people,
      ...Object.fromEntries(measured.map(({ name, about }) => [name, about])),
      ...Object.fromEntries(measured.map(failedOf)),
    },
    charts: [],
  }
}

const failedOf = ({ name, setting, rounds }: PeerMeasured): [string, number] => [
  `${name}, ${setting}, failed`,
  sumOf(rounds.map(({ failed }) => failed)),
]

const rates = ({ rounds }: PeerMeasured): number[] => rounds.map((one) => one.perSecond)

const besideBare = (one: PeerMeasured, bare: PeerMeasured): Mark => ({
  name: `${one.name}, ${one.setting} / bare SQL`,
  unit: '',
  rounds: ratios(rates(one), rates(bare)),
})

const perSecond = (one: PeerMeasured): Mark => ({
  name: `${one.name}, ${one.setting}`,
  unit: '/s',
  rounds: rates(one),
})
