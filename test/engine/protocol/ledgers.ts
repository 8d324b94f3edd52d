import type { Loaded, Original, Writing } from '../../../engine/books.ts'
import { crossingPrefix, crossingSteps, type CrossingState } from '../../../engine/crossing.ts'
import { isAskedAlready, isStillOpen, open, type Open } from '../../../engine/crossingWriting.ts'
import type { World } from '../../../engine/decide.ts'
import { type Kept, MoreNeeded, type Subject, subjectKey } from '../../../engine/dossier.ts'
import { Fold } from '../../../engine/fold.ts'
import { outcomeOfAnswer } from '../../../engine/outcome.ts'
import type { Answer, Ask, Key, Row, UndoFacts } from '../../../engine/ports.ts'
import type { Ports, Taken } from '../../../engine/process.ts'
import { isRefusal, type Refusal } from '../../../engine/refusal.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { isEffective } from '../../../engine/undo.ts'
import { write } from '../../../engine/writing.ts'

export const person = 'P'
export const hospital = 'H'
const today = '2026-03-02' as World['today']

interface Request {
  answer?: Answer | undefined
  /** Blocked before it arrived, so that anything under its key finds the refusal. */
  readonly blocked?: boolean
}

type Written = Omit<Writing, 'ask' | 'owner'>

/** How one side settles; all else that it decides is the engine's own. */
export type Settling = (
  ledger: Ledger,
  one: Loaded,
  ask: Extract<Ask, { kind: 'settle' }>,
) => Written | Refusal | Open

/** One side's books without a database: the engine decides, and one call is one transaction. */
export class Ledger {
  readonly requests = new Map<string, Request>()
  readonly chains = new Map<string, Row[]>()
  readonly dossiers = new Map<string, Kept[]>()
  readonly due = new Map<string, { readonly subject: Subject; attempts: number }>()
  readonly problems: string[] = []
  readonly #settle: Settling
  readonly #fenced: boolean
  #now = 0
  #ids = 0

  constructor(settle: Settling, { fenced = true }: { readonly fenced?: boolean } = {}) {
    this.#settle = settle
    this.#fenced = fenced
  }

  get world(): World {
    return { rulebooks, regions, packHash: '', now: ++this.#now, today }
  }

  kept(subject: Subject): readonly Kept[] {
    return this.dossiers.get(subjectKey(subject)) ?? []
  }

  row(content: Settlement): Row {
    const id = `S${++this.#ids}`
    return { id, settlement: id, sequence: 1, kind: 'settlement', postedAt: this.#now, content }
  }

  /** The row of a settlement that counts now, by what both sides know it by. */
  standing(reference: string): Row | undefined {
    for (const chain of this.chains.values()) {
      const head = chain.at(-1) as Row
      if (head.content.reference === reference && isEffective(head)) return head
    }
    return undefined
  }

  answered(key: Pick<Key, 'institution' | 'key'>): Answer | undefined {
    return this.requests.get(nameOf(key))?.answer
  }

  take(ask: Ask): Taken {
    const known = this.answered(ask.key)
    if (known) return { ...outcomeOfAnswer(known), replayed: true }
    const written = this.#written(ask)
    if (isStillOpen(written)) return { kind: 'unknown' }
    if (isRefusal(written)) return { kind: 'refused', refusal: written, replayed: false }
    this.#post(ask, written)
    if (written.asking) return written.asking
    return { ...outcomeOfAnswer(written.answer as Answer), replayed: false }
  }

  #written(ask: Ask): Written | Refusal | Open {
    const named = new Map(this.dossiers)
    for (;;)
      try {
        const one = this.#load(ask, named)
        if (ask.kind === 'settle') return isAskedAlready(one) ? open : this.#settle(this, one, ask)
        return write(one, new Fold(), this.world, this.#ports)
      } catch (error) {
        if (!(error instanceof MoreNeeded)) throw error
        for (const subject of error.subjects) named.set(subjectKey(subject), [])
      }
  }

  #load(ask: Ask, dossiers: Map<string, Kept[]>): Loaded {
    const original = ask.kind === 'reverse' ? this.#original(ask.original) : undefined
    const settlement =
      ask.kind === 'cancel'
        ? ask.settlement
        : original?.kind === 'row'
          ? this.#settlementOf(original.row)
          : undefined
    return {
      ask,
      binding: { kind: 'fresh', ...(this.requests.has(nameOf(ask.key)) && { asked: true }) },
      owner: person,
      facts: undefined,
      undo: settlement === undefined ? undefined : this.#undo(settlement),
      original,
      dossiers,
    }
  }

  #original(key: Pick<Key, 'institution' | 'key'>): Original {
    const request = this.requests.get(nameOf(key))
    if (!request) return { kind: 'absent' }
    const { answer } = request
    if (!answer) return { kind: 'open', input: '' }
    return answer.kind === 'settled' || answer.kind === 'undone'
      ? { kind: 'row', row: answer.row.id, input: '' }
      : { kind: 'nothing' }
  }

  #settlementOf(row: string): string | undefined {
    for (const [settlement, chain] of this.chains)
      if (chain.some(({ id }) => id === row)) return settlement
    return undefined
  }

  #undo(settlement: string): UndoFacts {
    const head = this.chains.get(settlement)?.at(-1)
    return { head, transfers: [], later: [], balances: new Map(), counters: new Map() }
  }

  readonly #ports = {
    ids: { next: () => `R${++this.#ids}` },
    rulebooks: {
      of: () => ({
        region: {
          undo: { acrossMonths: true, acrossYears: true, laterSettlements: 'list' },
          yearStarts: '01-01',
        },
      }),
    },
    dayOf: () => today,
  } as unknown as Ports

  #post({ key }: Ask, { answer, row, entries, blocks }: Written): void {
    this.requests.set(nameOf(key), { answer })
    if (row) this.chains.set(row.settlement, [...(this.chains.get(row.settlement) ?? []), row])
    for (const entry of entries) this.#enter(entry, key.institution)
    if (blocks && (this.#fenced || blocks.bound)) {
      const refused: Answer = { kind: 'refused', refusal: blocks.refusal }
      this.requests.set(nameOf(blocks), { answer: refused, blocked: true })
    }
  }

  #enter({ subject, kind, body, due }: Written['entries'][number], institution: string): void {
    const name = subjectKey(subject)
    const kept = this.dossiers.get(name) ?? []
    if (subject.name.startsWith(crossingPrefix)) this.#checkStep(kept.at(-1), kind, name)
    this.dossiers.set(name, [
      ...kept,
      { version: kept.length + 1, kind, body, institution, at: this.#now },
    ])
    if (due === 'never') this.due.delete(name)
    else if (due !== undefined) this.due.set(name, { subject, attempts: 0 })
  }

  /** States move along the table and no other way. */
  #checkStep(before: Kept | undefined, to: string, name: string): void {
    const from = before?.kind as CrossingState | undefined
    const may = from === undefined ? to === 'asked' : crossingSteps[from].includes(to as never)
    if (!may) this.problems.push(`${name} went from ${from ?? 'nothing'} to ${to}`)
  }
}

const rulebooks = {} as World['rulebooks']
const regions = {} as World['regions']

export const nameOf = ({ institution, key }: Pick<Key, 'institution' | 'key'>): string =>
  `${institution} ${key}`
