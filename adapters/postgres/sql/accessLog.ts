import type { Statement } from '../transaction.ts'

export interface AccessToAppend {
  readonly position: bigint
  readonly at: number
  readonly caller: string
  readonly role: string
  readonly action: string
  readonly person?: string | undefined
  readonly subject?: string | undefined
  readonly reason?: string | undefined
  readonly canonical: Buffer
}

/** One process writes at a time; another one waits for it. */
export const lockLog: Statement = {
  name: 'lock_access_log',
  text: `select pg_advisory_xact_lock(hashtextextended('jiesuan access log', 0))`,
  values: [],
}

export const readHead: Statement = {
  name: 'read_access_head',
  text: `select position, (extract(epoch from at) * 1000)::bigint as at_ms from access_log order by position desc limit 1`,
  values: [],
}

export const appendAccesses = (rows: readonly AccessToAppend[]): Statement => ({
  name: 'append_accesses',
  text: `
    insert into access_log (position, at, caller, role, action, person, subject, reason, canonical)
    select position, to_timestamp(at_ms / 1000), caller, role, action, person, subject, reason, canonical
    from unnest($1::bigint[], $2::float8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[])
      as told (position, at_ms, caller, role, action, person, subject, reason, canonical)`,
  values: [
    rows.map(({ position }) => position),
    rows.map(({ at }) => at),
    rows.map(({ caller }) => caller),
    rows.map(({ role }) => role),
    rows.map(({ action }) => action),
    rows.map(({ person = null }) => person),
    rows.map(({ subject = null }) => subject),
    rows.map(({ reason = null }) => reason),
    rows.map(({ canonical }) => canonical),
  ],
})

export interface AccessAsked {
  readonly person?: string | undefined
  readonly caller?: string | undefined
  readonly action?: string | undefined
  /** Moments, both included. */
  readonly from?: number | undefined
  readonly until?: number | undefined
  readonly after?: bigint | undefined
  readonly limit: number
}

/**
 * The newest first. Moments rise with positions, so those of a stretch of time are a stretch of positions, which is read in its
 * order whatever else is asked.
 */
export function listAccesses(asked: AccessAsked): { text: string; values: readonly unknown[] } {
  const values: unknown[] = []
  const put = (value: unknown): string => `$${values.push(value)}`
  const conditions: string[] = []
  for (const name of ['person', 'caller', 'action'] as const)
    if (asked[name] !== undefined) conditions.push(`${name} = ${put(asked[name])}`)
  const moment = (at: number): string => `to_timestamp(${put(at)}::float8 / 1000)`
  if (asked.from !== undefined)
    conditions.push(
      `position >= (select position from access_log where at >= ${moment(asked.from)} order by at, position limit 1)`,
    )
  if (asked.until !== undefined)
    conditions.push(
      `position <= (select position from access_log where at <= ${moment(asked.until)} order by at desc, position desc limit 1)`,
    )
  if (asked.after !== undefined) conditions.push(`position < ${put(asked.after)}`)
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
  const text = `select position, (extract(epoch from at) * 1000)::bigint as at_ms, caller, role, action, person, subject, reason
    from access_log${where} order by position desc limit ${put(asked.limit)}`
  return { text, values }
}
