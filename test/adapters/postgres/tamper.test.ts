import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createJournal } from '../../../adapters/postgres/journal.ts'
import { settle } from './settle.ts'
import { cancelAsk, claim, enrol, openWorld, settleAsk, type World } from './support.ts'

// Whoever may do everything changes one thing at a time; each is found by some check.

let world: World
let owner: pg.Client
let id = ''

beforeAll(async () => {
  world = await openWorld()
  owner = new pg.Client({ connectionString: world.database.ownerUrl })
  await owner.connect()
  await enrol(world, 'F', { balance: 2_000n })
  await enrol(world, 'A', { balance: 9_000n, family: ['F'] })
  const ask = (key: string) =>
    settleAsk(key, claim('A', { visit: key, amount: 12_000n, family: true, item: key }))
  const run = async (one: Parameters<typeof settle>[1][number]) => {
    const [outcome] = await settle(world.books, [one], world.clock.now)
    if (outcome?.kind !== 'settled' && outcome?.kind !== 'undone') throw new Error(outcome?.kind)
    return outcome.row.id
  }
  const journal = createJournal({ pool: world.pool, now: world.clock.now, rollUpEvery: 3 })
  const first = await run(ask('first'))
  await journal.run()
  await run(cancelAsk('undo', first))
  await run(ask('second'))
  await journal.run()
  id = await run(ask('last'))
})
afterAll(async () => {
  await owner.end()
  await world.close()
})

const settlement = (change: string): string => `update settlement set ${change} where id = $1`
const transfer = (kind: string, change: string): string =>
  `update transfer set ${change} where posting_id = $1 and kind = '${kind}'`
const turned = 'debit_account = credit_account, credit_account = debit_account'
const document = (from: string, to: string): string =>
  settlement(
    `canonical = convert_to(regexp_replace(convert_from(canonical, 'UTF8'), '${from}', '${to}'), 'UTF8')`,
  )
const mine = `owner_id = (select owner_id from settlement where id = $1)`

describe('a change behind our back', () => {
  it('is not there to begin with', async () => {
    expect(await checkBooks(world.pool)).toEqual([])
  })

  it.each([
    ['an amount', transfer('fund', 'amount_fen = amount_fen + 1')],
    ['the hospital that is paid', transfer('fund', `credit_account = 'payable:H2:settled'`)],
    ['the region that pays', transfer('fund', `debit_account = 'fund:310100:employee:pool'`)],
    ['the fund that pays', transfer('fund', `debit_account = 'fund:510100:employee:other'`)],
    ['who owes whom', transfer('fund', turned)],
    ['the person who paid cash', transfer('cash', `debit_account = 'memo:person:F'`)],
    ['whose account is drawn on', transfer('family', `debit_account = 'personal:A'`)],
    ['a direction', transfer('account', turned)],
    ['a leg gone', `delete from transfer where posting_id = $1 and leg = 1`],
    [
      'a leg more',
      `insert into transfer values ('A', $1, 9, 'opening', 'fund:510100:employee:pool', 'payable:H2:settled', 1)`,
    ],
    [
      'an opening of anything but an account',
      `with t as (insert into transfer values
         ('A', left($1, 29) || '!', 1, 'opening', 'fund:510100:employee:pool', 'payable:H2:settled', 1))
       insert into unjournaled values ('A', left($1, 29) || '!', '{A}')`,
    ],
    ['amounts of scope', settlement('self_paid_fen = in_scope_fen, in_scope_fen = 0')],
    ['a deductible', settlement('deductible_fen = 1')],
    ['shares', settlement(`share_funds = '{other}'`)],
    ['lines', settlement(`line_ids = '{}'`)],
    ['a visit', settlement(`visit = 'other'`)],
    ['a year', settlement(`benefit_year = '2020'`)],
    ['a scheme', settlement(`scheme = 'resident'`)],
    ['a moment', settlement(`posted_at = posted_at - interval '1 day'`)],
    ['both regions', settlement(`care_region = '310100', home_region = '310100'`)],
    ['participants', settlement(`participants = '{A}'`)],
    ['a document’s amount', document('"cash":', '"cash":1')],
    ['a document’s fund', document('"fund":"pool"', '"fund":"other"')],
    ['a settlement gone', 'delete from settlement where id = $1'],
    ['an answer gone', 'delete from answer where posting_id = $1'],
    ['running sums', `update year_version set counters = '{}' where posting_id = $1`],
    [
      'running sums of long ago',
      `update year_version set counters = '{"pool": "1"}' where version = 1 and ${mine}`,
    ],
    ['a version gone', `delete from year_version where version = 1 and ${mine}`],
    ['a balance', 'update account_version set balance_fen = balance_fen + 1 where posting_id = $1'],
    ['a balance gone', 'delete from account_version where posting_id = $1'],
    ['a waiting place', `update unjournaled set participants = '{A}' where posting_id = $1`],
    ['a place gone', 'delete from unjournaled where posting_id = $1'],
    ['a position gone', 'delete from journal where position = 2'],
    ['a position of another', `update journal set owner_id = 'F' where position = 3`],
    [
      'when it was placed',
      `update journal set assigned_at = assigned_at + interval '1 day' where position = 2`,
    ],
    ['how far sums go', 'update journal_head set rolled_up_to = 0'],
    [
      'sums of long ago',
      `update rollup set debit_fen = debit_fen + 1 where
         (position, account) = (select position, account from rollup order by 1, 2 limit 1)`,
    ],
  ])('is found: %s', async (_, sql) => {
    await owner.query('begin')
    try {
      const { rowCount } = await owner.query(sql.replaceAll('$1', `'${id}'`))
      expect(rowCount).toBeGreaterThan(0)
      expect(await violated()).not.toEqual([])
    } finally {
      await owner.query('rollback')
    }
  })

  it('is found by several checks at once as by one after the other', async () => {
    const amount = (by: number): string =>
      `update transfer set amount_fen = amount_fen + ${by} where kind = 'fund'`
    await owner.query(amount(1))
    try {
      const found = await checkBooks(world.pool)
      expect(found.map(({ check }) => check)).toContain('check_transfers_by_fund')
      expect(await checkBooks(world.pool, { atOnce: 3 })).toEqual(found)
    } finally {
      await owner.query(amount(-1))
    }
  })
})

/** The checks that find something in the transaction that is open. */
async function violated(): Promise<string[]> {
  const { rows } = await owner.query(
    `select viewname from pg_views where schemaname = 'public' and viewname like 'check\\_%'`,
  )
  const found: string[] = []
  for (const { viewname } of rows)
    if ((await owner.query(`select from ${viewname} limit 1`)).rowCount) found.push(viewname)
  return found
}
