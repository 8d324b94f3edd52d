import { crossingEntry, referenceOf } from './crossing.ts'
import {
  type Awaited,
  awaitedBy,
  beginSettling,
  giveBack,
  isAskedAlready,
  open,
  type Open,
  refuseElsewhere,
  splitTold,
} from './crossingWriting.ts'
import type { World } from './decide.ts'
import { decideBill, decideWhole, isAskHome, presentedBy } from './deciding.ts'
import type { Claim, QuickClaim } from './claim.ts'
import type { Entry } from './dossier.ts'
import type { Fold } from './fold.ts'
import { post } from './ledger.ts'
import { writeMove, writeMoveBack } from './moving.ts'
import { sellBilled } from './packages.ts'
import type { Loaded, Writing } from './books.ts'
import {
  type Ask,
  type BillAsk,
  type EnterAsk,
  type Facts,
  type Key,
  type Row,
  type SettleAsk,
} from './ports.ts'
import type { Ports } from './process.ts'
import { enterTap, withTaps } from './quickPayment.ts'
import { refusedRecord } from './quickPaymentRecord.ts'
import { type Refusal, isRefusal, refusals, refuse } from './refusal.ts'
import type { Settlement } from './settlement.ts'
import { writeResettlement } from './resettling.ts'
import { writeReversal, writeUndo } from './undoWriting.ts'
import { entriesOfClaim } from './whole.ts'
import { foundBy, nothingMore } from './written.ts'

/** All that one ask writes, or a refusal that stores nothing because the input or a party is not known. */
export function write(
  one: Loaded,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal | Open {
  const { ask, owner = '' } = one
  if (isAskedAlready(one)) return open
  if (ask.kind === 'settle' && ask.unwelcome) return ask.unwelcome
  const result = writingFor(one, fold, world, ports)
  if (!isRefusal(result)) return result
  if (!isKept(one, result)) return result
  const entries = entriesOfRefused(ask, result)
  return { ...nothingMore, entries, ask, owner, answer: { kind: 'refused', refusal: result } }
}

/** Whatever became of a payment without a line is listed for its pharmacy. */
function entriesOfRefused(ask: Ask, refusal: Refusal): readonly Entry[] {
  if (!isOffline(ask)) return []
  const { institution, quick, total } = ask.claim
  return [refusedRecord({ institution, quick, total }, refusal)]
}

type OfflineAsk = SettleAsk & { readonly claim: { readonly quick: QuickClaim } }

/** A record that a terminal signed does not change: what was wrong with it stays wrong. */
const isOffline = (ask: Ask): ask is OfflineAsk =>
  ask.kind === 'settle' && ask.claim.quick?.offline !== undefined

/**
 * A refusal by rule is kept, so that a repeat is told the same. What is made of dossiers depends on them even where it
 * looks like a slip of the sender's, and it must not come true when it is repeated later.
 */
function isKept({ ask, owner }: Loaded, { code }: Refusal): boolean {
  const kind = refusals[code]
  if (kind === 'rule') return true
  const stays = madeOfDossiers.has(ask.kind) || isOffline(ask)
  return kind === 'input' && owner !== undefined && stays
}

const madeOfDossiers: ReadonlySet<Ask['kind']> = new Set(['bill', 'enter', 'resettle'])

function writingFor(one: Loaded, fold: Fold, world: World, ports: Ports): Writing | Refusal | Open {
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
    case 'resettle':
      return writeResettlement(one, ask, fold, world, ports)
    case 'move':
      return writeMove(one, ask, fold, world, ports)
    case 'moveBack':
      return writeMoveBack(one, ask, fold, world, ports)
  }
}

function writeSettlement(
  one: Loaded,
  { claim, told }: SettleAsk,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal | Open {
  const facts = fold.facts(one, claim)
  const dossiers = fold.dossiers(one)
  const awaited = told && awaitedBy(one, world, ports)
  if (told && !awaited) return open
  const at = awaited?.world ?? world
  const decided = decideWhole(claim, { dossiers, facts }, at, splitTold(told))
  if (isAskHome(decided)) return beginSettling(one, decided, world)
  const refused = (refusal: Refusal) => (awaited ? giveBack(one, awaited, refusal, world) : refusal)
  if (isRefusal(decided)) return refused(decided)
  const elsewhere = refuseElsewhere(awaited, decided)
  if (elsewhere) return refused(elsewhere)
  const row = firstRow(decided, one, { world, ports })
  const tap = enterTap(claim, withTaps(claim, facts, dossiers), world, row)
  const entries = [...entriesOfClaim(claim), ...tap.entries, ...doneAway(awaited, world)]
  const answer = { kind: 'settled', row, result: tap.result } as const
  return { ...settling(one, row, facts, fold), entries, answer }
}

function writeBill(
  one: Loaded,
  ask: BillAsk,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal | Open {
  const awaited = ask.told && awaitedBy(one, world, ports)
  if (ask.told && !awaited) return open
  const at = awaited?.world ?? world
  const found = foundBy(one, at)
  const factsFor = (claim: Claim): Facts => fold.facts(one, claim)
  const billed = decideBill(ask, found, at, { factsFor, told: splitTold(ask.told) })
  if ('kind' in billed && billed.kind === 'askHome')
    return ask.closed?.(billed.home) ?? beginSettling(one, billed, world)
  const refused = (refusal: Refusal) => (awaited ? giveBack(one, awaited, refusal, world) : refusal)
  if (isRefusal(billed)) return refused(billed)
  const elsewhere = refuseElsewhere(awaited, billed.settlement)
  if (elsewhere) return refused(elsewhere)
  const row = firstRow(billed.settlement, one, { world, ports })
  const more = ask.enter(found, { ...billed, settlement: row.content, id: row.id })
  if (isRefusal(more)) return refused(more)
  const sold = sellBilled(found, billed, row.id)
  if (isRefusal(sold)) return refused(sold)
  const facts = presentedBy(billed.claim, fold.facts(one, billed.claim))
  return {
    ...settling(one, row, facts, fold),
    entries: [...more.entries, ...sold, ...doneAway(awaited, world)],
    answer: { kind: 'settled', row, result: more.result },
  }
}

const doneAway = (awaited: Awaited | undefined, { now }: World): readonly Entry[] =>
  awaited ? [crossingEntry(awaited.crossing, 'done', now)] : []

function firstRow(
  settlement: Settlement,
  { ask: { key } }: Loaded,
  { world, ports }: { readonly world: World; readonly ports: Ports },
): Row {
  const id = ports.ids.next(settlement.person, world.now)
  const common = { id, settlement: id, sequence: 1, postedAt: world.now }
  return { ...common, kind: 'settlement', content: withReference(settlement, key) }
}

/** The home region knows a settlement by what its care region calls it. */
function withReference(settlement: Settlement, key: Key): Settlement {
  const { side } = settlement
  if (side === undefined) return settlement
  return { ...settlement, reference: side === 'home' ? key.key : referenceOf(key) }
}

function settling({ ask }: Loaded, row: Row, facts: Facts, fold: Fold): Omit<Writing, 'answer'> {
  const { content } = row
  return {
    ask,
    owner: content.person,
    row,
    card: facts.card?.id,
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
  const { entries, person, cards, identity, clearing, result, refusal } = more
  const subject = ask.subjects[0]?.name ?? ''
  return {
    ...nothingMore,
    ask,
    owner,
    entries,
    person,
    cards,
    identity,
    clearing,
    answer: refusal ? { kind: 'refused', refusal } : { kind: 'entered', subject, result },
  }
}
