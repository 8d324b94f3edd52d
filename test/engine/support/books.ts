import type { Card } from '../../../engine/card.ts'
import type { Claim } from '../../../engine/claim.ts'
import { type Dossiers, type Kept, type Subject, subjectKey } from '../../../engine/dossier.ts'
import type { Institution } from '../../../engine/institution.ts'
import type { Transfer } from '../../../engine/ledger.ts'
import type { Fen } from '../../../engine/money.ts'
import type { Person } from '../../../engine/person.ts'
import type {
  Binding,
  Books,
  Loaded,
  Looked,
  Original,
  Session,
  Writing,
} from '../../../engine/books.ts'
import {
  type Ask,
  type Counters,
  type Facts,
  Fault,
  type Identity,
  type Key,
  type Previewed,
  type Row,
  type UndoFacts,
} from '../../../engine/ports.ts'
import { refuse } from '../../../engine/refusal.ts'
import { applyDeltas } from '../../../engine/split.ts'
import { isEffective } from '../../../engine/undo.ts'
import { undoSubjects } from '../../../engine/undoEntries.ts'
import { MemoryDue } from './due.ts'
import { neighbour } from './rows.ts'
import { type Answered, cardIn, failure, nameOf, type Trouble } from './trouble.ts'
import { MemoryMovements } from './movements.ts'
import { namedFacts } from './named.ts'
import type { PastCard } from '../../../engine/quickPaymentPast.ts'
import { subjectsOfClaim } from '../../../engine/whole.ts'

/**
 * The books in memory: keys, rows, transfers and versions as the database keeps them. A commit on versions that
 * somebody else has moved on is a conflict, and all of it is undone.
 */
export class MemoryBooks implements Books {
  readonly people = new Map<string, Person>()
  readonly institutions = new Map<string, Institution>()
  readonly rows: Row[] = []
  readonly transfers = new Map<string, readonly Transfer[]>()
  readonly balances = new Map<string, Fen>()
  readonly counters = new Map<string, Counters>()
  readonly answers = new Map<string, Answered>()
  readonly cards = new Map<string, readonly Card[]>()
  readonly histories = new Map<string, readonly PastCard[]>()
  readonly identities = new Map<string, Identity>()
  readonly dossiers = new Map<string, readonly Kept[]>()
  readonly movements = new MemoryMovements(this)
  readonly due = new MemoryDue()
  /** What goes wrong with the next openings, commits and look-ups, one after the other. */
  readonly atOpen: Trouble[] = []
  readonly atCommit: (Trouble | undefined)[] = []
  readonly atLookUp: ('broken' | 'nothing-told')[] = []
  /** Fails a commit that holds such a writing, as a check of the database would. */
  poison: (writing: Writing) => boolean = () => false
  /** Called between reading and writing, to let somebody else go first. */
  meanwhile: () => void = () => {}
  /** The moment that is noted with entries. */
  clock: () => number = () => 0
  commits = 0
  abandoned = 0
  readonly #versions = new Map<string, number>()

