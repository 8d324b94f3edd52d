import { createJournal } from '../../adapters/postgres/journal.ts'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { freshDatabase, dropDatabase, withClient } from '../database.ts'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { seed } from '../growth/seed.ts'
import { sentencesOf } from '../site.ts'

/** Postings that wait for their place in the journal, held back so that they can be let go a round at a time. */
export interface Waiting {
  /** Lets a share of them wait; gives how many are placed a second. */
  place(): Promise<number>
  /** Looks whether the books hold once all are placed. */
  check(): Promise<string[]>
  end(): Promise<void>
}

const database = 'waiting'
const people = 5_000

/** Another database of the same server, with settlements that have no place yet. */
export async function openWaiting(
  url: string,
  { settlements, rounds }: { readonly settlements: number; readonly rounds: number },
): Promise<Waiting> {
  const fresh = await freshDatabase(url, database)
  await migrate({ url: fresh, dir: 'migrations', log: () => {} })
  await seed({
    url: fresh,
    seed: 'waiting',
    people,
    settlements,
    parts: 1,
    journal: false,
    say: () => {},
  })
  await withClient(fresh, (client) =>
    client.query(`
      create table held as select *, ntile(${rounds}) over (order by posting_id) as part from unjournaled;
      truncate unjournaled`),
  )
  const pool = createPool({ url: fresh, max: 2, applicationName: 'waiting', onError: () => {} })
  let part = 0
  return {
    async place() {
      await pool.query(
        `insert into unjournaled (owner_id, posting_id, participants)
         select owner_id, posting_id, participants from held where part = $1`,
        [++part],
      )
      const begun = performance.now()
      const placed = await createJournal({ pool, now: () => Date.now() }).run()
      return placed / ((performance.now() - begun) / 1000)
    },
    check: async () => sentencesOf(await checkBooks(pool)),
    async end() {
      await pool.end()
      await dropDatabase(url, database)
    },
  }
}
