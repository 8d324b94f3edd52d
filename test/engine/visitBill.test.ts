import { describe, expect, test } from 'vitest'
import { certified, claimOf, settledEntry } from '../../engine/bill.ts'
import type { Settlement } from '../../engine/settlement.ts'
import { addLines, discharge } from '../../engine/visiting.ts'
import { deductible, day, layer, pays, rule } from './support/packs.ts'
import { code, inpatient, line, registration, Story, wanted } from './support/story.ts'
import { coverage, Desk, now, person, refused, ruled, today, yuan } from './support/world.ts'

const lines = [
  line('L1', '10.00', 'B1', '2026-11-20'),
  line('L2', '5.00', 'B2', '2026-11-21'),
  line('L3', '1.00', 'B2'),
]
const filled = (first = registration(), own = lines): Story => {
  const story = Story.of(first)
  story.do((there) => addLines(there, own))
  return story
}

describe('the bill of an outpatient visit', () => {
  test('is what was uploaded, batch by batch', () => {
    const story = filled()
    expect(story.claim(wanted('6.00', { batch: 'B2' }))).toMatchObject({
      institution: 'H51010000001',
      day: '2026-11-21',
      care: 'outpatient',
      visit: 'V1',
      stay: undefined,
      credential: { type: 'citizen-number' },
      emergency: false,
      total: yuan('6.00'),
      lines: [{ id: 'L2' }, { id: 'L3' }],
    })
    expect(code(claimOf(story.visit, wanted('6.01', { batch: 'B2' })))).toBe('total-mismatch')
    expect(code(claimOf(story.visit, wanted('6.00', { batch: 'B9' })))).toBe('nothing-to-settle')
    story.settle('S1', wanted('6.00', { batch: 'B2' }))
    expect(code(claimOf(story.visit, wanted('6.00', { batch: 'B2' })))).toBe(
      'batch-already-settled',
    )
    expect(story.claim(wanted('10.00')).lines).toHaveLength(1)
  })

  test('goes by what is said now before what the visit said', () => {
    const story = filled(
      registration({ about: { care: 'emergency', emergency: true, scheme: 'resident' } }),
    )
    expect(story.claim(wanted('16.00'))).toMatchObject({ emergency: true, scheme: 'resident' })
    const now = story.claim(
      wanted('16.00', {
        about: { care: 'specialOutpatient', disease: 'M1', emergency: false },
        scheme: 'employee',
        credential: { type: 'card', number: 'A12345678' },
      }),
    )
    expect(now).toMatchObject({
      care: 'specialOutpatient',
      disease: 'M1',
      emergency: false,
      scheme: 'employee',
      credential: { type: 'card' },
    })
    expect(filled(registration({ about: {} })).claim(wanted('16.00')).care).toBe('outpatient')
  })

  test('leaves in the visit what it settled, and a preview nothing', () => {
    const { visit } = filled()
    const claim = filled().claim(wanted('6.00', { batch: 'B2' }))
    const settlement = {} as Settlement
    const told = { batch: 'B2', interim: false, now }
    expect(settledEntry(visit, { claim, settlement }, told)).toEqual([])
    expect(settledEntry(visit, { claim, settlement, id: 'S1' }, told)).toMatchObject([
      { kind: 'settled', body: { id: 'S1', lines: ['L2', 'L3'], batch: 'B2', settledAt: now } },
    ])
  })
})

