import type { Binding } from './books.ts'
import type { Json } from './dossier.ts'
import type { Answer, Row } from './ports.ts'
import type { Refusal } from './refusal.ts'

/** What one asker is told. Only these words exist; a client that obeys them ends consistent (faults 2.5). */
export type Outcome =
  | {
      readonly kind: 'settled'
      readonly row: Row
      readonly result?: Json | undefined
      readonly replayed: boolean
    }
  | {
      readonly kind: 'entered'
      readonly subject: string
      readonly result?: Json | undefined
      readonly replayed: boolean
    }
  | {
      readonly kind: 'undone'
      readonly row: Row
      readonly affected: readonly string[]
      readonly result?: Json | undefined
      readonly replayed: boolean
    }
  | { readonly kind: 'reversed'; readonly row?: Row | undefined; readonly replayed: boolean }
  | (Extract<Answer, { readonly kind: 'moved' }> & { readonly replayed: boolean })
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly replayed: boolean }
  /** The key was used before with another body; `field` is the first that differs. */
  | { readonly kind: 'differs'; readonly field: string }
  | { readonly kind: 'inProgress' }
  /** The server is full or its database is away; nothing happened. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'unknown' }
  /** A rule of our own did not hold; nothing was committed. */
  | { readonly kind: 'bug'; readonly reference: string }

/** What a key was bound to before decides at once; a fresh one is decided now. */
export function outcomeOf(binding: Binding): Outcome | undefined {
  switch (binding.kind) {
    case 'fresh':
      return undefined
    case 'answered':
      return { ...outcomeOfAnswer(binding.answer), replayed: true }
    case 'differs':
      return { kind: 'differs', field: binding.field }
    case 'unbound':
      return { kind: 'refused', refusal: binding.refusal, replayed: false }
  }
}

type Answered = Extract<
  Outcome,
  { kind: 'settled' | 'entered' | 'undone' | 'reversed' | 'moved' | 'refused' }
>

export function outcomeOfAnswer(answer: Answer): Answered {
  switch (answer.kind) {
    case 'settled':
    case 'undone':
    case 'entered':
    case 'moved':
      return { ...answer, replayed: true }
    case 'reversed':
      return { kind: 'reversed', row: answer.row, replayed: true }
    case 'refused':
      return { kind: 'refused', refusal: answer.refusal, replayed: true }
  }
}
