import type { Loaded } from './books.ts'
import type { Entry } from './dossier.ts'
import { turnPackages } from './packages.ts'
import type { Row } from './ports.ts'
import { type Refusal, isRefusal } from './refusal.ts'
import { turnStay } from './stays.ts'
import { keptVisit } from './visit.ts'
import { noteUndone } from './visiting.ts'

/** A visit that has a dossier hears that its settlement was undone, or stands again; so do the packages it sold. */
export function entriesOfUndo(
  { dossiers }: Pick<Loaded, 'dossiers'>,
  row: Row,
): readonly Entry[] | Refusal {
  const visit = keptVisit(dossiers, row.content)
  if (!visit) return []
  const entry = noteUndone(visit, row)
  if (isRefusal(entry)) return entry
  const packages = turnPackages(dossiers, visit, row)
  if (isRefusal(packages)) return packages
  return [entry, ...turnStay(dossiers, visit, entry, row), ...packages]
}
