import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import { copyHead, copyTail } from './copyRows.ts'

/**
 * One table while millions of rows come: without indexes, and emptied and filled in one transaction, so that its rows are
 * written once, frozen, and never to the log. What it had before is put back first.
 */
export class BulkTable {
  readonly #client: pg.Client
  readonly #stream: CopyStreamQuery
  readonly #ended: Promise<void>

  private constructor(client: pg.Client, stream: CopyStreamQuery) {
    this.#client = client
    this.#stream = stream
    this.#ended = finished(stream)
    // Whoever writes or closes hears of it; until then nobody waits.
    this.#ended.catch(() => {})
  }

  static async open(url: string, table: string, columns: string): Promise<BulkTable> {
    const client = new pg.Client({ connectionString: url })
    // Whoever writes next hears of it.
    client.on('error', () => {})
    await client.connect()
    try {
      await client.query(`
        begin;
        create temp table kept on commit drop as table ${table};
        truncate ${table};
        insert into ${table} table kept`)
    } catch (error) {
      await client.end()
      throw error
    }
    const text = `copy ${table} (${columns}) from stdin (format binary, freeze)`
    const bulk = new BulkTable(client, client.query(copyFrom(text)))
    await bulk.write(copyHead)
    return bulk
  }

  /** Waits while the server has more than it can take. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#stream.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) return
    await Promise.race([once(this.#stream, 'drain'), this.#ended])
  }

  /** Leaves the table as it was. */
  async abandon(): Promise<void> {
    await this.#client.end()
  }

  async close(): Promise<void> {
    this.#stream.end(copyTail)
    await this.#ended
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
