import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import type { Movement } from '../../../engine/movement.ts'
import type { Fen } from '../../../engine/money.ts'
import type { Ask } from '../../../engine/ports.ts'
import { type RealWorld, realWorld } from './real.ts'
import { day } from './support.ts'

// Whoever may do everything changes one thing of a movement at a time; each is found by some check or refused by the table.

let real: RealWorld
let owner: pg.Client
const ids = { booked: '', undone: '', back: '', paid: '' }

const fen = (amount: bigint) => amount as Fen

beforeAll(async () => {
  real = await realWorld()
  owner = new pg.Client({ connectionString: real.books.database.ownerUrl })
  await owner.connect()
  const person = real.person('E1').person.id
  const contribution: Movement = {
    kind: 'contribution',
    person,
    region: '510100',
    scheme: 'employee',
    month: '2026-03',
    day,
    reference: 'TAX-1',
    total: fen(90_000n),
    paid: [{ payer: 'employer', amount: fen(90_000n) }],
    funds: [{ fund: 'pool', amount: fen(60_000n) }],
    account: fen(30_000n),
  }
  const institution = 'agency:510100'
  const keyOf = (key: string) => ({ institution, key, fingerprint: key, input: '{}' })
  const run = async (ask: Ask): Promise<string> => {
    const [outcome] = await real.process.settle([ask])
    if (outcome?.kind !== 'moved') throw new Error(JSON.stringify(outcome))
    return outcome.movement.id
  }
  const move = (key: string, movement: Movement) =>
    run({ kind: 'move', key: keyOf(key), institution, movement })
  ids.undone = await move('undone', contribution)
  ids.back = await run({
    kind: 'moveBack',
    key: keyOf('back'),
    institution,
    movement: ids.undone,
  })
  ids.booked = await move('booked', contribution)
  ids.paid = await move('paid', {
    ...contribution,
    kind: 'benefit',
    scheme: undefined,
    benefit: 'wage',
    paid: [],
    funds: [],
    account: fen(0n),
  })
})
afterAll(async () => {
  await owner.end()
  await real.close()
})

const movement = (change: string): string => `update movement set ${change} where id = $booked`
const transfer = (change: string): string =>
  `update transfer set ${change} where posting_id = $booked and leg = 1`

describe('a change of a movement behind our back', () => {
  it('is not there to begin with', async () => {
    expect(await checkBooks(real.books.pool)).toEqual([])
  })

  it.each([
    ['an amount of a transfer', transfer('amount_fen = amount_fen + 1')],
    ['the account that is credited', transfer(`credit_account = 'personal:somebody'`)],
    ['who paid', transfer(`debit_account = 'income:510100:employee:person'`)],
    ['the kind of a transfer', transfer(`kind = 'credit'`)],
    [
      'both sides of a transfer',
      transfer('debit_account = credit_account, credit_account = debit_account'),
    ],
    ['a transfer gone', 'delete from transfer where posting_id = $booked and leg = 2'],
    [
      'a transfer more',
      `insert into transfer select owner_id, id, 9, 'benefit', 'income:510100:employee:person', 'payout:510100:wage', 1
       from movement where id = $booked`,
    ],
    [
      'a transfer of a movement that is not there',
      `insert into transfer select owner_id, left(id, 29) || '!', 1, 'credit', 'fund:510100:employee:pool', 'payout:x', 1
       from movement where id = $booked`,
    ],
    ['the amounts', movement('total_fen = 2, payer_fen = fund_fen, fund_fen = payer_fen')],
    ['the amounts of one side', movement(`payer_fen = '{1}'`)],
    ['all amounts', movement(`total_fen = 60001, payer_fen = '{60001}', account_fen = 1`)],
    ['the payer', movement(`payers = '{person}'`)],
    ['the fund', movement(`funds = '{other}'`)],
    ['the region', movement(`region = '510700'`)],
    ['the scheme', movement(`scheme = 'resident'`)],
    ['the month', movement(`month = '2026-02'`)],
    ['the day', movement('moved_on = moved_on - 1')],
    ['the reference', movement(`reference = 'TAX-2'`)],
    ['the source', movement(`source = 'other'`)],
    ['which booking it is', movement('booking = 3')],
    ['the moment', movement(`posted_at = posted_at - interval '1 day'`)],
    ['the balance told', movement('account_balance_fen = account_balance_fen + 1')],
    ['what is paid out', `update movement set benefit = 'examFee' where id = $paid`],
    ['a movement gone', 'delete from movement where id = $booked'],
    ['what took it back gone', 'delete from movement where id = $back'],
    ['what was taken back gone', 'delete from movement where id = $undone'],
    ['an answer gone', 'delete from answer where posting_id = $booked'],
    ['an answer of another kind', `update answer set kind = 'settled' where posting_id = $booked`],
    ['a place gone', 'delete from unjournaled where posting_id = $booked'],
    ['its participants', `update unjournaled set participants = '{A}' where posting_id = $booked`],
    [
      'a balance',
      'update account_version set balance_fen = balance_fen + 1 where posting_id = $booked',
    ],
    ['a balance gone', 'delete from account_version where posting_id = $booked'],
    [
      'the document',
      movement(
        `canonical = convert_to(replace(convert_from(canonical, 'UTF8'), '"total":90000', '"total":90001'), 'UTF8')`,
      ),
    ],
  ])('is found: %s', async (_, sql) => {
    await owner.query('begin')
    try {
      const filled = sql.replace(/\$(\w+)/g, (_, name: keyof typeof ids) => `'${ids[name]}'`)
      expect(await refusedOrFound(filled)).toBe(true)
    } finally {
      await owner.query('rollback')
    }
  })

  it('is nothing that the application may do', async () => {
    for (const sql of ['update movement set month = month', 'delete from movement'])
      await expect(real.books.pool.query(sql)).rejects.toMatchObject({ code: '42501' })
  })
})

/** What the table itself does not let through needs no view; everything else has to be found by one. */
async function refusedOrFound(sql: string): Promise<boolean> {
  try {
    const { rowCount } = await owner.query(sql)
    expect(rowCount).toBeGreaterThan(0)
  } catch (error) {
    return (error as pg.DatabaseError).code === '23514'
  }
  const { rows } = await owner.query(
    `select viewname from pg_views where schemaname = 'public' and viewname like 'check\\_%'`,
  )
  for (const { viewname } of rows)
    if ((await owner.query(`select from ${viewname} limit 1`)).rowCount) return true
  return false
}
