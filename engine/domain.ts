import { type Case, compileWhen, keysOf, type WhenKey } from './case.ts'
import { type CareKind, careKinds, type Scheme } from './claim.ts'
import type { FilingPolicy } from './filingPolicy.ts'
import { hospitalLevels } from './institution.ts'
import type { Band, When } from './pack.ts'
import { type Group, groups } from './person.ts'

/**
 * The cases that can occur, for as many keys as a table uses. A table is proved free of gaps and overlaps by trying every
 * one: closed sets are tried whole, open ones by the values mentioned and one that is not, numbers by the edges of bands.
 */
export interface Surroundings {
  readonly scheme: Scheme
  readonly care: readonly CareKind[]
  /** Conditions that hold already where the table stands, such as its layer's and its rule's. */
  readonly whens: readonly When[]
  /** What who filed long-term is at home: where that is not like anybody, one case more can occur. */
  readonly returningHome: FilingPolicy['returningHome']
}

const groupsOf: Record<Scheme, readonly Group[]> = {
  employee: ['working', 'retired'],
  resident: ['adult', 'child', 'student', 'elder'],
  retiredCadre: ['retiredCadre'],
  workInjury: ['working', 'retired'],
  maternity: ['working', 'retired', 'adult', 'student'],
  unemployment: groups,
  pension: groups,
}

type Partial1 = Partial<Record<keyof Case, unknown>>

/** Where bands begin and end: between two edges nothing changes. */
const bandEdges = (least: number, bands: readonly Band[]): number[] => {
  const edges = new Set([least])
  for (const { from, below } of bands)
    for (const edge of [from, below]) if (edge !== undefined && edge >= least) edges.add(edge)
  return [...edges]
}

const bothWays = [true, false]

/** Where, why and filed hang together: at home there is no reason; an emergency counts as filed. */
const away: Partial1[] = [
  { place: 'local', reason: 'none', filed: false },
  ...['inProvince', 'crossProvince'].flatMap((place) => [
    { place, reason: 'long-term', filed: true },
    { place, reason: 'referral', filed: true },
    { place, reason: 'referral', filed: false },
    { place, reason: 'emergency', filed: true },
    { place, reason: 'other', filed: true },
    { place, reason: 'other', filed: false },
  ]),
]

const returned: Partial1 = { place: 'local', reason: 'long-term', filed: true }

const awayKeys: readonly WhenKey[] = ['place', 'reason', 'filed']

const subsets = (values: readonly string[]): string[][] =>
  values.length > 4
    ? [[], ...values.map((v) => [v])]
    : values.reduce<string[][]>((all, v) => [...all, ...all.map((s) => [...s, v])], [[]])

function mentioned(whens: readonly When[], key: WhenKey): string[] {
  return [...new Set(whens.flatMap((w) => (w[key] as readonly string[] | undefined) ?? []))]
}

function valuesOf(key: WhenKey, whens: readonly When[], at: Surroundings): Partial1[] {
  const bands = (): Band[] => whens.flatMap((w) => (w[key] === undefined ? [] : [w[key] as Band]))
  const open = (none: unknown): Partial1[] =>
    [...mentioned(whens, key), none].map((value) => ({ [key]: value }))
  switch (key) {
    case 'level':
      return hospitalLevels.map((level) => ({ level }))
    case 'care':
      return (at.care.length ? at.care : careKinds).map((care) => ({ care }))
    case 'group':
      return groupsOf[at.scheme].map((group) => ({ group }))
    case 'institution':
    case 'institutionType':
      return open('another')
    case 'premiumTier':
    case 'disease':
    case 'maternityKind':
      return open(undefined)
    case 'identity':
      return subsets(mentioned(whens, key)).map((identities) => ({ identities }))
    case 'benefit':
      return subsets(mentioned(whens, key)).map((benefits) => ({ benefits }))
    case 'age':
      return bandEdges(0, bands()).map((age) => ({ age }))
    case 'contributionMonths':
      return bandEdges(0, bands()).map((contributionMonths) => ({ contributionMonths }))
    case 'admission':
      return bandEdges(1, bands()).map((admission) => ({ admission }))
    case 'fetuses':
      return bandEdges(1, bands()).map((fetuses) => ({ fetuses }))
    case 'civilServant':
    case 'emergency':
    case 'prescription':
    case 'continued':
      return bothWays.map((value) => ({ [key]: value }))
    case 'place':
    case 'reason':
    case 'filed':
      return at.returningHome === 'away' ? [...away, returned] : away
  }
}

const mostCases = 50_000

/** Every case that the conditions of a table can tell apart, within its surroundings; undefined when too many. */
export function casesFor(whens: readonly When[], at: Surroundings): Case[] | undefined {
  const all = [...whens, ...at.whens]
  const used = new Set(whens.flatMap(keysOf))
  if (awayKeys.some((key) => used.has(key))) for (const key of awayKeys) used.delete(key)
  const keys: WhenKey[] = [...used]
  if (awayKeys.some((key) => whens.some((w) => w[key] !== undefined))) keys.push('place')
  // A condition around the table matters only for keys the table uses; the others are taken to hold.
  const around = at.whens.map((when) =>
    compileWhen(
      Object.fromEntries(Object.entries(when).filter(([k]) => isTried(k as WhenKey, keys))),
    ),
  )
  let cases: Partial1[] = [{}]
  for (const key of keys) {
    const values = valuesOf(key, all, at)
    if (cases.length * values.length > mostCases) return undefined
    cases = cases.flatMap((c) => values.map((value) => ({ ...c, ...value })))
  }
  return (cases as unknown as Case[]).filter((c) => around.every((fits) => fits(c)))
}

const isTried = (key: WhenKey, keys: readonly WhenKey[]): boolean =>
  keys.includes(key) || (awayKeys.includes(key) && keys.includes('place'))

/** A case in words, for complaints: "level tertiary, group retired". */
export function describe(c: Case): string {
  const words = Object.entries(c).map(([key, value]) =>
    Array.isArray(value) ? `${key} ${value.join(' and ') || 'none'}` : `${key} ${String(value)}`,
  )
  return words.length === 0 ? 'any case' : words.join(', ')
}
