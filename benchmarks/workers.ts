// `npm run bench:workers -- [--workers 1,2] [--seconds N] [--rounds N] [--connections N]`: the same load on servers that
// differ in WORKERS alone, in turns. The first is what the others are held against.
import { keepBusy } from './closedLoad.ts'
import { readCommandLine } from './commandLine.ts'
import { exitOnSignal } from './ending.ts'
import { byNode } from './driver.ts'
import { percentile } from './openModel.ts'
import { startServer } from './server.ts'
import { settleIn, type Site } from './site.ts'
import { readMetric } from './metric.ts'
import { median } from './statistics.ts'

interface Arm {
  readonly workers: string
  readonly site: Site
  readonly rounds: Round[]
}

interface Round {
  readonly perSecond: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly batch: number
  /** Seconds of processor time of our processes for each second. */
  readonly cores: number
  readonly failed: number
}

const people = 3_000
/** More than any server here settles in a second. */
const mostPerSecond = 8_000

async function measure({ site }: Arm, connections: number, seconds: number): Promise<Round> {
  const { url } = site.served
  const names = ['transaction_claims_sum', 'transaction_claims_count', 'process_cpu_seconds_total']
  const read = () => Promise.all(names.map((name) => readMetric(url, name)))
  const requests = site.claims(Math.ceil(mostPerSecond * seconds))
  const before = await read()
  const shots = await keepBusy(url, connections, seconds, requests)
  const [claims = 0, batches = 1, cpu = 0] = (await read()).map((now, i) => now - (before[i] ?? 0))
  const settled = shots.filter(({ status }) => status === 201)
  site.note(settled.length)
  return {
    perSecond: settled.length / seconds,
    p50_ms: percentile(settled, 0.5),
    p99_ms: percentile(settled, 0.99),
    batch: claims / batches,
    cores: cpu / seconds,
    failed: shots.length - settled.length,
  }
}

const line = (workers: string, round: Round): string =>
  [
    `WORKERS=${workers}`,
    `${round.perSecond.toFixed(0).padStart(6)} settled a second`,
    `p50 ${round.p50_ms.toFixed(1)} ms`,
    `p99 ${round.p99_ms.toFixed(1)} ms`,
    `${round.batch.toFixed(1)} a batch`,
    `${round.cores.toFixed(2)} cores`,
    `${round.failed} failed`,
  ].join('  ')

const middle = (rounds: readonly Round[]): Round => {
  const of = (name: keyof Round): number => median(rounds.map((round) => round[name]))
  const failed = rounds.reduce((sum, round) => sum + round.failed, 0)
  const [perSecond, p50_ms, p99_ms] = [of('perSecond'), of('p50_ms'), of('p99_ms')]
  return { perSecond, p50_ms, p99_ms, batch: of('batch'), cores: of('cores'), failed }
}

async function openArm(workers: string, seconds: number): Promise<Arm> {
  const served = await startServer(undefined, { WORKERS: workers })
  const say = (line: string): void => console.log(`WORKERS=${workers}: ${line}`)
  try {
    const site = await settleIn(served, { drive: byNode, seconds, seed: '1', say }, people)
    return { workers, site, rounds: [] }
  } catch (error) {
    await served.end()
    throw error
  }
}

async function judge({ workers, site, rounds }: Arm): Promise<boolean> {
  const { answered, stored, wrong } = await site.checkBooks()
  const failed = rounds.reduce((sum, round) => sum + round.failed, 0)
  const books = wrong.length === 0 ? 'level' : wrong.join('; ')
  console.log(`WORKERS=${workers}: ${answered} answered, ${stored} stored, books ${books}`)
  return wrong.length === 0 && failed === 0
}

async function main(): Promise<number> {
  exitOnSignal()
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const
  const { values } = readCommandLine({
    usage: 'npm run bench:workers -- [--workers 1,2] [--seconds N] [--rounds N] [--connections N]',
    counts: ['seconds', 'rounds', 'connections'],
    options: {
      workers: text('1,2'),
      seconds: text('6'),
      rounds: text('3'),
      connections: text('64'),
    },
  })
  const [connections, seconds] = [Number(values.connections), Number(values.seconds)]
  const arms: Arm[] = []
  try {
    for (const workers of values.workers.split(',')) arms.push(await openArm(workers, seconds))
    // A server compiles and plans in its first seconds, which are nobody's figure.
    for (const arm of arms) await measure(arm, connections, seconds / 2)
    for (let round = 0; round < Number(values.rounds); round++)
      for (const arm of arms) {
        const measured = await measure(arm, connections, seconds)
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
    const level = await Promise.all(arms.map(judge))
    return level.every(Boolean) ? 0 : 1
  } finally {
    for (const { site } of arms) await site.end()
  }
}

if (import.meta.main) process.exitCode = await main()
