import type { Division } from './claim.ts'
import { type Day, dayAfter, dayBefore, type Span } from './day.ts'
import { type Entry, type Json, type Kept, keptOf, type Subject } from './dossier.ts'
import type { FiledDisease, Person } from './person.ts'
import type { Entered, Found } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import type { Details } from './visit.ts'

/** What is filed with the home region (备案), and from when until when it holds. */
export type Filed = Span &
  (
    | { readonly kind: 'referral'; readonly careRegion: Division }
    | { readonly kind: 'disease'; readonly code: string; readonly name: string }
    /** A designated institution (定点): for one filed disease, or in general, which no rule reads yet. */
    | {
        readonly kind: 'designation'
        readonly institution: string
        readonly disease?: string | undefined
      }
  )

/** A filing as its dossier tells it. */
export interface FilingKept {
  readonly number: string
  readonly filed: Filed
  readonly details: Details
  /** Who made it. */
  readonly institution: string
  /** The first day on which it holds no longer, where it was withdrawn (备案撤销). */
  readonly withdrawn?: Day | undefined
}

const prefix = 'filing '

/** A filing by its number (待遇申报明细流水号, trt_dcla_detl_sn). */
export const filingSubject = (person: string, number: string): Subject => ({
  owner: person,
  name: prefix + number,
})

export const isFiling = (name: string): boolean => name.startsWith(prefix)

export function readFiling({ name }: Subject, kept: readonly Kept[]): FilingKept | undefined {
  const [first] = kept
  if (first?.kind !== 'filed') return undefined
  const { filed, details } = first.body as unknown as Pick<FilingKept, 'filed' | 'details'>
  const end = kept.find(({ kind }) => kind === 'withdrawn')?.body as { from: Day } | undefined
  const { institution } = first
  return { number: name.slice(prefix.length), filed, details, institution, withdrawn: end?.from }
}

/** Files (备案登记 2501, 2503, 2505): kept under its number, and the person is another from now on. */
export function makeFiling(
  { facts }: Pick<Found, 'facts'>,
  subject: Subject,
  filed: Filed,
  details: Details,
): Entered | Refusal {
  if (!facts.person) return refuse('person-unknown')
  const person = withFiling(facts.person, filed)
  if (isRefusal(person)) return person
  const body = { filed, details } as unknown as Json
  return { entries: [{ subject, kind: 'filed', body }], person }
}

/** Withdraws a filing (备案撤销 2502, 2504, 2506) that the same institution made; what it did until now stays. */
export function withdrawFiling(
  { dossiers, facts, today }: Pick<Found, 'dossiers' | 'facts' | 'today'>,
  subject: Subject,
  asked: { kind: Filed['kind']; institution: string; details: Details },
): Entered | Refusal {
  if (!facts.person) return refuse('person-unknown')
  const filing = readFiling(subject, keptOf(dossiers, subject))
  const isTheirs = filing?.filed.kind === asked.kind && filing.institution === asked.institution
  if (!isTheirs || filing.withdrawn !== undefined)
    return refuse('entry-unknown', { entry: subject.name.slice(prefix.length) })
  const body = { from: today, details: asked.details } as unknown as Json
  const entries: Entry[] = [{ subject, kind: 'withdrawn', body }]
  return { entries, person: withoutFiling(facts.person, filing.filed, today) }
}

/** The person with something more filed; two filings of the same thing must not overlap. */
export function withFiling(person: Person, filed: Filed): Person | Refusal {
  const { diseases, filings } = person
  const { from, until } = filed
  switch (filed.kind) {
    case 'referral': {
      const { kind, careRegion } = filed
      const there = filings.find(
        (f) => f.kind === kind && f.careRegion === careRegion && overlap(f, filed),
      )
      if (there) return alreadyFiled(careRegion, there)
      return { ...person, filings: [...filings, { kind, careRegion, from, until }] }
    }
    case 'disease': {
      const { code, name } = filed
      const there = diseases.find((d) => d.code === code && overlap(d, filed))
      if (there) return alreadyFiled(code, there)
      return { ...person, diseases: [...diseases, { code, name, from, until }] }
    }
    case 'designation':
      return designated(person, filed)
  }
}

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
    case 'referral': {
      const { kind, careRegion } = filed
      const isOwn = (f: Person['filings'][number]): boolean =>
        f.kind === kind && f.careRegion === careRegion && overlap(f, filed)
      return { ...person, filings: ended(person.filings, isOwn, today) }
    }
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
  }
}

const overlap = (a: Span, b: Span): boolean =>
  (b.until === undefined || a.from <= b.until) && (a.until === undefined || b.from <= a.until)

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
