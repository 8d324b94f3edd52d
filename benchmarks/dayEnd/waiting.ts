import { createJournal } from '../../adapters/postgres/journal.ts'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { freshDatabase, dropDatabase, withClient } from '../database.ts'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { openSealing } from '../growth/sealing.ts'
import { seed } from '../growth/seed.ts'
import { sentencesOf } from '../site.ts'

/** Postings that wait for their place in the journal, held back so that they can be let go a round at a time. */
export interface Waiting {
  /** Lets a share of them wait; gives how many are placed a second. */
  place(): Promise<number>
  /** Gives how many of those that were placed are sealed a second, with a signed head for each five thousand. */
  seal(): Promise<number>
  /** Looks whether the books hold, and everything is sealed, once all are placed. */
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
  const sealer = await openSealing(pool, () => Date.now())
  let part = 0
  return {
    async place() {
      await pool.query(
        `insert into unjournaled (owner_id, posting_id, participants, digest, mac)
         select owner_id, posting_id, participants, digest, mac from held where part = $1`,
        [++part],
      )
      return aSecond(async () => createJournal({ pool, now: () => Date.now() }).run())
    },
    seal: async () => aSecond(async () => sealer.run()),
    async check() {
      const { rows } = await pool.query(
        `select (select position from journal_head) as placed, (select max(size) from seal_head where log = 'journal') as sealed`,
      )
      const [{ placed, sealed }] = rows
      const wrong = sentencesOf(await checkBooks(pool))
      return placed === sealed ? wrong : [...wrong, `${placed} are placed, and ${sealed} sealed`]
    },
    async end() {
      await pool.end()
      await dropDatabase(url, database)
    },
  }
}

/** How many are done a second. */
async function aSecond(work: () => Promise<number>): Promise<number> {
  const begun = performance.now()
  const done = await work()
  return done / ((performance.now() - begun) / 1000)
}
