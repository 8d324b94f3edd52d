import { readFileSync } from 'node:fs'
import { drive } from '../arm/drive.ts'
import type { Play, Ran } from '../arm/step.ts'
import { beside, dropDatabase, freshDatabase, run, withClient } from '../database.ts'
import type { Peer, PeerOptions } from './peer.ts'

const database = 'peer_simple_ledger'
const schema = new URL('simpleLedger.sql', import.meta.url)

/** Every person's account holds more than any run spends. */
const balance = 100_000_000

/** The same accounts as ours: a person, a fund and an institution; one transaction posts what one settlement does. */
export const simpleLedger: Peer = {
  name: 'simple ledger',
  about:
    'pgledger-style SQL written for this benchmark: balances updated in place, one function call a request, pgbench',
  missing: () => undefined,
  async prepare(url, { people, institutions }) {
    const own = await freshDatabase(url, database)
    await run(own, readFileSync(schema, 'utf8'))
    await run(
      own,
      `insert into account (id, may_owe) values ('fund', true);
       insert into account (id, may_owe) select 'institution:' || n, true from generate_series(1, ${institutions}) n;
       insert into account (id, balance, may_owe) select 'person:' || n, ${balance}, false from generate_series(1, ${people}) n;`,
    )
    await run(own, 'vacuum analyze')
  },
  run: async (options) => runSimpleLedger(options),
  async drop(url) {
    await dropDatabase(url, database)
  },
}

async function runSimpleLedger({ url, shape, ...options }: PeerOptions): Promise<Ran> {
  const { people, institutions, amounts } = shape
  const debits = amounts.map((_, i) => (i === 0 ? ':fund::text' : `'person:' || :person::text`))
  const credits = amounts.map(() => `'institution:' || :institution::text`)
  const array = (items: readonly string[]): string => `array[${items.join(', ')}]`
  const sql = `select post(${array(debits)}, ${array(credits)}, :amounts::bigint[])`
  const play: Play = {
    steps: [
      { kind: 'random', name: 'person', upTo: 'people' },
      { kind: 'random', name: 'institution', upTo: 'institutions' },
      { kind: 'ask', sql },
    ],
    variables: {
      people: String(people),
      institutions: String(institutions),
      fund: 'fund',
      amounts: `{${amounts.join(',')}}`,
    },
  }
  return drive(play, { ...options, url: beside(url, database) })
}

/** What does not hold of its books. */
export const wrongIn = async (url: string): Promise<object[]> =>
  withClient(beside(url, database), async (client) => {
    const { rows } = await client.query(`
      select a.id, a.balance, coalesce(sum(e.amount), 0) as entered, count(e.account) as entries
      from account a left join entry e on e.account = a.id
      group by a.id
      having a.balance - coalesce(sum(e.amount), 0) not in (0, ${balance}) or a.version <> count(e.account)
      limit 10`)
    return rows
  })
