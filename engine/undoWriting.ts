import type { Loaded, Writing } from './books.ts'
import type { World } from './decide.ts'
import type { Fold } from './fold.ts'
import type { CancelAsk, ReverseAsk, Row, RowKind } from './ports.ts'
import type { Ports } from './process.ts'
import { refuseRecovered } from './recovered.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import { type Undone, cancel, isAsked, kindOf, reverse } from './undo.ts'
import { entriesOfUndo } from './undoEntries.ts'
import { keptVisit } from './visit.ts'
import { foundBy, nothingMore } from './written.ts'

/** What a cancellation of a known settlement writes (撤销). */
export function writeUndo(
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
    blocked: (head) => ask.blocked?.(foundBy(one, world), head) ?? refuseIfRecovered(one, head),
  })
  if (isRefusal(undone)) return undone
  const { affected } = undone
  const row = rowOf(undone, 'cancellation', world, ports)
  const writing = writingOf(one, undone, row)
  if (isRefusal(writing)) return writing
  const result = ask.result?.(foundBy(one, world), row)
  return { ...writing, answer: { kind: 'undone', row, affected, result } }
}

/** Funds that had something back of it are not to get all of it back. */
const refuseIfRecovered = (
  { dossiers }: Loaded,
  { settlement, content }: Row,
): Refusal | undefined => refuseRecovered(dossiers, content.person, settlement)

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
export function writeReversal(
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
  const recovered = undo.head && refuseIfRecovered(one, undo.head)
  if (recovered && !isRefusal(found) && found.kind === 'turned') return recovered
  if (isRefusal(found)) return found
  if (found.kind === 'already') return { ...plain, answer: { kind: 'reversed', row: found.row } }
  const row = rowOf(found.undone, found.as, world, ports)
  const writing = writingOf(one, found.undone, row)
  return isRefusal(writing) ? writing : { ...writing, answer: { kind: 'reversed', row } }
}
