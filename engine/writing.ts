import type { Claim } from './claim.ts'
import { type Decision, type World, decide } from './decide.ts'
import { keptOf } from './dossier.ts'
import type { Fold } from './fold.ts'
import { post } from './ledger.ts'
import { writeMove, writeMoveBack } from './moving.ts'
import { sellBilled } from './packages.ts'
import type { Loaded, Writing } from './books.ts'
import {
  type BillAsk,
  type Billed,
  type CancelAsk,
  type EnterAsk,
  type Facts,
  type Found,
  type ReverseAsk,
  type Row,
  type RowKind,
  type SettleAsk,
  noFacts,
} from './ports.ts'
import type { Ports } from './process.ts'
import { type Refusal, isRefusal, refusals, refuse } from './refusal.ts'
import type { Settlement } from './settlement.ts'
import { entriesOfUndo } from './undoEntries.ts'
import { type Undone, cancel, isAsked, kindOf, reverse } from './undo.ts'
import { keptVisit, visitSubject } from './visit.ts'

export function decideOn(
  claim: Claim,
  facts: Facts | undefined,
  world: World,
): Settlement | Refusal {
  const decision: Decision = decide(claim, facts ?? noFacts, world)
  if (decision.kind === 'settle') return decision.settlement
  return decision.kind === 'refuse'
    ? decision.refusal
    : refuse('home-region-not-served', { region: decision.home })
}

/**
 * A claim that is whole in itself. A visit that was registered here is settled of the lines that were uploaded to it and
 * no other way: what is kept of it tells which of them are settled.
 */
export function decideWhole(
  claim: Claim,
  { dossiers, facts = noFacts }: Partial<Pick<Loaded, 'facts'>> & Pick<Loaded, 'dossiers'>,
  world: World,
): Settlement | Refusal {
  const settlement = decideOn(claim, facts, world)
  const { visit } = claim
  if (isRefusal(settlement) || visit === undefined) return settlement
  const isKept = keptOf(dossiers, visitSubject(settlement.person, visit)).length > 0
  return isKept ? refuse('visit-kept', { visit }) : settlement
}

/** The bill of a visit, decided like any other claim once its dossiers have told what it is. */
export function decideBill(
  ask: Pick<BillAsk, 'claim'>,
  found: Found,
  world: World,
  factsFor: (claim: Claim) => Facts = () => found.facts,
): Billed | Refusal {
  const claim = ask.claim(found)
  if (isRefusal(claim)) return claim
  const settlement = decideOn(claim, presentedBy(claim, factsFor(claim)), world)
  return isRefusal(settlement) ? settlement : { claim, settlement }
}

/** The card that is presented is one of the person's own; a credential of somebody else finds none. */
export function presentedBy({ credential }: Pick<Claim, 'credential'>, facts: Facts): Facts {
  const { cards = [], identity } = facts
  if (credential.type === 'citizen-number')
    return credential.number === identity?.citizenNumber ? facts : { ...facts, person: undefined }
  const own = cards.find(({ number }) => number === credential.number)
  return { ...facts, card: credential.type === 'card' ? own : (facts.card ?? own) }
}

/** All that one ask writes, or a refusal that stores nothing because the input or a party is not known. */
export function write(one: Loaded, fold: Fold, world: World, ports: Ports): Writing | Refusal {
  const result = writingFor(one, fold, world, ports)
  if (!isRefusal(result)) return result
  const { ask, owner = '' } = one
  if (!isKept(one, result)) return result
  return { ...nothingMore, ask, owner, answer: { kind: 'refused', refusal: result } }
}

const nothingMore = { transfers: [], balances: [], counters: [], entries: [] } as const

/**
 * A refusal by rule is kept, so that a repeat is told the same. What is made of dossiers depends on them even where it
 * looks like a slip of the sender's, and it must not come true when it is repeated later.
 */
function isKept({ ask, owner }: Loaded, { code }: Refusal): boolean {
  const kind = refusals[code]
  if (kind === 'rule') return true
  return kind === 'input' && owner !== undefined && (ask.kind === 'bill' || ask.kind === 'enter')
}

function writingFor(one: Loaded, fold: Fold, world: World, ports: Ports): Writing | Refusal {
  const { ask } = one
  switch (ask.kind) {
    case 'settle':
      return writeSettlement(one, ask, fold, world, ports)
    case 'bill':
      return writeBill(one, ask, fold, world, ports)
    case 'enter':
      return writeEntry(one, ask, world)
    case 'cancel':
      return writeUndo(one, ask, fold, world, ports)
    case 'reverse':
      return writeReversal(one, ask, fold, world, ports)
    case 'move':
      return writeMove(one, ask, fold, world, ports)
    case 'moveBack':
      return writeMoveBack(one, ask, fold, world, ports)
  }
}

export const foundBy = (
  {
    dossiers,
    facts = noFacts,
    undo,
  }: Pick<Loaded, 'dossiers' | 'facts'> & Partial<Pick<Loaded, 'undo'>>,
  { now, today }: World,
): Found => ({ dossiers, facts, head: undo?.head, now, today })

