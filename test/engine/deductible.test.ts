import { describe, expect, test } from 'vitest'
import { cap, day, deductible, layer, pays, region, rule, scheme } from './support/packs.ts'
import { claim, Desk, institution, ruled, stay, worldOf, yuan } from './support/world.ts'
import type { Deductible } from '../../engine/pack.ts'

/** A pool that pays 80 % above one deductible, for stays and for visits. */
const pool = (of: Deductible) =>
  ruled(
    rule([layer('pool', pays('0.8'), { deductible: of })]),
    rule([layer('pool', pays('0.8'), { deductible: of })], { care: ['outpatient'] }),
  )

const visit = (amount: string, on: string) => claim(amount, { care: 'outpatient', day: day(on) })

const inpatient = (amount: string, on: string, more = {}) =>
  claim(amount, { stay: stay(on, on), ...more })

describe('a deductible each visit', () => {
  const desk = () => new Desk(pool(deductible('visit', '200.00')))

  test('is charged anew every time, and swallows a bill below it', () => {
    const at = desk()
    // (1000 − 200) × 80 % = 640
    expect(at.settle(visit('1000.00', '2026-03-02')).fundTotal).toBe(yuan('640.00'))
    expect(at.settle(visit('1000.00', '2026-03-02')).fundTotal).toBe(yuan('640.00'))
    const small = at.settle(visit('4.29', '2026-03-03'))
    expect([small.deductible, small.fundTotal]).toEqual([yuan('4.29'), 0n])
  })

  test('is one for a stay, however many interim parts', () => {
    const at = desk()
    const part = (amount: string, until: string, interim: boolean) =>
      at.settle(claim(amount, { visit: 'V1', stay: stay('2026-03-01', until, interim) }))
    expect(part('150.00', '2026-03-05', true).deductible).toBe(yuan('150.00'))
    // 200 − 150 = 50 are left for the second part, nothing for the third.
    expect(part('1000.00', '2026-03-10', true).deductible).toBe(yuan('50.00'))
    expect(part('1000.00', '2026-03-15', false).deductible).toBe(0n)
    // The stay is closed and forgotten, so the next one pays again.
    expect([...(at.counters.get('all') ?? [])]).toEqual([])
    expect(at.settle(inpatient('1000.00', '2026-04-01')).deductible).toBe(yuan('200.00'))
  })

  test('two stays at once in two institutions that number their visits alike are two stays', () => {
    const at = desk()
    const other = institution({ code: 'H51010000002' })
    const interim = stay('2026-03-01', '2026-03-05', true)
    at.settle(claim('1000.00', { visit: 'V1', stay: interim }))
    const second = at.settle(
      claim('1000.00', { visit: 'V1', stay: interim, institution: other.code }),
      { institution: other },
    )
    expect(second.deductible).toBe(yuan('200.00'))
  })
})

describe('a deductible of a period', () => {
  test('of the year is used up within the benefit year and starts anew with the next', () => {
    const at = new Desk(pool(deductible('year', '500.00')))
    const taken = (amount: string, on: string) => at.settle(visit(amount, on)).deductible
    expect(taken('300.00', '2025-12-30')).toBe(yuan('300.00'))
    expect(taken('300.00', '2025-12-31')).toBe(yuan('200.00'))
    expect(taken('300.00', '2025-12-31')).toBe(0n)
    expect(taken('300.00', '2026-01-01')).toBe(yuan('300.00'))
  })

  test('of a benefit year from 1 July ends on 30 June', () => {
    const books = {
      regions: [region('510100', { yearStarts: '07-01' })],
      schemes: [
        scheme([
          rule([layer('pool', pays('0.8'), { deductible: deductible('year', '500.00') })], {
            care: ['outpatient'],
          }),
        ]),
      ],
    }
    const at = new Desk(worldOf(books))
    expect(at.settle(visit('400.00', '2025-07-01')).deductible).toBe(yuan('400.00'))
    expect(at.settle(visit('400.00', '2026-06-30')).deductible).toBe(yuan('100.00'))
    expect(at.settle(visit('400.00', '2026-07-01')).deductible).toBe(yuan('400.00'))
  })

  test('of the quarter starts anew in April', () => {
    const at = new Desk(pool(deductible('quarter', '100.00')))
    expect(at.settle(visit('80.00', '2026-01-01')).deductible).toBe(yuan('80.00'))
    expect(at.settle(visit('80.00', '2026-03-31')).deductible).toBe(yuan('20.00'))
    expect(at.settle(visit('80.00', '2026-04-01')).deductible).toBe(yuan('80.00'))
  })

  test('of the month starts anew on the first', () => {
    const at = new Desk(pool(deductible('month', '100.00')))
    expect(at.settle(visit('80.00', '2026-02-01')).deductible).toBe(yuan('80.00'))
    expect(at.settle(visit('80.00', '2026-02-28')).deductible).toBe(yuan('20.00'))
    expect(at.settle(visit('80.00', '2026-03-01')).deductible).toBe(yuan('80.00'))
  })

  test('counted apart by institution is one for each', () => {
    const at = new Desk(pool(deductible('year', '100.00', { by: 'institution' })))
    const other = institution({ code: 'H51010000002' })
    at.settle(visit('500.00', '2026-03-01'))
    const there = claim('500.00', { care: 'outpatient', institution: other.code })
    expect(at.settle(there, { institution: other }).deductible).toBe(yuan('100.00'))
    expect(at.settle(there, { institution: other }).deductible).toBe(0n)
  })

  test('counted apart by disease is one for each', () => {
    const at = new Desk(pool(deductible('year', '100.00', { by: 'disease' })))
    const of = (disease: string) => at.settle({ ...visit('70.00', '2026-03-01'), disease })
    expect(of('M1').deductible).toBe(yuan('70.00'))
    expect(of('M2').deductible).toBe(yuan('70.00'))
    expect(of('M1').deductible).toBe(yuan('30.00'))
  })
})

