import type { Division } from './claim.ts'
import { type Day, dayAfter, dayBefore, overlap, type Span } from './day.ts'
import { type FilingKind, reasonOf } from './filingPolicy.ts'
import type { FiledDisease, Filing, Person } from './person.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What is filed with the home region (备案), and from when until when it holds. */
export type Filed = Span &
  (
    | {
        /** Care away from home. */
        readonly kind: FilingKind
        /** A pooling area, a province, or `country`. */
        readonly careRegion: Division
        readonly home?: Division | undefined
      }
    | { readonly kind: 'disease'; readonly code: string; readonly name: string }
    /** A designated institution (定点): for one filed disease, or in general, which no rule reads yet. */
    | {
        readonly kind: 'designation'
        readonly institution: string
        readonly disease?: string | undefined
      }
  )

/** Care away from home, filed. */
export type FiledAway = Extract<Filed, { readonly careRegion: Division }>

/** What a row of the person says of the dossier that it comes from. */
export type Recorded = Required<Pick<Filing, 'number' | 'filedOn'>>

/** The person with something more filed; two filings of the same thing must not overlap. */
export function withFiling(person: Person, filed: Filed, recorded?: Recorded): Person | Refusal {
  const { diseases } = person
  const { from, until } = filed
  switch (filed.kind) {
    case 'disease': {
      const { code, name } = filed
      const there = diseases.find((d) => d.code === code && overlap(d, filed))
      if (there) return alreadyFiled(code, there)
      return { ...person, diseases: [...diseases, { code, name, from, until }] }
    }
    case 'designation':
      return designated(person, filed)
    default:
      return away(person, filed, recorded)
  }
}

/** Once a filing is recorded, its row says so, so that nothing else is ever taken for it. */
function away(person: Person, filed: FiledAway, recorded: Recorded | undefined): Person | Refusal {
  const { kind: as, careRegion, home, from, until } = filed
  const there = person.filings.find((f) => isSameThing(f, filed))
  if (there) return alreadyFiled(careRegion, there)
  const row: Filing = { kind: reasonOf(as), careRegion, from, until }
  const whole = recorded ? { ...row, as, home, ...recorded } : row
  return { ...person, filings: [...person.filings, whole] }
}

/** The same reason for the same place on some of the same days, with the same region as far as anybody noted it. */
const isSameThing = (row: Filing, filed: FiledAway): boolean =>
  row.kind === reasonOf(filed.kind) &&
  row.careRegion === filed.careRegion &&
  (row.home ?? filed.home) === (filed.home ?? row.home) &&
  overlap(row, filed)

const alreadyFiled = (entry: string, { from, until }: Span): Refusal =>
  refuse('entry-already-there', { entry, from, ...(until === undefined ? {} : { until }) })

type Designation = Extract<Filed, { kind: 'designation' }>

function designated(person: Person, filed: Designation): Person | Refusal {
  const { institution, disease, from } = filed
  if (disease === undefined) return person
  const own = person.diseases.filter((d) => d.code === disease && overlap(d, filed))
  if (own.length === 0) return refuse('disease-not-filed', { disease, day: from })
  const there = own.find((d) => d.institutions?.includes(institution))
  if (there) return alreadyFiled(institution, there)
  return changed(person, filed, (institutions = []) => [...institutions, institution])
}

/** The person as if a filing ended yesterday, or had never been where it did not begin before today. */
export function withoutFiling(person: Person, filed: Filed, today: Day): Person {
  switch (filed.kind) {
    case 'disease': {
      const isOwn = (d: FiledDisease): boolean => d.code === filed.code && overlap(d, filed)
      return { ...person, diseases: ended(person.diseases, isOwn, today) }
    }
    case 'designation': {
      if (filed.disease === undefined) return person
      const from = filed.from > today ? filed.from : today
      return changed(person, { ...filed, from }, (institutions) => {
        const left = institutions?.filter((i) => i !== filed.institution) ?? []
        return left.length > 0 ? left : undefined
      })
    }
    default: {
      // Two of the same thing never overlap, so a row is known by what it says: also one of before rows were numbered.
      const isOwn = (row: Filing): boolean => isSameThing(row, filed)
      return { ...person, filings: ended(person.filings, isOwn, today) }
    }
  }
}

function ended<T extends Span>(rows: readonly T[], isOwn: (row: T) => boolean, today: Day): T[] {
  return rows.flatMap((row) => {
    if (!isOwn(row) || (row.until !== undefined && row.until < today)) return [row]
    return row.from < today ? [{ ...row, until: dayBefore(today) }] : []
  })
}

/** Changes the institutions of a filed disease for some days only, in rows of their own. */
function changed(
  person: Person,
  { disease = '', from, until }: Designation,
  turn: (institutions: readonly string[] | undefined) => readonly string[] | undefined,
): Person {
  const starts = until === undefined ? [from] : [from, dayAfter(until)]
  const diseases = starts
    .reduce((rows, start) => splitAt(rows, disease, start), person.diseases)
    .map((d) =>
      d.code === disease && overlap(d, { from, until })
        ? { ...d, institutions: turn(d.institutions) }
        : d,
    )
  return { ...person, diseases }
}

const splitAt = (
  rows: readonly FiledDisease[],
  code: string,
  start: Day,
): readonly FiledDisease[] =>
  rows.flatMap((row) => {
    const { from, until } = row
    if (row.code !== code || from >= start || (until !== undefined && until < start)) return [row]
    return [
      { ...row, until: dayBefore(start) },
      { ...row, from: start },
    ]
  })
