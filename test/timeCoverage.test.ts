import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadRules } from '../adapters/rulepacks/load.ts'
import { type CareKind, type Claim, type Scheme, schemes } from '../engine/claim.ts'
import { type Day, dayAfter, dayBefore, parseDay } from '../engine/day.ts'
import { decide, type World } from '../engine/decide.ts'
import { agreementKinds, hospitalLevels, type Institution } from '../engine/institution.ts'
import { extend, parseQuantity, parseUnitPrice, whole } from '../engine/money.ts'
import type { Coverage, Group, Person } from '../engine/person.ts'
import type { Rulebook } from '../engine/rulebook.ts'
import { groupsOf } from './properties/support/bills.ts'

const { rulebooks, packs } = loadRules(join(import.meta.dirname, '../rules'), { sandbox: true })
const regions = rulebooks.directory(rulebooks.all.map((book) => book.region.division))
const since = parseDay('1900-01-01')
const span = { from: since }

const person = (rows: Coverage[], disease: string): Person => ({
  id: 'P1',
  birth: parseDay('1980-05-05'),
  sex: 'female',
  coverages: rows,
  civilServant: false,
  identities: [],
  benefits: [],
  diseases: [{ code: disease, name: disease, ...span }],
  filings: [],
  injuries: [{ certification: 'G1', employer: 'E', diagnoses: [], ...span }],
  maternity: [{ registration: 'R1', ...span }],
  familyShares: [],
})

const hospital = (book: Rulebook, level: Institution['level']): Institution => ({
  code: 'H51010000001',
  name: 'a hospital',
  type: 'hospital',
  level,
  division: book.region.division,
  cardEvidence: 'reader-trusted',
  agreements: agreementKinds.map((kind) => ({ kind, ...span })),
})

const quantity = parseQuantity('1')
const unitPrice = parseUnitPrice('30000')
const amount = extend(unitPrice, quantity, 'halfUp')
const classification = {
  class: 'A',
  firstSelfPayRate: whole,
  funds: ['medical', 'workInjury', 'maternity'],
} as const

function claimOn(day: Day, care: CareKind, scheme: Scheme, disease: string): Claim {
  return {
    institution: 'H51010000001',
    day,
    credential: { type: 'citizen-number', number: '510199194912310024' },
    scheme,
    care,
    ...(care.toLowerCase().includes('inpatient')
      ? { stay: { admission: day, discharge: day, interim: false } }
      : {}),
    useAccount: false,
    useFamilyAccount: false,
    injury: { certification: 'G1', diagnoses: [], consent: 'C1', recurrence: false },
    maternity: { kind: 'natural', fetuses: 1 },
    disease,
    emergency: false,
    prescription: { number: 'R1', circulating: false },
    total: amount,
    lines: [{ id: 'L1', item: 'I1', quantity, unitPrice, amount, classification }],
  }
}

/** The first and last day of each month from the one before a period to the one after it. */
function daysAround(from: Day, until: Day): Day[] {
  const days: Day[] = []
  const end = `${until.slice(0, 4)}-${until.slice(5, 7)}-31`
  let first = parseDay(`${dayBefore(parseDay(`${from.slice(0, 7)}-01`)).slice(0, 7)}-01`)
  for (let beyond = 0; beyond < 2; ) {
    let last = first
    while (dayAfter(last).slice(0, 7) === first.slice(0, 7)) last = dayAfter(last)
    days.push(first, last)
    first = dayAfter(last)
    if (first > end) beyond++
  }
  return [...new Set(days), from, until, dayBefore(from), dayAfter(until)]
}

/** What a claim of one scheme, group and kind of care comes to on a day. */
function toldOn(
  book: Rulebook,
  day: Day,
  {
    scheme,
    care,
    group,
    level,
  }: { scheme: Scheme; care: CareKind; group: Group; level: Institution['level'] },
): string {
  const disease = 'M03900'
  const under = book.settlesUnder[scheme] ?? scheme
  const rows = [...new Set([scheme, under])].map((name) => ({
    scheme: name,
    region: book.region.division,
    group,
    from: since,
  }))
  const world: World = { rulebooks, regions, now: 0, today: parseDay('2100-01-01'), packHash: '' }
  const found = decide(
    claimOn(day, care, scheme, disease),
    {
      institution: hospital(book, level),
      person: person(rows, disease),
      card: undefined,
      balances: new Map(),
      counters: new Map(),
      settledLines: new Set(),
      sameBills: [],
    },
    world,
  )
  return found.kind === 'refuse' ? found.refusal.code : found.kind
}

const cases = rulebooks.all.flatMap((book) =>
  schemes.map((scheme) => ({ name: `${book.region.name} ${scheme}`, book, scheme })),
)

test.each(cases)(
  '$name settles in every month its pack states, and is refused by name in every other',
  ({ book, scheme }) => {
    const under = book.settlesUnder[scheme] ?? scheme
    const pack = packs.schemes.find((p) => p.region === book.region.division && p.scheme === under)
    const own = new Set(pack?.rules.flatMap((rule) => rule.care))
    const [group] = groupsOf[scheme]
    if (group === undefined) throw new Error('a scheme without groups')
    if (!pack) {
      const day = parseDay('2026-03-02')
      expect(toldOn(book, day, { scheme, care: 'inpatient', group, level: 'tertiary' })).toBe(
        'no-rule-for-care',
      )
      return
    }
    const days = daysAround(pack.period.from, pack.period.until)
    const wrong: string[] = []
    for (const care of own)
      for (const day of days) {
        const expected =
          pack.period.from <= day && day <= pack.period.until ? 'settle' : 'no-rule-for-day'
        for (const level of hospitalLevels)
          for (const each of groupsOf[under]) {
            const found = toldOn(book, day, { scheme, care, group: each, level })
            if (found !== expected) wrong.push(`${care} of ${each} in ${level} on ${day}: ${found}`)
          }
      }
    expect(wrong.slice(0, 10)).toEqual([])
  },
)

test('a kind of care that a pack does not have is refused by name', () => {
  for (const book of rulebooks.all)
    for (const scheme of new Set(book.rules.map((rule) => rule.scheme))) {
      const [group] = groupsOf[scheme]
      const own = new Set(
        book.rules.filter((rule) => rule.scheme === scheme).flatMap((rule) => rule.care),
      )
      for (const care of [
        'familyPlanning',
        'daySurgery',
        'delivery',
        'pharmacy',
        'workInjury',
      ] as const) {
        if (own.has(care) || group === undefined) continue
        const found = toldOn(book, parseDay('2026-03-02'), {
          scheme,
          care,
          group,
          level: 'tertiary',
        })
        expect(`${book.region.name} ${scheme} ${care}: ${found}`).toMatch(/: no-rule-for-care$/)
      }
    }
})
