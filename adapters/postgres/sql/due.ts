import type { Subject } from '../../../engine/dossier.ts'
import type { Statement } from '../transaction.ts'
import { moment } from './inserts.ts'

/** Sets when some subjects are due; what had been tried before counts no more. */
export const setDue = (dues: ReadonlyMap<Subject, number>): Statement => ({
  name: 'set-due',
  text: `
    insert into due (owner_id, subject, due_at)
    select owner_id, subject, ${moment('at')}
    from unnest($1::text[], $2::text[], $3::float8[]) as r (owner_id, subject, at)
    on conflict (owner_id, subject) do update set due_at = excluded.due_at, attempts = 0`,
  values: [...columnsOf([...dues.keys()]), [...dues.values()]],
})

export const clearDue = (subjects: readonly Subject[]): Statement => ({
  name: 'clear-due',
  text: `
    delete from due using unnest($1::text[], $2::text[]) as r (owner, name)
    where owner_id = r.owner and subject = r.name`,
  values: columnsOf(subjects),
})

const columnsOf = (subjects: readonly Subject[]): string[][] => [
  subjects.map(({ owner }) => owner),
  subjects.map(({ name }) => name),
]

export interface StoredDue {
  readonly owner_id: string
  readonly subject: string
  readonly attempts: number
}

/** Subjects of one kind that are due, the longest waiting first. */
export const listDue = (prefix: string, now: number, limit: number): Statement => ({
  name: 'list-due',
  text: `
    select owner_id, subject, attempts from due
    where due_at <= ${moment('$1::float8')} and starts_with(subject, $2)
    order by due_at, owner_id, subject limit $3`,
  values: [now, prefix, limit],
})

/** Puts them off, each until its moment: of all who want to look at one now, one finds it as it was; what somebody is at is theirs. */
export const claimDue = (
  dues: readonly (StoredDue & { readonly until: number })[],
  now: number,
): Statement => ({
  name: 'claim-due',
  text: `
    update due d set due_at = ${moment('r.until')}, attempts = d.attempts + 1
    from (
      select due.owner_id, due.subject, r.until
      from unnest($1::text[], $2::text[], $3::int[], $4::float8[]) as r (owner_id, subject, attempts, until)
      join due on due.owner_id = r.owner_id and due.subject = r.subject
        and due.attempts = r.attempts and due.due_at <= ${moment('$5::float8')}
      for update of due skip locked
    ) r
    where d.owner_id = r.owner_id and d.subject = r.subject
    returning d.owner_id, d.subject`,
  values: [
    dues.map(({ owner_id }) => owner_id),
    dues.map(({ subject }) => subject),
    dues.map(({ attempts }) => attempts),
    dues.map(({ until }) => until),
    now,
  ],
})

/** Brings forward what waits for longer than so, spread over that time; what somebody else is at is left to them. */
export const hastenDue = (prefix: string, now: number, within_ms: number): Statement => ({
  name: 'hasten-due',
  text: `
    update due d set due_at = ${moment('($2::float8 + random() * $3::float8)')}
    from (
      select owner_id, subject from due
      where starts_with(subject, $1) and due_at > ${moment('($2::float8 + $3::float8)')}
      for update skip locked
    ) late
    where d.owner_id = late.owner_id and d.subject = late.subject`,
  values: [prefix, now, within_ms],
})

export const countDue = (prefix: string, attempts: number): Statement => ({
  name: 'count-due',
  text: `select count(*)::int as count from due where starts_with(subject, $1) and attempts >= $2`,
  values: [prefix, attempts],
})
