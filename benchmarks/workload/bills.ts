import type { City } from './city.ts'
import { byCard, byNumber, settlementOf } from './claims.ts'
import { visitLines } from './lines.ts'
import { type Citizen, today } from './people.ts'
import type { Request } from './request.ts'

export interface BillsAsked {
  readonly count: number
  /** What keys begin with: another one for each run on the same database. */
  readonly tag: string
  /** Only the first so many of them come, each as often as all others. */
  readonly among?: number
}

/** Bills of five lines, of employees in a random order in which nobody comes twice before all have come. */
export const spreadBills = (city: City, asked: BillsAsked): Iterable<Request> =>
  fiveLines(city, asked, (random) => city.institutions.hospital(random).code)

/** The very same bills of the same people, and every one at the city's biggest hospital: one pool fund pays them all. */
export function hotBills(city: City, asked: BillsAsked): Iterable<Request> {
  const biggest = city.institutions.all[0]
  return fiveLines(city, asked, (random) => {
    // The draw is made all the same: whatever is drawn after it is as in the other bills.
    city.institutions.hospital(random)
    return biggest?.code ?? ''
  })
}

function* fiveLines(
  city: City,
  { count, tag, among }: BillsAsked,
  where: (random: ReturnType<City['random']>) => string,
): Iterable<Request> {
  const random = city.random(`five lines ${tag}`)
  const people = shuffled(employeesOf(city).slice(0, among), random)
  for (let i = 0; i < count; i++) {
    const citizen = people[i % people.length] as Citizen
    const body = {
      institution: where(random),
      day: today,
      credential: byCard(citizen),
      care: 'outpatient',
      useAccount: true,
      ...visitLines(random, 5),
    }
    yield settlementOf({ kind: 'outpatient', citizen, key: `${tag}-${i + 1}`, body })
  }
}

export const employeesOf = (city: City): Citizen[] =>
  city.people.filter(({ scheme, home }) => scheme === 'employee' && home === city.region)

export function shuffled<T>(from: readonly T[], random: ReturnType<City['random']>): T[] {
  const all = [...from]
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.between(0, i)
    ;[all[i], all[j]] = [all[j] as T, all[i] as T]
  }
  return all
}

/**
 * Bills of the people of another city at the hospitals of this one. They show their citizen number, as visitors do of whom
 * nothing is known here. `meetings` are previews of the same people: whoever has been looked at once is known from then on.
 */
export function awayBills(
  here: City,
  home: City,
  { count, tag }: BillsAsked,
): { readonly meetings: Iterable<Request>; readonly bills: Iterable<Request> } {
  const visitors = employeesOf(home).slice(0, Math.min(count, mostVisitors))
  return {
    meetings: awayOf(here, visitors, { count: visitors.length, tag: `${tag}-meet` }, '/preview'),
    bills: awayOf(here, visitors, { count, tag }, ''),
  }
}

/** Many enough not to wait for each other, and few enough to be met in seconds. */
const mostVisitors = 500

function* awayOf(
  here: City,
  visitors: readonly Citizen[],
  { count, tag }: BillsAsked,
  step: string,
): Iterable<Request> {
  const random = here.random(`away ${tag}`)
  for (let i = 0; i < count; i++) {
    const citizen = visitors[i % visitors.length] as Citizen
    const body = {
      institution: here.institutions.hospital(random).code,
      day: today,
      credential: byNumber(citizen),
      insuredIn: citizen.home,
      care: 'outpatient',
      useAccount: true,
      ...visitLines(random, 5),
    }
    const bill = settlementOf({ kind: 'outpatient', citizen, key: `${tag}-${i + 1}`, body })
    yield step === '' ? bill : { ...bill, kind: 'preview', path: bill.path + step }
  }
}
