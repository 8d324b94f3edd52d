import type { Claim } from './claim.ts'
import { type Dossiers, type Entry, type Kept, keptOf, subjectKey } from './dossier.ts'
import type { SameBill } from './duplicate.ts'
import { subtract, type Fen, zero } from './money.ts'
import type { Loaded, Writing } from './books.ts'
import { sourceOf } from './movement.ts'
import type { MovementFacts } from './movementAsks.ts'
import { type Ask, type Counters, type Facts, noFacts, type Row, type UndoFacts } from './ports.ts'
import type { AccountDraw } from './settlement.ts'
import { applyDeltas } from './split.ts'

/** So many same bills are looked at, the newest first: more than a terminal settles while a region would refuse a repeat. */
export const mostSameBills = 50

/**
 * Claims of one person that arrive together are folded in memory: each is decided on what the ones before it leave, as
 * if they had been committed one by one.
 */
export class Fold {
  readonly #balances = new Map<string, Fen>()
  readonly #counters = new Map<string, Counters>()
  readonly #settledLines = new Map<string, Set<string>>()
  readonly #bills = new Map<string, SameBill[]>()
  readonly #touched = new Set<string>()
  readonly #waiting = new Set<string>()
  readonly #keys = new Set<string>()
  readonly #subjects = new Map<string, Kept[]>()
  readonly #movements = new Set<string>()

