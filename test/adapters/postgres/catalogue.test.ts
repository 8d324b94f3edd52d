import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

interface Listed {
  readonly name: string
  readonly kind: string
  readonly by: string
  readonly may: readonly string[]
}

/** The table of tables in migrations/README.md. */
function readList(): Listed[] {
  const text = readFileSync('migrations/README.md', 'utf8')
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\w+) \| ?(\w*) ?\| ([a-z ]+) \|/gm)]
  return rows.map(([, name = '', kind = '', by = '', may = '']) => ({
    name,
    kind,
    by,
    may: may.trim().split(' '),
  }))
}

const listed = readList()
const distributed = listed.filter((table) => table.kind === 'distributed')
let database: TestDatabase
let owner: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const rows = async (sql: string, values: unknown[] = []): Promise<Record<string, string>[]> =>
  (await owner.query(sql, values)).rows

describe('the list of tables', () => {
  it('names every table but that of the migrations', async () => {
    const tables = await rows(
      `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migration' order by 1`,
    )
    expect(tables.map((table) => table['name'])).toEqual(
      listed.map((table) => table.name).toSorted(),
    )
  })

  it.each(listed)('says what the application may do with $name', async ({ name, may }) => {
    const granted = await rows(
      `select lower(privilege_type) as may from information_schema.role_table_grants
       where grantee = 'jiesuan_app' and table_name = $1 order by 1`,
      [name],
    )
    expect(granted.map((grant) => grant['may'])).toEqual([...may].toSorted())
  })

  it('lets nobody update or delete the ledger', () => {
    const ledger = [
      'request',
      'answer',
      'settlement',
      'transfer',
      'account_version',
      'year_version',
      'journal',
      'rollup',
    ]
    for (const table of listed.filter(({ name }) => ledger.includes(name)))
      expect(table.may).toEqual(['select', 'insert'])
  })
})

describe('a distributed table', () => {
  // What a claim writes most of goes where the last claim's went: these keys begin with an id, and name the owner after it.
  const ids: Readonly<Record<string, readonly string[]>> = {
    settlement: ['id', 'settlement_id'],
    transfer: ['posting_id'],
  }

  it.each(distributed)(
    '$name has $by in every unique key, which begins with it or with an id that follows time',
    async ({ name, by }) => {
      const keys = await rows(
        `select string_agg(a.attname, ' ' order by array_position(i.indkey::int2[], a.attnum)) as columns
         from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])
         where i.indrelid = $1::regclass and i.indisunique group by i.indexrelid`,
        [name],
      )
      expect(keys.length).toBeGreaterThan(0)
      for (const key of keys) {
        const columns = key['columns']?.split(' ') ?? []
        expect(columns).toContain(by)
        expect([by, ...(ids[name] ?? [])]).toContain(columns[0])
      }
    },
  )

  it.each(distributed)(
    '$name has no trigger, sequence, identity or foreign key',
    async ({ name }) => {
      const found = await rows(
        `select 'trigger ' || tgname as what from pg_trigger where tgrelid = $1::regclass and not tgisinternal
       union all
       select 'foreign key ' || conname from pg_constraint
       where contype = 'f' and ($1::regclass in (conrelid, confrelid))
       union all
       select 'column ' || attname from pg_attribute a left join pg_attrdef d on (d.adrelid, d.adnum) = (attrelid, attnum)
       where attrelid = $1::regclass and attnum > 0
         and (attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like '%nextval%')`,
        [name],
      )
      expect(found).toEqual([])
    },
  )
})
