import type { MovementRow } from '../../../engine/movement.ts'
import type { Statement } from '../transaction.ts'
import { insertInto, moment } from './inserts.ts'
import { arrayLiteral } from './settlement.ts'

/** Whose is a movement? */
export const resolveMovements = (ids: readonly string[]): Statement => ({
  name: 'resolve-movements',
  text: `
    select movement_id, owner_id from movement where movement_id = any ($1::text[]) and sequence = 1`,
  values: [ids],
})

export interface ResolvedMovement {
  readonly movement_id: string
  readonly owner_id: string
}

/** The last booking of some sources, and whether it stands. */
export const readSources = (owners: readonly string[], sources: readonly string[]): Statement => ({
  name: 'read-sources',
  text: `
    select q.owner_id, q.source, m.movement_id, m.booking, u.id is null as stands
    from unnest($1::text[], $2::text[]) as q (owner_id, source)
    cross join lateral (
      select id, movement_id, booking from movement
      where owner_id = q.owner_id and source = q.source and sequence = 1
      order by booking desc limit 1
    ) m
    left join movement u on u.owner_id = q.owner_id and u.undoes = m.id`,
  values: [owners, sources],
})

export interface StoredSource {
  readonly owner_id: string
  readonly source: string
  readonly movement_id: string
  readonly booking: number
  readonly stands: boolean
}

/** The newest rows of some movements. */
export const readMovementHeads = (
  owners: readonly string[],
  movements: readonly string[],
): Statement => ({
  name: 'read-movement-heads',
  text: `
    select q.movement_id, m.canonical
    from unnest($1::text[], $2::text[]) as q (owner_id, movement_id)
    cross join lateral (
      select canonical from movement
      where owner_id = q.owner_id and movement_id = q.movement_id
      order by sequence desc limit 1
    ) m`,
  values: [owners, movements],
})

/** The transfers of some movements as they were booked: a movement's own id is that of its first row. */
export const readMovementTransfers = (
  owners: readonly string[],
  movements: readonly string[],
): Statement => ({
  name: 'read-movement-transfers',
  text: `
    select t.posting_id as movement_id, t.owner_id, t.leg, t.kind, t.debit_account, t.credit_account, t.amount_fen
    from unnest($1::text[], $2::text[]) as q (owner_id, movement_id)
    join transfer t on t.owner_id = q.owner_id and t.posting_id = q.movement_id
    order by t.leg`,
  values: [owners, movements],
})

export interface MovementInsert {
  readonly row: MovementRow
  readonly source: string
  readonly canonical: string
}

const content = (of: (c: MovementRow['content']) => unknown) => (r: MovementInsert) =>
  of(r.row.content)

export const insertMovements = insertInto<MovementInsert>('movement', [
  { name: 'owner_id', type: 'text', of: content((c) => c.person) },
  { name: 'id', type: 'text', of: (r) => r.row.id },
  { name: 'movement_id', type: 'text', of: (r) => r.row.movement },
  { name: 'sequence', type: 'int', of: (r) => r.row.sequence },
  { name: 'kind', type: 'text', of: (r) => r.row.kind },
  { name: 'undoes', type: 'text', of: (r) => r.row.undoes ?? null },
  { name: 'source', type: 'text', of: (r) => r.source },
  { name: 'booking', type: 'int', of: (r) => r.row.booking },
  { name: 'moves', type: 'text', of: content((c) => c.kind) },
  { name: 'region', type: 'text', of: content((c) => c.region) },
  { name: 'scheme', type: 'text', of: content((c) => c.scheme ?? null) },
  { name: 'benefit', type: 'text', of: content((c) => c.benefit ?? null) },
  { name: 'month', type: 'text', of: content((c) => c.month) },
  { name: 'moved_on', type: 'date', of: content((c) => c.day) },
  { name: 'reference', type: 'text', of: content((c) => c.reference) },
  { name: 'settlement_id', type: 'text', of: content((c) => c.settlement ?? null) },
  { name: 'institution', type: 'text', of: content((c) => c.institution ?? null) },
  { name: 'party', type: 'text', of: content((c) => c.party ?? null) },
  { name: 'posted_at', type: 'float8', of: (r) => r.row.postedAt, as: moment('posted_at') },
  { name: 'total_fen', type: 'bigint', of: content((c) => c.total) },
  {
    name: 'payers',
    type: 'text',
    of: content((c) => arrayLiteral(c.paid.map((each) => each.payer))),
    as: 'payers::text[]',
  },
  {
    name: 'payer_fen',
    type: 'text',
    of: content((c) => arrayLiteral(c.paid.map((each) => each.amount))),
    as: 'payer_fen::bigint[]',
  },
  {
    name: 'funds',
    type: 'text',
    of: content((c) => arrayLiteral(c.funds.map((each) => each.fund))),
    as: 'funds::text[]',
  },
  {
    name: 'fund_fen',
    type: 'text',
    of: content((c) => arrayLiteral(c.funds.map((each) => each.amount))),
    as: 'fund_fen::bigint[]',
  },
  { name: 'account_fen', type: 'bigint', of: content((c) => c.account) },
  { name: 'account_balance_fen', type: 'bigint', of: content((c) => c.accountBalance ?? null) },
  { name: 'canonical', type: 'bytea', of: (r) => r.canonical },
])
