/** A small set of packs with nothing wrong in it. */
const region = `division: '990100'
name: 试验市
province: '990000'
divisions: ['990100']
yearStarts: 01-01
undo: {acrossMonths: true, acrossYears: false, laterSettlements: list}
externalInjury: declaration
parameters:
  averageWage:
    - {from: 2020-01-01, amount: '90000', source: wage}
sources:
  wage: {title: 平均工资, grade: illustrative, confirmed: 2026-01-01}
filing:
  source: wage
  kinds:
    referral: {reach: country, holds_months: 12, change_months: 1, documents: [commitment], several: false}
  precedence: [referral, long-term, emergency, other]
  noFilingWithin: {regions: ['990200', '990000'], source: wage}
  returningHome: {is: local}
`

export const scheme = `region: '990100'
scheme: employee
period: {from: 2025-01-01, until: 2026-12-31}
sources:
  rule: {title: 试验办法, grade: C, confirmed: 2026-01-01}
defaults:
  scope: {catalogue: medical}
rules:
  - id: inpatient
    care: [inpatient]
    careGroup: inpatient
    from: 2025-01-01
    source: rule
    layers:
      - id: pool
        name: {zh: 统筹, en: Pool}
        payer: pool
        deductible:
          mode: visit
          amount: [{level: tertiary, is: 800}, {level: [secondary, primary, community, none], is: 400}]
        pays:
          tiers:
            countedFrom: zero
            over: visit
            segments: [{upTo: 10000, rate: 0.8}, {upTo: 20000, rate: 0.85}, {rate: 0.9}]
        caps: [{per: year, amount: {times: 6, of: averageWage}, accumulator: pool}]
        feeds: [pool]
        source: rule
`

export const overlay = `name: extra
regions: ['990100']
schemes: [employee]
care: [inpatient]
period: {from: 2025-01-01, until: 2026-12-31}
sandboxOnly: true
sources:
  made: {title: 示例, grade: illustrative, confirmed: 2026-01-01}
layers:
  - {id: extra, name: {zh: 补充, en: Extra}, payer: extra, base: copay, pays: {rate: 0.5}, source: made}
`

const catalogue = `regions: ['990000']
sources:
  list: {title: 目录, grade: illustrative, confirmed: 2026-01-01}
items:
  - {code: X1, name: 药, class: 乙, firstSelfPayRate: 0.1, funds: [medical], from: 2025-01-01, source: list}
`

const areas = `province: '990000'
sources:
  made: {title: 示例, grade: illustrative, confirmed: 2026-01-01}
areas:
  - {division: '990200', name: 乙市, divisions: ['990200', '990299', '990201'], source: made}
  - {division: '990300', name: 丙市, divisions: ['990300'], source: made}
`

export type Files = Readonly<Record<string, string>>

export const good: Files = {
  '990100-test/region.yaml': region,
  '990100-test/employee.yaml': scheme,
  'extra/overlay.yaml': overlay,
  'catalogue/list.yaml': catalogue,
  'pooling-areas/990000-test.yaml': areas,
}
