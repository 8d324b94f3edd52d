// What the line between two regions does to them: F16 to F19.
import { setTimeout as sleep } from 'node:timers/promises'
import { finalOf, type Story, wordsOf } from './client.ts'
import type { Mishap, Mischief } from './httpProxy.ts'
import type { Random } from './random.ts'
import type { RegionBench, Side } from './regionBench.ts'
import { isSettled, underLoad } from './regionLoad.ts'
import { otherOf, RegionWorkload, residentOf } from './regionWorkload.ts'
import type { Fault, Struck } from './series.ts'

export type RegionFault = Fault<RegionBench>

/** Beyond the time of an exchange: two cores that others use as well. */
const slack_ms = 3_000

const moves = (kind: string): boolean => ['settle', 'cancel', 'reverse'].includes(kind)

/** Bills of people from elsewhere at one hospital of each region, each told of before, so that only they go over the line. */
export async function billsOf(bench: RegionBench, random: Random, tag: string, count: number) {
  return Promise.all(
    Object.values(bench.sides).map(async (side) => {
      const workload = new RegionWorkload(
        random.fork(side.region),
        `${tag}${side.region.slice(0, 2)}-`,
        side.region,
      )
      const people = Array.from({ length: count }, (_, i) =>
        residentOf(otherOf(side.region), 1 + (i % bench.residents)),
      )
      const first = people
        .slice(0, bench.residents)
        .map((one) => side.clients.write(workload.bill(one)))
      await side.clients.finish(first, random)
      return { side, workload, first, bills: people.map((one) => workload.bill(one)) }
    }),
  )
}

export const doorOf = ({ sides }: RegionBench, { region }: Side) => sides[otherOf(region)].door

/** Sends each once, and gives the words that were told first. */
async function sendAll(side: Side, stories: readonly Story[]): Promise<void> {
  await Promise.all(stories.map(async (story) => side.clients.send(story)))
}

const inTime = ({ clients }: Side, { timeOut_ms }: RegionBench): string[] =>
  clients.slowest_ms <= timeOut_ms + slack_ms
    ? []
    : [`somebody waited ${Math.round(clients.slowest_ms)} ms for an answer`]

/** F18: before a byte has left, an institution is told that it may send again; nothing happened. */
export const cutBeforeSend = (count = 20): RegionFault => ({
  name: 'F18 before send',
  says: 'nobody listens in the other region, both directions: told unreachable, and sent again',
  async run(bench, random, tag) {
    const wrong: string[] = []
    const sent = await billsOf(bench, random, tag, count)
    for (const { side, bills } of sent) {
      side.clients.slowest_ms = 0
      await doorOf(bench, side).goAway()
      const stories = bills.map((op) => side.clients.write(op))
      await sendAll(side, stories)
      await doorOf(bench, side).listen()
      const others = stories.filter(({ told }) => told[0] !== 'unreachable')
      wrong.push(
        ...others.map(({ op, told }) => `${op.key} was told ${told[0]} of what never left`),
      )
      wrong.push(...inTime(side, bench))
    }
    await Promise.all(
      sent.map(async ({ side }) => side.clients.finish(side.clients.stories, random)),
    )
    return struckBy(await bench.judge(random), 2 * count, wrong)
  },
})

/** F18 after that: nobody can know, and both regions end alike. */
const cuts = {
  'during send': (random: Random): Mishap => ({
    kind: 'cutRequest',
    bytes: random.between(1, 1_500),
  }),
  'before reply': (): Mishap => ({ kind: 'cutReply', bytes: 0 }),
  'during reply': (random: Random): Mishap => ({ kind: 'cutReply', bytes: random.between(1, 800) }),
} as const

export const cutDuring = (where: keyof typeof cuts, count = 20): RegionFault => ({
  name: `F18 ${where}`,
  says: `the line is cut ${where}, both directions: told unknown in time, and both regions end alike`,
  async run(bench, random, tag) {
    const wrong: string[] = []
    const sent = await billsOf(bench, random, tag, count)
    let struck = 0
    for (const { side, workload, first, bills } of sent) {
      side.clients.slowest_ms = 0
      const door = doorOf(bench, side)
      // Four in a row at most, so that the other region is not left alone.
      door.lay(({ kind, n }) => (moves(kind) && n % 4 !== 0 ? cuts[where](random) : undefined))
      const undone = first.filter(isSettled).slice(0, 6)
      const stories = [...bills, ...undone.map((story) => workload.cancellation(story))].map((op) =>
        side.clients.write(op),
      )
      await sendAll(side, stories)
      struck += door.struck
      door.lay()
      if (!stories.some(({ told }) => told[0] === 'unknown'))
        wrong.push(`nobody of ${side.region} was told that the outcome is unknown`)
      wrong.push(...inTime(side, bench))
    }
    await Promise.all(
      sent.map(async ({ side }) => side.clients.finish(side.clients.stories, random)),
    )
    return struckBy(await bench.judge(random), struck, wrong)
  },
})

