import { describe, expect, test } from 'vitest'
import { isRefusal } from '../../engine/refusal.ts'
import { type CompiledRule, findRule } from '../../engine/rulebook.ts'
import type { Case } from '../../engine/case.ts'
import type { Layer, Rule } from '../../engine/pack.ts'
import {
  amounts,
  cap,
  complaints,
  day,
  deductible,
  layer,
  messages,
  overlay,
  pays,
  region,
  rule,
  rulebooks,
  scheme,
  tiers,
} from './support/packs.ts'
import { yuan } from './support/world.ts'

const told = (layers: readonly Layer[], more: Partial<Rule> = {}): string[] =>
  messages({ schemes: [scheme([rule(layers, more)])] })

describe('layers', () => {
  test('only a base of in-scope amounts can be limited to some lines', () => {
    const base = 'only a base of inScope can be limited to some lines'
    expect(told([layer('a', pays('1'), { lines: { kind: ['x'] }, base: ['copay'] })])).toEqual([
      base,
    ])
    expect(
      told([layer('a', pays('1'), { lines: { kind: ['x'] }, base: ['inScope', 'copay'] })]),
    ).toEqual([base])
  })

  test('every segment but the last needs a boundary', () => {
    const say = 'every segment but the last needs upTo, and the last has none'
    expect(
      told([
        layer(
          'a',
          tiers('zero', [
            [undefined, '1'],
            [undefined, '1'],
          ]),
        ),
      ]),
    ).toEqual([say])
    expect(told([layer('a', tiers('zero', [['1.00', '1']]))])).toEqual([say])
  })

  test('segments over a year and caps over a period need an accumulator', () => {
    expect(told([layer('a', tiers('zero', [[undefined, '1']], { over: 'year' }))])).toEqual([
      'segments over a year need an accumulator of the base',
    ])
    expect(
      told([
        layer('a', pays('1'), {
          caps: [{ per: 'month', amount: amounts('1.00'), counts: 'paid', source: 'law' }],
        }),
      ]),
    ).toEqual(['a cap per month needs an accumulator'])
  })

  test('a parameter must be one of the region’s, and must begin with the pack', () => {
    expect(told([layer('a', pays('1'), { deductible: deductible('visit', '6 × wage') })])).toEqual([
      'the region has no parameter "wage"',
    ])
    const wage = [{ from: day('2021-01-01'), fen: yuan('1.00'), source: 'law' }]
    expect(
      messages({
        regions: [region('510100', { parameters: { wage } })],
        schemes: [scheme([rule([])])],
      }),
    ).toEqual(['parameter wage of the region starts only on 2021-01-01'])
    expect(
      messages({
        regions: [region('510100', { parameters: { wage: [] } })],
        schemes: [scheme([rule([])])],
      }),
    ).toEqual([])
  })

  test('a parameter asked for a day before its first value is a bug', () => {
    const book = rulebooks({ schemes: [scheme([rule([])])] }).of('510100')
    expect(() => book?.parametersOn(day('2026-01-01'))('wage')).toThrow(
      'parameter wage of 510100 has no value on 2026-01-01',
    )
  })

  test('complaints of an overlay name its file', () => {
    const found = complaints({
      schemes: [scheme([rule([])])],
      overlays: [overlay([layer('a', pays([[{ group: ['working'] }, '1']]))])],
    })
    expect(found).toMatchObject([{ file: 'overlay.yaml', message: 'no row fits: group retired' }])
  })
})

describe('spans', () => {
  const rules = (...some: readonly Partial<Rule>[]): string[] =>
    messages({ schemes: [scheme(some.map((more, i) => rule([], { id: `r${i + 1}`, ...more })))] })

  test('a day without a rule within the period is told', () => {
    expect(rules({ until: day('2025-12-31') })).toEqual([
      "inpatient from 2026-01-01: no rule in force, though the pack's period runs to 2027-12-31",
    ])
    expect(rules({ until: day('2023-12-31') }, { from: day('2024-01-02') })).toEqual([
      "inpatient from 2024-01-01: no rule in force, though the pack's period runs to 2027-12-31",
    ])
    expect(rules({ until: day('2023-12-31') }, { from: day('2024-01-01') })).toEqual([])
  })

  test('two rules for one day are told', () => {
    expect(rules({}, { from: day('2024-01-01') })).toEqual([
      'inpatient from 2024-01-01: r1 and r2 both apply',
    ])
  })

  test('a rule beyond the period is told', () => {
    expect(rules({ from: day('2019-01-01') })).toEqual([
      'r1 lies outside the period 2020-01-01 to 2027-12-31',
    ])
    expect(rules({ until: day('2028-01-01') })).toEqual([
      'r1 lies outside the period 2020-01-01 to 2027-12-31',
    ])
  })

  test('special rules stand apart, and a general one takes what they leave', () => {
    const m1: Partial<Rule> = { when: { disease: ['M1'] } }
    expect(rules(m1, {})).toEqual([])
    expect(rules(m1)).toContain('inpatient from 2020-01-01: no row fits: disease undefined')
    expect(rules(m1, { when: { disease: ['M1', 'M2'] } }, {})).toContain(
      'inpatient from 2020-01-01: rows 1 and 2 both fit: disease M1',
    )
  })

  test('each kind of care is covered by itself', () => {
    expect(rules({ care: ['outpatient', 'emergency'] }, { care: ['emergency'] })).toEqual([
      'emergency from 2020-01-01: r1 and r2 both apply',
    ])
  })
})

