import { loadRules } from '../adapters/rulepacks/load.ts'
import type { Case } from '../engine/case.ts'
import { parseDay } from '../engine/day.ts'
import { type Fen, sum, zero } from '../engine/money.ts'
import type { Counters } from '../engine/ports.ts'
import type { CompiledRule, Rulebook } from '../engine/rulebook.ts'
import type { ScopedClaim, ScopedLine } from '../engine/scoped.ts'
import type { HomeFacts } from '../engine/split.ts'
import { createRandom, type Random } from '../test/faults/random.ts'

/** A bill as `split` takes it. */
export interface ScopedBill {
  readonly scoped: ScopedClaim
  readonly facts: HomeFacts
}

const day = parseDay('2026-03-02')
const admission = parseDay('2026-02-24')
const institution = 'H51010000001'
const lines = 10

/** A retired civil servant who draws every benefit that a layer asks for, so that no layer is left out. */
const retired: Case = {
  level: 'tertiary',
  institutionType: 'hospital',
  institution,
  care: 'inpatient',
  group: 'retired',
  age: 66,
  identities: [],
  benefits: ['unemployment', 'pension'],
  civilServant: true,
  contributionMonths: 360,
  admission: 2,
  place: 'local',
  reason: 'none',
  filed: false,
  fetuses: 1,
  emergency: false,
  prescription: false,
  continued: false,
}

/** Inpatient bills of ten lines that every layer of the rule pays of, since the pool is nearly at its cap of the year. */
export function inpatientBills(count: number, seed = 'inpatients'): ScopedBill[] {
  const book = loadRules('rules', { sandbox: true }).rulebooks.of('510100')
  const rule = book?.rules.find(
    ({ scheme, care, applies }) =>
      scheme === 'employee' && care.includes('inpatient') && applies(retired),
  )
  if (!book || !rule) throw new Error('Chengdu has no rule for inpatient care')
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, i) => ({
    scoped: scopedClaim(random, i),
    facts: homeFacts(random, book, rule, i),
  }))
}

function scopedClaim(random: Random, number: number): ScopedClaim {
  const scoped = Array.from({ length: lines }, (_, i) => scopedLine(random, i + 1))
  return {
    careRegion: '510100',
    institution: {
      code: institution,
      type: 'hospital',
      level: 'tertiary',
      deductibleLevel: 'tertiary',
      agreements: ['inpatient'],
    },
    day,
    care: 'inpatient',
    visit: `V${number}`,
    stay: { admission, discharge: day, interim: false },
    useAccount: true,
    useFamilyAccount: false,
    emergency: false,
    total: sum(scoped.map(({ amount }) => amount)),
    lines: scoped,
  }
}

/** Of class A, B or C: so some of it is first self-paid, over a limit or outside of the catalogue. */
function scopedLine(random: Random, number: number): ScopedLine {
  const amount = BigInt(random.between(40_000, 400_000)) as Fen
  const kind = random.pick(['A', 'A', 'A', 'B', 'B', 'C'] as const)
  const firstSelfPay = (kind === 'B' ? amount / 10n : 0n) as Fen
  const overLimit = (kind !== 'C' && random.chance(0.2) ? amount / 20n : 0n) as Fen
  const selfPaid = kind === 'C' ? amount : zero
  return {
    id: `${number}`,
    item: `XJ01DDC001B0010101000${10 + number}`,
    day,
    amount,
    class: kind,
    selfPaid,
    overLimit,
    firstSelfPay,
    inScope: (amount - firstSelfPay - overLimit - selfPaid) as Fen,
  }
}

function homeFacts(random: Random, book: Rulebook, rule: CompiledRule, number: number): HomeFacts {
  const person = `510100C${String(number).padStart(17, '0')}`
  const { division, carryOver } = book.region
  return {
    person,
    of: retired,
    rule,
    parameters: book.parametersOn(day),
    tally: {
      region: division,
      scheme: rule.scheme,
      year: '2026',
      on: day,
      stay: `${institution} V${number}`,
      institution,
      carryOver,
      readings: (accumulator) => book.readings(rule.scheme, accumulator),
    },
    counters: countersNearCap(random),
    balances: new Map([[person, BigInt(random.between(0, 500_000)) as Fen]]),
    families: [],
    on: day,
  }
}

/** The pool pays 450,000 yuan a year, of which this bill takes up the rest. */
function countersNearCap(random: Random): Counters {
  const used = 44_900_000n + BigInt(random.between(0, 90_000))
  const year = new Map<string, bigint>([
    ['510100|employee|pool|year', used],
    ['510100|employee|poolInpatient|year', used],
    ['510100|employee|inScope|year', used * 2n],
    ['510100|employee|burden|year', used / 3n],
    ['510100|employee|admissions.inpatient|year', 1n],
  ])
  return new Map([['2026', year]])
}
