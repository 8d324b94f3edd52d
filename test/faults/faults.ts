import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { wordsOf } from './client.ts'
import type { Bench } from './bench.ts'
import type { CommitFault, Plan } from './proxy.ts'
import type { Random } from './random.ts'
import type { Fault as RunnerFault, Struck } from './series.ts'
import { Workload } from './workload.ts'

/** A fault of one engine, its database and the line between them. */
export type Fault = RunnerFault<Bench>

const kill = ['killBefore', 'killSent', 'killDone', 'killTold'] as const
const mostWait_ms = 15_000
/** The figure is 2 s on a machine of its own; one that is shared with other work gets more. */
const mostBack_ms = 5_000

/** F1: SIGKILL at any moment, and at exact points of a COMMIT. */
export const killAtRandom: Fault = {
  name: 'F1 random',
  says: 'SIGKILL of the engine 0-2 s into the load, sometimes again while it starts',
  async run(bench, random, tag) {
    const after_ms = random.between(0, 2_000)
    const starts = random.chance(0.3) ? [random.between(300, 2_000)] : []
    const report = await bench.run(random, tag, async () => {
      await sleep(after_ms)
      bench.engine.kill()
      await bench.engine.gone(mostWait_ms)
      for (const start_ms of starts) await bench.engine.startAndDie(start_ms)
      await bench.revive()
    })
    return { ...report, struck: 1 + starts.length }
  },
}

export const killAtCommit: Fault = {
  name: 'F1 commit',
  says: 'SIGKILL before, during and after the n-th COMMIT of claims, or of the journal',
  async run(bench, random, tag) {
    const fault = { kind: random.pick(kill) }
    const isClaims = random.chance(0.8)
    const nth = isClaims ? random.between(1, 60) : random.between(1, 6)
    const strike = (n: number) => (n === nth ? fault : undefined)
    let struck = 0
    const report = await bench.run(random, tag, async () => {
      bench.proxy.lay(isClaims ? { atCommit: strike } : { atOtherCommit: strike })
      struck = (await bench.engine.gone(mostWait_ms)) ? 1 : 0
      await bench.revive()
    })
    return { ...report, struck }
  },
}

/** F2: the engine dies in the place of its n-th message to the database while it settles, or cancels, one claim. */
export const killAtMessage = (kind: 'settle' | 'cancel', nth: number): Fault => ({
  name: `F2 ${kind}`,
  says: `SIGKILL in the place of the n-th message of a ${kind === 'settle' ? 'settlement' : 'cancellation'}`,
  async run(bench, random, tag) {
    const { clients, proxy, engine } = bench
    const workload = new Workload(random, tag)
    const first = clients.write(workload.plain())
    const pace = random.fork('pace')
    if (kind === 'cancel') await clients.finish([first], pace)
    const story =
      kind === 'settle'
        ? first
        : clients.write(workload.cancellation(wordsOf(first)['id'] ?? '', first.op.institution))
    proxy.lay({ killAtMessage: (n) => n === nth })
    await clients.send(story)
    const hit = proxy.struck > 0
    proxy.lay({})
    if (hit) {
      await engine.gone(mostWait_ms)
      await bench.revive()
    }
    await clients.finish([story], pace)
    return { ...(await bench.judge(random)), struck: hit ? 1 : 0 }
  },
})

/** F3: the postmaster and its children get SIGKILL under load, and start again after a while. */
export const killDatabase: Fault = {
  name: 'F3 database',
  says: 'SIGKILL of PostgreSQL and its children under load, restart after 0-5 s',
  async run(bench, random, tag) {
    const { database, engine, proxy } = bench
    const after_ms = random.between(200, 1_500)
    const away_ms = random.between(0, 5_000)
    let ready_ms = 0
    let stayed = true
    const report = await bench.run(random, tag, async () => {
      await sleep(after_ms)
      await database.kill()
      await sleep(away_ms)
      await database.restart()
      proxy.upstream = database.port
      const back = performance.now()
      while (!(await engine.isReady()) && performance.now() - back < mostWait_ms) await sleep(20)
      ready_ms = Math.round(performance.now() - back)
      stayed = engine.alive && ready_ms <= mostBack_ms
      if (!engine.alive) await engine.start()
    })
    if (!stayed)
      report.verdict.unexplained.push(
        `the engine was not back in time after the database: ${ready_ms} ms`,
      )
    return { ...report, struck: 1 }
  },
}

type Lost = readonly [name: string, make: (random: Random) => CommitFault]

