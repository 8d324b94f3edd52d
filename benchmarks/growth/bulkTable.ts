import pg from 'pg'
import { copyHead, copyTail } from './copyRows.ts'
import { CopyStream } from './copyStream.ts'

/**
 * One table while millions of rows come: without indexes, and emptied and filled in one transaction, so that its rows are
 * written once, frozen, and never to the log. What it had before is put back first.
 */
export class BulkTable {
  readonly #client: pg.Client
  readonly #stream: CopyStream

  private constructor(client: pg.Client, stream: CopyStream) {
    this.#client = client
    this.#stream = stream
  }

  static async open(url: string, table: string, columns: string): Promise<BulkTable> {
    const client = new pg.Client({ connectionString: url })
    // Whoever writes next hears of it.
    client.on('error', () => {})
    await client.connect()
    await client.query(`
      begin;
      create temp table kept on commit drop as table ${table};
      truncate ${table};
      insert into ${table} table kept`)
    const text = `copy ${table} (${columns}) from stdin (format binary, freeze)`
    const stream = await CopyStream.open(client, text)
    await stream.write(copyHead)
    return new BulkTable(client, stream)
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#stream.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  }

  /** Leaves the table as it was. */
  async abandon(): Promise<void> {
    await this.#client.end()
  }

  async close(): Promise<void> {
    await this.#stream.write(copyTail)
    await this.#stream.end()
    await this.#client.query('commit')
    await this.#client.end()
  }
}

/** What finds rows of some tables, taken away; gives the statements that bring it back, keys first. */
export async function dropIndexes(
  client: pg.ClientBase,
  tables: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ away: string; back: string }>(shed, [tables])
  for (const { away } of rows) await client.query(away)
  return rows.map(({ back }) => back)
}

const shed = `
  select format('alter table %s drop constraint %I', conrelid::regclass, conname) as away,
         format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as back
  from pg_constraint where conrelid = any ($1::regclass[]) and contype in ('p', 'u')
  union all
  select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
  from pg_index i
  where indrelid = any ($1::regclass[])
    and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u'))`
