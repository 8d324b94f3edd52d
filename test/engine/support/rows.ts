import type { Claim } from '../../../engine/claim.ts'
import { post } from '../../../engine/ledger.ts'
import type { Facts, Neighbour, Row, UndoFacts } from '../../../engine/ports.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { deductible, layer, pays, rule } from './packs.ts'
import { claim, now, settleBy } from './world.ts'

/** A settlement of 1,000.00 of which a pool pays 80 % above 100.00. */
export const settlement = (more: Partial<Claim> = {}, facts: Partial<Facts> = {}): Settlement =>
  settleBy(
    claim('1000.00', more),
    [rule([layer('pool', pays('0.8'), { deductible: deductible('year', '100.00') })])],
    facts,
  )

export const rowOf = (content: Settlement, more: Partial<Row> = {}): Row => ({
  id: 'S1',
  settlement: 'S1',
  sequence: 1,
  kind: 'settlement',
  postedAt: now,
  content,
  ...more,
})

export const row = (more: Partial<Claim> = {}): Row => rowOf(settlement(more))

/** What is known of a row that is to be undone, right after it was posted. */
export const undoFacts = (head: Row, more: Partial<UndoFacts> = {}): UndoFacts => ({
  head,
  transfers: post(head.content),
  later: [],
  balances: new Map(),
  counters: new Map(),
  ...more,
})

/** A row as those who undo another see it. */
export const neighbour = ({ settlement, id, postedAt, content }: Row): Neighbour => ({
  settlement,
  head: id,
  postedAt,
  day: content.day,
  visit: content.visit,
  year: content.counters[0]?.year ?? '',
})
