import type { Loaded, Writing } from './books.ts'
import type { World } from './decide.ts'
import { crossingEntry, referenceOf } from './crossing.ts'
import {
  advised,
  type Awaited,
  awaitedBy,
  beginUndoing,
  giveBack,
  isStillOpen,
  leaveBe,
  open,
  type Open,
  referenceIn,
  reverseOpen,
} from './crossingWriting.ts'
import type { Entry } from './dossier.ts'
import type { Fold } from './fold.ts'
import { isRegion } from './institution.ts'
import type { CancelAsk, Key, ReverseAsk, Row, RowKind, UndoFacts } from './ports.ts'
import type { Ports } from './process.ts'
import { refuseRecovered } from './recovered.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import type { Settlement } from './settlement.ts'
import { type Undone, cancel, isAsked, isEffective, kindOf, reverse } from './undo.ts'
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
): Writing | Refusal | Open {
  const facts = one.undo
  const content = facts?.head?.content
  if (!facts?.head || !content || !isAsked(content, ask) || !mayUndo(content, ask.key))
    return refuse('settlement-unknown', { settlement: ask.settlement })
  const awaited = ask.told && awaitedBy(one, world, ports)
  if (ask.told && !awaited) return open
  const kind = keptVisit(one.dossiers, content)?.kind ?? kindOf(content)
  if ((ask.of ?? kind) !== kind && content.institution === ask.institution)
    return refuse('settlement-of-another-kind', { settlement: ask.settlement, kind })
  const isCare = content.side === 'care'
  const book = ports.rulebooks.of(isCare ? content.careRegion : content.homeRegion)
  if (!book) return refuse('home-region-not-served', { region: content.homeRegion })
  const undone = cancel(fold.undoFacts(facts), {
    institution: ask.institution,
    today: (awaited?.world ?? world).today,
    postedOn: ports.dayOf(facts.head.postedAt),
    policy: book.region.undo,
    yearStarts: book.region.yearStarts,
    blocked: (head) => ask.blocked?.(foundBy(one, world), head) ?? refuseIfRecovered(one, head),
    agreed: awaited !== undefined,
  })
  if (isRefusal(undone)) {
    if (!awaited) return undone
    return isBehind(facts.head) ? open : leaveBe(one, awaited, undone, world)
  }
  if (isCare && !awaited) {
    const { head } = undone
    return beginUndoing(one, { purpose: 'cancel', head, of: referenceIn(head) }, world)
  }
  const { affected } = undone
  const row = rowOf(undone, 'cancellation', world, ports)
  const writing = writingOf(one, undone, row)
  if (isRefusal(writing)) return awaited ? giveBack(one, awaited, writing, world) : writing
  const result = ask.result?.(foundBy(one, world), row)
  const entries = [...writing.entries, ...doneBy(awaited, world)]
  return { ...writing, entries, answer: { kind: 'undone', row, affected, result } }
}

/**
 * Home cancels what stands, so where it did and here it is cancelled already, home let it stand again between the two: its
 * answer to that is on its way here, and comes first.
 */
const isBehind = (head: Row): boolean => head.kind === 'cancellation'

/** Funds that had something back of it are not to get all of it back. */
const refuseIfRecovered = (
  { dossiers }: Loaded,
  { settlement, content }: Row,
): Refusal | undefined => refuseRecovered(dossiers, content.person, settlement)

const doneBy = (awaited: Awaited | undefined, { now }: World): readonly Entry[] =>
  awaited ? [crossingEntry(awaited.crossing, 'done', now)] : []

/** The home region's half of a settlement is undone when the region that had it settled asks for it, and then only. */
const mayUndo = ({ side }: Settlement, { institution }: Key): boolean =>
  side !== 'home' || isRegion(institution)

/** A region that was not heard has its settlement turned back, whatever came after it: nobody was told that it stands. */
const isAdvice = ({ head }: UndoFacts, { key }: ReverseAsk): boolean =>
  isRegion(key.institution) && head !== undefined && isEffective(head)

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
): Writing | Refusal | Open {
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
  if (original.kind === 'open') {
    const reversed = reverseOpen(one, ask.original, owner, world)
    return isStillOpen(reversed) ? open : { ...reversed, ask, owner }
  }
  if (original.kind === 'entered') {
    const taken = ask.takeBack?.(foundBy(one, world), original.subject) ?? { entries: [] }
    if (isRefusal(taken)) return taken
    return { ...plain, entries: taken.entries, answer: { kind: 'reversed' } }
  }
  if (original.kind === 'nothing' || !undo) return { ...plain, answer: { kind: 'reversed' } }
  const { institution } = ask
  if (undo.head && !mayUndo(undo.head.content, ask.key)) return refuse('person-unknown')
  const awaited = ask.told && awaitedBy(one, world, ports)
  if (ask.told && !awaited) return open
  const known =
    undo.head && keptVisit(one.dossiers, undo.head.content)?.settlements.get(undo.head.settlement)
  const found = reverse(fold.undoFacts(undo), {
    institution,
    row: original.row,
    after: known?.after,
    agreed: awaited !== undefined || isAdvice(undo, ask),
  })
  const recovered = undo.head && refuseIfRecovered(one, undo.head)
  if (recovered && !isRefusal(found) && found.kind === 'turned') return recovered
  if (isRefusal(found)) return awaited ? leaveBe(one, awaited, found, world) : found
  if (found.kind === 'already') {
    const entries = doneBy(awaited, world)
    return { ...plain, entries, answer: { kind: 'reversed', row: found.row } }
  }
  const { head } = found.undone
  const row = rowOf(found.undone, found.as, world, ports)
  const writing = writingOf(one, found.undone, row)
  if (isRefusal(writing)) return awaited ? giveBack(one, awaited, writing, world) : writing
  if (head.content.side === 'care' && found.as === 'restoration' && !awaited)
    return beginUndoing(one, { purpose: 'restore', head, of: referenceOf(ask.original) }, world)
  const entries = [...writing.entries, ...advised(one, head, world), ...doneBy(awaited, world)]
  return { ...writing, entries, answer: { kind: 'reversed', row } }
}
