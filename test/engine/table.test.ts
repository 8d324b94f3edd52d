import { describe, expect, test } from 'vitest'
import type { Case } from '../../engine/case.ts'
import type { Layer, Rule, When } from '../../engine/pack.ts'
import {
  complaints,
  layer,
  messages,
  pays,
  rates,
  rule,
  rulebooks,
  scheme,
} from './support/packs.ts'

const told = (layers: readonly Layer[], more: Partial<Rule> = {}): string[] =>
  messages({ schemes: [scheme([rule(layers, more)])] })

const ofRates = (...rows: readonly (readonly [When, string])[]): string[] =>
  told([layer('pool', pays(rows))])

describe('tables', () => {
  test('a gap is told with the case that falls into it', () => {
    expect(ofRates([{ group: ['working'] }, '0.8'])).toEqual(['no row fits: group retired'])
    expect(
      ofRates(
        [{ level: ['tertiary', 'secondary'], group: ['working'] }, '0.8'],
        [{ group: ['retired'] }, '0.9'],
      ),
    ).toEqual(['no row fits: level community, group working'])
  })

  test('an overlap is told with the rows and the case, at the later row', () => {
    const found = complaints({
      schemes: [
        scheme([
          rule([
            layer(
              'pool',
              pays([
                [{ age: { below: 60 } }, '0.8'],
                [{ age: { from: 59 } }, '0.9'],
              ]),
            ),
          ]),
        ]),
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
    const rows = (...some: readonly (readonly [When, string])[]) =>
      told([layer('a', pays(some))], { care })
    expect(rows([{ care: ['inpatient'] }, '1'])).toEqual(['no row fits: care daySurgery'])
    expect(rows([{ care: ['inpatient'] }, '1'], [{ care: ['daySurgery'] }, '1'])).toEqual([])
  })

  test('somebody may have several identities at once', () => {
    expect(ofRates([{ identity: ['poor'] }, '0.9'], [{ identity: ['disabled'] }, '0.8'])).toEqual([
      'no row fits: identities none',
    ])
    expect(
      told([
        layer('pool', {
          kind: 'rate',
          rate: rates(
            [
              [{ identity: ['poor'] }, '0.9'],
              [{ identity: ['disabled'] }, '0.8'],
              [{}, '0.5'],
            ],
            'first',
          ),
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
            rule([layer('pool', pays([[{ disease: ['M1'] }, '0.8']]))], {
              when: { disease: ['M1'] },
              id: 'one',
            }),
            rule([layer('pool', pays('0.5'))]),
          ]),
        ],
      }),
    ).toEqual([])
  })

  test('a condition around a table on where care is given is seen whole', () => {
    const away: When = { place: ['inProvince', 'crossProvince'] }
    expect(
      told([
        layer(
          'pool',
          pays([
            [{ filed: true }, '0.8'],
            [{ filed: false }, '0.5'],
          ]),
          { when: away },
        ),
      ]),
    ).toEqual([])
  })

  test('a table that no case can reach is not complained of', () => {
    const never = layer('pool', pays([[{ group: ['retired'] }, '0.8']]), {
      when: { group: ['child'] },
    })
    expect(told([never])).toEqual([])
  })

  test('groups that a scheme does not have need no row', () => {
    const rows = [
      [{ group: ['adult', 'elder'] }, '0.8'],
      [{ group: ['child', 'student'] }, '0.9'],
    ] as const
    const build = (name: 'resident' | 'employee') =>
      messages({
        schemes: [scheme([rule([layer('pool', pays(rows))])], { scheme: name })],
      })
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
        scheme([
          rule([
            layer(
              'pool',
              pays([
                [{ group: ['working'] }, '0.8'],
                [{ group: ['retired'] }, '0.9'],
              ]),
            ),
          ]),
        ]),
      ],
    })
    const [compiled] = books.of('510100')?.rules ?? []
    const rateOf = compiled?.layers[0]?.payment.segments[0]?.rate
    expect(() => rateOf?.({ group: 'child' } as Case)).toThrow('proved complete at load')
  })
})