/** F4: the line breaks around a COMMIT while the engine lives; it may not know, but it must not guess. */
const lost: readonly Lost[] = [
  ['reply lost', () => ({ kind: 'loseReply' })],
  ['cut in flight', () => ({ kind: 'resetSent' })],
  ['never sent', () => ({ kind: 'never' })],
  ['arrives late', (random) => ({ kind: 'late', delay_ms: random.between(1, 3_000) })],
]

export const loseCommit: Fault = {
  name: 'F4 lost reply',
  says: 'COMMIT or its reply lost or late, the connection reset',
  run: (bench, random, tag) => {
    const kinds = random.fork('kinds')
    const make = () => random.pick(lost)[1](kinds)
    return strikeCommits(bench, random, tag, (r) => (r.chance(0.15) ? make() : undefined))
  },
}

/** F4 again, with a database that cannot be asked either for a while. */
export const loseCommitAndLine: Fault = {
  name: 'F4 no line',
  says: 'COMMIT reply lost and new connections turned away for a second',
  async run(bench, random, tag) {
    let struck = 0
    const nth = random.between(5, 40)
    const newcomers = random.pick(['refused', 'silent'] as const)
    const report = await bench.run(random, tag, async () => {
      const plan: Plan = {
        atCommit: (n) => (n === nth ? { kind: 'loseReply' } : undefined),
      }
      bench.proxy.lay(plan)
      await until(() => bench.proxy.struck > 0)
      struck = bench.proxy.struck
      bench.proxy.lay({ newcomers })
      bench.proxy.cutAll()
      await sleep(1_000)
      bench.proxy.lay({})
      await sleep(300)
    })
    return { ...report, struck }
  },
}

/** F8 and F40: COMMIT held up beyond the engine's patience, and conflicts planted in its place. */
export const holdCommit: Fault = {
  name: 'F8 hold',
  says: 'COMMIT held up for 4-6 s, around the 5 s the engine waits',
  run: (bench, random, tag) => {
    const holds = random.fork('holds')
    const nth = random.between(1, 30)
    let n = 0
    const plan = (): CommitFault | undefined =>
      ++n === nth ? { kind: 'hold', delay_ms: holds.between(4_000, 6_000) } : undefined
    return strikeCommits(bench, random, tag, plan, 1)
  },
}

export const conflictAtCommit: Fault = {
  name: 'F40 conflict',
  says: '40001 and 40P01 planted in the place of COMMIT',
  run: (bench, random, tag) =>
    strikeCommits(bench, random, tag, (r) =>
      r.chance(0.15) ? { kind: 'fail', code: r.pick(['40001', '40P01']) } : undefined,
    ),
}

/** F38: SIGTERM under load; everything accepted is answered, and the end is an orderly one. */
export const terminate: Fault = {
  name: 'F38 SIGTERM',
  says: 'SIGTERM under load: drained, exit code 0',
  async run(bench, random, tag) {
    const after_ms = random.between(200, 2_000)
    let code: number | undefined
    const report = await bench.run(random, tag, async () => {
      await sleep(after_ms)
      code = await bench.engine.stop()
      await bench.revive()
    })
    if (code !== 0) report.verdict.unexplained.push(`SIGTERM ended with ${code}`)
    return { ...report, struck: 1 }
  },
}

/** F41: the server ends every session of the engine, idle or at work. */
export const endSessions: Fault = {
  name: 'F41 sessions',
  says: 'every session of the engine ended by the server, several times under load',
  async run(bench, random, tag) {
    const times = random.between(2, 5)
    const owner = new pg.Client({ connectionString: bench.ownerUrl })
    await owner.connect()
    const report = await bench.run(random, tag, async () => {
      for (let i = 0; i < times; i++) {
        await sleep(random.between(100, 600))
        await owner.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where usename = 'jiesuan_app' and datname = current_database()`,
        )
      }
    })
    await owner.end()
    if (!bench.engine.alive) report.verdict.unexplained.push('the engine died of it')
    return { ...report, struck: times }
  },
}

/** Load with a plan for COMMITs until enough of them were struck; the engine must live through it. */
async function strikeCommits(
  bench: Bench,
  random: Random,
  tag: string,
  choose: (random: Random) => CommitFault | undefined,
  enough = 8,
): Promise<Struck> {
  const choices = random.fork('commits')
  let struck = 0
  const report = await bench.run(random, tag, async () => {
    const isOpen = () => bench.proxy.struck < enough
    bench.proxy.lay({ atCommit: () => (isOpen() ? choose(choices) : undefined) })
    await until(() => !isOpen())
    struck = bench.proxy.struck
    await sleep(300)
  })
  if (!bench.engine.alive) report.verdict.unexplained.push('the engine died of it')
  return { ...report, struck }
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + mostWait_ms
  while (!holds() && performance.now() < end) await sleep(10)
}
