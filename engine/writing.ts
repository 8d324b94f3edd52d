import type { Claim } from './claim.ts'
import { type Decision, type World, decide } from './decide.ts'
import type { Fold } from './fold.ts'
import { post } from './ledger.ts'
import {
  type Answer,
  type Ask,
  type Facts,
  type Loaded,
  type ReverseAsk,
  type Row,
  type RowKind,
  type Writing,
  noFacts,
} from './ports.ts'
import type { Ports } from './process.ts'
import { type Refusal, isRefusal, refusals, refuse } from './refusal.ts'
import { type Undone, cancel, reverse } from './undo.ts'

export function decideOn(claim: Claim, facts: Facts | undefined, world: World): Settled {
  const decision: Decision = decide(claim, facts ?? noFacts, world)
  if (decision.kind === 'settle') return decision.settlement
  return decision.kind === 'refuse'
    ? decision.refusal
    : refuse('home-region-not-served', { region: decision.home })
}

type Settled = Extract<Decision, { kind: 'settle' }>['settlement'] | Refusal

/** All that one ask writes, or a refusal that stores nothing because the input or a party is not known. */
export function write(one: Loaded, fold: Fold, world: World, ports: Ports): Writing | Refusal {
  const { ask } = one
  const owner = one.owner ?? ''
  const result =
    ask.kind === 'settle'
      ? writeSettlement(one, ask.claim, fold, world, ports)
      : ask.kind === 'cancel'
        ? writeUndo(one, ask, fold, world, ports)
        : writeReversal(one, ask, fold, world, ports)
  if (!isRefusal(result)) return result
  if (refusals[result.code] !== 'rule') return result
  const answer: Answer = { kind: 'refused', refusal: result }
  return { ask, owner, answer, transfers: [], balances: [], counters: [] }
}

function writeSettlement(
  one: Loaded,
  claim: Claim,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal {
  const facts = fold.facts(one)
  const content = decideOn(claim, facts, world)
  if (isRefusal(content)) return content
  const owner = content.person
  const id = ports.ids.next(owner, world.now)
  const row: Row = {
    id,
    settlement: id,
    sequence: 1,
    kind: 'settlement',
    postedAt: world.now,
    content,
  }
  return {
    ask: one.ask,
    owner,
    answer: { kind: 'settled', row },
    row,
    transfers: post(content),
    balances: content.draws.map((draw) => ({
      owner: draw.owner,
      balance: fold.balanceAfter(facts, draw),
    })),
    counters: content.counters,
  }
}

function writeUndo(
  one: Loaded,
  ask: Extract<Ask, { kind: 'cancel' }>,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal {
  const facts = one.undo
  if (!facts?.head) return refuse('settlement-unknown', { settlement: ask.settlement })
  const book = ports.rulebooks.of(facts.head.content.homeRegion)
  if (!book) return refuse('home-region-not-served', { region: facts.head.content.homeRegion })
  const undone = cancel(fold.undoFacts(facts), {
    institution: ask.institution,
    today: world.today,
    postedOn: ports.dayOf(facts.head.postedAt),
    policy: book.region.undo,
    yearStarts: book.region.yearStarts,
  })
  if (isRefusal(undone)) return undone
  const { affected } = undone
  const row = rowOf(undone, 'cancellation', world, ports)
  return { ...writingOf(one, undone, row), answer: { kind: 'undone', row, affected } }
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
  { ask }: Loaded,
  { content, transfers, balances, counters }: Undone,
  row: Row,
): Omit<Writing, 'answer'> {
  return { ask, owner: content.person, row, transfers, balances, counters }
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
  const plain = { ask, owner, transfers: [], balances: [], counters: [] }
  if (!original || original.kind === 'absent') {
    const refusal = refuse('undone-before-arrival', { key: ask.original.key })
    return { ...plain, answer: { kind: 'reversed' }, blocks: { ...ask.original, refusal } }
  }
  // Whoever names somebody else has the wrong key.
  if (owner !== ask.person) return refuse('person-unknown')
  if (original.kind === 'nothing' || !undo) return { ...plain, answer: { kind: 'reversed' } }
  const { institution } = ask
  const found = reverse(fold.undoFacts(undo), { institution, row: original.row })
  if (isRefusal(found)) return found
  if (found.kind === 'already') return { ...plain, answer: { kind: 'reversed', row: found.row } }
  const row = rowOf(found.undone, found.as, world, ports)
  return { ...writingOf(one, found.undone, row), answer: { kind: 'reversed', row } }
}
