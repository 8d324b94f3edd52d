import type { Claim } from './claim.ts'
import { type Decision, type World, decide } from './decide.ts'
import type { Fold } from './fold.ts'
import { post } from './ledger.ts'
import {
  type Answer,
  type Ask,
  type Facts,
  type Loaded,
  type Row,
  type Writing,
  noFacts,
} from './ports.ts'
import type { Ports } from './process.ts'
import { type Refusal, isRefusal, refusals, refuse } from './refusal.ts'
import { cancel } from './undo.ts'

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
      : writeUndo(one, ask, fold, world, ports)
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
  const repeated = claim.lines.find((line) => facts.settledLines.has(line.id))
  if (repeated && claim.visit !== undefined)
    return refuse('line-already-settled', { visit: claim.visit, line: repeated.id })
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
  const undone = cancel(fold.undoFacts(one, facts), {
    institution: ask.institution,
    today: world.today,
    postedOn: ports.dayOf(facts.head.postedAt),
    policy: book.region.undo,
  })
  if (isRefusal(undone)) return undone
  const { head, affected, content } = undone
  const row: Row = {
    id: ports.ids.next(content.person, world.now),
    settlement: head.settlement,
    sequence: head.sequence + 1,
    kind: 'cancellation',
    undoes: head.id,
    postedAt: world.now,
    content,
  }
  const { transfers, balances, counters } = undone
  return {
    ask,
    owner: content.person,
    answer: { kind: 'undone', row, affected },
    row,
    transfers,
    balances,
    counters,
  }
}
