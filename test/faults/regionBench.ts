import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { report, type Place } from './bench.ts'
import { Checker } from './checker.ts'
import { Clients } from './client.ts'
import { Engine } from './engine.ts'
import { HttpProxy } from './httpProxy.ts'
import { Proxy } from './proxy.ts'
import { createRandom, type Random } from './random.ts'
import { differencesBetween } from './mirror.ts'
import {
  day,
  enrolmentOf,
  otherOf,
  type RegionCode,
  RegionWorkload,
  residentOf,
} from './regionWorkload.ts'
import type { Report, Runnable } from './series.ts'

/** One region as a process of its own on a database of its own, with the lines that lead to both. */
export interface Side {
  readonly region: RegionCode
  readonly engine: Engine
  /** The line to its database. */
  readonly proxy: Proxy
  /** The line over which the other region asks it. */
  readonly door: HttpProxy
  readonly clients: Clients
  readonly ownerUrl: string
  readonly appUrl: string
  /** How a process of this region is started besides. */
  readonly env: NodeJS.ProcessEnv
}

/** Two regions that settle for each other's people: what faults between regions are run on. */
export interface RegionBench extends Runnable {
  readonly sides: Readonly<Record<RegionCode, Side>>
  /** So many people of each region are known there. */
  readonly residents: number
  /** How long an exchange may take. */
  readonly timeOut_ms: number
  /** Sandbox seconds in one of ours. */
  readonly rate: number
  /** Lets both lines be, waits until nothing is open between them, and judges both books and what they say of each other. */
  judge(random: Random): Promise<Report>
  /** The same of both books alone, for whoever does not note what was answered. */
  audit(): Promise<string[]>
  revive(side: Side): Promise<void>
}

export interface RegionBenchOptions {
  readonly timeOut_ms?: number
  /** Sandbox seconds in one real second: what waits for minutes is looked at after seconds. */
  readonly rate?: number
  readonly residents?: number
  /** Whether somebody has what waits for minutes looked at at once, so that a run ends soon. */
  readonly operator?: boolean
  /** The databases are reached without a line that can be broken, for whoever measures: what passes it costs this process time. */
  readonly direct?: boolean
}

const repeatOneIn = 4
/** From when the line is back: a region that was gone for long is left alone for a minute more, and then asked one by one. */
const mostOpen_ms = 180_000

export async function openRegionBench(
  place: Place,
  name: string,
  options: RegionBenchOptions = {},
): Promise<RegionBench> {
  const { timeOut_ms = 1_000, rate = 10, residents = 24, operator = true, direct = false } = options
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-regions-'))
  const open = async (region: RegionCode) =>
    openSide(place, `${name}_${region}`, region, { folder, rate, direct })
  const sides = { '510100': await open('510100'), '440100': await open('440100') }
  const both = Object.values(sides)
  for (const { region, env } of both) {
    const url = `http://127.0.0.1:${sides[otherOf(region)].door.port}`
    const entry = `{division: '${otherOf(region)}', url: '${url}', keys: sandbox, together: 32, timeOut_ms: ${timeOut_ms}}`
    writeFileSync(env['REGION_DIRECTORY'] as string, `regions:\n  - ${entry}\n`)
  }
  const close = async (): Promise<void> => {
    for (const side of both) await closeSide(side)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    for (const { engine } of both) await engine.start()
    await Promise.all(both.map(async (side) => enrol(side, residents)))
    await Promise.all(both.map(async (side) => meet(side, residents)))
  } catch (error) {
    await close()
    throw error
  }
  const retry = async (): Promise<unknown> => Promise.allSettled(both.map(retryAt))
  const operated = operator ? setInterval(() => void retry(), 1_000) : undefined
  const checkers = new Map(both.map((side) => [side, new Checker(side.ownerUrl)]))
  const judge = async (random: Random): Promise<Report> => {
    for (const side of both) await calm(side)
    const apart = await untilNothingIsOpen(both)
    const reports: Report[] = []
    for (const side of both) {
      const stories = side.clients.stories.splice(0)
      const repeats = random.fork(`repeats ${side.region}`)
      const again = stories.filter(({ answers }) => answers[0] && repeats.chance(1 / repeatOneIn))
      await Promise.all(again.map(async (story) => side.clients.send(story)))
      reports.push(report(stories, await (checkers.get(side) as Checker).judge(stories)))
    }
    apart.push(...(await differencesBetween(sides['510100'], sides['440100'])))
    return together(reports, apart)
  }
  return {
    sides,
    engines: both.map(({ engine }) => engine),
    residents,
    timeOut_ms,
    rate,
    judge,
    audit: async () => audit(both, () => differencesBetween(sides['510100'], sides['440100'])),
    revive,
    async end() {
      clearInterval(operated)
      for (const checker of checkers.values()) await checker.close()
      await close()
    },
  }
}

async function closeSide({ clients, engine, proxy, door }: Side): Promise<void> {
  clients.close()
  engine.kill()
  await engine.gone(5_000)
  await proxy.close()
  await door.goAway()
}

