import type { Statement } from '../transaction.ts'

/** The heads of some chains: of each the row with the greatest sequence. */
const heads = `
  with head as (
    select q.owner_id, s.id, s.settlement_id, s.participants, s.canonical
    from unnest($1::text[], $2::text[]) as q (owner_id, settlement_id)
    cross join lateral (
      select id, settlement_id, participants, canonical from settlement
      where owner_id = q.owner_id and settlement_id = q.settlement_id
      order by sequence desc limit 1
    ) s
  )`

export const readHeads = (
  owners: readonly string[],
  settlements: readonly string[],
): Statement => ({
  name: 'read-heads',
  text: `${heads} select settlement_id, canonical from head`,
  values: [owners, settlements],
})

export interface StoredHead {
  readonly settlement_id: string
  readonly canonical: Buffer
}

export const readHeadTransfers = (
  owners: readonly string[],
  settlements: readonly string[],
): Statement => ({
  name: 'read-head-transfers',
  text: `${heads}
    select h.settlement_id, t.owner_id, t.leg, t.kind, t.debit_account, t.credit_account, t.amount_fen
    from head h join transfer t on t.owner_id = any (h.participants) and t.posting_id = h.id
    order by t.leg`,
  values: [owners, settlements],
})

export interface StoredTransfer {
  readonly settlement_id: string
  readonly owner_id: string
  readonly leg: number
  readonly kind: string
  readonly debit_account: string
  readonly credit_account: string
  readonly amount_fen: bigint
}

/**
 * Settlements in force of the same person that were posted after a head: those placed behind it in the journal, and those
 * that still wait there. Ids tell the time of the process that made them, and clocks differ.
 */
export const readLater = (
  owners: readonly string[],
  settlements: readonly string[],
): Statement => ({
  name: 'read-later',
  text: `${heads}
    select h.settlement_id as after, s.settlement_id, s.id, s.treated_on, s.visit, s.benefit_year,
           (extract(epoch from s.posted_at) * 1000)::bigint as posted_at_ms
    from head h
    left join journal placed on placed.posting_id = h.id
    left join unjournaled waiting on waiting.owner_id = h.owner_id and waiting.posting_id = h.id
    join settlement s on s.owner_id = h.owner_id and s.settlement_id <> h.settlement_id
    left join journal p on p.posting_id = s.id
    left join unjournaled w on w.owner_id = s.owner_id and w.posting_id = s.id
    where s.kind in ('settlement', 'restoration')
      and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id)
      and case when placed.position is null then (w.written_by, s.id) > (waiting.written_by, h.id)
               else p.position is null or p.position > placed.position end
    order by p.position, w.written_by, s.id`,
  values: [owners, settlements],
})

export interface StoredLater {
  readonly after: string
  readonly settlement_id: string
  readonly id: string
  readonly treated_on: string
  readonly visit: string | null
  readonly benefit_year: string
  readonly posted_at_ms: bigint
}
