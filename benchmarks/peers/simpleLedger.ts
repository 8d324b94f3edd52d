import { readFileSync } from 'node:fs'
import { drive } from '../arm/drive.ts'
import type { Play } from '../arm/step.ts'
import { beside, dropDatabase, freshDatabase, run, withClient } from '../database.ts'
import { balance, fast, type Peer, safe, type Shape } from './peer.ts'

const database = 'peer_simple_ledger'
const schema = new URL('simpleLedger.sql', import.meta.url)

export const simpleLedger: Peer = {
  name: 'simple ledger',
  about:
    'SQL written for this benchmark after the manner of pgledger: balances updated in place, one call of a function a request; pgbench, prepared statements',
  settings: [safe, fast],
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
  run: async ({ url, shape, setting, ...options }) =>
    drive(playOf(shape), { ...options, settings: setting.settings, url: beside(url, database) }),
  wrong: async (url) =>
    withClient(beside(url, database), async (client) => (await client.query(wrong)).rows),
  drop: async (url) => dropDatabase(url, database),
}

const playOf = ({ people, institutions, paid, drawn }: Shape): Play => ({
  steps: [
    { kind: 'random', name: 'person', upTo: 'people' },
    { kind: 'random', name: 'institution', upTo: 'institutions' },
    {
      kind: 'ask',
      sql: `select post(
        array['fund', 'person:' || :person::text],
        array['institution:' || :institution::text, 'institution:' || :institution::text],
        array[:paid::bigint, :drawn::bigint])`,
    },
  ],
  variables: {
    people: String(people),
    institutions: String(institutions),
    paid: String(paid),
    drawn: String(drawn),
  },
})

const wrong = `
  select a.id, a.balance, sum(e.amount) as entered, a.version, count(e.account) as entries
  from account a left join entry e on e.account = a.id
  group by a.id
  having a.balance - coalesce(sum(e.amount), 0) <> case when a.may_owe then 0 else ${balance} end
      or a.version <> count(e.account)
  limit 10`
