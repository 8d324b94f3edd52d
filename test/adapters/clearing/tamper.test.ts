import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import type { Pair } from '../../../engine/pairRun.ts'
import { atHome, type Cleared, day, inCare, keyOf, openCleared, window } from './support.ts'

let world: Cleared
let owner: pg.Client
const [hospital, mianyang] = ['H51010000001', 'H51070000001']

beforeAll(async () => {
  world = await openCleared()
  const { clearing } = world
  const laid = { region: '510700', side: 'laid', partner: '510100' } as const
  const held = { region: '510100', side: 'held', partner: '510700' } as const
  const asked = { of: laid, amount: 1_000n }
  await clearing.stepPrepaid(keyOf('510700'), 'request', { ...asked, operator: 'a' })
  await clearing.stepPrepaid(keyOf('510700'), 'approval', { ...asked, operator: 'b' })
  await clearing.stepPrepaid(keyOf('510100'), 'receipt', {
    of: held,
    amount: 1_000n,
    operator: 'a',
  })
  await world.settle('Y1', hospital, 60_000n)
  await world.cancel(await world.settle('Y1', hospital, 20_000n), hospital)
  await world.settle('E1', mianyang, 20_000n)
  world.clock.set('2026-04-02T09:00:00+08:00')
  const others: Pair[] = [
    { region: '510100', side: 'home', partner: '510700' },
    { region: '510700', side: 'care', partner: '510100' },
  ]
  for (const pair of [atHome, inCare, ...others])
    await clearing.closeWindow(keyOf(pair.region), pair, window('2026-03'))
  await clearing.net(keyOf('510100'), day('2026-03-31'))
  owner = new pg.Client({ connectionString: world.real.books.database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await world.real.close()
})

const anyRow = `(select row_id from clearing_row where owner_id = 'region:510700' and not undo limit 1)`
const anyRun = `(select id from clearing_run where kind = 'pair' and side = 'home' and region = '510700')`
const netting = `(select id from clearing_run where kind = 'netting')`
const prepaid = `(select id from clearing_posting where subject like 'prepaid laid%')`

/** What somebody did to the books behind our back, and the views that say so. */
const done: readonly (readonly [what: string, sql: string, views: readonly string[]])[] = [
  [
    'a row was taken out of its run',
    `delete from clearing_row where row_id = ${anyRow}`,
    ['runs', 'moves'],
  ],
  [
    'a row was cleared for more',
    `update clearing_row set due_fen = due_fen + 1 where row_id = ${anyRow}`,
    ['runs', 'rows', 'moves'],
  ],
  [
    'a row was said to be of another scheme',
    `update clearing_row set scheme = 'resident' where row_id = ${anyRow}`,
    ['runs', 'rows'],
  ],
  [
    'a row was said to be due elsewhere',
    `update clearing_row set account = 'due-to:510700:440100' where owner_id = 'region:510700' and row_id = ${anyRow}`,
    ['rows', 'moves'],
  ],
  [
    'a row was put into a run that is not there',
    `update clearing_row set run_id = 'X' where row_id = ${anyRow}`,
    ['rows', 'runs'],
  ],
  [
    'a run was said to be larger',
    `update clearing_run set due_fen = due_fen + 1 where id = ${anyRun}`,
    ['runs', 'netting'],
  ],
  [
    'a run was said to have ended earlier',
    `update clearing_run set until_day = '2026-03-01' where id = ${anyRun}`,
    ['rows'],
  ],
  [
    'a sum was changed',
    `update clearing_total set due_fen = due_fen + 1 where run_id = ${anyRun}`,
    ['runs'],
  ],
  [
    'a posting moved more',
    `update transfer set amount_fen = amount_fen + 1 where posting_id = ${anyRun}`,
    ['postings', 'moves'],
  ],
  [
    'a posting went to another account',
    `update transfer set credit_account = 'clearing:510700:440100' where posting_id = ${anyRun}`,
    ['postings'],
  ],
  [
    'a posting was taken out of the list',
    `delete from clearing_posting where id = ${anyRun}`,
    ['transfers_have', 'participants', 'transfer_accounts'],
  ],
  [
    'an entry is gone',
    `delete from dossier_entry where subject like 'clearing-pair home%' and kind = 'closed'`,
    ['postings'],
  ],
  [
    'a run was netted with another amount',
    `update clearing_taken set due_fen = due_fen + 1 where run_id = ${anyRun}`,
    ['netting'],
  ],
  [
    'a run was netted without the prepaid fund',
    `update clearing_taken set drawn_fen = 0 where run_id = ${anyRun}`,
    ['netting'],
  ],
  [
    'a run was taken out of its netting',
    `delete from clearing_taken where run_id = ${anyRun}`,
    ['netting'],
  ],
  ['an order was changed', `update clearing_order set amount_fen = amount_fen + 1`, ['netting']],
  ['an order is gone', `delete from clearing_order`, ['netting']],
  [
    'the netting left another amount',
    `update transfer set amount_fen = amount_fen + 1 where posting_id = ${netting} and credit_account = 'net:510700'`,
    ['netting', 'postings'],
  ],
  [
    'more was drawn than was laid',
    `update transfer set amount_fen = amount_fen - 1 where posting_id = ${prepaid}`,
    ['prepaid', 'postings'],
  ],
  [
    'money that was held paid something else',
    `update transfer set debit_account = 'bank:510100' where credit_account = 'prepaid-from:510100:510700'`,
    ['prepaid', 'postings'],
  ],
]

describe('the views of clearing', () => {
  it('say nothing while the books are right', async () => {
    expect(await checkBooks(world.real.books.pool)).toEqual([])
    const { rows } = await owner.query(`select sum(drawn_fen)::text as drawn from clearing_taken`)
    expect(rows).toEqual([{ drawn: '2000' }])
  })

  it.each(done)('see that %s', async (_, sql, views) => {
    await owner.query('begin')
    try {
      const { rowCount } = await owner.query(sql)
      expect(rowCount).toBeGreaterThan(0)
      for (const view of views) {
        const name = (
          await owner.query(
            `select viewname from pg_views where viewname like 'check_clearing_' || $1 || '%' or viewname like 'check_' || $1 || '%' limit 1`,
            [view],
          )
        ).rows[0].viewname as string
        const { rowCount: found } = await owner.query(`select from ${name}`)
        expect({ view, found: (found ?? 0) > 0 }).toEqual({ view, found: true })
      }
    } finally {
      await owner.query('rollback')
    }
  })

  it('an institution’s stages: money that was paid has left the bank', async () => {
    await owner.query('begin')
    await owner.query(
      `update transfer set credit_account = 'payable:H51010000001:paid' where posting_id = ${prepaid}`,
    )
    expect((await owner.query(`select subject from check_clearing_stages`)).rows).toEqual([
      { subject: 'payable:H51010000001:paid' },
    ])
    await owner.query('rollback')
  })
})
