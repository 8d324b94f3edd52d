import {
  type AwayAsked,
  fileAway,
  type FilingAsker,
  type FilingPlaces,
} from '../../../engine/awayFiling.ts'
import { type AwayChange, changeAway, withdrawAway } from '../../../engine/awayFilingChanged.ts'
import type { Day } from '../../../engine/day.ts'
import { type Kept, type Subject, subjectKey } from '../../../engine/dossier.ts'
import { filingSubject } from '../../../engine/filing.ts'
import { type FilingPolicy, usualFilingPolicy } from '../../../engine/filingPolicy.ts'
import type { Person } from '../../../engine/person.ts'
import type { Entered, Found } from '../../../engine/ports.ts'
import { isRefusal, type Refusal } from '../../../engine/refusal.ts'
import type { PoolingArea } from '../../../engine/route.ts'
import { day, region, rulebooks } from './packs.ts'
import { facts, person } from './world.ts'

const area = (division: string, province: string, divisions = [division]): PoolingArea => ({
  file: 'areas.yaml',
  path: [],
  division,
  name: division,
  divisions,
  province,
  source: 'law',
})

/** Chengdu (its own policy may be given) and Mianyang with packs, and a few areas without. */
export function placesWith(policy: Partial<FilingPolicy> = {}): FilingPlaces {
  const books = rulebooks({
    regions: [
      region('510100', {
        divisions: ['510100', '510104'],
        filing: { ...usualFilingPolicy, ...policy },
      }),
      region('510700'),
    ],
    areas: [
      area('440100', '440000', ['440100', '440103']),
      area('440300', '440000'),
      area('310100', '310000', ['310100', '310000', '310115']),
      area('540100', '540000'),
    ],
  })
  return { books, regions: books.directory(['510100', '510700']) }
}

export const desk: FilingAsker = { kind: 'desk', division: '510104', operator: 'op1' }

/** A desk with one person and the dossiers of their filings; everything happens on the day that it is told. */
export class FilingDesk {
  readonly places: FilingPlaces
  readonly kept = new Map<string, Kept[]>()
  person: Person
  #next = 1

  constructor(policy: Partial<FilingPolicy> = {}, own: Partial<Person> = {}) {
    this.places = placesWith(policy)
    this.person = person(own)
  }

  file(on: string, asked: Partial<AwayAsked> = {}, by: FilingAsker = desk) {
    const subject = filingSubject('P1', `F${this.#next++}`)
    const whole: AwayAsked = {
      kind: 'other',
      careRegion: '440103',
      from: day(on),
      documents: [],
      details: {},
      ...asked,
    }
    return this.#enter(on, subject, by, (found) => fileAway(found, subject, whole, by, this.places))
  }

  change(on: string, number: string, asked: Partial<AwayChange>, by: FilingAsker = desk) {
    const subject = filingSubject('P1', number)
    const whole = { documents: [], details: {}, ...asked }
    return this.#enter(on, subject, by, (found) =>
      changeAway(found, subject, whole, by, this.places),
    )
  }

  withdraw(on: string, number: string, by: FilingAsker = desk, override?: string) {
    const subject = filingSubject('P1', number)
    const asked = { details: {}, override }
    return this.#enter(on, subject, by, (found) =>
      withdrawAway(found, subject, asked, by, this.places),
    )
  }

  #enter(
    on: string,
    subject: Subject,
    by: FilingAsker,
    decide: (found: Pick<Found, 'dossiers' | 'facts' | 'today'>) => Entered | Refusal,
  ): unknown {
    const today: Day = day(on)
    const entered = decide({ dossiers: this.kept, facts: facts({ person: this.person }), today })
    if (isRefusal(entered)) return [entered.code, entered.facts]
    const own = this.kept.get(subjectKey(subject)) ?? []
    this.kept.set(subjectKey(subject), own)
    const institution = by.kind === 'institution' ? by.code : by.kind
    for (const { kind, body } of entered.entries)
      own.push({ version: own.length + 1, kind, body, institution, at: Date.parse(on) })
    this.person = entered.person as Person
    return entered.result
  }

  /** The rows of the person: why, where, and from when until when. */
  get rows(): string[] {
    return this.person.filings.map(
      ({ kind, careRegion, from, until = 'open' }) => `${kind} ${careRegion} ${from} ${until}`,
    )
  }
}
