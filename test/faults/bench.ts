import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Checker, type Verdict } from './checker.ts'
import { Clients, type Story } from './client.ts'
import { type Database, startDatabase } from './database.ts'
import { Engine } from './engine.ts'
import { Proxy } from './proxy.ts'
import type { Random } from './random.ts'
import type { Report, Runnable } from './series.ts'

const concurrentClients = 64
/** Every answered key in so many is asked once more at the end: the answer must not have changed. */
const repeatOneIn = 8

/** One database, one engine and the line between them, with clients in front: what every fault is run on. */
export interface Bench extends Runnable {
  readonly name: string
  readonly engine: Engine
  readonly proxy: Proxy
  readonly database: Database
  readonly clients: Clients
  /** The owner's way to the database, past the line. */
  readonly ownerUrl: string
  /** Puts load on, lets `strike` do its worst, waits for every key's final answer, and judges. */
  run(random: Random, tag: string, strike: () => Promise<void>): Promise<Report>
  /** Judges the stories there are, without load. */
  judge(random: Random): Promise<Report>
  /** Kill, then start again. */
  revive(): Promise<void>
}

export interface Place {
  readonly database: Database
  remove(): Promise<void>
}

/** A PostgreSQL in a folder of its own, for as many benches as are opened on it. */
export async function openPlace(): Promise<Place> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-faults-'))
  const database = await startDatabase(dataDir)
  return {
    database,
    async remove() {
      await database.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export async function openBench({ database }: Place, name: string): Promise<Bench> {
  const ownerUrl = await database.fresh(name)
  // The engine is made after the line that ends in it, and is the one that the line kills.
  const proxy: Proxy = new Proxy(database.port, () => engine.kill())
  const engine = await Engine.at(database.appUrl(name, await proxy.listen()))
  await engine.start()
  const clients = new Clients(engine.port)
  const checker = new Checker(ownerUrl)
  const judge = async (random: Random): Promise<Report> => {
    proxy.lay({})
    const stories = clients.stories.splice(0)
    const repeats = random.fork('repeats')
    const again = stories.filter(({ answers }) => answers[0] && repeats.chance(1 / repeatOneIn))
    await Promise.all(again.map((story) => clients.send(story)))
    return report(stories, await checker.judge(stories))
  }
  return {
    name,
    engine,
    engines: [engine],
    proxy,
    database,
    clients,
    ownerUrl,
    judge,
    async run(random, tag, strike) {
      const load = clients.load(concurrentClients, random, tag)
      try {
        await strike()
      } finally {
        clients.settleDown()
      }
      await load
      return judge(random)
    },
    async revive() {
      engine.kill()
      await engine.gone(5_000)
      proxy.lay({})
      await engine.start()
    },
    async end() {
      clients.close()
      // Its orderly end is a fault of its own, F38; here it would only take time.
      engine.kill()
      await engine.gone(5_000)
      await proxy.close()
      await checker.close()
    },
  }
}

export function report(stories: readonly Story[], verdict: Verdict): Report {
  const told = stories.flatMap((story) => story.told)
  return {
    verdict,
    claims: stories.length,
    unanswered: told.filter((word) => word === 'nothing').length,
    undecided: told.filter((word) => word === 'unknown' || word === 'in progress').length,
  }
}
