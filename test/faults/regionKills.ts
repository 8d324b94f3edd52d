// Processes of two regions that are killed: F1 and F2 on both sides, and F25.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Story } from './client.ts'
import { Engine } from './engine.ts'
import type { CommitFault } from './proxy.ts'
import type { Random } from './random.ts'
import { readOpen, type RegionBench, type Side } from './regionBench.ts'
import { type RegionFault, struckBy } from './regionLines.ts'
import { isSettled, underLoad } from './regionLoad.ts'
import { otherOf, RegionWorkload, residentOf } from './regionWorkload.ts'

const kinds = ['killBefore', 'killSent', 'killDone', 'killTold'] as const
const mostWait_ms = 15_000
let visitors = 0

/**
 * F2 between regions: one side dies around its n-th COMMIT while a visitor is settled, cancelled, restored, reversed, and
 * reversed again. Whoever sees that it is gone starts it again, as a supervisor would.
 */
export const killAround = (who: 'care' | 'home', nth: number): RegionFault => ({
  name: `F2 ${who} region`,
  says: `SIGKILL of the ${who} region around its n-th COMMIT of a visitor's settlement, cancellation, restoration and reversals`,
  async run(bench, random, tag) {
    const care = random.pick(Object.values(bench.sides))
    const home = bench.sides[otherOf(care.region)]
    const victim = who === 'care' ? care : home
    const fault: CommitFault = { kind: random.pick(kinds) }
    let struck = 0
    victim.proxy.lay({ atCommit: (n) => (n === nth ? fault : undefined) })
    const revived = async (): Promise<void> => {
      struck = Math.max(struck, victim.proxy.struck)
      if (struck > 0 && (await victim.engine.gone(100))) await bench.revive(victim)
    }
    await liveThrough(bench, care, { random, tag, revived })
    // A reversal goes to the home region only once a sweep comes.
    const until = performance.now() + mostWait_ms
    while (victim.proxy.struck === 0 && (await hasOpen(care)) && performance.now() < until)
      await sleep(50)
    await revived()
    const wrong = struck > 0 || nth > 1 ? [] : ['no COMMIT was struck']
    return struckBy(await bench.judge(random), struck, wrong)
  },
})

/** An engine that was killed has all of it still open. */
const hasOpen = async (side: Side): Promise<boolean> =>
  readOpen(side).then(
    (open) => open.length > 0,
    () => true,
  )

interface Life {
  readonly random: Random
  readonly tag: string
  readonly revived: () => Promise<void>
}

async function liveThrough(bench: RegionBench, care: Side, { random, tag, revived }: Life) {
  const { clients } = care
  const workload = new RegionWorkload(random.fork('claims'), tag, care.region)
  const visitor = residentOf(otherOf(care.region), 1 + (visitors++ % bench.residents))
  const finish = async (op: Story['op']): Promise<Story> => {
    const story = clients.write(op)
    await clients.send(story)
    if (story.answers.length === 0) await sleep(100)
    await revived()
    await clients.finish([story], random)
    return story
  }
  const bill = await finish(workload.bill(visitor))
  if (isSettled(bill)) {
    const cancelled = await finish(workload.cancellation(bill))
    await finish(workload.reversal(cancelled))
  }
  await finish(workload.reversal(bill))
  const second = clients.write(workload.bill(visitor))
  const reversal = clients.write(workload.reversal(second))
  await Promise.all([clients.send(second), clients.send(reversal)])
  await revived()
  await clients.finish([second, reversal], random)
}

/** F1 between regions. */
export const killEither: RegionFault = {
  name: 'F1 both regions',
  says: 'SIGKILL of either region and of both, several times under load, at random and around COMMITs',
  async run(bench, random, tag) {
    const sides = Object.values(bench.sides)
    let struck = 0
    const report = await underLoad(bench, random, tag, async () => {
      for (let i = random.between(2, 4); i > 0; i--) {
        const chosen = random.chance(0.3) ? sides : [random.pick(sides)]
        await Promise.all(
          chosen.map(async (side) => killOne(bench, side, random.fork(`${i} ${side.region}`))),
        )
        struck += chosen.length
      }
    })
    return struckBy(report, struck, [])
  },
}

async function killOne(bench: RegionBench, side: Side, random: Random): Promise<void> {
  const fault: CommitFault = { kind: random.pick(kinds) }
  const nth = random.between(1, 12)
  if (random.chance(0.5)) side.proxy.lay({ atCommit: (n) => (n === nth ? fault : undefined) })
  else await sleep(random.between(100, 1_500)).then(() => side.engine.kill())
  if (!(await side.engine.gone(mostWait_ms))) side.engine.kill()
  await sleep(random.between(0, 500))
  await bench.revive(side)
}

/**
 * F25: a second process on one region's database, whose sweeps look at the same requests. Nothing fences them from each other
 * either: the session that holds the fence is ended again and again.
 */
export const resolveTwice: RegionFault = {
  name: 'F25 two resolvers',
  says: 'two processes of a region find out what became of the same requests, while the fence of their sweeps is broken',
  async run(bench, random, tag) {
    const side = random.pick(Object.values(bench.sides))
    const twin = await Engine.at(side.appUrl, side.env)
    await twin.start()
    const door = bench.sides[otherOf(side.region)].door
    const asked = new Map<string, number>()
    let broken = 0
    try {
      const report = await underLoad(bench, random, tag, async () => {
        door.lay((passing) => {
          const queries = passing.asked.filter(({ kind }) => kind === 'query')
          for (const { reference = '' } of queries)
            asked.set(reference, (asked.get(reference) ?? 0) + 1)
          if (queries.length > 0)
            return { kind: 'hold', delay_ms: random.between(0, bench.timeOut_ms / 2) }
          return random.chance(0.5) ? { kind: 'cutReply', bytes: 0 } : undefined
        })
        for (let i = 0; i < 40; i++) {
          await sleep(100)
          broken += await breakFences(side)
        }
      })
      const often = [...asked].filter(([, times]) => times > mostAsked)
      const wrong = often.map(([name, times]) => `${name} was asked about ${times} times`)
      if (asked.size === 0) wrong.push('nobody asked what became of anything')
      return struckBy(report, broken, wrong)
    } finally {
      await twin.stop()
    }
  },
}

/** Four seconds are forty of the sandbox: 5 s, 15 s and a minute have three attempts, and what was changed begins anew. */
const mostAsked = 6

async function breakFences({ ownerUrl }: Side): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and state = 'idle in transaction' and query like '%sweep%'`,
    )
    return rowCount ?? 0
  } finally {
    await client.end()
  }
}