describe('the bill of a stay', () => {
  const stayOf = (story: Story, more: Parameters<typeof wanted>[1] = {}) =>
    story.claim(wanted('16.00', more)).stay

  test('needs the discharge, told before or with it, unless it is a part', () => {
    const story = filled(inpatient({ about: {} }))
    expect(code(claimOf(story.visit, wanted('16.00')))).toBe('not-discharged')
    expect(stayOf(story, { interim: true })).toEqual({
      admission: '2026-11-20',
      discharge: today,
      interim: true,
    })
    expect(stayOf(story, { discharge: day('2026-11-21') })).toMatchObject({
      discharge: '2026-11-21',
    })
    story.do((there) => discharge(there, day('2026-11-22'), {}, {}))
    expect(stayOf(story)).toMatchObject({ discharge: '2026-11-22', interim: false })
    expect(stayOf(story, { discharge: day('2026-11-21') })).toMatchObject({
      discharge: '2026-11-22',
    })
    expect(story.claim(wanted('16.00'))).toMatchObject({ care: 'inpatient', day: today })
  })

  test('goes as a part to the day it says, or to the discharge', () => {
    const story = filled(inpatient())
    const until = (more = {}) => stayOf(story, { interim: true, ...more })?.discharge
    expect(until({ discharge: day('2026-11-21') })).toBe('2026-11-21')
    story.do((there) => discharge(there, day('2026-11-22'), {}, {}))
    expect([until(), until({ discharge: day('2026-11-21') })]).toEqual(['2026-11-22', '2026-11-21'])
  })

  test('is closed once its last part is settled, and may end without a charge', () => {
    const story = filled(inpatient())
    expect(story.settle('S1', wanted('16.00', { interim: true }))).toBe('done')
    expect(story.settle('S2', wanted('0.00', { interim: true }))).toBe('nothing-to-settle')
    expect(story.settle('S2', wanted('0.00'))).toBe('not-discharged')
    expect(story.settle('S2', wanted('1.00', { discharge: today }))).toBe('total-mismatch')
    expect(story.settle('S2', wanted('0.00', { discharge: today }))).toBe('done')
    expect(story.settle('S3', wanted('0.00'))).toBe('visit-closed')
    expect(code(claimOf(filled(inpatient(), []).visit, wanted('0.00')))).toBe('nothing-to-settle')
  })

  test('ends on the day of death, whatever day its papers say', () => {
    const story = filled(inpatient())
    story.do((there) => discharge(there, day('2026-11-23'), {}, {}))
    const until = (died: string) =>
      stayOf(story, { person: person({ died: day(died) }) })?.discharge
    expect([until('2026-11-21'), until('2026-11-23'), until('2026-11-01')]).toEqual([
      '2026-11-21',
      '2026-11-23',
      '2026-11-23',
    ])
  })

  test('of somebody who died in hospital is settled', () => {
    const pool = rule([layer('pool', pays('0.8'))])
    const desk = new Desk(ruled(pool))
    const story = filled(inpatient())
    story.do((there) => discharge(there, day('2026-11-23'), {}, {}))
    const dead = person({
      died: day('2026-11-21'),
      coverages: [coverage({ until: day('2026-11-21') })],
    })
    const claim = story.claim(wanted('16.00', { person: dead }))
    const classified = claim.lines.map((own) => ({ ...own, classification: inFull }))
    expect(desk.settle({ ...claim, lines: classified }, { person: dead }).fundTotal).toBe(
      yuan('12.80'),
    )
    // Whoever died before is not admitted.
    const before = person({ died: day('2026-11-19') })
    expect(refused(desk.decide({ ...claim, lines: classified }, { person: before }))).toBe(
      'person-deceased',
    )
  })

  test('in parts has one deductible, and its last part may be empty', () => {
    const pool = layer('pool', pays('0.8'), { deductible: deductible('visit', '10.00') })
    const desk = new Desk(ruled(rule([pool])))
    const story = filled(inpatient())
    const settle = (id: string, asked: Parameters<typeof claimOf>[1]) => {
      const claim = story.claim(asked)
      const settled = desk.settle({
        ...claim,
        lines: claim.lines.map((own) => ({ ...own, classification: inFull })),
      })
      expect(story.settle(id, asked)).toBe('done')
      return [settled.deductible, settled.fundTotal]
    }
    expect(settle('S1', wanted('16.00', { interim: true }))).toEqual([yuan('10.00'), yuan('4.80')])
    story.do((there) => addLines(there, [line('L4', '10.00')]))
    expect(settle('S2', wanted('10.00', { interim: true }))).toEqual([yuan('0.00'), yuan('8.00')])
    story.do((there) => discharge(there, today, {}, {}))
    expect(settle('S3', wanted('0.00'))).toEqual([yuan('0.00'), yuan('0.00')])
    expect(desk.counters.get('2026')?.get('510100|employee|admissions.inpatient|year')).toBe(1n)
  })
})

const inFull = {
  class: 'A',
  firstSelfPayRate: { numerator: 0n, denominator: 1n },
  funds: ['medical'],
} as const

describe('a certified injury', () => {
  const own = (certification: string, ...diagnoses: string[]) => ({
    certification,
    employer: 'E1',
    diagnoses,
    from: day('2026-01-01'),
    until: day('2026-12-31'),
  })
  const injured = person({ injuries: [own('G1', 'T14'), own('G2', 'S52', 'S62')] })
  const claimed = (...diagnoses: string[]) => ({ certification: '', diagnoses, recurrence: false })

  test('is found by the diagnosis', () => {
    expect(certified(claimed('S52.500'), injured, today)).toMatchObject({
      certification: 'G2',
      diagnoses: ['S52'],
    })
    expect(certified(claimed('S52', 'S62.1'), injured, today)).toMatchObject({
      certification: 'G2',
      diagnoses: ['S52', 'S62'],
    })
  })

  test('is left to the rules where the diagnosis is another', () => {
    expect(certified(claimed('J18'), injured, today)).toMatchObject({
      certification: 'G1',
      diagnoses: ['J18'],
    })
  })

  test('is nobody’s without a certification that covers the day', () => {
    expect(certified(claimed('S52'), injured, day('2027-01-01')).certification).toBe('')
    expect(certified(claimed('S52'), person(), today).certification).toBe('')
    expect(certified(claimed('S52'), undefined, today).certification).toBe('')
  })

  test('that was named stays named', () => {
    const named = { ...claimed('S52'), certification: 'G9' }
    expect(certified(named, injured, today)).toBe(named)
  })

  test('goes into the claim', () => {
    const story = filled(
      inpatient({ about: { care: 'workInjuryInpatient', injury: claimed('S52.5') } }),
    )
    story.do((there) => discharge(there, today, {}, {}))
    expect(story.claim(wanted('16.00', { person: injured })).injury).toMatchObject({
      certification: 'G2',
      diagnoses: ['S52'],
    })
  })
})
