import type { Loaded, Writing } from './books.ts'
import { isOpen, readCollections, collectionSubject } from './collection.ts'
import type { World } from './decide.ts'
import { type Entry, keptOf } from './dossier.ts'
import type { Fold } from './fold.ts'
import { dueAccountsIn, post } from './ledger.ts'
import { subtract, zero } from './money.ts'
import { noFacts, type Row } from './ports.ts'
import type { Ports } from './process.ts'
import { refuseRecovered } from './recovered.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import type { ResettleAsk } from './resettlementAsks.ts'
import { resettle, type Resettled } from './resettlement.ts'
import type { DeskMade } from './settlement.ts'
import { entryOf, keptVisit, type Visit } from './visit.ts'
import { foundBy } from './written.ts'

/** What a resettlement writes (补充结算): the row that undoes and the one that takes its place, in one transaction. */
export function writeResettlement(
  one: Loaded,
  ask: ResettleAsk,
  fold: Fold,
  world: World,
  ports: Ports,
): Writing | Refusal {
  const { owner, undo } = one
  if (owner === undefined) return refuse('person-unknown')
  const found = foundBy(one, world)
  const asked = ask.form(found)
  if (isRefusal(asked)) return asked
  const head = undo?.head
  if (!undo || !head) return refuse('settlement-unknown', { settlement: ask.settlement })
  const { dossiers, facts = noFacts } = one
  const stands = refuseOpenMoney(one, owner, ask.settlement)
  if (stands) return stands
  const resettled = resettle(
    asked.form,
    {
      facts,
      undo: fold.undoFacts(undo),
      dossiers,
      region: ask.region,
      postedOn: ports.dayOf(head.postedAt),
      blocked: (row) => ask.blocked?.(found, row),
    },
    world,
  )
  if (isRefusal(resettled)) return resettled
  const rows = rowsOf(head, resettled, { case: asked.case, reason: asked.form.cause }, world, ports)
  const done = { ...resettled, id: rows.anew.id, row: rows.undo.id }
  const more = ask.enter(found, done)
  if (isRefusal(more)) return more
  const visit = keptVisit(dossiers, head.content)
  return {
    ask,
    owner,
    undone: {
      row: rows.undo,
      transfers: resettled.undone.transfers,
      balances: resettled.undone.balances,
      counters: resettled.undone.counters,
      entries: visit ? [entryOf(visit.subject, 'undone', { settlement: head.settlement })] : [],
    },
    row: rows.anew,
    // Whoever is owed for it is owed in the very accounts as before, whatever its scheme is now.
    transfers: post(rows.anew.content, dueAccountsIn(resettled.undone.transfers)),
    balances: balancesAfter(resettled),
    counters: rows.anew.content.counters,
    entries: [...more.entries, ...settledAgain(visit, head, rows.anew)],
    answer: { kind: 'settled', row: rows.anew, result: more.result },
  }
}

/** A bank that may still take the cash of a settlement, and money that is recovered of it, count on it as it is. */
function refuseOpenMoney(
  { dossiers }: Loaded,
  owner: string,
  settlement: string,
): Refusal | undefined {
  const collections = readCollections(keptOf(dossiers, collectionSubject(owner, settlement)))
  const open = collections.find(isOpen)
  if (open) return refuse('collection-open', { settlement, reference: open.reference })
  return refuseRecovered(dossiers, owner, settlement)
}

function rowsOf(
  head: Row,
  { undone, settlement }: Resettled,
  because: { readonly case: string; readonly reason: string },
  world: World,
  { ids }: Ports,
): { readonly undo: Row; readonly anew: Row } {
  const postedAt = world.now
  const undo: Row = {
    id: ids.next(settlement.person, postedAt),
    settlement: head.settlement,
    sequence: head.sequence + 1,
    kind: 'cancellation',
    undoes: head.id,
    postedAt,
    content: undone.content,
  }
  const desk: DeskMade = {
    kind: 'resettlement',
    ...because,
    // A paper bill stays one: no institution has ever settled it.
    ...(head.content.desk?.issuer !== undefined && { issuer: head.content.desk.issuer }),
    replaces: { settlement: head.settlement, row: undo.id },
  }
  const id = ids.next(settlement.person, postedAt)
  const content = { ...settlement, desk }
  return { undo, anew: { id, settlement: id, sequence: 1, kind: 'settlement', postedAt, content } }
}

/** Each account as it is once both rows are written. */
const balancesAfter = ({ balances, settlement }: Resettled): Writing['balances'] =>
  settlement.draws.map(({ owner, amount }) => ({
    owner,
    balance: subtract(balances.get(owner) ?? zero, amount),
  }))

/** The visit has the same lines settled, by the settlement that took the place of the one before. */
function settledAgain(
  visit: Visit | undefined,
  head: Row,
  { id, content, postedAt }: Row,
): Entry[] {
  const before = visit?.settlements.get(head.settlement)
  if (!visit || !before) return []
  const { lines, batch, interim, discharge, invoice } = before
  const counted = content.visitSums && [content.visitSums]
  const settled = { id, lines, batch, interim, discharge, counted, invoice, settledAt: postedAt }
  return [entryOf(visit.subject, 'settled', settled)]
}
