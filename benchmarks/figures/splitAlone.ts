import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { split } from '../../engine/split.ts'
import type { Figure, Outcome, Session } from '../figure.ts'
import { inpatientBills, type ScopedBill } from '../inpatients.ts'
import type { Chart } from '../report/chart.ts'

const different = 1_000
const lookEvery = 20

/** How many bills the waterfall computes on one core, and whether it keeps anything of them. */
export const splitAlone: Figure = {
  id: 'B8',
  title: '`split` alone, inpatient bills of ten lines that every layer pays of',
  against: 'one second of one core',
  driven: false,
  seconds: ({ rounds, seconds, quick }) => 5 + rounds * seconds + bills(quick) / 50_000,
  async run(session) {
    const some = inpatientBills(different, session.seed)
    const layers = some[0]?.facts.rule.layers.length ?? 0
    const wrong = some
      .filter((bill) => split(bill.scoped, bill.facts).trace.length !== layers)
      .map(({ scoped }) => `${scoped.visit ?? ''}: not every layer pays of it`)
    session.say('warming up')
    splitFor(2, some)
    const rates = Array.from({ length: session.rounds }, (_, i) => {
      const { ofCore, ofClock } = splitFor(session.seconds, some)
      session.say(
        `round ${i + 1}: ${ofCore.toFixed(0)} bills in a second of a core, ${ofClock.toFixed(0)} in one of the clock`,
      )
      return ofCore
    })
    return { ...outcome(rates, heapOver(some, session), session, layers), books: noBooks(wrong) }
  },
}

/** Nothing is stored; what is wrong is told all the same. */
const noBooks = (wrong: readonly string[]) => ({ answered: 0, stored: 0, wrong })

const bills = (quick: boolean): number => (quick ? 1_000_000 : 10_000_000)

interface Rates {
  /** By the time that this process had a core: others may have it as well. */
  readonly ofCore: number
  readonly ofClock: number
}

/** Splits some bills over and over for so long. */
export function splitFor(seconds: number, some: readonly ScopedBill[]): Rates {
  const [used, begun] = [process.cpuUsage(), performance.now()]
  let count = 0
  while (performance.now() - begun < seconds * 1000) count += splitAll(some)
  const { user, system } = process.cpuUsage(used)
  return {
    ofCore: count / ((user + system) / 1e6),
    ofClock: count / ((performance.now() - begun) / 1e3),
  }
}

function splitAll(some: readonly ScopedBill[]): number {
  for (const { scoped, facts } of some) split(scoped, facts)
  return some.length
}

/** What is left on the heap after each twentieth of many bills, in megabytes. */
function heapOver(some: readonly ScopedBill[], { quick, say }: Session): [number, number][] {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const looks: [number, number][] = []
  for (let done = 0; done < bills(quick); ) {
    for (let i = 0; i < bills(quick) / different / lookEvery; i++) done += splitAll(some)
    collect()
    looks.push([done, process.memoryUsage().heapUsed / 1e6])
  }
  say(`heap after ${looks.map(([, megabytes]) => megabytes.toFixed(2)).join(', ')} MB`)
  return looks
}

function outcome(
  rates: readonly number[],
  heap: readonly [number, number][],
  { quick }: Session,
  layers: number,
): Omit<Outcome, 'books'> {
  const [first, last] = [heap[0]?.[1] ?? 0, heap.at(-1)?.[1] ?? 0]
  const chart: Chart = {
    name: 'heap-over-bills',
    title: 'Heap after so many bills, collected',
    x: { label: 'bills', scale: 'linear' },
    y: { label: 'MB', scale: 'linear' },
    series: [{ name: 'heap', line: heap }],
  }
  return {
    marks: [
      {
        name: 'bills in a second of a core',
        unit: '/s',
        rounds: rates,
        target: { atLeast: 50_000 },
      },
      {
        name: `heap after the last of ${bills(quick)} bills / after the first twentieth`,
        unit: '',
        rounds: [last / first],
        target: { atMost: 1.02 },
      },
    ],
    load: { sent: 0, dropped: 0, failed: 0 },
    settings: { lines: 10, layers, bills: bills(quick), different },
    charts: [chart],
  }
}
