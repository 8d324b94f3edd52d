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
const open = (name: string) => openBench(place, name)
const runner = new Runner({ open, random: createRandom(seed), print: (line) => console.log(line) })
/** Leaves neither an engine nor a server behind, however we end. */
const cleanUp = async (): Promise<void> => {
  await runner.end()
  await place.remove()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void cleanUp().finally(() => process.exit(130)))
try {
  for (const [fault, part] of parts)
    if (isAsked(fault.name)) await runner.repeat(fault, Math.max(1, Math.round(kills * part)))
  if (isAsked('F2 settle')) await runner.walk((n) => killAtMessage('settle', n))
  if (isAsked('F2 cancel')) await runner.walk((n) => killAtMessage('cancel', n))
  if (isAsked('F2 steps')) await runner.walk(killAtStep)
} finally {
  await cleanUp()
}
const minutes = ((performance.now() - started) / 60_000).toFixed(1)
console.log(`\n${table(runner.tallies)}\n`)
for (const { name, says } of runner.tallies) console.log(`${name}: ${says}`)
console.log(`\nslowest start ${runner.slowest_ms} ms; ${minutes} minutes`)
const found = runner.violations.length
console.log(found === 0 ? `seed=${seed}: no violation` : `seed=${seed}: ${found} violations`)
process.exitCode = found === 0 ? 0 : 1
