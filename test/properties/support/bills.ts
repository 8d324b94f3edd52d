import {
  type Claim,
  chargeClasses,
  type FeeLine,
  medicalSchemes,
  type Scheme,
} from '../../../engine/claim.ts'
import { benefitYear, type Day, dayBefore, isDay, parseDay } from '../../../engine/day.ts'
import type { World } from '../../../engine/decide.ts'
import { agreementKinds, hospitalLevels, type Institution } from '../../../engine/institution.ts'
import {
  extend,
  type Fen,
  parseRatio,
  type Quantity,
  sum,
  type UnitPrice,
} from '../../../engine/money.ts'
import type { Coverage, Group, Person } from '../../../engine/person.ts'
import type { Counters, Facts } from '../../../engine/ports.ts'
import type { CompiledRule, Rulebook, Rulebooks } from '../../../engine/rulebook.ts'
import { applyDeltas } from '../../../engine/split.ts'
import { Tally } from '../../../engine/tally.ts'
import type { Random } from './random.ts'
import type { Words } from './words.ts'

/** One bill with everything that is known when it is decided. */
export interface Bill {
  readonly claim: Claim
  readonly facts: Facts
  readonly book: Rulebook
  readonly rule: CompiledRule
}

export const groupsOf: Record<Scheme, readonly Group[]> = {
  employee: ['working', 'retired'],
  resident: ['adult', 'child', 'student', 'elder'],
  retiredCadre: ['retiredCadre'],
  workInjury: ['working', 'retired'],
  maternity: ['working', 'retired', 'adult', 'student'],
  unemployment: ['working', 'retired'],
  pension: ['retired'],
}

/** Rules by region, scheme and care, each as likely as any other. */
export const rulesOf = (books: Rulebooks): (readonly [Rulebook, CompiledRule])[] =>
  books.all.flatMap((book) => book.rules.map((rule) => [book, rule] as const))

export const today = parseDay('2026-11-23')
const since = parseDay('1900-01-01')
const levels = ['0', '0.05', '0.1', '0.15', '0.2', '0.3', '1'].map(parseRatio)

const dayIn = (r: Random, from: Day, until: Day): Day => {
  for (;;) {
    const year = r.between(Number(from.slice(0, 4)), Number(until.slice(0, 4)))
    const text = `${year}-${String(r.between(1, 12)).padStart(2, '0')}-${String(r.between(1, 31)).padStart(2, '0')}`
    if (isDay(text) && text >= from && text <= until) return text
  }
}

const isStay = (care: Claim['care']): boolean =>
  [
    'inpatient',
    'daySurgery',
    'delivery',
    'workInjuryInpatient',
    'workInjuryRehabilitation',
  ].includes(care)

function lineOf(r: Random, id: number, { kinds }: Words, stay: Claim['stay']): FeeLine {
  const quantity = BigInt(
    r.chance(0.7) ? r.between(1, 9) * 10_000 : r.between(1, 99_999),
  ) as Quantity
  const unitPrice = BigInt(r.magnitude(r.chance(0.1) ? 9_000_000_000 : 300_000_000)) as UnitPrice
  return {
    id: `L${id}`,
    item: `I${r.below(5)}`,
    quantity,
    unitPrice,
    amount: extend(unitPrice, quantity, 'halfUp'),
    ...(stay && r.chance(0.8) ? { at: r.one([stay.admission, stay.discharge]) } : {}),
    classification: {
      class: r.one(chargeClasses),
      firstSelfPayRate: r.one(levels),
      funds: r.chance(0.9) ? ['medical', 'workInjury', 'maternity'] : [],
      kind: r.chance(0.5) ? r.one(kinds) : undefined,
      limit: r.chance(0.3) ? (BigInt(r.magnitude(300_000_000)) as UnitPrice) : undefined,
    },
  }
}

/** A stay of up to a fortnight, now and then over the end of a year. */
function stayOf(r: Random, day: Day, from: Day): NonNullable<Claim['stay']> {
  let admission = day
  for (let nights = r.below(15); nights > 0 && admission > from; nights--)
    admission = dayBefore(admission)
  return { admission, discharge: day, interim: r.chance(0.15) }
}

function coverageOf(
  r: Random,
  scheme: Scheme,
  { rule, words }: { rule: CompiledRule; words: Words },
): Coverage[] {
  const group = r.one(groupsOf[rule.scheme])
  const premiumTier = r.chance(0.7) && words.tiers.length > 0 ? r.one(words.tiers) : undefined
  const row = {
    region: rule.region,
    group,
    premiumTier,
    from: since,
    contributionMonths: r.between(0, 400),
  }
  return [...new Set([scheme, rule.scheme])].map((name) => ({ ...row, scheme: name }))
}

