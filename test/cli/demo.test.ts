import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoPair, openPair } from '../../adapters/cli/demoPair.ts'
import { playRegionDay, wrongInRegionDay } from '../../adapters/cli/regionDay.ts'
import { mirrorOf, trialBalanceAt, wrongInBooks } from '../../adapters/cli/regionDayBooks.ts'
import { readConfig } from '../../adapters/config.ts'
import { readWorld } from '../../adapters/sandbox/world.ts'
import { bareEnvironment } from '../support/environment.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-demo-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The PostgreSQL servers that run on data below a folder. */
const serversOf = (name: string): number[] =>
  [name, `${name}-guangzhou`]
    .map((one) => path.join(folder, one, 'postgres', 'data', 'postmaster.pid'))
    .filter((file) => existsSync(file))
    .map((file) => Number(readFileSync(file, 'utf8').split('\n')[0]))
    .filter(lives)

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 600 && pids.some(lives); tries++) await sleep(50)
}

describe('two regions as the demo has them', () => {
  let pair: DemoPair
  beforeAll(async () => {
    const config = readConfig({ PORT: '0' })
    pair = await openPair({ ...config, dataDirectory: path.join(folder, 'pair') })
  }, 120_000)

  test('they are two processes with two databases', () => {
    expect(pair.guangzhou.pid).not.toBe(process.pid)
    expect(lives(pair.guangzhou.pid)).toBe(true)
    expect(new Set(serversOf('pair')).size).toBe(2)
  })

  test('each treats the other’s people, and what the broken line left open is found out', async () => {
    const said: string[] = []
    const scenes = await playRegionDay(pair, readWorld('rules'), (text) => void said.push(text))
    expect(wrongInRegionDay(scenes)).toEqual([])
    expect(scenes).toHaveLength(3)
    expect(said).toHaveLength(3)
  })

  test('both books have the same between them, which is not nothing', async () => {
    const books = await Promise.all(
      [pair.chengdu.url, pair.guangzhou.url].map(async (url) => trialBalanceAt(url)),
    )
    const mirror = mirrorOf(books)
    expect(wrongInBooks(mirror, books)).toEqual([])
    expect(mirror.map(({ home, care }) => `${home} ${care}`)).toEqual([
      '440100 510100',
      '510100 440100',
    ])
    for (const { dueTo, dueFrom } of mirror) {
      expect(dueTo).toBe(dueFrom)
      expect(Number(dueTo)).toBeGreaterThan(0)
    }
  })

  test('books that differ are told', () => {
    const item = (account: string, balance: string) => ({
      account,
      balance,
      debits: '0.00',
      credits: '0.00',
    })
    const books = (items: ReturnType<typeof item>[], difference: string) => ({
      items,
      difference,
      debits: '0.00',
      credits: '0.00',
    })
    const here = books([item('due-from:510100:440100:employee:2026-03', '-5.01')], '0.01')
    const there = books([item('due-to:440100:510100:employee:2026-03', '5.00')], '0.00')
    expect(wrongInBooks(mirrorOf([here, there]), [here, there])).toEqual([
      'what 440100 owes 510100 is not the same in both books',
      'a trial balance is off by 0.01',
    ])
  })

  test('stopped, nothing of it goes on', async () => {
    const pids = [pair.guangzhou.pid, ...serversOf('pair')]
    await pair.stop()
    expect(pids).toHaveLength(3)
    await untilGone(pids)
    expect(pids.filter(lives)).toEqual([])
  })
})

/** A demo starts two databases from nothing, and this machine may have other work. */
describe('the demo, while it plays', { timeout: 120_000 }, () => {
  /** A demo that has begun to play, in a group of its own as a terminal starts it, with every process of it. */
  async function begun(name: string): Promise<{ demo: ChildProcess; pids: number[] }> {
    const env = { ...bareEnvironment(), DATA_DIR: path.join(folder, name), PORT: '0' }
    const demo = spawn(process.execPath, ['adapters/cli/demo.ts'], { env, detached: true })
    let said = ''
    for (const stream of [demo.stdout, demo.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    while (!said.includes('requests go to') && demo.exitCode === null) await sleep(20)
    const owner = path.join(folder, name, 'demo-guangzhou', 'postgres', 'owner')
    const guangzhou = Number(readFileSync(owner, 'utf8').split(' ')[0])
    return { demo, pids: [demo.pid as number, guangzhou, ...serversOf(`${name}/demo`)] }
  }

  test('Ctrl-C ends all of it', async () => {
    const { demo, pids } = await begun('ctrl-c')
    expect(pids.filter(lives)).toHaveLength(4)
    process.kill(-(demo.pid as number), 'SIGINT')
    expect(await once(demo, 'exit')).toEqual([0, null])
    await untilGone(pids)
    expect(pids.filter(lives)).toEqual([])
  })

  test('where it is killed, the other region ends by itself', async () => {
    const { demo, pids } = await begun('killed')
    const [, guangzhou = 0, own = 0, other = 0] = pids
    demo.kill('SIGKILL')
    await untilGone([guangzhou, other])
    expect([guangzhou, other].filter(lives)).toEqual([])
    // Nobody can end what a killed process started but whoever comes next.
    process.kill(own, 'SIGINT')
    await untilGone([own])
  })
})
