import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { DemoLine } from './demoLine.ts'
import type { RegionWord } from './demoRegion.ts'
import { emptied } from './demoServer.ts'
import { type Running, serve } from './serve.ts'

/** Two regions, each with a process and a database of its own, that reach each other over lines that can be broken. */
export interface DemoPair {
  /** Chengdu and Mianyang, in this process. */
  readonly chengdu: Running
  /** Guangzhou, in another. */
  readonly guangzhou: { readonly url: string; readonly pid: number }
  /** The line that Chengdu asks Guangzhou over. */
  readonly line: DemoLine
  /** Ends both, and the lines between them. */
  stop(): Promise<void>
}

/** Starts both at once; where one cannot start, the other is ended again. */
export async function openPair(config: Config): Promise<DemoPair> {
  const there = `${config.dataDirectory}-guangzhou`
  await Promise.all([emptied(config), emptied({ dataDirectory: there })])
  const line = new DemoLine()
  const back = new DemoLine()
  await Promise.all([line.open(), back.open()])
  const child = startGuangzhou(there, await writeDirectory(there, '510100', back))
  const starting = startChengdu(config, line)
  const stop = async (): Promise<void> => {
    const running = await starting.catch(() => undefined)
    await Promise.all([running?.stop(), ended(child)])
    await Promise.all([line.close(), back.close()])
  }
  try {
    const [chengdu, url] = await Promise.all([starting, addressOf(child)])
    line.leadTo(url)
    back.leadTo(chengdu.url)
    return { chengdu, guangzhou: { url, pid: child.pid as number }, line, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startChengdu(config: Config, line: DemoLine): Promise<Running> {
  const regionDirectory = await writeDirectory(config.dataDirectory, '440100', line)
  const own = { ...config, regions: ['510100', '510700'], regionDirectory } as const
  // That outcomes are unknown is what the demo shows, and not worth a warning.
  return serve(own, createLog('error', process.stderr))
}

const program = fileURLToPath(new URL('./demoRegion.ts', import.meta.url))

/** It ends by itself once nobody holds the other end of its channel, however this process ended. */
function startGuangzhou(folder: string, directory: string): ChildProcess {
  const { DATABASE_URL: _, MIGRATE_DATABASE_URL: __, MODE: ___, ...rest } = process.env
  const own = { REGIONS: '440100', HOST: '127.0.0.1', PORT: '0' }
  const env = { ...rest, ...own, DATA_DIR: folder, REGION_DIRECTORY: directory }
  // Standard output is for the report alone.
  return fork(program, { env, execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] })
}

async function addressOf(child: ChildProcess): Promise<string> {
  const told = once(child, 'message') as Promise<[RegionWord]>
  const gone = once(child, 'exit').then(([code]) => [{ error: `it ended with code ${code}` }])
  const [word] = await Promise.race([told, gone])
  if (word && 'url' in word) return word.url
  throw new Error(`Guangzhou does not start: ${word?.error}`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  if (child.connected) child.disconnect()
  await exited
}

/** The file that tells one of them where the other is. */
async function writeDirectory(folder: string, division: string, { url }: DemoLine) {
  const file = join(folder, 'regions.yaml')
  await mkdir(folder, { recursive: true })
  await writeFile(
    file,
    `regions:\n  - {division: '${division}', url: '${url}', keys: sandbox, together: 32}\n`,
  )
  return file
}