function personOf(r: Random, scheme: Scheme, setting: Setting): Person {
  const { words, disease, care } = setting
  const span = { from: since }
  return {
    id: 'P1',
    birth: dayIn(r, parseDay('1930-01-01'), parseDay('2019-12-31')),
    sex: 'female',
    coverages: coverageOf(r, scheme, setting),
    civilServant: r.chance(0.3),
    identities: words.identities.filter(() => r.chance(0.2)).map((kind) => ({ kind, ...span })),
    benefits: ['unemployment', 'pension']
      .filter(() => r.chance(0.2))
      .map((kind) => ({ kind, ...span })),
    diseases: disease === undefined ? [] : [{ code: disease, name: disease, ...span }],
    filings: r.chance(0.5)
      ? [
          {
            kind: r.one(['long-term', 'referral', 'emergency', 'other'] as const),
            careRegion: care.region.division,
            ...span,
          },
        ]
      : [],
    injuries: [{ certification: 'G1', employer: 'E', diagnoses: ['S52'], ...span }],
    maternity: [{ registration: 'R1', ...span }],
    familyShares: ['P2', 'P3'].map((owner) => ({
      owner,
      relation: r.one(['spouse', 'child', 'friend']),
      ...span,
    })),
  }
}

interface Setting {
  readonly rule: CompiledRule
  readonly words: Words
  readonly disease: string | undefined
  readonly care: Rulebook
}

/** Sums already used: nothing, a little, or close to any cap. */
function countersOf(r: Random, { claim, book, rule }: Omit<Bill, 'facts'>): Counters {
  const tally = new Tally(new Map(), {
    region: rule.region,
    scheme: rule.scheme,
    year: benefitYear(claim.day, book.region.yearStarts),
    on: claim.day,
    institution: claim.institution,
    disease: claim.disease,
    carryOver: book.region.carryOver,
    readings: (name) => book.readings(rule.scheme, name),
  })
  for (const name of namesOf(rule))
    if (r.chance(0.5))
      tally.feed(
        name,
        BigInt(
          name.startsWith('admissions') || name.endsWith('.visits')
            ? r.below(4)
            : r.magnitude(60_000_000),
        ),
      )
  return applyDeltas(new Map(), tally.deltas())
}

/** Every name that a rule may count under. */
export function namesOf(rule: CompiledRule): Set<string> {
  const names = new Set(['inScope', 'burden', `admissions.${rule.careGroup}`])
  for (const { deductible: d, caps, feeds, feedsBase, payment } of rule.layers) {
    for (const name of [
      d?.accumulator,
      payment.accumulator,
      ...caps.map((c) => c.accumulator),
      ...feeds,
      ...feedsBase,
    ])
      if (name !== undefined) names.add(name)
    if (d) names.add(`${d.accumulator}.visits`).add(`${d.accumulator}.charged`)
  }
  return names
}

function institutionOf(r: Random, care: Rulebook, words: Words): Institution {
  return {
    code: 'H51010000001',
    name: 'a hospital',
    type: r.one(words.types),
    level: r.one(hospitalLevels),
    ...(r.chance(0.2) ? { deductibleLevel: r.one(hospitalLevels) } : {}),
    division: care.region.division,
    cardEvidence: 'reader-trusted',
    agreements: agreementKinds.map((kind) => ({ kind, from: since })),
  }
}

export function randomBill(
  r: Random,
  world: World,
  [book, rule]: readonly [Rulebook, CompiledRule],
  words: Words,
): Bill {
  const until = rule.until < today ? rule.until : today
  const day = dayIn(r, rule.from, until)
  const care = r.one(rule.care)
  const disease =
    care === 'specialOutpatient' || rule.needs.includes('filedDisease')
      ? r.one(words.diseases)
      : undefined
  const at = r.chance(0.7) ? book : r.one(world.rulebooks.all)
  const under = Object.entries(book.settlesUnder).filter(([, to]) => to === rule.scheme)
  const scheme = r.chance(0.2) && under.length > 0 ? (r.one(under)[0] as Scheme) : rule.scheme
  const setting: Setting = { rule, words, disease, care: at }
  const person = personOf(r, scheme, setting)
  const stay = isStay(care) ? stayOf(r, day, rule.from) : undefined
  const lines = Array.from({ length: r.between(1, 8) }, (_, i) => lineOf(r, i, words, stay))
  const claim: Claim = {
    institution: 'H51010000001',
    day,
    credential: { type: 'citizen-number', number: '510199194912310024' },
    ...(medicalSchemes.includes(scheme) && r.chance(0.5) ? {} : { scheme }),
    care,
    visit: 'V1',
    stay,
    useAccount: r.chance(0.6),
    useFamilyAccount: r.chance(0.4),
    injury: { certification: 'G1', diagnoses: ['S52'], consent: 'C1', recurrence: false },
    maternity: { kind: r.one(words.maternity), fetuses: r.between(1, 3) },
    disease,
    emergency: r.chance(0.2),
    prescription:
      rule.needs.includes('prescription') || r.chance(0.5)
        ? { number: 'R1', circulating: false }
        : undefined,
    total: sum(lines.map((line) => line.amount)),
    lines,
  }
  const purse = (): Fen => BigInt(r.magnitude(5_000_000)) as Fen
  const counters = r.chance(0.6) ? countersOf(r, { claim, book, rule }) : new Map()
  return {
    claim,
    book,
    rule,
    facts: {
      institution: institutionOf(r, at, words),
      person,
      card: undefined,
      balances: new Map(['P1', 'P2', 'P3'].map((owner) => [owner, purse()])),
      counters,
      settledLines: new Set(),
      sameBills: [],
    },
  }
}
