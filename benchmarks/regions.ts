// `npm run bench:regions -- [--seconds N] [--rate N] [--away N] [--rounds N] [--states down,slow]`: local settlements alone,
// and beside bills of people whose home region answers after 9.9 s, is down, is well, or is this one, in turns. Exit code 1 where the
// slowest hundredth waits more than 1.2 times as long beside a slow or a dead region as alone. How far the parts that have
// nothing beside them differ among themselves is told as well: a ratio says no more than they do. All four take half an hour.
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { openPlace, type Place } from '../test/faults/bench.ts'
import type { Mishap } from '../test/faults/httpProxy.ts'
import { createRandom } from '../test/faults/random.ts'
import { openRegionBench, type RegionBench } from '../test/faults/regionBench.ts'
import { residentOf, RegionWorkload } from '../test/faults/regionWorkload.ts'
import type { Op } from '../test/faults/workload.ts'
import { readCommandLine } from './commandLine.ts'
import { exitOnSignal } from './ending.ts'
import { Door, drive, percentile, type Sent, type Shot } from './openModel.ts'

/** How the home region of the others is; `ours` means that they are insured here, which says what so many more bills cost by themselves. */
export const states = ['ours', 'well', 'slow', 'down'] as const
export type State = (typeof states)[number]

export interface RegionsOptions {
  readonly seconds: number
  /** Local bills a second, and those of people from elsewhere. */
  readonly rate: number
  readonly away: number
  readonly rounds: number
  /** How long a slow region takes to answer. */
  readonly slow_ms: number
  readonly say: (line: string) => void
}

interface Round {
  /** Just before the others. */
  readonly before: readonly Shot[]
  readonly beside: readonly Shot[]
  readonly away: readonly Shot[]
  /** Just after them. */
  readonly after: readonly Shot[]
}

/** And half as long again for a busy machine. */
const longestAlone_ms = 90_000
const care = '510100'
const home = '440100'

/** Local bills without and with those of another region's people beside them, that region being as it is. */
export async function measure(
  bench: RegionBench,
  state: State,
  options: RegionsOptions,
): Promise<Round[]> {
  const { seconds, rate, rounds, say } = options
  const door = new Door(`http://127.0.0.1:${bench.sides[care].engine.port}`)
  const bills = new Bills(bench.residents, state)
  const local = (): Sent[] => bills.many(care, seconds * rate)
  await warm(door, bills, options)
  const { door: line } = bench.sides[home]
  if (state === 'slow')
    line.lay(() => ({ kind: 'hold', delay_ms: options.slow_ms }) satisfies Mishap)
  if (state === 'down') await line.goAway()
  const others = state === 'ours' ? care : home
  await drive(door, bills.many(others, 2 * options.away), options.away)
  const measured: Round[] = []
  const alone = async (round: number): Promise<Shot[]> => {
    const shots = await drive(door, local(), rate)
    say(lineOf(`${state} ${round}, alone `, shots))
    return shots
  }
  let before = await alone(0)
  for (let round = 1; round <= rounds; round++) {
    const visitors = drive(door, bills.many(others, seconds * options.away), options.away)
    const beside = await drive(door, local(), rate)
    const away = await visitors
    say(`${lineOf(`${state} ${round}, beside`, beside)}, beside them ${told(away)}`)
    const after = await alone(round)
    measured.push({ before, beside, away, after })
    before = after
  }
  if (state === 'down') await line.listen()
  line.lay()
  door.close()
  return measured
}

/** A server compiles and plans in its first round, and hears of its visitors, which is nobody's figure; so it does when it first has to refuse them. */
async function warm(door: Door, bills: Bills, { rate, away }: RegionsOptions): Promise<void> {
  await drive(door, bills.many(care, 2 * rate), rate)
  // A region that did not answer a moment ago is left alone for a minute at most.
  const until = performance.now() + longestAlone_ms
  const isReached = async (): Promise<boolean> =>
    (await drive(door, bills.many(home, 1), 1)).every(settled)
  while (!(await isReached()) && performance.now() < until) await sleep(500)
  await drive(door, bills.many(home, 2 * away), away)
}

/** Small bills of many people in turn, so that they do not wait for each other. */
class Bills {
  readonly #residents: number
  readonly #workload: RegionWorkload
  #next = 0

