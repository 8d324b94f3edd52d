import { describe, expect, test } from 'vitest'
import { split } from '../../adapters/cli/split.ts'
import { noteOf } from '../../adapters/cli/statementNotes.ts'
import { columns, widthOf } from '../../adapters/cli/statementTable.ts'
import { fileOf, run } from './command.ts'

const claim = `
region: '510700'
day: 2026-03-02
person: {scheme: employee, group: working, age: 40}
institution: {level: tertiary}
care: inpatient
before: {admissions: 1}
account: {use: true, balance: '1000.00'}
lines:
  - {item: 床位, amount: '9000.00', class: 甲}
  - {item: 药, amount: '1000.00', class: 乙, firstSelfPayRate: '0.10'}
`

describe('jiesuan split', () => {
  test('the statement shows every step of the arithmetic with its citation', () => {
    const { code, out } = run(split, '--claim', fileOf(claim))
    expect(code).toBe(0)
    expect(out).toMatch(
      /standard 375\.00 \(750\.00 × 0\.5\) − used 0\.00 = 375\.00 left; taken 375\.00/,
    )
    expect(out).toMatch(/9525\.00 × 0\.84 = 8001\.00/)
    expect(out).toMatch(/pays +8001\.00/)
    expect(out).toMatch(/by .*绵.*\(grade C, confirmed \d{4}-\d{2}-\d{2}\)/)
    expect(out).toMatch(/person 个人负担 +1999\.00 {2}10000\.00 − 8001\.00/)
    expect(out).toMatch(/account 个人账户 +1000\.00 {2}balance after 0\.00/)
  })

  test('shares of invented layers are marked as no current policy', () => {
    const text = claim.replace('510700', '510100').replace('age: 40', 'age: 40, civilServant: true')
    const { out } = run(split, '--claim', fileOf(text))
    expect(out).toMatch(/civilServant +\d+\.\d\d {2}\[示例，非现行政策\]/)
  })

  test('--json prints one document with the amounts of the REST answer', () => {
    const { code, out } = run(split, '--claim', fileOf(claim), '--json')
    const answer = JSON.parse(out) as Record<string, unknown>
    expect(answer).toMatchObject({ total: '10000.00', fundTotal: '8001.00', cash: '999.00' })
    expect(answer['trace']).toMatchObject([{ layer: 'pool', paid: '8001.00' }, {}])
    expect(code).toBe(0)
  })

  test('JSON is read like YAML', () => {
    const json = JSON.stringify({
      region: '510700',
      day: '2026-03-02',
      care: 'inpatient',
      inScope: 1000.5,
    })
    expect(run(split, '--claim', fileOf(json)).out).toMatch(/total 医疗费总额 +1000\.50/)
  })

  test('a fixed amount is told, and only where there is one', () => {
    const prenatal = `
region: '510100'
day: 2026-03-02
person: {scheme: employee, group: working, age: 30, benefits: [maternity]}
care: maternityOutpatient
maternity: {kind: prenatal, registration: MR-1}
inScope: '350.00'
`
    const { out } = run(split, '--claim', fileOf(prenatal))
    expect(out).toMatch(/fixed +300\.00, at most the base/)
    const { trace } = JSON.parse(run(split, '--claim', fileOf(prenatal), '--json').out) as {
      trace: object[]
    }
    expect(trace[0]).toMatchObject({ fixed: { amount: '300.00', usedBefore: '0.00' }, rates: [] })
    const taken = run(split, '--claim', fileOf(claim.replace(/lines:[^]*/, "inScope: '100.00'\n")))
    expect(taken.out).toMatch(/taken 100\.00/)
    expect(taken.out).not.toMatch(/定额/)
  })

  test('a refused claim ends with 1 and names the refusal, its sentences and its facts', () => {
    const { code, out } = run(split, '--claim', fileOf(claim.replace('day: 2026', 'day: 2036')))
    expect(out.split('\n').slice(0, 3)).toEqual([
      'refused: no-rule-for-day',
      '  Region 510700 has no rule for employee, inpatient, on 2036-03-02.',
      '  统筹区 510700 在 2036-03-02 没有 职工基本医疗保险 住院 的政策规则。',
    ])
    expect(out).toContain('\n  region: 510700')
    expect(code).toBe(1)
  })

  test('warnings are told in words, in both languages', () => {
    const text = claim.replace('510700', '510100').replace('age: 40', 'age: 40, civilServant: true')
    const { out } = run(split, '--claim', fileOf(text))
    const notes = out.split('\n').filter((line) => line.includes('note'))
    expect(notes.length).toBeGreaterThan(0)
    for (const note of notes)
      expect(note).toMatch(/^ {2}note 提示: [a-z][^·]* · \p{Script=Han}[^(]*( \(.*\))?$/u)
    expect(noteOf({ code: 'photo-due', facts: {} })).toBe(
      'note 提示: the card has no photo, which is due from the age of seven · 社保卡无照片，年满七周岁应补录',
    )
    expect(noteOf({ code: 'same-bill-settled', facts: { settlements: ['A', 'B'] } })).toMatch(
      /^note 提示: .* · .*  \(settlements A, B\)$/,
    )
  })

  test('a sequence of visits prints a statement for each', () => {
    const visits =
      claim.replace(/lines:[^]*/, '') +
      'visits:\n  - {inScope: 1000, expect: {total: 1000}}\n  - {inScope: 2000, expect: {total: 2000}}\n'
    expect(run(split, '--claim', fileOf(visits)).out.match(/Result/g)).toHaveLength(2)
  })

  test.each([
    ['no claim', [], /^jiesuan split: give a claim with --claim FILE\n\njiesuan split \[/],
    ['an argument too many', ['--claim', 'a.yaml', 'b'], /^jiesuan split: unexpected argument 'b'/],
    ['an option without its value', ['--claim'], /^jiesuan split: option '--claim .*missing\n/],
    ['a claim that is not there', ['--claim', '/nowhere.yaml'], /cannot be read/],
    ['an unknown field', ['--claim', fileOf(`${claim}ward: 3\n`)], /unknown field "ward"/],
    [
      'no region with rules',
      ['--claim', fileOf(claim.replace('510700', '990000'))],
      /expected a region with rules/,
    ],
  ])('%s ends with 2', (_, args, says) => {
    const { code, error } = run(split, ...args)
    expect(error).toMatch(says)
    expect(code).toBe(2)
  })
})

describe('columns', () => {
  test('a Chinese letter is two columns wide', () => {
    expect(widthOf('统筹 pool')).toBe(9)
    expect(widthOf('（）')).toBe(4)
  })

  test('columns line up whatever the letters', () => {
    const lines = columns(
      [
        ['统筹', '1.00'],
        ['pool', '20.00'],
        ['a', '3.00'],
      ],
      ['left', 'right'],
    )
    expect(lines).toEqual(['统筹   1.00', 'pool  20.00', 'a      3.00'])
  })
})
