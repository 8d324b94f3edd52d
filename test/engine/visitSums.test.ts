import { describe, expect, test } from 'vitest'
import { settledEntry } from '../../engine/bill.ts'
import { toYuan } from '../../engine/money.ts'
import type { Layer } from '../../engine/pack.ts'
import type { Settlement } from '../../engine/settlement.ts'
import { applyDeltas } from '../../engine/split.ts'
import { addLines } from '../../engine/visiting.ts'
import { cap, deductible, fixed, layer, pays, rule } from './support/packs.ts'
import { line, registration, Story, wanted } from './support/story.ts'
import { Desk, now, ruled } from './support/world.ts'

const inFull = {
  class: 'A',
  firstSelfPayRate: { numerator: 0n, denominator: 1n },
  funds: ['medical'],
} as const

/** One outpatient visit whose batches are settled one by one, and undone. */
class Visited {
  readonly story: Story
  readonly desk: Desk
  readonly #settled = new Map<string, Settlement>()

  constructor(layers: readonly Layer[], more: Parameters<typeof rule>[1] = {}) {
    const outpatient = { care: ['outpatient'], careGroup: 'outpatient', ...more } as const
    this.desk = new Desk(ruled(rule(layers, outpatient)))
    this.story = Story.of(registration())
  }

  /** What was taken as a deductible and what the funds paid. */
  settle(id: string, yuan: string, batch = id): string[] {
    this.story.do((there) => addLines(there, [line(`${id} ${batch}`, yuan, batch)]))
    const asked = wanted(yuan, { batch })
    const claim = this.story.claim(asked)
    const settlement = this.desk.settle({
      ...claim,
      lines: claim.lines.map((own) => ({ ...own, classification: inFull })),
    })
    this.story.keep(settledEntry(this.story.visit, { claim, settlement, id }, { ...asked, now }))
    this.#settled.set(id, settlement)
    return [toYuan(settlement.deductible), toYuan(settlement.fundTotal)]
  }

  undo(id: string): void {
    const deltas = (this.#settled.get(id)?.counters ?? []).map((c) => ({ ...c, delta: -c.delta }))
    this.desk.counters = applyDeltas(this.desk.counters, deltas)
    if (this.story.undo(id) !== 'done') throw new Error(`${id} could not be undone`)
  }

  get sums() {
    return [...this.desk.counters.values()].flatMap((sums) => [...sums.values()])
  }
}

describe('several bills of one outpatient visit', () => {
  test('share a deductible per visit', () => {
    const pool = layer('pool', pays('0.5'), { deductible: deductible('visit', '30.00') })
    const visit = new Visited([pool])
    expect(visit.settle('S1', '20.00')).toEqual(['20.00', '0.00'])
    expect(visit.settle('S2', '20.00')).toEqual(['10.00', '5.00'])
    expect(visit.settle('S3', '20.00')).toEqual(['0.00', '10.00'])
  })

  test('share a cap per visit, and a fixed amount', () => {
    const capped = new Visited([layer('pool', pays('0.5'), { caps: [cap('visit', '12.00')] })])
    expect(capped.settle('S1', '20.00')[1]).toBe('10.00')
    expect(capped.settle('S2', '20.00')[1]).toBe('2.00')
    const packaged = new Visited([layer('pool', fixed('15.00'))])
    expect(packaged.settle('S1', '10.00')[1]).toBe('10.00')
    expect(packaged.settle('S2', '10.00')[1]).toBe('5.00')
  })

  test('count again without a bill that is undone, and leave nothing behind', () => {
    const pool = layer('pool', pays('0.5'), { deductible: deductible('visit', '30.00') })
    const visit = new Visited([pool])
    visit.settle('S1', '20.00')
    visit.settle('S2', '20.00')
    visit.undo('S1')
    // S2 took 10.00 of it, so 20.00 are due.
    expect(visit.settle('S3', '25.00')).toEqual(['20.00', '2.50'])
    for (const id of ['S2', 'S3']) visit.undo(id)
    expect(visit.sums).toEqual([])
    expect(visit.settle('S4', '40.00')).toEqual(['30.00', '5.00'])
  })

  test('are one visit of their institution, whichever of them is undone', () => {
    const first = deductible('firstVisitOfInstitution', '30.00')
    const visit = new Visited([layer('pool', pays('0.5'), { deductible: first })])
    expect(visit.settle('S1', '20.00')).toEqual(['20.00', '0.00'])
    expect(visit.settle('S2', '20.00')).toEqual(['10.00', '5.00'])
    visit.undo('S1')
    expect(visit.settle('S3', '10.00')).toEqual(['10.00', '0.00'])
  })

  test('top a deductible of the year up once', () => {
    const topped = deductible('yearToppedUp', '30.00')
    const visit = new Visited([layer('pool', pays('0.5'), { deductible: topped })])
    expect(visit.settle('S1', '20.00')).toEqual(['20.00', '0.00'])
    expect(visit.settle('S2', '20.00')).toEqual(['10.00', '5.00'])
    expect(visit.settle('S3', '20.00')).toEqual(['0.00', '10.00'])
  })
})