/** F19: the home region has settled, and its reply comes too late. */
export const holdReply = (queries: 'answered' | 'lost'): RegionFault => ({
  name: queries === 'answered' ? 'F19 held' : 'F19 held, no query',
  says:
    queries === 'answered'
      ? 'the home region holds its reply beyond the time-out after its commit: told unknown, asked, confirmed'
      : 'and what becomes of it cannot be asked either: reversed until it is acknowledged, under one reference',
  async run(bench, random, tag) {
    const wrong: string[] = []
    const delay_ms = bench.timeOut_ms * 1.5
    const sent = await billsOf(bench, random, tag, 4)
    let struck = 0
    await Promise.all(
      sent.map(async ({ side, bills }) => {
        side.clients.slowest_ms = 0
        const door = doorOf(bench, side)
        const advice = new Map<string, Set<string>>()
        door.lay(held(delay_ms, queries, advice))
        const stories = bills.map((op) => side.clients.write(op))
        await sendAll(side, stories)
        wrong.push(...inTime(side, bench))
        await side.clients.finish(stories, random)
        struck += door.struck
        const due = queries === 'answered' ? 201 : 422
        for (const story of stories)
          if (story.told[0] !== 'unknown' || finalOf(story)?.status !== due)
            wrong.push(
              `${story.op.key} was told ${story.told[0]} and then ${wordsOf(story)['code']}`,
            )
        for (const [of, references] of advice)
          if (references.size !== 1)
            wrong.push(`${of} was reversed under ${[...references].join(', ')}`)
      }),
    )
    return struckBy(await bench.judge(random), struck, wrong)
  },
})

/** Each reversal is acknowledged the third time only. */
function held(
  delay_ms: number,
  queries: 'answered' | 'lost',
  advice: Map<string, Set<string>>,
): Mischief {
  const times = new Map<string, number>()
  const advise = (reference = ''): number => {
    const of = reference.replace(/ reversal$/, '')
    advice.set(of, (advice.get(of) ?? new Set()).add(reference))
    times.set(of, (times.get(of) ?? 0) + 1)
    return times.get(of) as number
  }
  return ({ asked }) => {
    const of = (wanted: string) => asked.filter(({ kind }) => kind === wanted)
    if (of('settle').length > 0) return { kind: 'hold', delay_ms }
    if (queries === 'answered') return undefined
    if (of('query').length > 0) return { kind: 'cutReply', bytes: 0 }
    const advised = of('reverse').map(({ reference }) => advise(reference))
    return advised.some((time) => time < 3) ? { kind: 'cutReply', bytes: 0 } : undefined
  }
}

/** F16 and F17: up to three copies of a bill, of its reversal and of its cancellation, in any order and at once. */
export const undoAround: RegionFault = {
  name: 'F16 F17 undo',
  says: 'bills of visitors reversed before, after and while they are settled, cancelled and reversed twice, on a line that delays, repeats and reorders',
  async run(bench, random, tag) {
    const doors = Object.values(bench.sides).map(({ door }) => door)
    for (const door of doors) door.lay(() => (random.chance(0.4) ? reordering(random) : undefined))
    const sent = await billsOf(bench, random, tag, 12)
    await Promise.all(
      sent.flatMap(({ side, workload, first, bills }) => [
        ...bills.map(async (op) => aroundOne(side, random.fork(op.key), op, workload)),
        ...first
          .filter(isSettled)
          .slice(0, 8)
          .map(async (story) => undoTwice(side, random, story, workload)),
      ]),
    )
    const struck = doors.reduce((all, door) => all + door.struck, 0)
    return struckBy(await bench.judge(random), struck, [])
  },
}

const reordering = (random: Random): Mishap =>
  random.pick<Mishap>([
    { kind: 'delay', delay_ms: random.between(1, 400) },
    { kind: 'hold', delay_ms: random.between(1, 400) },
    { kind: 'twice', told: random.pick(['first', 'second']) },
    { kind: 'afterNext' },
  ])

async function aroundOne(side: Side, random: Random, op: Story['op'], workload: RegionWorkload) {
  const { clients } = side
  const bill = clients.write(op)
  const reversal = clients.write(workload.reversal(bill))
  const copies = [
    ...Array.from({ length: random.between(1, 3) }, () => bill),
    ...Array.from({ length: random.between(1, 3) }, () => reversal),
  ]
  const sends = copies.map(async (story) => {
    await sleep(random.pick([0, 0, random.between(0, 300)]))
    await clients.send(story)
  })
  await Promise.all(sends)
  await clients.finish([bill, reversal], random)
}

async function undoTwice(side: Side, random: Random, story: Story, workload: RegionWorkload) {
  const { clients } = side
  const first = clients.write(workload.cancellation(story))
  const others = [workload.cancellation(story), workload.reversal(story), workload.reversal(first)]
  const chosen = random.chance(0.5) ? others.slice(0, 2) : [random.pick(others)]
  await clients.finish([first, ...chosen.map((op) => clients.write(op))], random)
}

/** Everything at once, under load. */
export const disturb: RegionFault = {
  name: 'F18 random',
  says: 'a quarter of all messages of both directions cut, held, lost, repeated or reordered under load',
  async run(bench, random, tag) {
    const doors = Object.values(bench.sides).map(({ door }) => door)
    const choices = random.fork('mishaps')
    let struck = 0
    const report = await underLoad(bench, random, tag, async () => {
      for (const door of doors)
        door.lay(() => (choices.chance(0.25) ? anyMishap(choices) : undefined))
      await sleep(random.between(2_000, 4_000))
      struck = doors.reduce((all, door) => all + door.struck, 0)
      for (const door of doors) door.lay()
    })
    return struckBy(report, struck, [])
  },
}

const anyMishap = (random: Random): Mishap =>
  random.chance(0.5)
    ? reordering(random)
    : random.pick<Mishap>([
        { kind: 'swallow' },
        { kind: 'halfOpen' },
        ...Object.values(cuts).map((make) => make(random)),
      ])

export function struckBy(
  report: Omit<Struck, 'struck'>,
  struck: number,
  wrong: readonly string[],
): Struck {
  report.verdict.unexplained.push(...wrong)
  return { ...report, struck }
}
