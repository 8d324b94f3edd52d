import type { Loaded } from './books.ts'
import type { World } from './decide.ts'
import { type Found, noFacts } from './ports.ts'

/** What most asks do not write. */
export const nothingMore = { transfers: [], balances: [], counters: [], entries: [] } as const

/** What an ask's own function is shown. */
export const foundBy = (
  {
    dossiers,
    facts = noFacts,
    undo,
  }: Pick<Loaded, 'dossiers' | 'facts'> & Partial<Pick<Loaded, 'undo'>>,
  { now, today }: World,
): Found => ({ dossiers, facts, head: undo?.head, now, today })
