const at = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`

/** What was answered with some rows, and when it was asked. */
export const answersOfRows = `
  select a.kind, a.posting_id, ${at('a.answered_at')} as answered_at_ms, ${at('r.bound_at')} as bound_at_ms
  from answer a join request r on r.key_hash = a.key_hash
  where a.posting_id = any ($1::text[]) and a.owner_id = $2
  order by a.posting_id, a.kind = 'reversed', a.answered_at`

export interface AnswerOfRow {
  readonly kind: string
  readonly posting_id: string
  readonly answered_at_ms: bigint
  readonly bound_at_ms: bigint
}

/** What happened to some subjects, without what was told of it. */
export const entriesOfSubjects = `
  select subject, kind, institution, posting_id, ${at('recorded_at')} as recorded_at_ms
  from dossier_entry where owner_id = $1 and subject = any ($2::text[]) order by recorded_at, subject, version`

export interface EntryOfSubject {
  readonly subject: string
  readonly kind: string
  readonly institution: string
  readonly posting_id: string | null
  readonly recorded_at_ms: bigint
}

export const placesOfRows = `
  select posting_id, position, ${at('assigned_at')} as assigned_at_ms from journal where posting_id = any ($1::text[])`

export interface PlaceOfRow {
  readonly posting_id: string
  readonly position: bigint
  readonly assigned_at_ms: bigint
}

/** The windows of clearing that some rows are in: those of the regions and the institution that they are about. */
export const windowsOfRows = `
  select c.row_id, c.run_id, r.kind, r.period, ${at('r.closed_at')} as closed_at_ms
  from clearing_row c join clearing_run r on r.owner_id = c.owner_id and r.id = c.run_id
  where c.owner_id = any ($1::text[]) and c.row_id = any ($2::text[])`

export interface WindowOfRow {
  readonly row_id: string
  readonly run_id: string
  readonly kind: 'pair' | 'institution' | 'netting' | 'final'
  readonly period: string
  readonly closed_at_ms: bigint
}

/** Settlements that took the place of some rows. */
export const successorsOfRows = `
  select settlement_id, replaces, ${at('posted_at')} as posted_at_ms
  from settlement where owner_id = $1 and replaces = any ($2::text[])`

export interface SuccessorOfRow {
  readonly settlement_id: string
  readonly replaces: string
  readonly posted_at_ms: bigint
}

/** Money that moved since because of a settlement. */
export const movementsOfSettlement = `
  select id, kind, moves, institution, total_fen, ${at('posted_at')} as posted_at_ms
  from movement where owner_id = $1 and settlement_id = $2`

export interface MovementOfSettlement {
  readonly id: string
  readonly kind: string
  readonly moves: string
  readonly institution: string | null
  readonly total_fen: bigint
  readonly posted_at_ms: bigint
}