async function openSide(
  place: Place,
  name: string,
  region: RegionCode,
  {
    folder,
    rate,
    direct,
  }: { readonly folder: string; readonly rate: number; readonly direct: boolean },
): Promise<Side> {
  const { database } = place
  const ownerUrl = await database.fresh(name)
  const proxy: Proxy = new Proxy(database.port, () => engine.kill())
  const line = await proxy.listen()
  const appUrl = database.appUrl(name, direct ? database.port : line)
  const env = {
    REGIONS: region,
    REGION_DIRECTORY: path.join(folder, `${region}.yaml`),
    CLOCK: `${day}T09:00:00+08:00@${rate}`,
  }
  const engine = await Engine.at(appUrl, env)
  const door = new HttpProxy(engine.port)
  await door.listen()
  return { region, engine, proxy, door, clients: new Clients(engine.port), ownerUrl, appUrl, env }
}

async function enrol({ engine, region }: Side, residents: number): Promise<void> {
  for (let n = 1; n <= residents; n++)
    await sendJson(`http://127.0.0.1:${engine.port}/v1/people`, enrolmentOf(residentOf(region, n)))
}

/** Whoever asks about a visitor by number has been told the number here: so each has been here once, if only for a preview. */
async function meet({ engine, region }: Side, residents: number): Promise<void> {
  const workload = new RegionWorkload(createRandom('meet'), `meet${region}`, region)
  const url = `http://127.0.0.1:${engine.port}/v1/settlements/preview`
  for (let n = 1; n <= residents; n++) {
    const { body } = workload.bill(residentOf(otherOf(region), n))
    // On a busy machine the other region may be slow to say who it is.
    for (let tries = 1; ; tries++) {
      const failed = await sendJson(url, body).catch((error: unknown) => error)
      if (failed === undefined) break
      if (tries === 20) throw failed
      await sleep(500)
    }
  }
}

/** Lets both its lines be; whoever was killed lives again. */
async function calm(side: Side): Promise<void> {
  side.proxy.lay({})
  side.door.lay()
  if (!side.engine.alive) await revive(side)
}

async function revive({ engine, proxy }: Side): Promise<void> {
  engine.kill()
  await engine.gone(5_000)
  proxy.lay({})
  await engine.start()
}

async function audit(
  sides: readonly Side[],
  differences: () => Promise<string[]>,
): Promise<string[]> {
  for (const side of sides) await calm(side)
  const open = await untilNothingIsOpen(sides)
  const violations: string[] = []
  for (const { ownerUrl, region } of sides) {
    const pool = new pg.Pool({ connectionString: ownerUrl, max: 1 })
    for (const { check, subject, problem } of await checkBooks(pool))
      violations.push(`${region}: ${check}: ${subject}: ${problem}`)
    await pool.end()
  }
  return [...open, ...violations, ...(await differences())]
}

/** What is still open minutes after both lines are back. */
async function untilNothingIsOpen(sides: readonly Side[]): Promise<string[]> {
  const until = performance.now() + mostOpen_ms
  for (;;) {
    const open = (await Promise.all(sides.map(readOpen))).flat()
    if (open.length === 0 || performance.now() > until) return open.map(sentenceOf)
    await Promise.all(sides.map(retryAt))
    await sleep(200)
  }
}

interface OpenCrossing {
  readonly reference: string
  readonly purpose: string
  readonly state: string
  readonly attempts: number
  readonly dueAt: string
}

/** What one side has asked the other and has no outcome of. */
export async function readOpen({ engine }: Side): Promise<readonly OpenCrossing[]> {
  const reply = await fetch(`http://127.0.0.1:${engine.port}/v1/crossings?limit=200`)
  return ((await reply.json()) as { readonly items: readonly OpenCrossing[] }).items
}

/** What was looked at so often waits for minutes by the clock of the sandbox. */
const patientAfter = 3

/** As an operator would, on a page or with `jiesuan crossings retry`. */
async function retryAt(side: Side): Promise<void> {
  const url = `http://127.0.0.1:${side.engine.port}/v1/crossings/retry`
  for (const { reference, attempts } of await readOpen(side))
    if (attempts >= patientAfter) await sendJson(url, { reference })
}

const sentenceOf = ({ reference, purpose, state, attempts }: OpenCrossing): string =>
  `${reference}: ${purpose} is ${state} after ${attempts} attempts`

async function sendJson(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!reply.ok) throw new Error(await reply.text())
  await reply.text()
}

/** One report of both sides; what they say of each other that does not fit is nobody's alone. */
function together(reports: readonly Report[], apart: readonly string[]): Report {
  const sum = (of: 'claims' | 'unanswered' | 'undecided'): number =>
    reports.reduce((all, one) => all + one[of], 0)
  const all = (of: 'lost' | 'doubled' | 'unexplained'): string[] =>
    reports.flatMap(({ verdict }) => verdict[of])
  return {
    claims: sum('claims'),
    unanswered: sum('unanswered'),
    undecided: sum('undecided'),
    verdict: {
      lost: all('lost'),
      doubled: all('doubled'),
      unexplained: [...all('unexplained'), ...apart],
    },
  }
}
