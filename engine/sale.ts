import { chargeLines } from './charging.ts'
import type { Entry, Subject } from './dossier.ts'
import type { Found } from './ports.ts'
import { isRefusal, type Refusal } from './refusal.ts'
import { readVisit, type Registration, type Visit, type VisitLine } from './visit.ts'
import { register } from './visiting.ts'

/** A visit that begins and is filled at once, to be settled at once: a sale in a pharmacy (药店购药 2102). */
export interface Sale {
  readonly visit: Visit
  readonly entries: readonly Entry[]
}

/** The visit of a sale as its entries will tell it; a line that could not be added refuses the whole. */
export function openSale(
  subject: Subject,
  registration: Registration,
  lines: readonly VisitLine[],
  found: Pick<Found, 'facts' | 'today'>,
): Sale | Refusal {
  const registered = register(subject, registration)
  const added = chargeLines(visitOf(subject, [registered], registration), lines, found)
  if (isRefusal(added)) return added
  const entries = [registered, added]
  return { visit: visitOf(subject, entries, registration), entries }
}

const visitOf = (
  subject: Subject,
  entries: readonly Entry[],
  { institution, began: at }: Registration,
): Visit =>
  readVisit(
    subject,
    entries.map(({ kind, body }, i) => ({ version: i + 1, kind, body, institution, at })),
  ) as Visit
