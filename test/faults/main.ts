// The fault suite: `npm run faults -- --seed N [--kills K] [--only F1,F4]`. Exit 1 on any violation.
import { parseArgs } from 'node:util'
import { openBench, openPlace } from './bench.ts'
import { duplicate } from './duplicates.ts'
import {
  conflictAtCommit,
  endSessions,
  type Fault,
  holdCommit,
  killAtCommit,
  killAtMessage,
  killAtRandom,
  killDatabase,
  loseCommit,
  loseCommitAndLine,
  terminate,
} from './faults.ts'
import { createRandom } from './random.ts'
import { openRegionBench } from './regionBench.ts'
import { awayForHours } from './regionHours.ts'
import { killAround, killEither, resolveTwice } from './regionKills.ts'
import {
  cutBeforeSend,
  cutDuring,
  disturb,
  holdReply,
  type RegionFault,
  undoAround,
} from './regionLines.ts'
import { Runner, table } from './series.ts'
import { killAtStep } from './steps.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: process.env['SEED'] ?? String(Date.now() % 1_000_000) },
    kills: { type: 'string', default: '120' },
    only: { type: 'string', default: '' },
  },
})

/** How many of a hundred kills each fault gets; F2 takes as many as a claim has messages. */
const parts: readonly (readonly [Fault, number])[] = [
  [killAtRandom, 0.26],
  [killAtCommit, 0.38],
  [killDatabase, 0.1],
  [loseCommit, 0.1],
  [loseCommitAndLine, 0.05],
  [holdCommit, 0.03],
  [terminate, 0.03],
  [conflictAtCommit, 0.02],
  [endSessions, 0.03],
  [duplicate, 0.02],
]

/** The same of two regions, each of which takes a few seconds; F2 takes as many as there are COMMITs. */
const regionParts: readonly (readonly [RegionFault, number])[] = [
  [cutBeforeSend(), 0.04],
  [cutDuring('during send'), 0.04],
  [cutDuring('before reply'), 0.04],
  [cutDuring('during reply'), 0.04],
  [holdReply('answered'), 0.04],
  [holdReply('lost'), 0.02],
  [undoAround, 0.06],
  [disturb, 0.08],
  [killEither, 0.1],
  [resolveTwice, 0.04],
]

const { seed } = values
const kills = Number(values.kills)
if (!Number.isSafeInteger(kills) || kills < 1 || kills > 10_000)
  throw new Error(`--kills is "${values.kills}", but must be a number from 1 to 10000.`)
const names = values.only.split(',').filter((name) => name !== '')
const isAsked = (name: string): boolean =>
  names.length === 0 || names.some((asked) => `${name} `.startsWith(`${asked} `))

console.log(`seed=${seed} kills=${kills}`)
const started = performance.now()
const place = await openPlace()
const common = { random: createRandom(seed), print: (line: string) => console.log(line) }
const one = new Runner({ open: async (name) => openBench(place, name), ...common })
const two = new Runner({ open: async (name) => openRegionBench(place, `two_${name}`), ...common })
const openHours = async (name: string) => openRegionBench(place, `hours_${name}`, { rate: 200 })
const hours = new Runner({ open: openHours, ...common })
const runners = [one, two, hours]
/** Leaves neither an engine nor a server behind, however we end. */
const cleanUp = async (): Promise<void> => {
  for (const runner of runners) await runner.end()
  await place.remove()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void cleanUp().finally(() => process.exit(130)))
try {
  const times = (part: number): number => Math.max(1, Math.round(kills * part))
  for (const [fault, part] of parts) if (isAsked(fault.name)) await one.repeat(fault, times(part))
  if (isAsked('F2 settle')) await one.walk((n) => killAtMessage('settle', n))
  if (isAsked('F2 cancel')) await one.walk((n) => killAtMessage('cancel', n))
  if (isAsked('F2 steps')) await one.walk(killAtStep)
  await one.end()
  for (const [fault, part] of regionParts)
    if (isAsked(fault.name)) await two.repeat(fault, times(part))
  for (const who of ['care', 'home'] as const)
    if (isAsked(`F2 ${who} region`)) await two.walk((n) => killAround(who, n))
  await two.end()
  if (isAsked(awayForHours.name)) await hours.repeat(awayForHours, 1)
} finally {
  await cleanUp()
}
const minutes = ((performance.now() - started) / 60_000).toFixed(1)
const tallies = runners.flatMap((runner) => runner.tallies)
console.log(`\n${table(tallies)}\n`)
for (const { name, says } of tallies) console.log(`${name}: ${says}`)
const slowest_ms = Math.max(...runners.map((runner) => runner.slowest_ms))
console.log(`\nslowest start ${slowest_ms} ms; ${minutes} minutes`)
const found = runners.flatMap((runner) => runner.violations).length
console.log(found === 0 ? `seed=${seed}: no violation` : `seed=${seed}: ${found} violations`)
process.exitCode = found === 0 ? 0 : 1
