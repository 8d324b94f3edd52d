import { describe, expect, test } from 'vitest'
import { isRefusal } from '../../engine/refusal.ts'
import { type CompiledRule, findRule } from '../../engine/rulebook.ts'
import type { Case } from '../../engine/case.ts'
import type { Layer, Rule, When } from '../../engine/pack.ts'
import {
  amounts,
  cap,
  complaints,
  day,
  deductible,
  item,
  layer,
  messages,
  overlay,
  pays,
  rates,
  region,
  rule,
  rulebooks,
  scheme,
  sources,
  tiers,
} from './support/packs.ts'
import { yuan } from './support/world.ts'

const told = (layers: readonly Layer[], more: Partial<Rule> = {}): string[] =>
  messages({ schemes: [scheme([rule(layers, more)])] })
const ofRates = (...rows: readonly (readonly [When, string])[]): string[] =>
  told([layer('pool', pays(rows))])

describe('tables', () => {
  test('a gap is told with the case that falls into it', () => {
    expect(ofRates([{ group: ['working'] }, '0.8'])).toEqual(['no row fits: group retired'])
    expect(
      ofRates([{ level: ['tertiary', 'secondary'], group: ['working'] }, '0.8'], [{ group: ['retired'] }, '0.9']),
    ).toEqual(['no row fits: level community, group working'])
  })

  test('an overlap is told with the rows and the case, at the later row', () => {
    const found = complaints({
      schemes: [
        scheme([rule([layer('pool', pays([[{ age: { below: 60 } }, '0.8'], [{ age: { from: 59 } }, '0.9']]))])]),
      ],
    })
    expect(found).toEqual([
      {
        file: '510100/employee.yaml',
        path: ['table', 1],
        message: 'rows 1 and 2 both fit: age 59',
      },
    ])
  })

  test('bands that meet without touching are complete', () => {
    expect(ofRates([{ age: { below: 60 } }, '0.8'], [{ age: { from: 60 } }, '0.9'])).toEqual([])
    expect(ofRates([{ age: { below: 60 } }, '0.8'], [{ age: { from: 61 } }, '0.9'])).toEqual([
      'no row fits: age 60',
    ])
  })

  test('where the first row is taken, overlaps are fine, gaps and dead rows are not', () => {
    const first = (...rows: readonly (readonly [When, string])[]): string[] =>
      told([layer('pool', { kind: 'rate', rate: rates(rows, 'first') })])
    expect(first([{ age: { from: 60 } }, '0.9'], [{}, '0.8'])).toEqual([])
    expect(first([{ age: { from: 60 } }, '0.9'])).toEqual(['no row fits: age 0'])
    expect(first([{}, '0.8'], [{ age: { from: 60 } }, '0.9'])).toEqual(['row 2 can never apply'])
  })

  test('a row that never fits is told', () => {
    expect(ofRates([{}, '0.8'], [{ group: ['child'] }, '0.9'])).toEqual(['row 2 can never apply'])
    expect(ofRates([{ age: { below: 0 } }, '0.8'], [{ age: { from: 0 } }, '0.9'])).toEqual([
      'row 1 can never apply',
    ])
  })

  test.each<[When, string]>([
    [{ level: ['tertiary'] }, 'level community'],
    [{ institution: ['H1'] }, 'institution another'],
    [{ institutionType: ['pharmacy'] }, 'institutionType another'],
    [{ premiumTier: ['high'] }, 'premiumTier undefined'],
    [{ disease: ['M1'] }, 'disease undefined'],
    [{ maternityKind: ['natural'] }, 'maternityKind undefined'],
    [{ identity: ['minimum-living'] }, 'identities none'],
    [{ benefit: ['pension'] }, 'benefits none'],
    [{ contributionMonths: { from: 12 } }, 'contributionMonths 0'],
    [{ admission: { from: 2 } }, 'admission 1'],
    [{ fetuses: { from: 2 } }, 'fetuses 1'],
    [{ civilServant: true }, 'civilServant false'],
    [{ emergency: true }, 'emergency false'],
    [{ prescription: true }, 'prescription false'],
    [{ continued: true }, 'continued false'],
    [{ place: ['local'] }, 'place inProvince, reason long-term, filed true'],
    [{ reason: ['none'] }, 'place inProvince, reason long-term, filed true'],
    [{ filed: true }, 'place local, reason none, filed false'],
  ])('a condition on %j leaves a gap at "%s"', (when, gap) => {
    expect(ofRates([when, '0.8'])).toEqual([`no row fits: ${gap}`])
  })

  test('the kinds of care of a rule are those it is for', () => {
    const care = ['inpatient', 'daySurgery'] as const
    const rows = (...some: readonly (readonly [When, string])[]) => told([layer('a', pays(some))], { care })
    expect(rows([{ care: ['inpatient'] }, '1'])).toEqual(['no row fits: care daySurgery'])
    expect(rows([{ care: ['inpatient'] }, '1'], [{ care: ['daySurgery'] }, '1'])).toEqual([])
  })

  test('somebody may have several identities at once', () => {
    expect(
      ofRates([{ identity: ['poor'] }, '0.9'], [{ identity: ['disabled'] }, '0.8']),
    ).toEqual(['no row fits: identities none'])
    expect(
      told([
        layer('pool', {
          kind: 'rate',
          rate: rates([[{ identity: ['poor'] }, '0.9'], [{ identity: ['disabled'] }, '0.8'], [{}, '0.5']], 'first'),
        }),
      ]),
    ).toEqual([])
    expect(
      ofRates([{ identity: ['poor'] }, '0.9'], [{ identity: ['disabled'] }, '0.8'], [{}, '0.5']),
    ).toEqual(['rows 1 and 3 both fit: identities poor'])
  })

  test('with many identities each is tried alone', () => {
    const five = ['a', 'b', 'c', 'd', 'e']
    expect(ofRates([{ identity: five }, '0.9'])).toEqual(['no row fits: identities none'])
  })

  test('a table stands within the conditions of its layer and its rule', () => {
    const when: When = { civilServant: true }
    expect(told([layer('pool', pays([[when, '0.8']]), { when })])).toEqual([])
    expect(
      messages({
        schemes: [
          scheme([
            rule([layer('pool', pays([[{ disease: ['M1'] }, '0.8']]))], { when: { disease: ['M1'] }, id: 'one' }),
            rule([layer('pool', pays('0.5'))]),
          ]),
        ],
      }),
    ).toEqual([])
  })

  test('a condition around a table on where care is given is seen whole', () => {
    const away: When = { place: ['inProvince', 'crossProvince'] }
    expect(
      told([layer('pool', pays([[{ filed: true }, '0.8'], [{ filed: false }, '0.5']]), { when: away })]),
    ).toEqual([])
  })

  test('a table that no case can reach is not complained of', () => {
    const never = layer('pool', pays([[{ group: ['retired'] }, '0.8']]), { when: { group: ['child'] } })
    expect(told([never])).toEqual([])
  })

  test('groups that a scheme does not have need no row', () => {
    const rows = [[{ group: ['adult', 'elder'] }, '0.8'], [{ group: ['child', 'student'] }, '0.9']] as const
    const build = (name: 'resident' | 'employee') =>
      messages({ schemes: [scheme([rule([layer('pool', pays(rows as never))])], { scheme: name })] })
    expect(build('resident')).toEqual([])
    expect(build('employee')).toEqual(['no row fits: group working'])
  })

  test('a table of more cases than can be tried is refused', () => {
    const wide: When = {
      age: { from: 1 },
      contributionMonths: { from: 1 },
      admission: { from: 2 },
      fetuses: { from: 2 },
      level: ['tertiary'],
      reason: ['other'],
      identity: ['a', 'b', 'c', 'd'],
      benefit: ['e', 'f', 'g'],
    }
    expect(ofRates([wide, '0.8'], [{}, '0.5'])).toEqual([
      'too many cases to prove that exactly one row fits; use fewer keys',
    ])
  })

  test('a table whose proof was wrong is a bug, not a guess', () => {
    const books = rulebooks({
      schemes: [
        scheme([rule([layer('pool', pays([[{ group: ['working'] }, '0.8'], [{ group: ['retired'] }, '0.9']]))])]),
      ],
    })
    const [compiled] = books.of('510100')?.rules ?? []
    const rateOf = compiled?.layers[0]?.payment.segments[0]?.rate
    expect(() => rateOf?.({ group: 'child' } as Case)).toThrow('proved complete at load')
  })
})

