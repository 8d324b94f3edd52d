import type pg from 'pg'
import type { Violation } from '../../adapters/postgres/checks.ts'
import { withClient } from '../database.ts'

/**
 * What holds of all rows together and not of some: it is looked at in the whole books. Everything else is told of one
 * settlement, account or year, and so of the rows of whoever they belong to.
 */
const ofAll = new Set([
  'check_journal',
  'check_journal_order',
  'check_rollups',
  'check_trial_balance',
  'check_bill_sums',
  'check_account_sums',
])

export interface SampleOptions {
  readonly url: string
  /** Of so many households one is looked at. */
  readonly oneIn: number
  readonly say: (line: string) => void
}

/** A household is whoever draws on one account: their rows name each other. */
const chooseHouseholds = `
  create temp table chosen as
  select owner_id from person
  where hashtext(coalesce(document -> 'familyShares' -> 0 ->> 'owner', owner_id)) % $1 = 0`

/**
 * Every check of the books over all rows of some households, and those of everything together over everything: where millions
 * are stored, all checks over all rows take the better part of an hour.
 */
export async function checkSample({ url, oneIn, say }: SampleOptions): Promise<Violation[]> {
  return withClient(url, async (client) => {
    await client.query('begin isolation level repeatable read; set local jit = off')
    const views = await readViews(client)
    await client.query(chooseHouseholds.replace('$1', String(Math.trunc(oneIn))))
    await takeSample(client, views)
    const { rows } = await client.query('select count(*) as n from settlement')
    say(`checking ${rows[0].n} rows of settlements, those of one household in ${oneIn}`)
    const checks = views.filter(({ name }) => name.startsWith('check_'))
    // They join whole tables.
    await client.query('set local enable_nestloop = off')
    return run(client, checks)
  })
}

interface View {
  readonly name: string
  readonly definition: string
}

/** As they would be typed: a table that is hidden by one of the session is that of the session. */
async function readViews(client: pg.Client): Promise<View[]> {
  const { rows } = await client.query<View>(
    `select viewname as name, definition from pg_views where schemaname = 'public' order by 1`,
  )
  return rows.map(({ name, definition }) => ({ name, definition: definition.replace(/;$/, '') }))
}

async function run(client: pg.Client, views: readonly View[]): Promise<Violation[]> {
  const found: Violation[] = []
  for (const { name, definition } of views) {
    const from = ofAll.has(name) ? `public.${name}` : `(${definition})`
    const { rows } = await client.query<Violation>(
      `select '${name}' as check, subject, problem from ${from} v limit 100`,
    )
    found.push(...rows)
  }
  return found
}

/** Tables of the session under the names of those of the books, with the rows of whoever was chosen. */
async function takeSample(client: pg.Client, views: readonly View[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'owner_id'`,
  )
  for (const { name } of rows)
    await client.query(
      `create temp table ${name} (like public.${name} including indexes);
       insert into pg_temp.${name} select t.* from public.${name} t where t.owner_id in (select owner_id from chosen);
       analyze pg_temp.${name}`,
    )
  const others = views.filter(({ name }) => !name.startsWith('check_'))
  for (const { name, definition } of others)
    await client.query(`create temp view ${name} as ${definition}`)
}
