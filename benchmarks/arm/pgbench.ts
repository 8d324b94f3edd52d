import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inFolder } from '../folders.ts'
import { percentileOf } from '../statistics.ts'
import { optionsOf, type Play, type Ran, type RunOptions, scriptOf, warming_s } from './step.ts'

/** Threads of pgbench: it is the bare arm's client, and one thread would hold the server back. */
const threads = 2

export const hasPgbench = (): boolean => spawnSync('pgbench', ['--version']).status === 0

/** Plays it in prepared mode: each statement is parsed once a connection, and variables travel as parameters. */
export async function playByPgbench(play: Play, options: RunOptions): Promise<Ran> {
  return inFolder('pgbench', async (folder) => {
    const script = path.join(folder, 'script.sql')
    writeFileSync(script, scriptOf(play))
    const said = await runPgbench(argumentsOf(play, options, folder, script), options)
    return { ...readSaid(said), ...countedIn(folder, options.seconds) }
  })
}

function argumentsOf(play: Play, options: RunOptions, folder: string, script: string): string[] {
  const { seconds, clients, url } = options
  const { hostname, port, username, pathname } = new URL(url)
  return [
    `--host=${hostname}`,
    `--port=${port}`,
    `--username=${username}`,
    '--protocol=prepared',
    '--no-vacuum',
    `--client=${clients}`,
    `--time=${seconds + warming_s}`,
    `--jobs=${Math.min(threads, clients)}`,
    `--file=${script}`,
    '--log',
    `--log-prefix=${path.join(folder, 'log')}`,
    ...Object.entries(play.variables).map(([name, value]) => `--define=${name}=${value}`),
    pathname.slice(1),
  ]
}

async function runPgbench(args: readonly string[], options: RunOptions): Promise<string> {
  const PGPASSWORD = decodeURIComponent(new URL(options.url).password)
  const PGOPTIONS = optionsOf(options)
  const child = spawn('pgbench', args, {
    env: { PATH: process.env['PATH'], LC_ALL: 'C', PGPASSWORD, PGOPTIONS },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (said += part.toString()))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`pgbench ended with ${code}: ${said.slice(-2_000)}`)
  return said
}

function readSaid(said: string): Pick<Ran, 'transactions' | 'failed' | 'driver'> {
  const number = (pattern: RegExp): number => {
    const [, found] = pattern.exec(said) ?? []
    if (found === undefined) throw new Error(`pgbench did not tell ${pattern}: ${said}`)
    return Number(found)
  }
  return {
    transactions: number(/actually processed: (\d+)/),
    failed: number(/failed transactions: (\d+)/),
    driver: /^pgbench \(.*\)/m.exec(said)?.[0] ?? 'pgbench',
  }
}

/**
 * Of each line of the log the third word is how long its transaction took, in microseconds; the fifth and sixth are when it
 * ended, in seconds and microseconds.
 */
function countedIn(folder: string, seconds: number): Pick<Ran, 'perSecond' | 'p50_ms' | 'p99_ms'> {
  const all = readdirSync(folder)
    .filter((name) => name.startsWith('log'))
    .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n'))
    .map((line) => line.split(' ').map(Number))
    .map(([, , took = 0, , end_s = 0, end_us = 0]) => ({
      took_ms: took / 1_000,
      ended_ms: 1_000 * end_s + end_us / 1_000,
    }))
  const begun = all.reduce((first, one) => Math.min(first, one.ended_ms - one.took_ms), Infinity)
  const took = all
    .filter(({ ended_ms }) => ended_ms - begun >= 1_000 * warming_s)
    .map(({ took_ms }) => took_ms)
  return {
    perSecond: took.length / seconds,
    p50_ms: percentileOf(took, 0.5),
    p99_ms: percentileOf(took, 0.99),
  }
}