describe('a deductible at the first visit of each institution', () => {
  const desk = () => new Desk(pool(deductible('firstVisitOfInstitution', '200.00')))
  const other = institution({ code: 'H51010000002' })

  test('is charged once there and once elsewhere in the year', () => {
    const at = desk()
    expect(at.settle(inpatient('1000.00', '2026-03-01')).deductible).toBe(yuan('200.00'))
    expect(at.settle(inpatient('1000.00', '2026-03-09')).deductible).toBe(0n)
    const there = inpatient('1000.00', '2026-03-10', { institution: other.code })
    expect(at.settle(there, { institution: other }).deductible).toBe(yuan('200.00'))
    expect(at.settle(inpatient('1000.00', '2025-03-01', {})).deductible).toBe(yuan('200.00'))
  })

  test('is not made up for later where the first bill was smaller', () => {
    const at = desk()
    expect(at.settle(inpatient('150.00', '2026-03-01')).deductible).toBe(yuan('150.00'))
    expect(at.settle(inpatient('1000.00', '2026-03-09')).deductible).toBe(0n)
  })

  test('goes on over the interim parts of the first stay', () => {
    const at = desk()
    const part = (amount: string, until: string, interim: boolean) =>
      at.settle(claim(amount, { visit: 'V1', stay: stay('2026-03-01', until, interim) }))
    expect(part('150.00', '2026-03-05', true).deductible).toBe(yuan('150.00'))
    expect(part('150.00', '2026-03-09', false).deductible).toBe(yuan('50.00'))
  })

  test('stays waived over the interim parts of a later stay', () => {
    const at = desk()
    at.settle(inpatient('1000.00', '2026-02-01'))
    const part = (until: string, interim: boolean) =>
      at.settle(claim('1000.00', { visit: 'V2', stay: stay('2026-03-01', until, interim) }))
    expect(part('2026-03-05', true).deductible).toBe(0n)
    expect(part('2026-03-09', true).deductible).toBe(0n)
    expect(part('2026-03-12', false).deductible).toBe(0n)
  })
})

describe('a deductible charged once a year and topped up', () => {
  const byLevel = deductible('yearToppedUp', [
    [{ level: ['community', 'primary', 'none'] }, '200.00'],
    [{ level: ['secondary'] }, '400.00'],
    [{ level: ['tertiary'] }, '800.00'],
  ])
  const level = (name: 'primary' | 'secondary' | 'tertiary') => ({
    institution: institution({ level: name }),
  })

  test('costs the difference when a higher level follows, and nothing when a lower one does', () => {
    const at = new Desk(pool(byLevel))
    const stayAt = (name: 'primary' | 'secondary' | 'tertiary', on: string) =>
      at.settle(inpatient('5000.00', on), level(name)).deductible
    expect(stayAt('secondary', '2026-01-05')).toBe(yuan('400.00'))
    expect(stayAt('primary', '2026-02-05')).toBe(0n)
    // 800 − 400
    expect(stayAt('tertiary', '2026-03-05')).toBe(yuan('400.00'))
    expect(stayAt('tertiary', '2026-04-05')).toBe(0n)
  })

  test('counts as charged even where the bill was smaller', () => {
    const at = new Desk(pool(byLevel))
    expect(at.settle(inpatient('300.00', '2026-01-05'), level('secondary')).deductible).toBe(
      yuan('300.00'),
    )
    expect(at.settle(inpatient('5000.00', '2026-02-05'), level('secondary')).deductible).toBe(0n)
  })

  test('charges one stay no more than its own difference, over all of its interim parts', () => {
    const at = new Desk(pool(byLevel))
    at.settle(inpatient('5000.00', '2026-01-05'), level('secondary'))
    const part = (amount: string, until: string, interim: boolean) =>
      at.settle(
        claim(amount, { visit: 'V1', stay: stay('2026-03-01', until, interim) }),
        level('tertiary'),
      ).deductible
    // The stay owes 800 − 400 = 400: 300 in the first part, 100 in the second, nothing in the third.
    expect(part('300.00', '2026-03-05', true)).toBe(yuan('300.00'))
    expect(part('5000.00', '2026-03-09', true)).toBe(yuan('100.00'))
    expect(part('5000.00', '2026-03-12', false)).toBe(0n)
  })
})

test('the trace tells the standard, what was used and what was taken', () => {
  const at = new Desk(pool(deductible('year', '500.00')))
  at.settle(visit('300.00', '2026-03-01'))
  expect(at.settle(visit('300.00', '2026-03-02')).trace[0]?.deductible).toEqual({
    mode: 'year',
    standard: yuan('500.00'),
    usedBefore: yuan('300.00'),
    taken: yuan('200.00'),
    accumulator: 'deductible',
    citation: 'No. 1',
  })
  expect(cap('visit', '1.00').accumulator).toBeUndefined()
})
