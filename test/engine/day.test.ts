import { describe, expect, test } from 'vitest'
import {
  ageOn,
  benefitYear,
  covers,
  type Day,
  dayAfter,
  dayBefore,
  daysAfter,
  isDay,
  monthOf,
  monthsAfter,
  overlap,
  parseDay,
  quarterOf,
} from '../../engine/day.ts'

const day = parseDay

describe('reading days', () => {
  test.each(['2024-02-29', '2000-02-29', '2026-12-31', '1900-01-01'])('%s is a day', (text) => {
    expect(isDay(text)).toBe(true)
    expect(parseDay(text)).toBe(text)
  })

  test.each([
    '2026-02-29',
    '1900-02-29',
    '2100-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-01-00',
    '2026-01-32',
    '1899-12-31',
    '2026-1-1',
    '20260101',
    '2026-01-01T00:00',
    ' 2026-01-01',
    '2026-01-01\n',
    '٢٠٢٦-01-01',
    '',
  ])('"%s" is not a day', (text) => {
    expect(isDay(text)).toBe(false)
    expect(() => parseDay(text)).toThrow(RangeError)
  })
})

describe('periods', () => {
  test('quarters are counted from January', () => {
    expect(quarterOf(day('2026-01-01'))).toBe('2026-Q1')
    expect(quarterOf(day('2026-03-31'))).toBe('2026-Q1')
    expect(quarterOf(day('2026-04-01'))).toBe('2026-Q2')
    expect(quarterOf(day('2026-09-30'))).toBe('2026-Q3')
    expect(quarterOf(day('2026-12-31'))).toBe('2026-Q4')
  })

  test('a month is named by its year', () => expect(monthOf(day('2026-03-02'))).toBe('2026-03'))

  test('a benefit year is named by the calendar year in which it starts', () => {
    expect(benefitYear(day('2026-01-01'), '01-01')).toBe('2026')
    expect(benefitYear(day('2026-12-31'), '01-01')).toBe('2026')
    expect(benefitYear(day('2026-06-30'), '07-01')).toBe('2025')
    expect(benefitYear(day('2026-07-01'), '07-01')).toBe('2026')
    expect(benefitYear(day('2027-06-30'), '07-01')).toBe('2026')
  })

  test('a span covers both of its ends, and without an end it stays open', () => {
    const span = { from: day('2026-01-01'), until: day('2026-01-31') }
    expect(covers(span, day('2025-12-31'))).toBe(false)
    expect(covers(span, day('2026-01-01'))).toBe(true)
    expect(covers(span, day('2026-01-31'))).toBe(true)
    expect(covers(span, day('2026-02-01'))).toBe(false)
    expect(covers({ from: day('2026-01-01') }, day('2999-01-01'))).toBe(true)
  })
})

describe('neighbouring days', () => {
  test.each([
    ['2026-01-01', '2026-01-02'],
    ['2026-02-28', '2026-03-01'],
    ['2024-02-28', '2024-02-29'],
    ['2024-02-29', '2024-03-01'],
    ['2026-04-30', '2026-05-01'],
    ['2026-12-31', '2027-01-01'],
  ])('after %s comes %s, and back', (one, next) => {
    expect(dayAfter(day(one))).toBe(next)
    expect(dayBefore(day(next))).toBe(one)
  })

  test('nothing comes after the last day', () => {
    expect(dayAfter(day('9999-12-31'))).toBe('9999-12-31')
  })

  test('every day of four years has the day before it as the one it follows', () => {
    let on: Day = day('2023-12-31')
    let days = 0
    for (; on < '2028-01-01'; on = dayAfter(on), days++) expect(dayBefore(dayAfter(on))).toBe(on)
    // 1 + 366 + 365 + 365 + 365
    expect(days).toBe(1462)
  })
})

describe('age', () => {
  test('somebody is a year older on the birthday, not before', () => {
    expect(ageOn(day('1980-05-05'), day('2026-05-04'))).toBe(45)
    expect(ageOn(day('1980-05-05'), day('2026-05-05'))).toBe(46)
  })

  test('somebody born on 29 February turns older on 1 March', () => {
    expect(ageOn(day('2000-02-29'), day('2026-02-28'))).toBe(25)
    expect(ageOn(day('2000-02-29'), day('2026-03-01'))).toBe(26)
    expect(ageOn(day('2000-02-29'), day('2024-02-29'))).toBe(24)
  })
})

describe('days and months later', () => {
  test('so many days later is the day after, so many times', () => {
    expect(daysAfter(day('2026-02-27'), 0)).toBe('2026-02-27')
    expect(daysAfter(day('2026-02-27'), 2)).toBe('2026-03-01')
    expect(daysAfter(day('2026-01-01'), 365)).toBe('2027-01-01')
  })

  test.each([
    ['2026-03-02', 6, '2026-09-02'],
    ['2026-03-02', 0, '2026-03-02'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-05-31', 25, '2028-06-30'],
    ['9999-12-01', 1, '9999-12-31'],
  ])('%s and %i months is %s', (on, months, later) => {
    expect(monthsAfter(day(on), months)).toBe(later)
  })
})

test('spans overlap where they have a day in common', () => {
  const span = (from: string, until?: string) => ({
    from: day(from),
    until: until === undefined ? undefined : day(until),
  })
  const march = span('2026-03-01', '2026-03-31')
  expect(overlap(march, span('2026-03-31'))).toBe(true)
  expect(overlap(march, span('2026-04-01'))).toBe(false)
  expect(overlap(span('2026-04-01'), march)).toBe(false)
  expect(overlap(march, span('2026-01-01', '2026-03-01'))).toBe(true)
  expect(overlap(march, span('2026-01-01', '2026-02-28'))).toBe(false)
  expect(overlap(span('2020-01-01'), span('2026-01-01'))).toBe(true)
})
