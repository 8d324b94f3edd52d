import { expect, test } from 'vitest'
import { chargeLines } from '../../engine/charging.ts'
import { noFacts } from '../../engine/ports.ts'
import { isRefusal, refuse } from '../../engine/refusal.ts'
import { discharge } from '../../engine/visiting.ts'
import { day } from './support/packs.ts'
import { inpatient, line, registration, Story } from './support/story.ts'
import { institution } from './support/world.ts'

const today = day('2026-11-23')
const found = { facts: noFacts, today }
const on = (at: string, id = 'L1') => line(id, '10.00', 'B1', at)

test('lines are charged up to today', () => {
  const { visit } = Story.of(registration())
  expect(chargeLines(visit, [on('2026-11-23')], found)).toMatchObject({ kind: 'lines' })
  expect(chargeLines(visit, [line('L1', '10.00')], found)).toMatchObject({ kind: 'lines' })
  expect(chargeLines(visit, [on('2026-11-23'), on('2026-11-24', 'L2')], found)).toEqual(
    refuse('line-too-late', { line: 'L2', day: '2026-11-24', latest: '2026-11-23' }),
  )
})

test('lines of a stay that is over are charged up to the day of discharge', () => {
  const story = Story.of(inpatient({ day: day('2026-11-18') }))
  story.do((there) => discharge(there, day('2026-11-21'), {}, {}))
  expect(chargeLines(story.visit, [on('2026-11-21')], found)).toMatchObject({ kind: 'lines' })
  expect(chargeLines(story.visit, [on('2026-11-22')], found)).toEqual(
    refuse('line-too-late', { line: 'L1', day: '2026-11-22', latest: '2026-11-21' }),
  )
})

test('a pharmacy charges for no medical service', () => {
  const { visit } = Story.of(registration())
  const { line: fee, ...rest } = on('2026-11-23')
  const scan = { ...rest, line: { ...fee, item: '002103000010000' } }
  const at = (type: 'hospital' | 'pharmacy') =>
    chargeLines(visit, [scan], { today, facts: { ...noFacts, institution: institution({ type }) } })
  expect(at('pharmacy')).toMatchObject({ code: 'not-a-pharmacy-item' })
  expect(isRefusal(at('hospital'))).toBe(false)
})

test('what cannot be added to the visit is told first', () => {
  const { visit } = Story.of(registration())
  expect(chargeLines(visit, [on('2027-01-01'), on('2027-01-01')], found)).toEqual(
    refuse('line-repeated', { line: 'L1' }),
  )
})
