import { good, overlay, scheme } from './goodPacks.ts'
import { poisonedAreas, poisonedFilings } from './poisonedPlaces.ts'
import { type Poison, spoil } from './spoil.ts'

const employee = '990100-test/employee.yaml'

const inScheme = (name: string, from: string, to: string, says: RegExp, line?: number): Poison =>
  spoil(name, [employee, from, to], says, line)

const instead = (name: string, text: string, says: RegExp, line = 1): Poison => ({
  name,
  files: { ...good, [employee]: text },
  file: employee,
  line,
  says,
})

const rule = scheme.slice(scheme.indexOf('  - id: inpatient'))
const layer = rule.slice(rule.indexOf('      - id: pool'))
const billion = Array.from({ length: 9 }, (_, i) =>
  i === 0
    ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
    : `a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`,
).join('\n')

export const poisons: readonly Poison[] = [
  // Payers that nobody pays from.
  inScheme('a slip in a fund', 'payer: pool', 'payer: pooll', /"pooll".*did you mean pool\?/),
  inScheme('a fund nobody declares', 'payer: pool', 'payer: villageFund', /expected one of pool,/),

  // What is not YAML, or more than YAML.
  instead('an unclosed list', 'rules: [1, 2', /not usable YAML/),
  instead('a tab for indentation', 'rules:\n\t- x', /Tabs/, 2),
  instead(
    'two documents',
    `${scheme}---\n${scheme}`,
    /multiple documents/,
    scheme.split('\n').length,
  ),
  instead('nothing', '', /the file is empty/),
  instead('nothing but a remark', '# rules', /the file is empty/),
  instead('a list in place of fields', '- a\n- b', /found a list/),
  instead('a text in place of fields', 'hello', /found "hello"/),
  instead('billion laughs', billion, /more than 50000 values/, 5),
  instead('an alias of itself', 'rules: &a [*a]', /nested more than/),
  instead('brackets without end', `rules: ${'['.repeat(200_000)}`, /nested too deeply/),
  instead('lists in lists without end', '- '.repeat(100_000), /call stack|nested/),
  instead('a million layers', `rules: [${'{},'.repeat(1_000_000)}]`, /bytes, expected at most/),
  instead('80,000 layers', `rules: [${'{},'.repeat(80_000)}]`, /more than 50000 values/),
  instead(
    '40,000 fields',
    Array.from({ length: 20_000 }, (_, i) => `a${i}: x`).join('\n'),
    /more than 500 fields/,
  ),
  instead('a text without end', `region: '${'9'.repeat(200_000)}'`, /a text of 200000 characters/),
  instead('a tag', 'region: !!js/function "x"', /Unresolved tag/),
  instead('a key that is a list', '? [a]\n: b', /keys must be strings/),
  instead(
    'the prototype as a field',
    `${scheme}__proto__: {x: y}\n`,
    /unknown field "__proto__"/,
    scheme.split('\n').length,
  ),
  inScheme(
    'a field given twice',
    'scheme: employee',
    'scheme: employee\nscheme: resident',
    /given twice/,
    3,
  ),
  inScheme('a field without a value', 'payer: pool', 'payer:', /a value is missing/),
  inScheme('a comma that ends a name', 'en: Pool}', 'en: Pool, inpatient}', /a value is missing/),

  // Values that are not what they should be.
  inScheme(
    'an unknown field',
    'payer: pool',
    'payer: pool\n        payee: nobody',
    /unknown field "payee"/,
    18,
  ),
  inScheme('a missing field', '        payer: pool\n', '', /"payer" is missing/, 15),
  inScheme('a rate of 1.2', 'rate: 0.8}', 'rate: 1.2}', /found "1.2", expected .*rate from 0 to 1/),
  inScheme('a negative rate', 'rate: 0.8}', 'rate: -0.1}', /found "-0.1"/),
  inScheme('a rate that is no number', 'rate: 0.8}', 'rate: .nan}', /found ".nan"/),
  inScheme('a rate with an exponent', 'rate: 0.8}', 'rate: 8e-1}', /found "8e-1"/),
  inScheme('an infinite amount', 'is: 800}', 'is: .inf}', /found ".inf"/),
  inScheme('a hexadecimal amount', 'is: 800}', 'is: 0x10}', /found "0x10"/),
  inScheme('a negative amount', 'is: 800}', 'is: -800}', /found "-800"/),
  inScheme('a tenth of a fen', 'is: 800}', 'is: 800.001}', /found "800.001"/),
  inScheme('full-width digits', 'is: 800}', 'is: ８００}', /found "８００"/),
  inScheme(
    'a day that is none',
    'from: 2025-01-01\n',
    'from: 2025-02-30\n',
    /found "2025-02-30", expected a day/,
  ),
  inScheme(
    'a level that is none',
    'level: tertiary',
    'level: teriary',
    /found "teriary", expected .*tertiary/,
  ),
  inScheme(
    'a regular expression as a kind',
    'payer: pool',
    "payer: '^(([a-z])+.)+[A-Z]([a-z])+$'",
    /expected a word/,
  ),
  inScheme(
    'a regular expression that is long',
    'payer: pool',
    `payer: '${'a'.repeat(3000)}!'`,
    /expected a word/,
  ),
  inScheme('an unknown scheme', 'scheme: employee', 'scheme: everybody', /found "everybody"/),
  inScheme(
    'two ways to pay',
    'pays:\n',
    'pays:\n          rate: 0.5\n',
    /exactly one of rate, tiers and fixed/,
    22,
  ),
  inScheme(
    'no way to pay',
    rule.slice(rule.indexOf('        pays:'), rule.indexOf('        caps')),
    '        pays: {}\n',
    /exactly one/,
  ),
  inScheme(
    'too many layers',
    layer,
    Array.from({ length: 61 }, (_, i) => layer.replace('id: pool', `id: p${i}`)).join(''),
    /found a list of 61/,
  ),

  // Words that point at nothing, or at each other.
  inScheme(
    'a source that is not listed',
    'source: rule\n    layers',
    'source: nowhere\n    layers',
    /found "nowhere", expected a source/,
  ),
  inScheme(
    'a parameter that is not kept',
    'of: averageWage',
    'of: minimumWage',
    /no parameter "minimumWage"/,
  ),
  inScheme(
    'an accumulator that nothing feeds',
    'feeds: [pool]',
    'feeds: [other]',
    /"pool" is read here and no layer feeds it/,
    26,
  ),
  inScheme('two layers of one name', layer, layer + layer, /pool is the id of a layer before/, 29),
  inScheme('two rules of one name', rule, rule + rule, /inpatient is the id of a rule before/, 29),

  // Rules that leave a gap or overlap.
  inScheme(
    'rows that leave a gap',
    ', primary, community, none]',
    ', primary, community]',
    /no row fits: level none/,
  ),
  inScheme(
    'rows that overlap',
    '[secondary, primary',
    '[tertiary, secondary, primary',
    /both fit: level tertiary/,
  ),
  inScheme(
    'a row that can never apply',
    '[{level: tertiary, is: 800}, {level: [secondary, primary, community, none], is: 400}]',
    '{first: [{otherwise: true, is: 1}, {level: tertiary, is: 2}]}',
    /can never apply/,
  ),
  inScheme(
    'tiers that overlap',
    'upTo: 20000',
    'upTo: 9000',
    /found 9000, expected more than the boundary before/,
  ),
  inScheme(
    'tiers with a gap at the end',
    '{rate: 0.9}',
    '{upTo: 30000, rate: 0.9}',
    /every segment but the last needs upTo/,
    23,
  ),
  inScheme('a cap per year that counts nothing', ', accumulator: pool', '', /needs an accumulator/),
  inScheme(
    'an end before its beginning',
    'until: 2026-12-31',
    'until: 2024-12-31',
    /expected a day not before 2025-01-01/,
  ),
  inScheme(
    'a period with no rule at its end',
    '    from: 2025-01-01\n',
    '    from: 2025-01-01\n    until: 2025-06-30\n',
    /no rule in force/,
    9,
  ),
  inScheme(
    'two rules for one day',
    rule,
    rule + rule.replace('id: inpatient', 'id: again'),
    /both apply/,
    29,
  ),
  inScheme('a band of nothing', 'level: tertiary', 'age: {from: 60, below: 50}', /holds nothing/),
  inScheme(
    'a table too wide to prove',
    '[{level: tertiary, is: 800}, {level: [secondary, primary, community, none], is: 400}]',
    `[${Array.from({ length: 40 }, (_, i) => `{age: {from: ${i * 3}, below: ${i * 3 + 2}}, admission: {from: ${i * 2}}, contributionMonths: {from: ${i * 5}}, level: tertiary, identity: [a${i}], is: ${i}}`).join(', ')}]`,
    /too many cases/,
  ),

  // Files beside each other.
  {
    name: 'a region in the folder of another',
    files: { ...good, '990200-other/employee.yaml': scheme },
    file: '990200-other/employee.yaml',
    line: 1,
    says: /expected a folder named 990100/,
  },
  {
    name: 'two packs of one scheme',
    files: { ...good, '990100-test/again.yaml': scheme },
    file: employee,
    says: /stands in 990100-test\/again.yaml already/,
  },
  {
    name: 'a scheme without a region',
    files: { [employee]: scheme },
    file: employee,
    line: 1,
    says: /no region.yaml/,
  },
  {
    name: 'a pack that would be passed over',
    files: { ...good, '990100-test/resident.yml': scheme },
    file: '990100-test/resident.yml',
    says: /name it .yaml/,
  },
  {
    name: 'a pack in no folder',
    files: { ...good, 'employee.yaml': scheme },
    file: 'employee.yaml',
    says: /belong in a folder/,
  },
  {
    name: 'an overlay under another name',
    files: { ...good, 'extra/more.yaml': overlay },
    file: 'extra/more.yaml',
    says: /expected overlay.yaml/,
  },
  spoil(
    'a catalogue item without its rate',
    ['catalogue/list.yaml', ' firstSelfPayRate: 0.1,', ''],
    /needs a firstSelfPayRate/,
  ),
  spoil(
    'a region that leaves itself out',
    ['990100-test/region.yaml', "divisions: ['990100']", "divisions: ['990101']"],
    /990100 itself is missing/,
  ),
  ...poisonedAreas,
  ...poisonedFilings,
]
