// `npm run bench:quick -- [--seconds N] [--rate N] [--rounds N]`: taps alone, and beside a hospital that uploads a thousand
// claims at a time, in turns. Exit code 1 where the slowest hundredth waits more than twice as long beside it.
import { parseArgs } from 'node:util'
import { enrol, type Invented, invent, tapOf, uploadOf } from './crowd.ts'
import { Door, drive, median, percentile, type Sent, type Shot } from './openModel.ts'
import { startServer } from './server.ts'
import { startUploader } from './uploader.ts'

/** A server that stands, by the clock of its sandbox. */
interface Measurable {
  readonly url: string
  now(): number
}

export interface BenchOptions {
  readonly seconds: number
  readonly rate: number
  readonly rounds: number
  readonly claims: number
  /** People whose claims are uploaded. */
  readonly patients: number
  readonly say: (line: string) => void
}

/** One round: the same taps without and with an upload beside them, and how many claims it settled. */
interface Round {
  readonly alone: readonly Shot[]
  readonly beside: readonly Shot[]
  readonly uploaded: number
}

/** A card pays so often before a risk rule asks for its PIN. */
const tapsOfCard = 3
const day = '2026-03-02'

export async function measure(served: Measurable, options: BenchOptions): Promise<Round[]> {
  const { seconds, rate, rounds, claims, patients, say } = options
  const { url } = served
  const door = new Door(url)
  const taps = Math.ceil(seconds * rate)
  const holders = Math.ceil(((2 * rounds + 1) * taps) / tapsOfCard)
  const people = Array.from({ length: holders + patients }, (_, i) => invent(i))
  say(`entering ${people.length} invented people with cards`)
  await enrol(door, people)
  const crowd: Crowd = { holders: people.slice(0, holders), next: 0 }
  // A server compiles and plans in its first round, which is nobody's figure.
  await drive(door, deal(crowd, served, taps, 'warm'), rate)
  await door.send(uploadOf(people.slice(holders), claims, day))
  const measured: Round[] = []
  for (let round = 1; round <= rounds; round++) {
    const alone = await drive(door, deal(crowd, served, taps, `a${round}`), rate)
    say(line(`round ${round}, alone `, alone))
    const dealt = deal(crowd, served, taps, `b${round}`)
    const uploader = await startUploader({ url, from: holders, patients, claims, day })
    const beside = await drive(door, dealt, rate)
    const uploaded = await uploader.end()
    say(`${line(`round ${round}, beside`, beside)}, ${uploaded} claims uploaded`)
    measured.push({ alone, beside, uploaded })
  }
  door.close()
  return measured
}

interface Crowd {
  readonly holders: readonly Invented[]
  next: number
}

/** Taps of the next cards in turn, computed beforehand so that the driver has nothing to do but send. */
function deal(crowd: Crowd, served: Measurable, taps: number, round: string): Sent[] {
  return Array.from({ length: taps }, () => {
    const holder = crowd.holders[crowd.next++ % crowd.holders.length]
    if (!holder) throw new Error('nobody holds a card')
    return tapOf(holder, served.now(), round)
  })
}

const ms = (value: number): string => `${value.toFixed(1).padStart(7)} ms`
const settled = ({ status }: Shot): boolean => status === 201

function line(name: string, shots: readonly Shot[]): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => ms(percentile(shots, share)))
  const paid = shots.filter(settled).length
  return `${name}  p50 ${p50}  p95 ${p95}  p99 ${p99}  ${paid} of ${shots.length} settled`
}

/** How many times as long a tap waits beside an upload, of which a share waits less. */
export const ratioOf = (rounds: readonly Round[], share: number): number =>
  median(rounds.map(({ beside }) => percentile(beside, share))) /
  median(rounds.map(({ alone }) => percentile(alone, share)))

export const lostIn = (rounds: readonly Round[]): number =>
  rounds.flatMap(({ alone, beside }) => [...alone, ...beside]).filter((shot) => !settled(shot))
    .length

async function main(): Promise<number> {
  const number = (fallback: string) => ({ type: 'string', default: fallback }) as const
  const { values } = parseArgs({
    options: {
      seconds: number('8'),
      rate: number('40'),
      rounds: number('5'),
      claims: number('1000'),
    },
  })
  const say = (text: string): void => console.log(text)
  const served = await startServer()
  try {
    const rounds = await measure(served, {
      seconds: Number(values.seconds),
      rate: Number(values.rate),
      rounds: Number(values.rounds),
      claims: Number(values.claims),
      patients: 400,
      say,
    })
    const ratio = ratioOf(rounds, 0.99)
    const lost = lostIn(rounds)
    const violations = await served.violations()
    say(
      line(
        'all, alone      ',
        rounds.flatMap(({ alone }) => alone),
      ),
    )
    say(
      line(
        'all, beside     ',
        rounds.flatMap(({ beside }) => beside),
      ),
    )
    say(
      `p99 beside / p99 alone, medians of ${rounds.length} rounds: ${ratio.toFixed(2)} (at most 2)`,
    )
    say(`books: ${violations.length === 0 ? 'nothing wrong' : JSON.stringify(violations)}`)
    return ratio <= 2 && lost === 0 && violations.length === 0 ? 0 : 1
  } finally {
    await served.end()
  }
}

if (import.meta.main) process.exitCode = await main()
