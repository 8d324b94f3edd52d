import type { CareKind } from './claim.ts'
import type { HospitalLevel } from './institution.ts'
import type { Band, CrossRegionReason, When } from './pack.ts'
import type { Group } from './person.ts'
import type { Place } from './route.ts'

/** Everything about one claim that a rule may match on. */
export interface Case {
  readonly level: HospitalLevel
  readonly institutionType: string
  readonly institution: string
  readonly care: CareKind
  readonly group: Group
  readonly age: number
  readonly premiumTier?: string | undefined
  readonly identities: readonly string[]
  readonly benefits: readonly string[]
  readonly civilServant: boolean
  readonly contributionMonths: number
  readonly admission: number
  readonly place: Place
  readonly reason: CrossRegionReason
  readonly filed: boolean
  readonly disease?: string | undefined
  readonly maternityKind?: string | undefined
  readonly fetuses: number
  readonly emergency: boolean
  readonly prescription: boolean
  readonly continued: boolean
}

type Test = (c: Case) => boolean

const inBand =
  (band: Band, of: (c: Case) => number): Test =>
  (c) =>
    (band.from === undefined || of(c) >= band.from) &&
    (band.below === undefined || of(c) < band.below)

const oneOf =
  (values: readonly string[], of: (c: Case) => string | undefined): Test =>
  (c) => {
    const value = of(c)
    return value !== undefined && values.includes(value)
  }

const anyOf =
  (values: readonly string[], of: (c: Case) => readonly string[]): Test =>
  (c) =>
    of(c).some((value) => values.includes(value))

const same =
  (value: boolean, of: (c: Case) => boolean): Test =>
  (c) =>
    of(c) === value

/** For each key of a condition, how its value is compared. A key missing here does not compile. */
const tests: { [K in keyof Required<When>]: (value: NonNullable<When[K]>) => Test } = {
  level: (v) => oneOf(v, (c) => c.level),
  institutionType: (v) => oneOf(v, (c) => c.institutionType),
  institution: (v) => oneOf(v, (c) => c.institution),
  care: (v) => oneOf(v, (c) => c.care),
  group: (v) => oneOf(v, (c) => c.group),
  age: (v) => inBand(v, (c) => c.age),
  premiumTier: (v) => oneOf(v, (c) => c.premiumTier),
  identity: (v) => anyOf(v, (c) => c.identities),
  benefit: (v) => anyOf(v, (c) => c.benefits),
  civilServant: (v) => same(v, (c) => c.civilServant),
  contributionMonths: (v) => inBand(v, (c) => c.contributionMonths),
  admission: (v) => inBand(v, (c) => c.admission),
  place: (v) => oneOf(v, (c) => c.place),
  reason: (v) => oneOf(v, (c) => c.reason),
  filed: (v) => same(v, (c) => c.filed),
  disease: (v) => oneOf(v, (c) => c.disease),
  maternityKind: (v) => oneOf(v, (c) => c.maternityKind),
  fetuses: (v) => inBand(v, (c) => c.fetuses),
  emergency: (v) => same(v, (c) => c.emergency),
  prescription: (v) => same(v, (c) => c.prescription),
  continued: (v) => same(v, (c) => c.continued),
}

/** The name of something a rule may match on. */
export type WhenKey = keyof typeof tests

/** The keys a condition uses. */
export const keysOf = (when: When): WhenKey[] =>
  (Object.keys(when) as WhenKey[]).filter((key) => when[key] !== undefined)

/** Turns a condition into one plain function, once at load. */
export function compileWhen(when: When): Test {
  const all = keysOf(when).map((key) => (tests[key] as (value: unknown) => Test)(when[key]))
  const [first, second] = all
  if (first === undefined) return () => true
  if (second === undefined) return first
  return (c) => all.every((test) => test(c))
}
