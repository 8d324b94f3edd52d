// F20: a region is away for hours of the sandbox's clock.
import { setTimeout as sleep } from 'node:timers/promises'
import { crossingAlarm, crossingWait } from '../../engine/crossing.ts'
import { type RegionBench, readOpen, type Side } from './regionBench.ts'
import { billsOf, doorOf, type RegionFault, struckBy } from './regionLines.ts'
import { otherOf, residentOf } from './regionWorkload.ts'

/** A sweep runs every two seconds of ours, and a busy machine is late. */
const late_ms = 8_000
const mostLonger_ms = 120_000
const hastened_ms = 60_000

/**
 * Bills whose outcome is unknown when their home region goes away. They are looked at after 5 s, 15 s, 1 min, 5 min, 15 min, 1 h
 * and every hour, each a fifth more or less; somebody is told after six attempts, and none is given up.
 */
export const awayForHours: RegionFault = {
  name: 'F20 hours',
  says: 'the home region is away for hours of the sandbox: attempts back off, alarm after six, never given up, and all ends once it is back',
  async run(bench, random, tag) {
    const [first] = await billsOf(bench, random, tag, 6)
    if (!first) throw new Error('there are two regions')
    const { side, bills, workload } = first
    const door = doorOf(bench, side)
    door.lay(({ kind, n }) =>
      kind === 'settle' && n % 3 !== 0 ? { kind: 'cutReply', bytes: 0 } : undefined,
    )
    const stories = bills.map((op) => side.clients.write(op))
    await Promise.all(stories.map(async (story) => side.clients.send(story)))
    await door.goAway()
    const wrong = await watchAttempts(bench, side)
    if (!(await alarms(side))) wrong.push('nobody was alarmed')
    await door.listen()
    door.lay()
    // Who asks for something new finds that the region is back; then the others are looked at within a minute.
    const visitor = side.clients.write(workload.bill(residentOf(otherOf(side.region), 1)))
    await side.clients.finish([visitor], random)
    const until = performance.now() + hastened_ms / bench.rate + late_ms
    while ((await readOpen(side)).length > 0 && performance.now() < until) await sleep(200)
    const left = await readOpen(side)
    wrong.push(
      ...left.map(
        ({ reference }) => `${reference} is still open a minute after the region was back`,
      ),
    )
    await side.clients.finish(side.clients.stories, random)
    return struckBy(await bench.judge(random), stories.length, wrong)
  },
}

/** Follows them until each was looked at once more than it takes to alarm somebody; tells what came too early or too late. */
async function watchAttempts(bench: RegionBench, side: Side): Promise<string[]> {
  const seen = new Map<string, { attempts: number; due: number }>()
  const wrong: string[] = []
  const until = performance.now() + mostLonger_ms
  const count = (await readOpen(side)).length
  if (count === 0) wrong.push('nothing was left unknown')
  for (let late = true; late; await sleep(100)) {
    const open = await readOpen(side)
    if (open.length < count) wrong.push('one was given up')
    for (const { reference, attempts, dueAt } of open) {
      const due = Date.parse(dueAt)
      const before = seen.get(reference)
      seen.set(reference, { attempts, due })
      if (!before || attempts !== before.attempts + 1) continue
      const waited = due - before.due
      const usual = crossingWait(attempts)
      if (waited < 0.8 * usual || waited > 1.2 * usual + late_ms * bench.rate)
        wrong.push(`${reference} waits ${waited / 1000} s after attempt ${attempts}`)
    }
    late = open.some(({ attempts }) => attempts <= crossingAlarm)
    if (wrong.length > 0 || performance.now() > until) break
  }
  if (performance.now() > until) wrong.push('there were too few attempts in time')
  return wrong
}

async function alarms({ engine }: Side): Promise<boolean> {
  const metrics = await (await fetch(`http://127.0.0.1:${engine.port}/metrics`)).text()
  const [, stuck = '0'] = /^jiesuan_crossings_stuck (\d+)/m.exec(metrics) ?? []
  return (
    Number(stuck) > 0 && engine.tail(100).includes('a region does not say what became of a request')
  )
}
