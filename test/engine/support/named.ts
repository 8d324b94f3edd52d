import { type Facts, noFacts } from '../../../engine/ports.ts'
import type { MemoryBooks } from './books.ts'

/** What an ask that names its person finds of them. */
export function namedFacts(
  books: MemoryBooks,
  asked: { readonly person: string; readonly institution: string },
): Facts {
  const person = [...books.people.values()].find(({ id }) => id === asked.person)
  return {
    ...noFacts,
    institution: books.institutions.get(asked.institution),
    person,
    balances: new Map(books.balances),
    counters: books.counters.get(asked.person) ?? new Map(),
    cards: books.cards.get(asked.person) ?? [],
    identity: books.identities.get(asked.person),
  }
}
