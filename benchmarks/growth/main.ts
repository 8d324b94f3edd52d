// `npm run bench:grow -- [--settlements N] [--people N] [--seed WORD] [--check] [--remove]`: seeds a data directory that is kept for
// later runs of the benchmarks, and tells what a settlement takes on disk.
import os from 'node:os'
import pg from 'pg'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { startEmbedded } from '../../adapters/postgres/embedded.ts'
import { readCommandLine } from '../commandLine.ts'
import { exitOnSignal } from '../ending.ts'
import { diskBySettlement, diskTable } from './disk.ts'
import { openKept, removeKept } from './kept.ts'

const say = (line: string): void => console.log(line)

async function look(dataDir: string, check: boolean): Promise<number> {
  const server = await startEmbedded({ dataDir, log: () => {} })
  const pool = new pg.Pool({ connectionString: server.url })
  try {
    say(diskTable(await diskBySettlement(pool)))
    if (!check) return 0
    const wrong = await checkBooks(pool, {
      atOnce: os.availableParallelism(),
      onCheck: (name, took_ms) => say(`${name}: ${(took_ms / 1000).toFixed(1)} s`),
    })
    say(wrong.length === 0 ? 'nothing is wrong with the books' : JSON.stringify(wrong))
    return wrong.length === 0 ? 0 : 1
  } finally {
    await pool.end()
    await server.stop()
  }
}

async function main(): Promise<number> {
  exitOnSignal()
  const { values } = readCommandLine({
    usage:
      'npm run bench:grow -- [--settlements N] [--people N] [--seed WORD] [--check] [--remove]',
    counts: ['settlements', 'people'],
    options: {
      settlements: { type: 'string', default: '1000000' },
      people: { type: 'string', default: '200000' },
      seed: { type: 'string', default: 'grown' },
      check: { type: 'boolean', default: false },
      remove: { type: 'boolean', default: false },
    },
  })
  if (values.remove) {
    say(`${(removeKept() / 1e9).toFixed(1)} GB are free again`)
    return 0
  }
  const [settlements, people] = [Number(values.settlements), Number(values.people)]
  const { dataDir } = await openKept({ seed: values.seed, people, settlements }, say)
  return look(dataDir, values.check)
}

process.exitCode = await main()