describe('sets of packs', () => {
  test('a scheme needs its region, each division and each scheme one file', () => {
    expect(messages({ schemes: [scheme([rule([])], { region: '999999' })] })).toEqual([
      'no region.yaml for 999999',
    ])
    expect(
      messages({ regions: [region(), region('510700', { divisions: ['510700', '510100'] })] }),
    ).toEqual(['510100 belongs to 510100/region.yaml already'])
    expect(messages({ schemes: [scheme([rule([])]), scheme([rule([])])] })).toEqual([
      'employee of 510100 stands in 510100/employee.yaml already',
    ])
  })

  test('one complaint is enough for nothing to be used', () => {
    expect(() => rulebooks({ schemes: [scheme([rule([])], { region: '999999' })] })).toThrow(
      'no region.yaml',
    )
  })
})

describe('finding a rule', () => {
  const of = (disease?: string): Case => ({ disease }) as Case
  const book = rulebooks({
    schemes: [
      scheme([
        rule([], { id: 'special', care: ['specialOutpatient'], when: { disease: ['M1'] } }),
        rule([], { id: 'general', care: ['specialOutpatient'] }),
        rule([], { id: 'until', until: day('2024-12-31') }),
        rule([], { id: 'after', from: day('2025-01-01') }),
      ]),
    ],
  }).of('510100')
  const find = (
    care: 'inpatient' | 'specialOutpatient' | 'delivery',
    on: string,
    disease?: string,
  ) => {
    if (!book) throw new Error('no book')
    const found: CompiledRule | { code: string } = findRule(book, {
      scheme: 'employee',
      care,
      on: day(on),
      of: of(disease),
    })
    return isRefusal(found) ? found.code : (found as CompiledRule).id
  }

  test('the special one comes first, else the general one', () => {
    expect(find('specialOutpatient', '2026-01-01', 'M1')).toBe('special')
    expect(find('specialOutpatient', '2026-01-01', 'M2')).toBe('general')
    expect(find('specialOutpatient', '2026-01-01')).toBe('general')
  })

  test('the day decides, and a day or a care without a rule is refused by name', () => {
    expect(find('inpatient', '2024-12-31')).toBe('until')
    expect(find('inpatient', '2025-01-01')).toBe('after')
    expect(find('inpatient', '2027-12-31')).toBe('after')
    expect(find('inpatient', '2028-01-01')).toBe('no-rule-for-day')
    expect(find('inpatient', '2019-12-31')).toBe('no-rule-for-day')
    expect(find('delivery', '2026-01-01')).toBe('no-rule-for-care')
  })

  test('a citation that was never listed is a bug', () => {
    const [compiled] = book?.rules ?? []
    expect(() => compiled?.cite('toString')).toThrow('source toString was checked at load')
    expect(compiled?.cite('law')).toMatchObject({ id: 'law', document: 'No. 1' })
    expect(book?.cite('nothing')).toBe('nothing')
  })

  test('several kinds of cap on one name are read each by its period', () => {
    const caps = [
      cap('month', '1.00'),
      cap('year', '1.00'),
      cap('visit', '1.00', { accumulator: 'pool' }),
    ]
    const read = rulebooks({ schemes: [scheme([rule([layer('pool', pays('1'), { caps })])])] })
      .of('510100')
      ?.readings('employee', 'pool')
    expect(read).toEqual([
      { per: 'year', by: undefined },
      { per: 'month', by: undefined },
    ])
  })
})

test('the directory knows regions without rules here, which are asked and not served', () => {
  const other = {
    division: '440100',
    name: '广州市',
    divisions: ['440100', '440103'],
    province: '440000',
  }
  const own = { ...other, division: '510100', divisions: ['510100', '440199'] }
  const books = rulebooks({ schemes: [scheme([rule([])])] })
  const at = books.directory(['510100'], [other, own])
  expect(at.regionOf('440103')).toEqual(other)
  expect([at.serves('440100'), at.serves('510100')]).toEqual([false, true])
  // Of a region that both know the rules decide.
  expect(at.regionOf('510100')).toEqual(books.of('510100')?.region)
  expect(books.directory(['510100']).regionOf('440103')).toBeUndefined()
})
