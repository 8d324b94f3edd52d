// Exit code 0 where every target is met and the books are right, 1 where not, 2 where nothing could be measured.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCommandLine, refuse } from './commandLine.ts'
import { byK6 } from './driver.ts'
import { exitOnSignal } from './ending.ts'
import {
  faultsOf,
  type Figure,
  isGood,
  type Mark,
  type Outcome,
  type Session,
  standingOf,
} from './figure.ts'
import { figures } from './figures/all.ts'
import { hasty, thorough } from './highest.ts'
import { NoK6, prepareK6, versionOfK6 } from './k6Setup.ts'
import { describeCommit, describeMachine } from './machine.ts'
import { Progress } from './progress.ts'
import { clock, exactly } from './report/words.ts'
import { addToHistory, keepResult, type Result, summaryOf } from './results.ts'
import { median, spreadOf } from './statistics.ts'

const usage = `npm run bench -- [FIGURE …] [--quick] [--rounds N] [--seconds N] [--minutes N] [--seed TEXT]

${figures.map(({ id, title, onlyByName = false }) => `  ${id.padEnd(4)} ${title}${onlyByName ? ' (only where it is named)' : ''}`).join('\n')}

  --quick      a look at each figure in one to three minutes (B5 takes seven); kept apart, and forgiving
  --rounds N   rounds of each arm (default 3)
  --seconds N  how long one load lasts (default 10, with --quick 2)
  --minutes N  how long the soak lasts (default 30)
  --seed TEXT  another city

  WORKERS=N    processes that each server has`

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

interface Asked {
  readonly figures: readonly Figure[]
  readonly session: Omit<Session, 'say'>
}

function readArguments(): Asked {
  const text = { type: 'string' } as const
  const { values, positionals } = readCommandLine({
    usage,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: text,
      seconds: text,
      minutes: text,
      seed: text,
    },
    counts: ['rounds', 'seconds', 'minutes'],
    allowPositionals: true,
  })
  const { quick, rounds = '3', seconds = quick ? '2' : '10', minutes = '30', seed = '1' } = values
  const chosen = figures.filter(({ id, onlyByName }) =>
    positionals.length === 0 ? !onlyByName : positionals.includes(id),
  )
  const unknown = positionals.find((id) => !figures.some((figure) => figure.id === id))
  if (unknown !== undefined) refuse(`There is no figure ${unknown}.`, usage)
  const session = {
    quick,
    rounds: Number(rounds),
    seconds: Number(seconds),
    minutes: Number(minutes),
    seed,
    manner: quick ? hasty : thorough,
    drive: byK6,
  }
  return { figures: chosen, session }
}

async function main(): Promise<number> {
  const asked = readArguments()
  exitOnSignal()
  if (asked.figures.some(({ driven }) => driven)) prepareK6((line) => console.log(line))
  const { session } = asked
  const results = here(session.quick ? 'results/quick' : 'results')
  const reports = new Set<string>()
  const progress = new Progress(asked.figures, session)
  let good = true
  for (const figure of asked.figures) {
    const result = await run(figure, session, progress).catch(tellFailure)
    if (!result) {
      good = false
      continue
    }
    reports.add(path.relative(here('..'), keepResult(results, result)))
    if (!session.quick) addToHistory(here('history.jsonl'), result)
    tell(result)
    good &&= isGood(result.outcome, session.quick)
  }
  for (const report of reports) console.log(`report: ${report}`)
  return good ? 0 : 1
}

interface Measured {
  readonly outcome: Outcome
  readonly took_s: number
}

async function measure(
  figure: Figure,
  session: Omit<Session, 'say'>,
  progress: Progress,
): Promise<Measured> {
  const begun = performance.now()
  progress.begin(figure)
  try {
    const outcome = await figure.run({ ...session, say: (line) => progress.say(line) })
    return { outcome, took_s: Math.round((performance.now() - begun) / 1000) }
  } finally {
    progress.end()
  }
}

/** One figure that cannot be measured is no reason not to measure the others. */
function tellFailure(error: unknown): undefined {
  console.error(error)
}

async function run(
  figure: Figure,
  session: Omit<Session, 'say'>,
  progress: Progress,
): Promise<Result> {
  const { id, title, against } = figure
  console.log(`${id}: ${title}; against: ${against}`)
  const machine = describeMachine()
  const commit = describeCommit()
  const begun = new Date().toISOString()
  const { outcome, took_s } = await measure(figure, session, progress)
  const { quick, rounds, seconds, seed } = session
  return {
    figure: { id, title, against },
    begun,
    took_s,
    commit,
    machine,
    versions: {
      node: process.version,
      postgresql: String(outcome.settings['server_version'] ?? 'none'),
      k6: figure.driven ? versionOfK6() : 'none',
    },
    session: { quick, rounds, seconds, seed },
    workers: process.env['WORKERS'] ?? 'by default',
    outcome,
    summary: summaryOf(outcome),
  }
}

function tell({ figure, outcome, took_s }: Result): void {
  for (const mark of outcome.marks) console.log(`  ${sentenceOf(mark)}`)
  const { load, books } = outcome
  console.log(
    `  ${load.sent} requests, ${load.dropped} dropped; books: ${books.answered} answered, ${books.stored} stored`,
  )
  for (const fault of faultsOf(outcome)) console.log(`  WRONG: ${fault}`)
  console.log(`${figure.id} took ${clock(took_s)}`)
}

function sentenceOf(mark: Mark): string {
  const [low, high] = spreadOf(mark.rounds).map((value) => exactly(value, mark.unit))
  const { target, unit } = mark
  const aim = !target
    ? ''
    : 'atLeast' in target
      ? `, at least ${exactly(target.atLeast, unit)}: ${standingOf(mark)}`
      : `, at most ${exactly(target.atMost, unit)}: ${standingOf(mark)}`
  return `${mark.name.padEnd(24)} ${exactly(median(mark.rounds), unit)}  (${low} to ${high})${aim}`
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof NoK6)) throw error
  console.error(error.message)
  process.exitCode = 2
}
