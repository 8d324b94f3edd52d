// `npm run bench:workers -- [--workers 1,2] [--seconds N] [--rounds N] [--connections N]`: the same load on servers that
// differ in WORKERS alone, in turns. The first is what the others are held against.
import { parseArgs } from 'node:util'
import { bytesOf, keepBusy } from './closedLoad.ts'
import { enrol, type Invented, invent } from './crowd.ts'
import { Door, percentile, type Shot } from './openModel.ts'
import { type Served, startServer } from './server.ts'
import { median } from './statistics.ts'

interface Arm {
  readonly workers: string
  readonly served: Served
  readonly rounds: Round[]
}

interface Round {
  readonly perSecond: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly batch: number
  /** Seconds of processor time of our processes for each second. */
  readonly cores: number
  readonly settled: number
  readonly failed: number
}

const people = 3_000
let keys = 0

/** A bill of five lines of somebody who is insured here. */
function billOf({ citizenNumber }: Invented, url: string): Buffer {
  const lines = Array.from({ length: 5 }, (_, i) => ({
    id: `${i + 1}`,
    item: 'XN02BEB001A001010100013',
    quantity: '2',
    unitPrice: '12.5',
    amount: '25.00',
  }))
  const body = JSON.stringify({
    institution: 'H51010000001',
    day: '2026-03-02',
    credential: { type: 'citizen-number', number: citizenNumber },
    care: 'outpatient',
    useAccount: true,
    total: '125.00',
    lines,
  })
  const key = `bench-${keys++}`
  return bytesOf(url, { path: '/v1/settlements', type: 'application/json', body, key })
}

/** What all processes have counted of something so far. */
async function counted(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^jiesuan_${name} ([\\d.e+-]+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
}

async function measure(
  { served: { url } }: Arm,
  crowd: readonly Invented[],
  connections: number,
  seconds: number,
): Promise<Round> {
  const names = ['transaction_claims_sum', 'transaction_claims_count', 'process_cpu_seconds_total']
  const read = () => Promise.all(names.map((name) => counted(url, name)))
  const before = await read()
  let at = keys
  const next = (): Buffer => billOf(crowd[at++ % crowd.length] as Invented, url)
  const shots: Shot[] = await keepBusy(url, connections, seconds, next)
  const [claims = 0, batches = 1, cpu = 0] = (await read()).map((now, i) => now - (before[i] ?? 0))
  const settled = shots.filter(({ status }) => status === 201)
  return {
    perSecond: settled.length / seconds,
    p50_ms: percentile(settled, 0.5),
    p99_ms: percentile(settled, 0.99),
    batch: claims / batches,
    cores: cpu / seconds,
    settled: settled.length,
    failed: shots.length - settled.length,
  }
}

const line = (workers: string, round: Omit<Round, 'settled'>): string =>
  [
    `WORKERS=${workers}`,
    `${round.perSecond.toFixed(0).padStart(6)} settled a second`,
    `p50 ${round.p50_ms.toFixed(1)} ms`,
    `p99 ${round.p99_ms.toFixed(1)} ms`,
    `${round.batch.toFixed(1)} a batch`,
    `${round.cores.toFixed(2)} cores`,
    `${round.failed} failed`,
  ].join('  ')

const middle = (rounds: readonly Round[]): Omit<Round, 'settled'> => {
  const of = (name: keyof Round): number => median(rounds.map((round) => round[name]))
  const failed = rounds.reduce((sum, round) => sum + round.failed, 0)
  const [perSecond, p50_ms, p99_ms] = [of('perSecond'), of('p50_ms'), of('p99_ms')]
  return { perSecond, p50_ms, p99_ms, batch: of('batch'), cores: of('cores'), failed }
}

async function openArm(workers: string, crowd: readonly Invented[]): Promise<Arm> {
  const served = await startServer(undefined, { WORKERS: workers })
  const door = new Door(served.url)
  await enrol(door, crowd)
  door.close()
  return { workers, served, rounds: [] }
}

async function judge({ workers, served, rounds }: Arm, before: number): Promise<boolean> {
  const violations = await served.violations()
  const stored = (await served.count('settlement')) - before
  const answered = rounds.reduce((sum, round) => sum + round.settled, 0)
  const failed = rounds.reduce((sum, round) => sum + round.failed, 0)
  const level = violations.length === 0 && stored === answered && failed === 0
  console.log(
    `WORKERS=${workers}: ${answered} answered, ${stored} stored, books ${violations.length === 0 ? 'level' : JSON.stringify(violations)}`,
  )
  return level
}

async function main(): Promise<number> {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const
  const { values } = parseArgs({
    options: {
      workers: text('1,2'),
      seconds: text('6'),
      rounds: text('3'),
      connections: text('64'),
    },
  })
  const crowd = Array.from({ length: people }, (_, i) => invent(i))
  const arms: Arm[] = []
  try {
    for (const workers of values.workers.split(',')) arms.push(await openArm(workers, crowd))
    const [connections, seconds] = [Number(values.connections), Number(values.seconds)]
    // A server compiles and plans in its first seconds, which are nobody's figure.
    for (const arm of arms) await measure(arm, crowd, connections, seconds / 2)
    const before = await Promise.all(arms.map(({ served }) => served.count('settlement')))
    for (let round = 0; round < Number(values.rounds); round++)
      for (const arm of arms) {
        const measured = await measure(arm, crowd, connections, seconds)
        arm.rounds.push(measured)
        console.log(line(arm.workers, measured))
      }
    console.log('medians')
    for (const { workers, rounds } of arms) console.log(line(workers, middle(rounds)))
    const [first, ...others] = arms.map(({ rounds }) => middle(rounds))
    for (const [i, other] of others.entries())
      console.log(
        `WORKERS=${arms[i + 1]?.workers} / ${arms[0]?.workers}: rate ${(other.perSecond / (first?.perSecond ?? 1)).toFixed(2)}, p99 ${(other.p99_ms / (first?.p99_ms ?? 1)).toFixed(2)}`,
      )
    const level = await Promise.all(arms.map((arm, i) => judge(arm, before[i] ?? 0)))
    return level.every(Boolean) ? 0 : 1
  } finally {
    for (const { served } of arms) await served.end()
  }
}

if (import.meta.main) process.exitCode = await main()
