import { enrol, type Invented, invent, tapOf, uploadOf } from '../crowd.ts'
import type { Figure, Outcome, Session } from '../figure.ts'
import type { K6Result } from '../k6.ts'
import { Door, type Sent } from '../openModel.ts'
import { type Served, startServer } from '../server.ts'
import { booksOf, countOf, databaseSettings, sentenceOf, spare, unknownIn } from '../site.ts'
import { ratios, sumOf } from '../statistics.ts'
import { settledIn, startUploader } from '../uploader.ts'

/** Somebody who stands at a till must not feel that a hospital hands in its week. */
export const quickBesideUpload: Figure = {
  id: 'B6',
  title: 'Taps at pharmacies beside a hospital that uploads a thousand claims at a time',
  against: 'the same taps alone',
  driven: true,
  seconds: ({ rounds, seconds }) => 30 + (2 * rounds + 1) * (seconds + 2),
  async run(session) {
    const served = await startServer()
    try {
      const settings = { ...usual, patients: 400 }
      const before = await served.count('settlement')
      const rounds = await measureBeside(served, session, settings)
      session.say('checking the books')
      const stored = (await served.count('settlement')) - before
      return await judge(served, stored, rounds, settings)
    } finally {
      await served.end()
    }
  },
}

const usual = { rate: 100, claims: 1_000 }

export interface BesideOptions {
  /** Taps a second. */
  readonly rate: number
  /** Claims of an upload. */
  readonly claims: number
  /** People whose claims are uploaded. */
  readonly patients: number
}

/** One round: the same taps without and with uploads beside them, and how many claims these settled. */
export interface BesideRound {
  readonly alone: K6Result
  readonly beside: K6Result
  readonly uploaded: number
}

export interface Beside {
  readonly rounds: readonly BesideRound[]
  /** What was settled before the first round. */
  readonly warming: Pick<BesideRound, 'alone' | 'uploaded'>
}

/** A card pays so often before a risk rule asks for its PIN. */
const tapsOfCard = 3
const day = '2026-03-02'

export async function measureBeside(
  served: Pick<Served, 'url' | 'now'>,
  { seconds, rounds, drive, say }: Pick<Session, 'seconds' | 'rounds' | 'drive' | 'say'>,
  { rate, claims, patients }: BesideOptions,
): Promise<Beside> {
  const { url } = served
  const count = Math.ceil(seconds * rate) + spare
  const holders = Math.ceil(((2 * rounds + 1) * count) / tapsOfCard)
  const people = Array.from({ length: holders + patients }, (_, i) => invent(i))
  say(`entering ${people.length} invented people with cards`)
  const door = new Door(url)
  await enrol(door, people)
  const crowd = new Crowd(people.slice(0, holders))
  const deal = (tag: string): Sent[] => crowd.taps(count, served.now(), tag)
  const tap = async (called: string, requests: readonly Sent[]): Promise<K6Result> => {
    const seen = await drive.arriving(url, { requests, rate, seconds })
    say(`${called}: ${sentenceOf(rate, seen)}`)
    return seen
  }
  // A server compiles and plans in its first round, which is nobody's figure.
  const warming = await tap('warming', deal('w'))
  const { text } = await door.send(uploadOf(people.slice(holders), claims, day))
  door.close()
  const measured: BesideRound[] = []
  for (let round = 1; round <= rounds; round++) {
    const alone = await tap(`round ${round} of ${rounds}, alone`, deal(`a${round}`))
    const taps = deal(`b${round}`)
    const uploader = await startUploader({ url, from: holders, patients, claims, day })
    const beside = await tap(`round ${round} of ${rounds}, beside uploads`, taps)
    const uploaded = await uploader.end()
    say(`${uploaded} claims uploaded`)
    measured.push({ alone, beside, uploaded })
  }
  return { rounds: measured, warming: { alone: warming, uploaded: settledIn(text) } }
}

/** Taps of the next cards in turn, computed beforehand so that whoever drives has nothing to do but send. */
class Crowd {
  readonly #holders: readonly Invented[]
  #next = 0

  constructor(holders: readonly Invented[]) {
    this.#holders = holders
  }

  taps(count: number, now: number, tag: string): Sent[] {
    return Array.from({ length: count }, () => {
      const holder = this.#holders[this.#next++ % this.#holders.length] as Invented
      return tapOf(holder, now, tag)
    })
  }
}

async function judge(
  served: Served,
  stored: number,
  { rounds, warming }: Beside,
  settings: BesideOptions,
): Promise<Outcome> {
  const [alone, beside] = [rounds.map((round) => round.alone), rounds.map((round) => round.beside)]
  const all = [warming.alone, ...alone, ...beside]
  const uploaded = [warming.uploaded, ...rounds.map((round) => round.uploaded)]
  const answered = {
    settled: sumOf([...uploaded, ...all.map(({ byStatus }) => byStatus['201'] ?? 0)]),
    unknown: sumOf(all.map(unknownIn)),
  }
  const p99 = (seen: readonly K6Result[]): number[] => seen.map(({ sinceDue }) => sinceDue.p99)
  const p50 = (seen: readonly K6Result[]): number[] => seen.map(({ sinceDue }) => sinceDue.p50)
  return {
    marks: [
      {
        name: 'p99 beside / p99 alone',
        unit: '',
        rounds: ratios(p99(beside), p99(alone)),
        target: { atMost: 2 },
      },
      { name: 'p99 beside', unit: 'ms', rounds: p99(beside), target: { atMost: 100 } },
      { name: 'p99 alone', unit: 'ms', rounds: p99(alone) },
      { name: 'p50 beside', unit: 'ms', rounds: p50(beside) },
      { name: 'p50 alone', unit: 'ms', rounds: p50(alone) },
      { name: 'uploaded in a round', unit: 'claims', rounds: uploaded.slice(1) },
    ],
    load: countOf([...alone, ...beside]),
    books: booksOf(answered, stored, await served.violations()),
    settings: { ...settings, ...(await databaseSettings(served.ownerUrl)) },
    charts: [],
  }
}
