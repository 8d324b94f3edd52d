import { spawnSync } from 'node:child_process'
import os from 'node:os'
import { coreSpeed } from './coreSpeed.ts'

/** What ran, and on what: absolute figures mean nothing without it. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memory_GiB: number
  readonly system: string
  /** Processes that wanted a core in the minute before. */
  readonly load: number
  /** Bills that `split` computed in a second of a core just before; results that are older do not have it. */
  readonly bills_per_second?: number
}

export function describeMachine(): Machine {
  return {
    processor: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memory_GiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.arch()}`,
    load: Number(os.loadavg()[0]?.toFixed(2)),
    bills_per_second: coreSpeed(),
  }
}

/** What a run itself writes. */
const written = ['results', 'history.jsonl'].map((name) => `:!benchmarks/${name}`)

/** The commit that is checked out, with a mark where files differ from it. */
export function describeCommit(): string {
  const git = (...args: string[]): string => spawnSync('git', args).stdout.toString().trim()
  const commit = git('rev-parse', '--short=12', 'HEAD')
  if (commit === '') return 'unknown'
  return git('status', '--porcelain', '--', '.', ...written) === '' ? commit : `${commit}, changed`
}
