import { expect, test } from 'vitest'
import { writeAccumulators } from '../../../adapters/http/accumulators.ts'

const told = (year: string, key: string, sum: bigint) =>
  writeAccumulators(new Map([[year, new Map([[key, sum]])]]))

test.each([
  ['2026', 'deductible.inpatient|year', { name: 'deductible.inpatient', period: 'benefit year' }],
  ['2026', 'pool|2026-03-02', { name: 'pool', period: 'day 2026-03-02' }],
  ['2026', 'pool|2026-03', { name: 'pool', period: 'month 2026-03' }],
  ['2026', 'pool|2026-Q1', { name: 'pool', period: 'quarter 2026-Q1' }],
  ['2026', 'pool|year|M03900', { name: 'pool', period: 'benefit year', by: 'M03900' }],
])('the sum of %s under %s is told in its parts', (year, key, parts) => {
  expect(told(year, `510100|employee|${key}`, 37500n)).toEqual([
    { year, region: '510100', scheme: 'employee', ...parts, value: '375.00' },
  ])
})

test('admissions are counted, not paid', () => {
  const [item] = told('2026', '510100|employee|admissions.inpatient|year', 2n)
  expect(item).toMatchObject({ name: 'admissions.inpatient', value: '2' })
})

test.each([
  ['from 2026-01-01', 'eligibility from 2026-01-01'],
  ['lifetime', 'lifetime'],
])('a sum that outlasts the year (%s) has no year', (period, words) => {
  const [item] = told('all', `510100|maternity|poolPrenatal|${period}`, 100n)
  expect(item).toMatchObject({ period: words, value: '1.00' })
  expect(item).not.toHaveProperty('year')
})

test('what the engine keeps of a stay for itself is left out', () => {
  expect(told('all', '510700|employee|stay H51070000001 VM1|base pool', 1n)).toEqual([])
})
