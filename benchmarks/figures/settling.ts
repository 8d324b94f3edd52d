import { writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { enrol, type Invented, invent } from '../crowd.ts'
import { type K6Result, runK6 } from '../k6.ts'
import { Door, type Sent } from '../openModel.ts'
import { type Served, startServer } from '../server.ts'

const lines = Array.from({ length: 5 }, (_, i) => ({
  id: `${i + 1}`,
  item: 'XN02BEB001A001010100013',
  quantity: '2',
  unitPrice: '12.5',
  amount: '25.00',
}))

let keys = 0
const claimOf = ({ card }: Invented): Sent => ({
  path: '/v1/settlements',
  key: `b1-${++keys}`,
  type: 'application/json',
  body: JSON.stringify({
    institution: 'H51010000001',
    day: '2026-03-02',
    credential: { type: 'card', number: card.number, cardSn: card.serial },
    care: 'outpatient',
    useAccount: true,
    total: '125.00',
    lines,
  }),
})

const step = async (
  served: Served,
  people: readonly Invented[],
  rate: number,
  seconds: number,
): Promise<K6Result> => {
  const file = path.join(os.tmpdir(), `jiesuan-b1-${process.pid}.ndjson`)
  const claims = Array.from({ length: rate * seconds }, () =>
    claimOf(people[keys % people.length] as Invented),
  )
  writeFileSync(file, claims.map((claim) => `${JSON.stringify(claim)}\n`).join(''))
  return runK6('requests.ts', { url: served.url, requests: file, rate, seconds })
}

const passes = ({ failedShare, dropped, sinceDue }: K6Result): boolean =>
  failedShare <= 0.001 && dropped === 0 && sinceDue.p99 <= 1_000


/** Steps the rate up until the server no longer keeps up, then halves the gap between what passed and what did not. */
export async function run(quick: boolean): Promise<void> {
  const seconds = quick ? 5 : 10
  const served = await startServer()
  try {
    const people = Array.from({ length: quick ? 3_000 : 10_000 }, (_, i) => invent(i))
    const door = new Door(served.url)
    await enrol(door, people)
    door.close()
    await step(served, people, 300, 4)
    let best: K6Result | undefined
    const tryRate = async (rate: number): Promise<boolean> => {
      const result = await step(served, people, rate, seconds)
      const { settledPerSecond, sinceDue, dropped, byStatus } = result
      const passed = passes(result)
      console.log(
        `${rate}/s  ${passed ? 'passes' : 'fails '}  settled ${settledPerSecond.toFixed(0)}/s  p50 ${sinceDue.p50.toFixed(0)} ms  ` +
          `p99 ${sinceDue.p99.toFixed(0)} ms  dropped ${dropped}  ${JSON.stringify(byStatus)}`,
      )
      if (passed) best = result
      return passed
    }
    let [low, high] = [0, 300]
    while (await tryRate(high)) [low, high] = [high, Math.round(high * 1.3)]
    for (let i = 0; i < 2; i++) {
      const middle = Math.round((low + high) / 2)
      if (await tryRate(middle)) low = middle
      else high = middle
    }
    console.log(
      `B1: ${low} settlements a second, p50 ${best?.sinceDue.p50} ms, p99 ${best?.sinceDue.p99} ms, dropped ${best?.dropped}`,
    )
    console.log(`books: ${JSON.stringify(await served.violations())}`)
  } finally {
    await served.end()
  }
}
