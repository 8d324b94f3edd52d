import type { Loaded } from './books.ts'
import { callBack, collectionSubject } from './collection.ts'
import type { Entry, Subject } from './dossier.ts'
import { turnInvoice } from './invoice.ts'
import { turnPackages } from './packages.ts'
import type { Row } from './ports.ts'
import { isEffective } from './undo.ts'
import { type Refusal, isRefusal } from './refusal.ts'
import { recoveredSubject } from './recovered.ts'
import { turnStay } from './stays.ts'
import { keptVisit, visitSubject } from './visit.ts'
import { noteUndone } from './visiting.ts'

/** What hears of it when a settlement is undone: its visit, and what a bank collected of its cash. */
export const undoSubjects = (
  owner: string,
  settlement: string,
  visit: string | null | undefined,
): readonly Subject[] => [
  collectionSubject(owner, settlement),
  recoveredSubject(owner, settlement),
  ...(visit ? [visitSubject(owner, visit)] : []),
]

/** A visit that has a dossier hears that its settlement was undone, or stands again; so do the packages it sold. */
export function entriesOfUndo(
  { dossiers }: Pick<Loaded, 'dossiers'>,
  row: Row,
): readonly Entry[] | Refusal {
  const collections = callBack(dossiers, row)
  const visit = keptVisit(dossiers, row.content)
  if (!visit) return collections
  const entry = noteUndone(visit, row)
  if (isRefusal(entry)) return entry
  const packages = turnPackages(dossiers, visit, row)
  if (isRefusal(packages)) return packages
  const { settlement } = row
  const { invoice } = visit.settlements.get(settlement) ?? {}
  const invoices = turnInvoice(dossiers, invoice, { settlement, inForce: isEffective(row) })
  if (isRefusal(invoices)) return invoices
  return [entry, ...invoices, ...turnStay(dossiers, visit, entry, row), ...packages, ...collections]
}
