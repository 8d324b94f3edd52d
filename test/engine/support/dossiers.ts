import type { Card } from '../../../engine/card.ts'
import { type Dossiers, type Entry, type Kept, subjectKey } from '../../../engine/dossier.ts'
import type { Found } from '../../../engine/ports.ts'
import { card, facts, now, person, today } from './world.ts'

/** Where everything here was entered. */
export const institution = 'H51010000002'

const keptOf = (entries: readonly Entry[], at = now - 1): Kept[] =>
  entries.map(({ kind, body }, i) => ({ version: i + 1, kind, body, institution, at }))
/** Dossiers that hold these entries, each of a moment before now or of its own. */
export const dossiersOf = (...entries: readonly (Entry | readonly [Entry, number])[]): Dossiers => {
  const dossiers = new Map<string, Kept[]>()
  for (const one of entries) {
    const [entry, at] = Array.isArray(one) ? (one as [Entry, number]) : [one as Entry, now - 1]
    const key = subjectKey(entry.subject)
    dossiers.set(key, [...(dossiers.get(key) ?? []), ...keptOf([entry], at)])
  }
  return dossiers
}

/** What an ask about P1 finds. */
export const found = (dossiers: Dossiers, cards: readonly Card[] = [card()]): Found => ({
  dossiers,
  facts: facts({ person: person(), cards }),
  now,
  today,
})
