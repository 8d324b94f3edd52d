import type { Statement } from '../transaction.ts'

/** Whose is a case? Its number is its own, whoever it is about. */
export const findCase = (subject: string): Statement => ({
  name: 'find-case',
  text: `select owner_id from dossier_entry where subject = $1 and version = 1 and subject like 'case %'`,
  values: [subject],
})

export interface CasesAsked {
  /** What their names begin with, and the last one of the page before. */
  readonly prefix: string
  readonly after: string | undefined
  readonly owner: string | undefined
  readonly institution: string | undefined
  /** Kinds of the newest entry; absent means any. */
  readonly newest: readonly string[] | undefined
  readonly limit: number
}

/** Cases whose names begin alike, the newest first. */
export const listCases = (asked: CasesAsked): Statement => ({
  name: 'list-cases',
  text: `
    select e.owner_id, e.subject
    from dossier_entry e
    cross join lateral (
      select kind from dossier_entry l where l.owner_id = e.owner_id and l.subject = e.subject
      order by version desc limit 1
    ) last
    where e.version = 1 and e.subject like 'case %' and e.subject > $1 and e.subject < coalesce($2, $1 || U&'\\FFFF')
      and ($3::text is null or e.owner_id = $3) and ($4::text is null or e.institution = $4)
      and ($5::text[] is null or last.kind = any ($5::text[]))
    order by e.subject desc limit $6`,
  values: [
    asked.prefix,
    asked.after ?? null,
    asked.owner ?? null,
    asked.institution ?? null,
    asked.newest ?? null,
    asked.limit,
  ],
})

export interface StoredCase {
  readonly owner_id: string
  readonly subject: string
}

/** Settlements in force of a person, of one day and one total: what may be the same bill under another name. */
export const findSameTotals = (
  owner: string,
  day: string,
  total: bigint,
  institution: string | undefined,
): Statement => ({
  name: 'find-same-totals',
  text: `
    select settlement_id from effective_settlement
    where owner_id = $1 and treated_on = $2::date and total_fen = $3 and ($4::text is null or institution = $4)
    order by settlement_id limit 20`,
  values: [owner, day, total, institution ?? null],
})
