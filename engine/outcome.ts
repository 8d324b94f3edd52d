import type { Binding } from './books.ts'
import type { Answer, Outcome } from './ports.ts'

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
