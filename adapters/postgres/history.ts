import type pg from 'pg'
import { institutionOwner, regionOwner } from '../../engine/clearing.ts'
import { collectionSubject } from '../../engine/collection.ts'
import { crossingPrefix, type Purpose, readCrossing } from '../../engine/crossing.ts'
import type { Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { Row } from '../../engine/ports.ts'
import { recoveredSubject } from '../../engine/recovered.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { visitSubject } from '../../engine/visit.ts'
import { openInput, openRefusal } from './bind.ts'
import { decodeRow } from './document.ts'
import { createDossiers } from './dossiers.ts'
import type { Crypto } from './needs.ts'
import {
  type AnswerOfRow,
  answersOfRows,
  entriesOfSubjects,
  type EntryOfSubject,
  type MovementOfSettlement,
  movementsOfSettlement,
  type PlaceOfRow,
  placesOfRows,
  type SuccessorOfRow,
  successorsOfRows,
  type WindowOfRow,
  windowsOfRows,
} from './sql/history.ts'
import { type RefusalOfOwner, refusalsOfOwner } from './sql/refusals.ts'

interface At {
  readonly at: Instant
  readonly row?: string | undefined
  readonly institution?: string | undefined
}

/** One thing that happened to a settlement (结算历程). */
export type Happened = At &
  (
    | { readonly event: 'settled' | 'cancelled' | 'reversed' | 'restored'; readonly total: Fen }
    /** Its request had to wait for another region. */
    | { readonly event: 'asked' }
    | { readonly event: 'reversal-repeated' }
    | { readonly event: 'refused'; readonly refusal: Refusal }
    | {
        readonly event: 'cross-region'
        readonly state: string
        readonly purpose: Purpose
        readonly region: Division
      }
    | { readonly event: 'visit'; readonly entry: string }
    | { readonly event: 'collection'; readonly state: string }
    | { readonly event: 'recovery'; readonly entry: string }
    | {
        readonly event: 'moved'
        readonly moves: string
        readonly takenBack: boolean
        readonly amount: Fen
      }
    | { readonly event: 'journaled'; readonly position: bigint }
    | {
        readonly event: 'cleared'
        readonly run: string
        readonly kind: WindowOfRow['kind']
        readonly period: string
      }
    | { readonly event: 'replaced'; readonly by: string }
  )

interface Sources {
  readonly pool: pg.Pool
  readonly crypto: Crypto
}

const events = {
  settlement: 'settled',
  cancellation: 'cancelled',
  reversal: 'reversed',
  restoration: 'restored',
} as const

/** All that is kept of what happened to a settlement, in the order of time; undefined where there is no such settlement. */
export async function historyOf(
  sources: Sources,
  id: string,
): Promise<{ readonly person: string; readonly items: readonly Happened[] } | undefined> {
  const { rows } = await sources.pool.query<{ canonical: Buffer }>(
    'select canonical from settlement where settlement_id = $1 order by sequence',
    [id],
  )
  const chain = rows.map(({ canonical }) => decodeRow(canonical))
  const [first] = chain
  if (!first) return undefined
  const found = await Promise.all([
    askedAndRows(sources, chain),
    crossingsOf(sources, first),
    entriesOf(sources, chain),
    refusalsOf(sources, first),
    placesAndWindows(sources, chain),
    afterwards(sources, chain),
  ])
  const items = found.flat().toSorted((a, b) => a.at - b.at)
  return { person: first.content.person, items }
}

const idsOf = (chain: readonly Row[]): string[] => chain.map(({ id }) => id)
const ownerOf = ([first]: readonly Row[]): string => (first as Row).content.person

/** The rows themselves; before a row its request, where that had to wait, and after it whoever reversed it once more. */
async function askedAndRows({ pool }: Sources, chain: readonly Row[]): Promise<Happened[]> {
  const { rows } = await pool.query<AnswerOfRow>(answersOfRows, [idsOf(chain), ownerOf(chain)])
  return chain.flatMap((row): Happened[] => {
    const { id, kind, postedAt: at, content } = row
    const [wrote, ...later] = rows.filter(({ posting_id }) => posting_id === id)
    const institution = kind === 'settlement' ? content.institution : undefined
    const bound = wrote && Number(wrote.bound_at_ms)
    return [
      ...(bound !== undefined && bound < at
        ? [{ at: bound, event: 'asked', row: id, institution } as const]
        : []),
      { at, event: events[kind], row: id, institution, total: content.total },
      ...later.map(
        ({ answered_at_ms }) =>
          ({ at: Number(answered_at_ms), event: 'reversal-repeated', row: id }) as const,
      ),
    ]
  })
}

/** What was asked of the home region, step by step; that region itself keeps what it answered, and no steps. */
async function crossingsOf(sources: Sources, { content }: Row): Promise<Happened[]> {
  const { side, reference, person } = content
  if (side !== 'care') return []
  const all = await createDossiers(sources).list(person, crossingPrefix)
  return [...all].flatMap(([name, kept]): Happened[] => {
    const crossing = readCrossing({ owner: person, name }, kept)
    if (!crossing || crossing.settlement !== reference) return []
    const { purpose, to: region } = crossing
    return kept.map(({ kind: state, at, institution }) => ({
      at,
      event: 'cross-region',
      state,
      purpose,
      region,
      institution,
    }))
  })
}

/** What was entered of its visit, of its collections and of what is recovered of it; the rows themselves are told already. */
async function entriesOf({ pool }: Sources, chain: readonly Row[]): Promise<Happened[]> {
  const [first] = chain as [Row]
  const { person, visit } = first.content
  const visited = visit === undefined ? undefined : visitSubject(person, visit).name
  const collected = collectionSubject(person, first.settlement).name
  const recovered = recoveredSubject(person, first.settlement).name
  const { rows } = await pool.query<EntryOfSubject>(entriesOfSubjects, [
    person,
    [visited, collected, recovered].filter((name) => name !== undefined),
  ])
  return rows
    .filter(({ posting_id }) => posting_id === null)
    .map(({ subject, kind, institution, recorded_at_ms }) => {
      const common = { at: Number(recorded_at_ms), institution }
      if (subject === visited) return { ...common, event: 'visit', entry: kind }
      if (subject === collected) return { ...common, event: 'collection', state: kind }
      return { ...common, event: 'recovery', entry: kind }
    })
}

/** What was refused of it: who asked named it, or the refusal does. Its id is nobody else's, whatever words stand around it. */
async function refusalsOf(
  { pool, crypto }: Sources,
  { settlement, content }: Row,
): Promise<Happened[]> {
  const { rows } = await pool.query<RefusalOfOwner>(refusalsOfOwner, [content.person])
  return rows.flatMap((row): Happened[] => {
    const { refusal } = openRefusal(crypto, row)
    const isOfIt =
      (row.input !== null &&
        openInput(crypto, { ...row, input: row.input }).includes(settlement)) ||
      JSON.stringify(refusal.facts).includes(settlement)
    const institution = row.institution ?? undefined
    return isOfIt
      ? [{ at: Number(row.answered_at_ms), event: 'refused', refusal, institution }]
      : []
  })
}

/** Where its rows stand in the journal, and in which windows of clearing. */
async function placesAndWindows({ pool }: Sources, chain: readonly Row[]): Promise<Happened[]> {
  const { institution, homeRegion, careRegion } = (chain[0] as Row).content
  const owners = [institutionOwner(institution), regionOwner(homeRegion), regionOwner(careRegion)]
  const ids = idsOf(chain)
  const [places, windows] = await Promise.all([
    pool.query<PlaceOfRow>(placesOfRows, [ids]),
    pool.query<WindowOfRow>(windowsOfRows, [owners, ids]),
  ])
  return [
    ...places.rows.map(
      ({ posting_id, position, assigned_at_ms }) =>
        ({ at: Number(assigned_at_ms), event: 'journaled', row: posting_id, position }) as const,
    ),
    ...windows.rows.map(
      ({ row_id, run_id, kind, period, closed_at_ms }) =>
        ({
          at: Number(closed_at_ms),
          event: 'cleared',
          row: row_id,
          run: run_id,
          kind,
          period,
        }) as const,
    ),
  ]
}

/** What took its place, and what moved because of it. */
async function afterwards({ pool }: Sources, chain: readonly Row[]): Promise<Happened[]> {
  const owner = ownerOf(chain)
  const [successors, movements] = await Promise.all([
    pool.query<SuccessorOfRow>(successorsOfRows, [owner, idsOf(chain)]),
    pool.query<MovementOfSettlement>(movementsOfSettlement, [owner, (chain[0] as Row).settlement]),
  ])
  return [
    ...successors.rows.map(
      ({ settlement_id, replaces, posted_at_ms }) =>
        ({
          at: Number(posted_at_ms),
          event: 'replaced',
          row: replaces,
          by: settlement_id,
        }) as const,
    ),
    ...movements.rows.map(
      ({ id, kind, moves, institution, total_fen, posted_at_ms }) =>
        ({
          at: Number(posted_at_ms),
          event: 'moved',
          row: id,
          institution: institution ?? undefined,
          moves,
          takenBack: kind === 'cancellation',
          amount: total_fen as Fen,
        }) as const,
    ),
  ]
}
