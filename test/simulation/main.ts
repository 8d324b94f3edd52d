// The simulation: `npm run simulate -- --seed N --claims M [--seeds K]`. The last line is a summary; exit 1 on any violation.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startDatabase } from '../faults/database.ts'
import { describe, summary } from './report.ts'
import { simulate } from './simulation.ts'
import { plants, type PlantName } from './world.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: process.env['SEED'] ?? String(Date.now() % 1_000_000) },
    claims: { type: 'string', default: '2000' },
    seeds: { type: 'string', default: '1' },
    plant: { type: 'string', default: '' },
    trace: { type: 'boolean', default: false },
  },
})

function numberOf(name: 'claims' | 'seeds', most: number): number {
  const number = Number(values[name])
  if (!Number.isSafeInteger(number) || number < 1 || number > most)
    throw new Error(`--${name} is "${values[name]}", but must be a number from 1 to ${most}.`)
  return number
}

const claims = numberOf('claims', 1_000_000)
const seeds = numberOf('seeds', 10_000)
const planted = values.plant === '' ? [] : [values.plant as PlantName]
if (!planted.every((name) => plants.includes(name)))
  throw new Error(`--plant is "${values.plant}", but must be one of ${plants.join(', ')}.`)

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-simulate-'))
const database = await startDatabase(dataDir)
let violations = 0
try {
  for (let i = 0; i < seeds; i++) {
    const seed = seeds === 1 ? values.seed : `${values.seed}.${i + 1}`
    const names = [`chengdu_${i}`, `guangzhou_${i}`] as const
    for (const name of names) await database.fresh(name)
    const [chengdu, guangzhou] = names.map((name) => database.appUrl(name, database.port))
    const begun = performance.now()
    const report = await simulate({
      seed,
      claims,
      urls: [chengdu as string, guangzhou as string],
      plants: planted,
      ...(values.trace && { print: (line: string) => console.log(line) }),
    })
    violations += report.violations.length
    console.log(describe(report))
    console.log(summary(report, (performance.now() - begun) / 1000))
  }
} finally {
  await database.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
process.exitCode = violations === 0 ? 0 : 1
