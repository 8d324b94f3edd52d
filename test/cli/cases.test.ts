import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { cases } from '../../adapters/cli/cases.ts'
import { fileOf, run } from './command.ts'

const vocabulary = fileURLToPath(new URL('vocabulary.yaml', import.meta.url))

const second = `
- name: second admission
  region: '510700'
  day: 2026-03-02
  person: {scheme: employee, group: working, age: 40}
  institution: {level: tertiary}
  care: inpatient
  before: {admissions: 1, deductible: '750.00', pool: '0.00'}
  lines: [{amount: '10000.00', class: 甲}]
  expect: {deductible: '375.00', pool: '8085.00', fundTotal: '8085.00', personTotal: '1915.00'}
`

describe('jiesuan cases', () => {
  test('the case of the contract passes', () => {
    expect(run(cases, fileOf(second))).toEqual({ code: 0, out: '1 passed, 0 failed', error: '' })
  })

  test('every word that a case may use has its effect', () => {
    const { code, out } = run(cases, vocabulary)
    expect(out).toMatch(/^\d+ passed, 0 failed$/)
    expect(code).toBe(0)
  })

  test('without a file every case of the rules is run', () => {
    const { code, out } = run(cases)
    expect(Number(/^(\d+) passed, 0 failed$/.exec(out)?.[1])).toBeGreaterThan(25)
    expect(code).toBe(0)
  })

  test('each field that differs is told with both amounts and the place of the case', () => {
    const wrong = second
      .replace("'8085.00', fundTotal", "'8085.01', fundTotal")
      .replace('375', '350')
    const { code, out } = run(cases, fileOf(wrong))
    const [head, ...lines] = out.split('\n')
    expect(head).toMatch(/^FAILED {2}second admission {2}\(.*case-\d+\.yaml:2\)$/)
    expect(lines).toEqual([
      '        deductible  expected  350.00  actual 375.00',
      '        pool        expected 8085.01  actual 8085.00',
      '0 passed, 1 failed',
    ])
    expect(code).toBe(1)
  })

  test('a refusal where an amount was expected is a difference that names the refusal', () => {
    const { code, out } = run(cases, fileOf(second.replace('day: 2026', 'day: 2036')))
    expect(out).toMatch(/refused {2}expected settled {2}actual no-rule-for-day/)
    expect(code).toBe(1)
  })

  test('an amount where a refusal was expected is a difference', () => {
    const text = second.replace(/expect: .*/, 'expect: {refused: not-insured}')
    expect(run(cases, fileOf(text)).out).toMatch(/expected not-insured {2}actual settled/)
  })

  test.each([
    [
      'an unknown field',
      second.replace('care: inpatient', 'care: inpatient\n  ward: 3'),
      /:8:3: found the unknown field "ward"/,
    ],
    [
      'an unknown field of the person',
      second.replace('age: 40', 'years: 40'),
      /unknown field "years"/,
    ],
    [
      'an unknown amount',
      second.replace('pool:', 'poool:').replace("'0.00'", "'5.00'"),
      /no accumulator "poool"/,
    ],
    [
      'an unknown fund',
      second.replace("pool: '8085.00', fund", "pol: '8085.00', fund"),
      /found "pol", expected an amount of the settlement or a fund/,
    ],
    ['an unknown refusal', second.replace(/expect: .*/, 'expect: {refused: bad}'), /found "bad"/],
    ['nothing expected', second.replace(/expect: .*/, 'expect: {}'), /compares nothing/],
    ['no expectation', second.replace(/expect: .*/, ''), /give either expect, or visits/],
    ['a region without rules', second.replace('510700', '990000'), /expected a region with rules/],
    ['no bill', second.replace(/lines: .*/, ''), /give either lines or inScope/],
    ['a line that is nothing', second.replace("amount: '10000.00', ", ''), /give amount, or price/],
    ['no day', second.replace(/day: .*/, ''), /"day" is missing/],
    [
      'an inline rule that leaves a gap',
      second.replace(
        'lines:',
        'rule: [{payer: pool, pays: {rate: [{level: tertiary, is: 0.8}]}}]\n  lines:',
      ),
      /no row fits/,
    ],
  ])('a file with %s runs nothing and ends with 2', (_, text, says) => {
    const { code, out, error } = run(cases, fileOf(text))
    expect(error).toMatch(says)
    expect(out).toBe('')
    expect(code).toBe(2)
  })

  test('a file that is not there ends with 2', () => {
    expect(run(cases, '/nowhere.yaml')).toMatchObject({ code: 2 })
  })

  test('rules that cannot be read end with 2', () => {
    expect(run(cases, '--rules', '/nowhere', fileOf(second))).toMatchObject({ code: 2 })
  })

  test('an unknown option ends with 2, its name and the usage', () => {
    const { code, error } = run(cases, '--rulez', 'rules')
    expect(error).toMatch(/^jiesuan cases: unknown option '--rulez'\n\njiesuan cases \[/)
    expect(code).toBe(2)
  })

  test('problems are counted as one counts', () => {
    const one = run(cases, fileOf(second.replace('care: inpatient', 'care: inpatient\n  ward: 3')))
    expect(one.error).toMatch(/\n1 problem; no case was run$/)
    expect(run(cases, '/nowhere.yaml', '/none.yaml').error).toMatch(
      /\n2 problems; no case was run$/,
    )
  })

  test('a tab is told once, whatever the parser makes of the rest', () => {
    const tabs = second.replaceAll(/^  /gm, '\t')
    expect(run(cases, fileOf(tabs)).error).toMatch(
      /^[^\n]*:3:1: not usable YAML: Tabs [^\n]* spaces instead\n1 problem; no case was run$/,
    )
    const inBrackets = second.replace('[{amount', '[\n\t{amount')
    expect(run(cases, fileOf(inBrackets)).error).toMatch(/^[^\n]*: Tabs [^\n]*\n1 problem;/)
  })
})
