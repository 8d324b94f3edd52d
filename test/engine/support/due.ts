import { type Entry, type Subject, subjectKey } from '../../../engine/dossier.ts'

interface DueSubject {
  readonly subject: Subject
  readonly attempts: number
}

/** What is due, in memory, as the database keeps it. */
export class MemoryDue {
  readonly #due = new Map<string, DueSubject & { readonly at: number }>()

  note({ subject, due }: Entry): void {
    if (due === 'never') this.#due.delete(subjectKey(subject))
    else if (due !== undefined)
      this.#due.set(subjectKey(subject), { subject, at: due, attempts: 0 })
  }

  async list(now: number, limit: number): Promise<readonly DueSubject[]> {
    return [...this.#due.values()].filter(({ at }) => at <= now).slice(0, limit)
  }

  async claim({ subject, attempts }: DueSubject, now: number, until: number): Promise<boolean> {
    const key = subjectKey(subject)
    const known = this.#due.get(key)
    if (!known || known.attempts !== attempts || known.at > now) return false
    this.#due.set(key, { subject, at: until, attempts: attempts + 1 })
    return true
  }

  /** When the first is due. */
  next(): number | undefined {
    return [...this.#due.values()].map(({ at }) => at).sort((a, b) => a - b)[0]
  }
}