function writeSettlement(
  one: Loaded,
  { claim }: SettleAsk,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal {
  const facts = fold.facts(one, claim)
  const content = decideWhole(claim, { ...one, facts }, world)
  if (isRefusal(content)) return content
  const row = firstRow(content, world, ports)
  return { ...settling(one, row, facts, fold), answer: { kind: 'settled', row } }
}

function writeBill(
  one: Loaded,
  ask: BillAsk,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal {
  const found = foundBy(one, world)
  const billed = decideBill(ask, found, world, (claim) => fold.facts(one, claim))
  if (isRefusal(billed)) return billed
  const row = firstRow(billed.settlement, world, ports)
  const more = ask.enter(found, { ...billed, id: row.id })
  if (isRefusal(more)) return more
  const sold = sellBilled(found, billed, row.id)
  if (isRefusal(sold)) return sold
  return {
    ...settling(one, row, fold.facts(one, billed.claim), fold),
    entries: [...more.entries, ...sold],
    answer: { kind: 'settled', row, result: more.result },
  }
}

function firstRow(content: Settlement, world: World, ports: Ports): Row {
  const id = ports.ids.next(content.person, world.now)
  const common = { id, settlement: id, sequence: 1, postedAt: world.now }
  return { ...common, kind: 'settlement', content }
}

function settling({ ask }: Loaded, row: Row, facts: Facts, fold: Fold): Omit<Writing, 'answer'> {
  const { content } = row
  return {
    ask,
    owner: content.person,
    row,
    transfers: post(content),
    balances: content.draws.map((draw) => ({
      owner: draw.owner,
      balance: fold.balanceAfter(facts, draw),
    })),
    counters: content.counters,
    entries: [],
  }
}

function writeEntry(one: Loaded, ask: EnterAsk, world: World): Writing | Refusal {
  const { owner } = one
  if (owner === undefined) return refuse('person-unknown')
  const more = ask.enter(foundBy(one, world))
  if (isRefusal(more)) return more
  const { entries, person, result } = more
  const subject = ask.subjects[0]?.name ?? ''
  return {
    ...nothingMore,
    ask,
    owner,
    entries,
    person,
    answer: { kind: 'entered', subject, result },
  }
}

function writeUndo(
  one: Loaded,
  ask: CancelAsk,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal {
  const facts = one.undo
  const content = facts?.head?.content
  if (!facts?.head || !content || !isAsked(content, ask))
    return refuse('settlement-unknown', { settlement: ask.settlement })
  const kind = keptVisit(one.dossiers, content)?.kind ?? kindOf(content)
  if ((ask.of ?? kind) !== kind && content.institution === ask.institution)
    return refuse('settlement-of-another-kind', { settlement: ask.settlement, kind })
  const book = ports.rulebooks.of(content.homeRegion)
  if (!book) return refuse('home-region-not-served', { region: content.homeRegion })
  const undone = cancel(fold.undoFacts(facts), {
    institution: ask.institution,
    today: world.today,
    postedOn: ports.dayOf(facts.head.postedAt),
    policy: book.region.undo,
    yearStarts: book.region.yearStarts,
    blocked: (head) => ask.blocked?.(foundBy(one, world), head),
  })
  if (isRefusal(undone)) return undone
  const { affected } = undone
  const row = rowOf(undone, 'cancellation', world, ports)
  const writing = writingOf(one, undone, row)
  if (isRefusal(writing)) return writing
  const result = ask.result?.(foundBy(one, world), row)
  return { ...writing, answer: { kind: 'undone', row, affected, result } }
}

function rowOf({ head, content }: Undone, kind: RowKind, world: World, { ids }: Ports): Row {
  return {
    id: ids.next(content.person, world.now),
    settlement: head.settlement,
    sequence: head.sequence + 1,
    kind,
    undoes: head.id,
    postedAt: world.now,
    content,
  }
}

function writingOf(
  one: Loaded,
  { content, transfers, balances, counters }: Undone,
  row: Row,
): Omit<Writing, 'answer'> | Refusal {
  const entries = entriesOfUndo(one, row)
  if (isRefusal(entries)) return entries
  return { ask: one.ask, owner: content.person, row, transfers, balances, counters, entries }
}

/** A reversal works whatever became of its original: never arrived, refused, settled, cancelled, or reversed before. */
function writeReversal(
  one: Loaded,
  ask: ReverseAsk,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal {
  const { original, owner, undo } = one
  if (owner === undefined) return refuse('person-unknown')
  const plain = { ...nothingMore, ask, owner }
  if (!original || original.kind === 'absent') {
    const refusal = refuse('undone-before-arrival', { key: ask.original.key })
    return { ...plain, answer: { kind: 'reversed' }, blocks: { ...ask.original, refusal } }
  }
  // Whoever names somebody else has the wrong key.
  if (owner !== ask.person) return refuse('person-unknown')
  if (original.kind === 'moved') return refuse('original-differs', { key: ask.original.key })
  if ('input' in original && ask.matches && !ask.matches(original.input))
    return refuse('original-differs', { key: ask.original.key })
  if (original.kind === 'entered') {
    const taken = ask.takeBack?.(foundBy(one, world), original.subject) ?? { entries: [] }
    if (isRefusal(taken)) return taken
    return { ...plain, entries: taken.entries, answer: { kind: 'reversed' } }
  }
  if (original.kind === 'nothing' || !undo) return { ...plain, answer: { kind: 'reversed' } }
  const { institution } = ask
  const known =
    undo.head && keptVisit(one.dossiers, undo.head.content)?.settlements.get(undo.head.settlement)
  const found = reverse(fold.undoFacts(undo), {
    institution,
    row: original.row,
    after: known?.after,
  })
  if (isRefusal(found)) return found
  if (found.kind === 'already') return { ...plain, answer: { kind: 'reversed', row: found.row } }
  const row = rowOf(found.undone, found.as, world, ports)
  const writing = writingOf(one, found.undone, row)
  return isRefusal(writing) ? writing : { ...writing, answer: { kind: 'reversed', row } }
}
