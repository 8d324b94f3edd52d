// `npm run bench:quick -- [--seconds N] [--rate N] [--rounds N]`: taps alone, and beside hospitals that upload a thousand
// claims at a time, in turns. Exit code 1 where the slowest hundredth waits more than twice as long beside them.
import { parseArgs } from 'node:util'
import { enrol, type Invented, invent, tapOf, uploadOf } from './crowd.ts'
import { Door, drive, percentile, type Shot } from './openModel.ts'
import { type Served, startServer } from './server.ts'

export interface BenchOptions {
  readonly seconds: number
  readonly rate: number
  readonly rounds: number
  readonly claims: number
  readonly say: (line: string) => void
}

/** What the rounds came to. */
export interface Measured {
  readonly alone: readonly Shot[]
  readonly beside: readonly Shot[]
  /** Claims that were settled by uploads while taps were measured. */
  readonly uploaded: number
  readonly violations: readonly unknown[]
}

/** A card pays so often without PIN before a risk rule asks for one. */
const tapsOfCard = 3
const patients = 400

export async function measure(served: Served, options: BenchOptions): Promise<Measured> {
  const { seconds, rate, rounds, claims, say } = options
  const door = new Door(served.url)
  const taps = Math.ceil(seconds * rate)
  const holders = Math.ceil(((2 * rounds + 1) * taps) / tapsOfCard)
  const people = Array.from({ length: holders + patients }, (_, i) => invent(i))
  say(`entering ${people.length} invented people with cards`)
  await enrol(door, people)
  const crowd: Crowd = {
    holders: people.slice(0, holders),
    patients: people.slice(holders),
    next: 0,
  }
  const day = '2026-03-02'
  // The first round of a server compiles and plans; nobody's figure.
  await drive(door, deal(crowd, served, taps, 'warm'), rate)
  await door.send(uploadOf(crowd.patients, claims, day))
  const alone: Shot[] = []
  const beside: Shot[] = []
  let uploaded = 0
  for (let round = 1; round <= rounds; round++) {
    const first = await drive(door, deal(crowd, served, taps, `a${round}`), rate)
    say(line(`round ${round}, alone `, first) + (await lag(served)))
    alone.push(...first)
    const uploads = keepUploading(door, crowd, claims, day)
    const second = await drive(door, deal(crowd, served, taps, `b${round}`), rate)
    const settled = await uploads.end()
    uploaded += settled
    say(
      `${line(`round ${round}, beside`, second)}   ${settled} claims uploaded` +
        (await lag(served)),
    )
    beside.push(...second)
  }
  door.close()
  return { alone, beside, uploaded, violations: await served.violations() }
}

interface Crowd {
  readonly holders: readonly Invented[]
  readonly patients: readonly Invented[]
  next: number
}

/** Taps of the next cards in turn, computed beforehand so that the driver has nothing to do but send. */
function deal(crowd: Crowd, served: Served, taps: number, round: string) {
  return Array.from({ length: taps }, () => {
    const holder = crowd.holders[crowd.next++ % crowd.holders.length]
    if (!holder) throw new Error('nobody holds a card')
    return tapOf(holder, served.now(), round)
  })
}

/** One upload after the other, until told to end. */
function keepUploading(door: Door, { patients: people }: Crowd, claims: number, day: string) {
  let going = true
  const work = async (): Promise<number> => {
    let settled = 0
    while (going) {
      const { text } = await door.send(uploadOf(people, claims, day))
      settled += text.split('"status":201').length - 1
    }
    return settled
  }
  const done = work()
  return {
    async end(): Promise<number> {
      going = false
      return done
    },
  }
}

async function lag({ url }: Served): Promise<string> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const of = (name: string) => /\n\S*NAME (\S+)/.exec(text)?.[0] ?? name
  return ['eventloop_lag_p50_seconds', 'eventloop_lag_p99_seconds', 'eventloop_lag_max_seconds']
    .map((n) => ' ' + (new RegExp(`\n\\S*${n} (\\S+)`).exec(text)?.[1] ?? of(n)).slice(0, 6))
    .join('')
}

const ms = (value: number): string => `${value.toFixed(1).padStart(7)} ms`

export function line(name: string, shots: readonly Shot[]): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => ms(percentile(shots, share)))
  const settled = shots.filter(({ status }) => status === 201).length
  return `${name}  p50 ${p50}  p95 ${p95}  p99 ${p99}   ${settled} of ${shots.length} settled`
}

async function main(): Promise<number> {
  const number = (fallback: string) => ({ type: 'string', default: fallback }) as const
  const { values } = parseArgs({
    options: {
      seconds: number('10'),
      rate: number('40'),
      rounds: number('3'),
      claims: number('1000'),
    },
  })
  const served = await startServer()
  try {
    const say = (text: string): void => console.log(text)
    const measured = await measure(served, {
      seconds: Number(values.seconds),
      rate: Number(values.rate),
      rounds: Number(values.rounds),
      claims: Number(values.claims),
      say,
    })
    return judge(measured, say)
  } finally {
    await served.end()
  }
}

function judge(
  { alone, beside, uploaded, violations }: Measured,
  say: (text: string) => void,
): number {
  say(line('all, alone       ', alone))
  say(line('all, beside      ', beside))
  const ratio = percentile(beside, 0.99) / percentile(alone, 0.99)
  const lost = [...alone, ...beside].filter(({ status }) => status !== 201).length
  say(
    `p99 beside / p99 alone = ${ratio.toFixed(2)} (at most 2), ${uploaded} claims uploaded beside`,
  )
  say(`books: ${violations.length === 0 ? 'nothing wrong' : JSON.stringify(violations)}`)
  if (lost > 0) say(`${lost} taps were not settled`)
  return ratio <= 2 && lost === 0 && violations.length === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = await main()