  async open(asks: readonly Ask[]): Promise<Session> {
    const trouble = this.atOpen.shift()
    if (trouble) throw failure(trouble)
    const loaded = asks.map((ask) => this.#withAlso(ask, this.#load(ask)))
    const seen = new Map(this.#versions)
    return {
      loaded,
      commit: async (writings) => this.#commit(writings, seen),
      abandon: async () => {
        this.abandoned++
      },
    }
  }

  async look(asked: readonly Previewed[]): Promise<(Looked | undefined)[]> {
    return asked.map((one) =>
      'subjects' in one
        ? {
            facts: namedFacts(this, one),
            dossiers: this.#kept([...one.subjects, ...(one.also ?? [])]),
          }
        : { facts: this.#facts(one), dossiers: this.#keptOfClaim(one) },
    )
  }

  async lookUp(keys: readonly Key[]): Promise<(Binding | undefined)[]> {
    return keys.map((key) => {
      const trouble = this.atLookUp.shift()
      if (trouble === 'broken') throw new Error('no connection')
      return trouble === 'nothing-told' ? undefined : this.#bind(key)
    })
  }

  touch(owner: string): void {
    this.#versions.set(owner, (this.#versions.get(owner) ?? 0) + 1)
  }

  #bind(key: Key): Binding {
    const stored = this.answers.get(nameOf(key))
    if (!stored) return { kind: 'fresh' }
    const { fingerprint, answer } = stored
    if (fingerprint !== '' && fingerprint !== key.fingerprint)
      return { kind: 'differs', field: 'total' }
    return answer ? { kind: 'answered', answer } : { kind: 'fresh', asked: true }
  }

  #withAlso(ask: Ask, loaded: Loaded): Loaded {
    const also = 'also' in ask ? (ask.also ?? []) : []
    return { ...loaded, dossiers: new Map([...loaded.dossiers, ...this.#kept(also)]) }
  }

  #load(ask: Ask): Loaded {
    const plain = {
      ask,
      binding: this.#bind(ask.key),
      facts: undefined,
      undo: undefined,
      dossiers: new Map(),
    }
    switch (ask.kind) {
      case 'bill':
      case 'resettle':
      case 'enter': {
        const named = { person: ask.kind === 'enter' ? ask.owner : ask.person, ...ask }
        const facts = namedFacts(this, named)
        const known = facts.person !== undefined || named.person.startsWith('institution:')
        const owner = known ? named.person : undefined
        const settlement = ask.kind === 'bill' ? undefined : ask.settlement
        const undo = settlement === undefined ? undefined : this.#undo(settlement)
        const heard = ask.kind === 'resettle' ? this.#visitOf(undo) : []
        const dossiers = new Map([...this.#kept(ask.subjects), ...heard])
        return { ...plain, owner, facts, undo, dossiers }
      }
      case 'settle': {
        const owner = this.people.get(ask.claim.credential.number)?.id
        const unbound = { kind: 'unbound', refusal: refuse('person-unknown') } as const
        if (owner === undefined) return { ...plain, owner, binding: unbound }
        const dossiers = this.#keptOfClaim(ask.claim)
        return { ...plain, owner, facts: this.#facts(ask.claim), dossiers }
      }
      case 'cancel': {
        const undo = this.#undo(ask.settlement)
        return { ...plain, owner: undo.head?.content.person, undo, dossiers: this.#visitOf(undo) }
      }
      case 'reverse': {
        const original = this.#original(ask.original)
        const settlement =
          original.kind === 'row'
            ? this.rows.find((r) => r.id === original.row)?.settlement
            : undefined
        const undo = settlement === undefined ? undefined : this.#undo(settlement)
        const dossiers =
          original.kind === 'entered'
            ? this.#kept([{ owner: ask.person, name: original.subject }])
            : this.#visitOf(undo)
        return { ...plain, owner: ask.person, original, undo, dossiers }
      }
      case 'move':
      case 'moveBack':
        return {
          ...plain,
          dossiers: this.#kept(ask.kind === 'move' ? (ask.within?.subjects ?? []) : []),
          ...this.movements.load(ask, (id) => this.#undo(id)),
        }
    }
  }

  #original(key: { readonly institution: string; readonly key: string }): Original {
    const stored = this.answers.get(nameOf(key))
    if (!stored) return { kind: 'absent' }
    const { answer, input } = stored
    if (!answer) return { kind: 'open', input }
    if (answer.kind === 'entered') return { kind: 'entered', subject: answer.subject, input }
    if (answer.kind === 'moved') return { kind: 'moved' }
    return answer.kind === 'refused' || !answer.row
      ? { kind: 'nothing' }
      : { kind: 'row', row: answer.row.id, input }
  }

  #kept(subjects: readonly Subject[]): Dossiers {
    return new Map(
      subjects.map((one) => [subjectKey(one), this.dossiers.get(subjectKey(one)) ?? []]),
    )
  }

  #keptOfClaim(claim: Claim): Dossiers {
    const owner = this.people.get(claim.credential.number)?.id
    return this.#kept(owner ? subjectsOfClaim(claim, owner, cardIn(this.cards, claim)?.id) : [])
  }

  #visitOf(undo: UndoFacts | undefined): Dossiers {
    if (!undo?.head) return new Map()
    const { settlement, content } = undo.head
    return this.#kept(undoSubjects(content.person, settlement, content.visit))
  }

  #facts(claim: Claim): Facts {
    const person = this.people.get(claim.credential.number)
    const own = this.#effective(person?.id)
    const inVisit = own.filter((r) => claim.visit !== undefined && r.content.visit === claim.visit)
    return {
      institution: this.institutions.get(claim.institution),
      person,
      card: cardIn(this.cards, claim),
      cardHistory: this.histories.get(claim.credential.number),
      balances: new Map(this.balances),
      counters: this.counters.get(person?.id ?? '') ?? new Map(),
      settledLines: new Set(inVisit.flatMap((r) => r.content.lines.map((l) => l.id))),
      sameBills: [],
    }
  }

  #undo(settlement: string): UndoFacts {
    const chain = this.rows.filter((r) => r.settlement === settlement)
    const head = chain.at(-1)
    const after = head ? this.rows.indexOf(head) : 0
    const later = this.#effective(head?.content.person).filter((r) => this.rows.indexOf(r) > after)
    return {
      head,
      transfers: this.transfers.get(head?.id ?? '') ?? [],
      later: later.map(neighbour),
      balances: new Map(this.balances),
      counters: this.counters.get(head?.content.person ?? '') ?? new Map(),
    }
  }

  #effective(person: string | undefined): Row[] {
    const undone = new Set(this.rows.map((r) => r.undoes))
    return this.rows.filter(
      (r) => r.content.person === person && isEffective(r) && !undone.has(r.id),
    )
  }

  #commit(writings: readonly Writing[], seen: ReadonlyMap<string, number>): void {
    this.meanwhile()
    const trouble = this.atCommit.shift()
    if (trouble && trouble !== 'unknown-but-committed') throw failure(trouble)
    const keys = writings.flatMap((w) => [w.ask.key, ...(w.blocks ? [w.blocks] : [])].map(nameOf))
    if (new Set(keys).size < keys.length) throw new Fault('conflict', 'a key was answered twice')
    const touched = new Set(writings.flatMap((w) => [w.owner, ...w.balances.map((b) => b.owner)]))
    for (const owner of touched)
      if (this.#versions.get(owner) !== seen.get(owner))
        throw new Fault('conflict', `${owner} moved on`)
    if (writings.some(this.poison)) throw new Error('a check of the database failed')
    for (const writing of writings) this.#write(writing)
    for (const owner of touched) this.touch(owner)
    this.commits++
    if (trouble) throw failure('unknown')
  }

  #write(writing: Writing): void {
    if (writing.undone) this.#write({ ...writing, ...writing.undone, undone: undefined })
    const { ask, owner, answer, row, transfers, balances, counters, blocks } = writing
    const { fingerprint, input } = ask.key
    this.answers.set(nameOf(ask.key), { fingerprint, input, answer })
    if (blocks)
      this.answers.set(nameOf(blocks), {
        // Whoever asked under it already may ask again; nobody asked under one that was never used.
        ...((blocks.bound && this.answers.get(nameOf(blocks))) || { fingerprint: '', input: '' }),
        answer: { kind: 'refused', refusal: blocks.refusal },
      })
    this.#enter(writing)
    this.movements.note(writing)
    for (const b of balances) this.balances.set(b.owner, b.balance)
    if (!row) return
    this.rows.push(row)
    this.transfers.set(row.id, transfers)
    this.counters.set(owner, applyDeltas(this.counters.get(owner) ?? new Map(), counters))
  }

  #enter({ ask, entries, person }: Writing): void {
    const { institution } = ask.key
    for (const entry of entries) {
      const { subject, kind, body } = entry
      this.due.note(entry)
      const before = this.dossiers.get(subjectKey(subject)) ?? []
      const kept = { version: before.length + 1, kind, body, institution, at: this.clock() }
      this.dossiers.set(subjectKey(subject), [...before, JSON.parse(JSON.stringify(kept))])
    }
    for (const [number, { id }] of this.people)
      if (person && id === person.id) this.people.set(number, person)
  }
}