  constructor(residents: number, tag: string) {
    this.#residents = residents
    this.#workload = new RegionWorkload(
      createRandom(tag),
      `${tag}.${Date.now() % 100_000_000}`,
      care,
    )
  }

  many(of: typeof care | typeof home, count: number): Sent[] {
    return Array.from({ length: Math.ceil(count) }, () => {
      const person = residentOf(of, 1 + (this.#next++ % this.#residents))
      return sentOf(this.#workload.bill(person))
    })
  }
}

const sentOf = ({ path, body, key }: Op): Sent => ({
  path,
  type: 'application/json',
  body: JSON.stringify(body),
  key,
})

const settled = ({ status }: Shot): boolean => status === 201

/** Of bills that are not settled: whether they were told at once that it cannot be now, or how long they waited. */
function told(shots: readonly Shot[]): string {
  const others = shots.filter((shot) => !settled(shot))
  const slowest = Math.max(0, ...others.map(({ latency_ms }) => latency_ms))
  const p50 = percentile(others, 0.5).toFixed(0)
  return `${shots.length - others.length} settled, ${others.length} told to come again (p50 ${p50} ms, at most ${slowest.toFixed(0)} ms)`
}

const ms = (value: number): string => `${value.toFixed(1).padStart(7)} ms`

function lineOf(name: string, shots: readonly Shot[]): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => ms(percentile(shots, share)))
  return `${name}  p50 ${p50}  p95 ${p95}  p99 ${p99}  ${shots.filter(settled).length} of ${shots.length} settled`
}

/** All of the rounds' bills that had the others beside them. */
export const besideIn = (rounds: readonly Round[]): Shot[] => rounds.flatMap(({ beside }) => beside)

/** Those that had nothing beside them, in the order they were sent. */
export const aloneIn = (rounds: readonly Round[]): Shot[] => lonelyOf(rounds).flat()

const lonelyOf = (rounds: readonly Round[]): (readonly Shot[])[] => [
  ...rounds.slice(0, 1).map(({ before }) => before),
  ...rounds.map(({ after }) => after),
]

/** Of all rounds together, since they alternate and the slowest hundredth of one is a handful of bills. */
const ratioOf = (rounds: readonly Round[], share: number): number =>
  percentile(besideIn(rounds), share) / percentile(aloneIn(rounds), share)

/** How many times as long every other part that had nothing beside it waited as those between, which says what the ratio's error is. */
function noiseOf(rounds: readonly Round[], share: number): number {
  const parts = [0, 1].map((odd) =>
    lonelyOf(rounds)
      .filter((_, i) => i % 2 === odd)
      .flat(),
  )
  const waits = parts.map((shots) => percentile(shots, share))
  return Math.max(...waits) / Math.min(...waits)
}

export const lostIn = (rounds: readonly Round[]): number =>
  rounds.flatMap(({ beside, after }) => [...beside, ...after]).filter((shot) => !settled(shot))
    .length

async function beside(
  place: Place,
  options: RegionsOptions & { readonly states: readonly State[] },
): Promise<boolean> {
  const bench = await openRegionBench(place, 'beside', {
    timeOut_ms: 10_000,
    rate: 1,
    residents: 200,
    operator: false,
    direct: true,
  })
  let holds = true
  try {
    for (const state of options.states) {
      const rounds = await measure(bench, state, options)
      const [p50, p99] = [ratioOf(rounds, 0.5), ratioOf(rounds, 0.99)]
      const lost = lostIn(rounds)
      const isHeld = state === 'slow' || state === 'down'
      const target = isHeld ? ' (at most 1.2)' : ''
      options.say(
        `home region ${state}: beside / alone, ${rounds.length} rounds together: p50 ${p50.toFixed(2)}, ` +
          `p99 ${p99.toFixed(2)}${target}, where alone / alone is up to ${noiseOf(rounds, 0.99).toFixed(2)}; ` +
          `${lost} local bills not settled`,
      )
      holds &&= lost === 0 && (!isHeld || p99 <= 1.2)
    }
    const wrong = await bench.audit()
    options.say(`books: ${wrong.slice(0, 10).join('; ') || 'both regions agree, nothing wrong'}`)
    return holds && wrong.length === 0
  } finally {
    await bench.end()
  }
}

async function main(): Promise<number> {
  exitOnSignal()
  const number = (fallback: string) => ({ type: 'string', default: fallback }) as const
  const { values } = readCommandLine({
    usage: `npm run bench:regions -- [--seconds N] [--rate N] [--away N] [--rounds N] [--slow MS] [--states ${states.join(',')}]`,
    counts: ['seconds', 'rate', 'away', 'rounds', 'slow'],
    options: {
      seconds: number('20'),
      rate: number('200'),
      away: number('40'),
      rounds: number('10'),
      slow: number('9900'),
      states: number(states.join(',')),
    },
  })
  const options = {
    seconds: Number(values.seconds),
    rate: Number(values.rate),
    away: Number(values.away),
    rounds: Number(values.rounds),
    slow_ms: Number(values.slow),
    states: states.filter((state) => values.states.split(',').includes(state)),
    say: (text: string): void => console.log(text),
  }
  // Who measures must not stand still to look through memory of its own.
  setFlagsFromString('--heap-growing-percent=900')
  const place = await openPlace()
  try {
    return (await beside(place, options)) ? 0 : 1
  } finally {
    await place.remove()
  }
}

if (import.meta.main) process.exitCode = await main()