  /**
   * An undo stands alone among its owner's claims of a batch, since what it finds depends on what is committed; so does
   * what comes under a key that the batch has answered or blocked, or asks about a subject that the batch adds to or a
   * movement that it books or takes back. What follows one that waits, waits behind it.
   */
  mustWait(one: Loaded): boolean {
    const { ask, owner, dossiers } = one
    const answered =
      keysOf(ask).some((key) => this.#keys.has(key)) ||
      movementsOf(one).some((name) => this.#movements.has(name)) ||
      (!isTap(ask) && [...dossiers.keys()].some((subject) => this.#subjects.has(subject)))
    if (owner === undefined) return answered
    if (answered || (isUndo(ask) && this.#touched.has(owner))) this.#waiting.add(owner)
    return this.#waiting.has(owner)
  }

  facts(one: Loaded, claim: Claim): Facts {
    const facts = one.facts ?? noFacts
    const { owner } = one
    if (owner === undefined) return facts
    const lines = this.#settledLines.get(visitOf(owner, claim))
    const bills = this.#bills.get(billOf(owner, claim)) ?? []
    return {
      ...facts,
      balances: this.#merged(facts.balances),
      counters: this.#counters.get(owner) ?? facts.counters,
      settledLines: lines ? new Set([...facts.settledLines, ...lines]) : facts.settledLines,
      sameBills: [...bills, ...facts.sameBills].slice(0, mostSameBills),
    }
  }

  /** What is kept of the subjects of a claim, once what comes before it in this batch is written. */
  dossiers({ dossiers }: Loaded): Dossiers {
    if (![...dossiers.keys()].some((subject) => this.#subjects.has(subject))) return dossiers
    return new Map(
      [...dossiers].map(([subject, kept]) => [
        subject,
        [...kept, ...(this.#subjects.get(subject) ?? [])],
      ]),
    )
  }

  /** An undo stands alone among its owner's claims, but others of the batch may draw on the same accounts. */
  undoFacts(facts: UndoFacts): UndoFacts {
    return { ...facts, balances: this.#merged(facts.balances) }
  }

  movementFacts(facts: MovementFacts): MovementFacts {
    return { ...facts, balances: this.#merged(facts.balances) }
  }

  balanceAfter(facts: Facts, { owner, amount }: AccountDraw): Fen {
    return subtract(facts.balances.get(owner) ?? zero, amount)
  }

  note(one: Loaded, writing: Writing): void {
    const { owner, ask, row } = writing
    for (const key of keysOf(ask)) this.#keys.add(key)
    const entries = [...(writing.undone?.entries ?? []), ...writing.entries]
    for (const entry of entries) this.#noteEntry(one, entry, row)
    if (writing.person ?? writing.cards ?? writing.identity) this.#waiting.add(owner)
    const balances = [...(writing.undone?.balances ?? []), ...writing.balances]
    for (const { owner: holder, balance } of balances) this.#balances.set(holder, balance)
    if (writing.movement) for (const name of movementsOf(one)) this.#movements.add(name)
    if (!row) return
    this.#touched.add(owner)
    const before =
      this.#counters.get(owner) ?? one.facts?.counters ?? one.undo?.counters ?? new Map()
    const deltas = [...(writing.undone?.counters ?? []), ...writing.counters]
    this.#counters.set(owner, applyDeltas(before, deltas))
    if (isUndo(ask)) {
      this.#waiting.add(owner)
      return
    }
    const { content } = row
    const visit = visitOf(owner, content)
    const lines = this.#settledLines.get(visit) ?? new Set()
    if (content.visit !== undefined) for (const line of content.lines) lines.add(line.id)
    this.#settledLines.set(visit, lines)
    const bill = billOf(owner, content)
    const { id: settlement, postedAt: at } = row
    const same = { settlement, at, terminal: content.terminal }
    this.#bills.set(bill, [same, ...(this.#bills.get(bill) ?? [])])
  }

  #noteEntry({ ask, dossiers }: Loaded, { subject, kind, body }: Entry, row?: Row): void {
    const added = this.#subjects.get(subjectKey(subject)) ?? []
    const before = added.at(-1) ?? keptOf(dossiers, subject).at(-1)
    const { institution } = ask.key
    const version = (before?.version ?? 0) + 1
    added.push({ version, kind, body, institution, at: row?.postedAt ?? 0 })
    this.#subjects.set(subjectKey(subject), added)
  }

  #merged(balances: ReadonlyMap<string, Fen>): ReadonlyMap<string, Fen> {
    const changed = [...balances.keys()].some((owner) => this.#balances.has(owner))
    if (!changed) return balances
    return new Map(
      [...balances].map(([owner, balance]) => [owner, this.#balances.get(owner) ?? balance]),
    )
  }
}

/** Of a card's taps only the newest entry matters, and it is folded like a balance: a busy till need not wait for itself. */
const isTap = (ask: Ask): boolean => ask.kind === 'settle' && ask.claim.quick !== undefined

const isUndo = ({ kind }: Ask): boolean =>
  kind === 'cancel' || kind === 'reverse' || kind === 'resettle'

type Bill = Pick<Claim, 'institution' | 'visit' | 'day'> & {
  readonly lines: readonly { readonly item: string; readonly amount: Fen }[]
}

const visitOf = (owner: string, { institution, visit }: Bill): string =>
  `${owner} ${institution} ${visit ?? ''}`

/** The keys whose answers an ask reads or writes: its own, and that of the request it reverses. */
const keysOf = (ask: Ask): string[] =>
  (ask.kind === 'reverse' ? [ask.key, ask.original] : [ask.key]).map(
    ({ institution, key }) => `${institution} ${key}`,
  )

/** What a movement is known by: its source, of which only one stands, and its id once it has one. */
function movementsOf({ ask, owner, movement }: Loaded): string[] {
  if (ask.kind === 'move') return [`${owner} ${sourceOf(ask.movement)}`]
  if (ask.kind !== 'moveBack') return []
  const { head } = movement ?? {}
  return head ? [ask.movement, `${owner} ${sourceOf(head.content)}`] : []
}

/** The same person, institution, day, items and amounts, in whatever order, are the same bill (decision 20). */
function billOf(owner: string, { institution, day, lines }: Bill): string {
  const items = lines.map(({ item, amount }) => `${item} ${amount}`).toSorted()
  return [owner, institution, day, ...items].join('|')
}
