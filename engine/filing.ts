import type { Day } from './day.ts'
import { type Entry, type Json, type Kept, keptOf, type Subject } from './dossier.ts'
import { type Filed, withFiling, withoutFiling } from './filed.ts'
import type { Entered, Found } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import type { Details } from './visit.ts'

/** A filing as its dossier tells it. */
export interface FilingKept {
  readonly number: string
  /** As it holds now, after every change. */
  readonly filed: Filed
  readonly details: Details
  /** The day on which this was filed; filings of before it was noted do not say. */
  readonly filedOn?: Day | undefined
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

export const numberOf = ({ name }: Pick<Subject, 'name'>): string => name.slice(prefix.length)

type Said = Pick<FilingKept, 'filed' | 'details' | 'filedOn'>

export function readFiling(subject: Subject, kept: readonly Kept[]): FilingKept | undefined {
  const [first] = kept
  if (first?.kind !== 'filed') return undefined
  const said = kept.findLast(({ kind }) => kind !== 'withdrawn')?.body as unknown as Said
  const { filed, details, filedOn } = said
  const end = kept.find(({ kind }) => kind === 'withdrawn')?.body as { from: Day } | undefined
  const { institution } = first
  const number = numberOf(subject)
  return { number, filed, details, filedOn, institution, withdrawn: end?.from }
}

/** Files a disease or a designation (备案登记 2503, 2505): kept under its number, and the person is another from now on. */
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

/** Withdraws one of those (备案撤销 2504, 2506) that the same institution made; what it did until now stays. */
export function withdrawFiling(
  { dossiers, facts, today }: Pick<Found, 'dossiers' | 'facts' | 'today'>,
  subject: Subject,
  asked: { kind: Filed['kind']; institution: string; details: Details },
): Entered | Refusal {
  if (!facts.person) return refuse('person-unknown')
  const filing = readFiling(subject, keptOf(dossiers, subject))
  const isTheirs = filing?.filed.kind === asked.kind && filing.institution === asked.institution
  if (!isTheirs || filing.withdrawn !== undefined)
    return refuse('entry-unknown', { entry: numberOf(subject) })
  const body = { from: today, details: asked.details } as unknown as Json
  const entries: Entry[] = [{ subject, kind: 'withdrawn', body }]
  return { entries, person: withoutFiling(facts.person, filing.filed, today) }
}