describe('layers', () => {
  test('only a base of in-scope amounts can be limited to some lines', () => {
    const base = 'only a base of inScope can be limited to some lines'
    expect(told([layer('a', pays('1'), { lines: { kind: ['x'] }, base: ['copay'] })])).toEqual([base])
    expect(told([layer('a', pays('1'), { lines: { kind: ['x'] }, base: ['inScope', 'copay'] })])).toEqual([base])
  })

  test('every segment but the last needs a boundary', () => {
    const say = 'every segment but the last needs upTo, and the last has none'
    expect(told([layer('a', tiers('zero', [[undefined, '1'], [undefined, '1']]))])).toEqual([say])
    expect(told([layer('a', tiers('zero', [['1.00', '1']]))])).toEqual([say])
  })

  test('segments over a year and caps over a period need an accumulator', () => {
    expect(told([layer('a', tiers('zero', [[undefined, '1']], { over: 'year' }))])).toEqual([
      'segments over a year need an accumulator of the base',
    ])
    expect(
      told([layer('a', pays('1'), { caps: [{ per: 'month', amount: amounts('1.00'), counts: 'paid', source: 'law' }] })]),
    ).toEqual(['a cap per month needs an accumulator'])
  })

  test('a parameter must be one of the region’s, and must begin with the pack', () => {
    expect(told([layer('a', pays('1'), { deductible: deductible('visit', '6 × wage') })])).toEqual([
      'the region has no parameter "wage"',
    ])
    const wage = [{ from: day('2021-01-01'), fen: yuan('1.00'), source: 'law' }]
    expect(
      messages({ regions: [region('510100', { parameters: { wage } })], schemes: [scheme([rule([])])] }),
    ).toEqual(['parameter wage of the region starts only on 2021-01-01'])
    expect(
      messages({ regions: [region('510100', { parameters: { wage: [] } })], schemes: [scheme([rule([])])] }),
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
    expect(messages({ regions: [region(), region('510700', { divisions: ['510700', '510100'] })] })).toEqual([
      '510100 belongs to 510100/region.yaml already',
    ])
    expect(messages({ schemes: [scheme([rule([])]), scheme([rule([])])] })).toEqual([
      'employee of 510100 stands in 510100/employee.yaml already',
    ])
  })

  test('one complaint is enough for nothing to be used', () => {
    expect(() => rulebooks({ schemes: [scheme([rule([])], { region: '999999' })] })).toThrow('no region.yaml')
  })
})

describe('catalogues', () => {
  const books = (entries: readonly (readonly [string, readonly ReturnType<typeof item>[]])[]) => ({
    catalogues: entries.map(([division, items], i) => ({
      file: `c${i}.yaml`,
      regions: [division],
      items,
      sources,
    })),
  })
  const find = (entries: Parameters<typeof books>[0], code: string, on: string) =>
    rulebooks(books(entries)).of('510100')?.item(code, day(on))?.name

  test('the region’s own entry comes before its province’s, on the days it holds', () => {
    const entries = [
      ['510100', [item('X', { name: 'own', from: day('2026-07-01'), until: day('2026-12-31') })]],
      ['510000', [item('X', { name: 'provincial' })]],
    ] as const
    expect(find(entries, 'X', '2026-06-30')).toBe('provincial')
    expect(find(entries, 'X', '2026-07-01')).toBe('own')
    expect(find(entries, 'X', '2027-01-01')).toBe('provincial')
    expect(find(entries, 'Y', '2026-07-01')).toBeUndefined()
    expect(find(entries, 'X', '2019-12-31')).toBeUndefined()
    expect(find(entries, 'constructor', '2026-07-01')).toBeUndefined()
  })

  test('an entry without an end lasts until the next begins', () => {
    const entries = [
      ['510100', [item('X', { name: 'new', from: day('2026-01-01') }), item('X', { name: 'old' })]],
    ] as const
    expect(find(entries, 'X', '2025-12-31')).toBe('old')
    expect(find(entries, 'X', '2026-01-01')).toBe('new')
    expect(messages(books(entries))).toEqual([])
  })

  test('two entries on one day are told, also of two files', () => {
    const until = day('2026-01-01')
    const twice = [item('X', { until }), item('X', { from: until })]
    expect(messages(books([['510100', twice]]))).toEqual(['X has two entries on 2026-01-01'])
    expect(messages(books([['510100', [item('X')]], ['510100', [item('X')]]]))).toEqual([
      'X has two entries on 2020-01-01',
    ])
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
  const find = (care: 'inpatient' | 'specialOutpatient' | 'delivery', on: string, disease?: string) => {
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
    const caps = [cap('month', '1.00'), cap('year', '1.00'), cap('visit', '1.00', { accumulator: 'pool' })]
    const read = rulebooks({ schemes: [scheme([rule([layer('pool', pays('1'), { caps })])])] })
      .of('510100')
      ?.readings('employee', 'pool')
    expect(read).toEqual([{ per: 'year', by: undefined }, { per: 'month', by: undefined }])
  })
})
