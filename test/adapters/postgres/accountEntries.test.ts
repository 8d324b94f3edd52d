import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LedgerEntry, listEntries } from '../../../adapters/postgres/accountEntries.ts'
import { createJournal } from '../../../adapters/postgres/journal.ts'
import { createLedgerQueries } from '../../../adapters/postgres/ledger.ts'
import { settle } from './settle.ts'
import { cancelAsk, claim, enrol, openWorld, settleAsk, type World } from './support.ts'

let world: World
const journal = () =>
  createJournal({ pool: world.pool, now: world.clock.now, batch: 4, rollUpEvery: 8 })

async function bills(count: number, prefix: string, institution = 'H1'): Promise<void> {
  for (let i = 0; i < count; i++) {
    const asked = claim(`P${i % 6}`, { item: `${prefix}${i}`, family: i % 2 === 0, institution })
    const ask = settleAsk(`${prefix}${i}`, asked)
    const [outcome] = await settle(world.books, [ask], world.clock.now)
    if (outcome?.kind === 'settled' && i % 5 === 0)
      await settle(
        world.books,
        [cancelAsk(`u${prefix}${i}`, outcome.row.id, institution)],
        world.clock.now,
      )
  }
}

beforeAll(async () => {
  world = await openWorld()
  for (let i = 0; i < 6; i++)
    await enrol(world, `P${i}`, { balance: 40_000n, family: [`P${(i + 1) % 6}`] })
  // One institution has entries at the beginning and at the end alone, so that many rollups in between say nothing new of it.
  await bills(3, 'a', 'H2')
  await journal().run()
  await bills(60, 'b')
  await journal().run()
  await bills(3, 'c', 'H2')
  await journal().run()
})
afterAll(() => world.close())

type Order = 'oldest' | 'newest'

async function all(
  account: string,
  order: Order,
  limit: number,
  from?: string,
): Promise<LedgerEntry[]> {
  const found: LedgerEntry[] = []
  let after = from
  for (let page = 0; page < 500; page++) {
    const { items, next } = await listEntries(world.pool, { account, order, limit, after })
    expect(items.length).toBeLessThanOrEqual(limit)
    found.push(...items)
    if (next === undefined) return found
    after = next
  }
  throw new Error('a list without an end')
}

/** Entries by adding up every transfer in the order of the journal. */
async function plain(account: string): Promise<object[]> {
  const { rows } = await world.pool.query(
    `select j.position, t.posting_id, t.leg, t.kind, t.debit_account, t.credit_account, t.amount_fen, s.settlement_id, s.treated_on
     from transfer t join journal j on j.posting_id = t.posting_id left join settlement s on s.id = t.posting_id
     where $1 in (t.debit_account, t.credit_account)
        or $1 in (summary_account(t.debit_account), summary_account(t.credit_account))
     order by j.position, t.leg`,
    [account],
  )
  let balance = 0n
  return rows.map((row) => {
    const isDebit = account === row.debit_account || account === summary(row.debit_account)
    balance += isDebit ? -row.amount_fen : row.amount_fen
    return {
      position: row.position,
      row: row.posting_id,
      settlement: row.settlement_id ?? row.posting_id,
      leg: row.leg,
      kind: row.kind,
      side: isDebit ? 'debit' : 'credit',
      counterAccount: isDebit ? row.credit_account : row.debit_account,
      amount: row.amount_fen,
      balance,
      treatedOn: row.treated_on ?? undefined,
    }
  })
}

const summary = (account: string): string => account.replace(/^(personal|memo:person):.*/, '$1:*')

const accounts = [
  'fund:510100:employee:pool',
  'payable:H1:settled',
  'payable:H2:settled',
  'memo:window:H2',
  'opening:510100',
  'personal:P1',
  'personal:P4',
  'memo:person:P2',
  'personal:*',
]

describe.each(accounts)('the entries of %s', (account) => {
  it.each([
    ['oldest', 1],
    ['oldest', 3],
    ['oldest', 200],
    ['newest', 1],
    ['newest', 3],
    ['newest', 200],
  ] as const)(
    'come whole and with the balance that each left, %s first, %i a page',
    async (order, limit) => {
      const told = (await all(account, order, limit)).map(({ postedAt, ...entry }) => {
        expect(postedAt).toBeGreaterThan(0)
        return entry
      })
      const expected = await plain(account)
      expect(expected.length).toBeGreaterThan(0)
      expect(order === 'oldest' ? told : told.toReversed()).toEqual(expected)
    },
  )

  it('end with the balance of the account', async () => {
    const last = (await all(account, 'oldest', 50)).at(-1)
    const sums = await createLedgerQueries(world.pool).account(account, undefined)
    expect(last?.balance).toBe((sums?.credits ?? 0n) - (sums?.debits ?? 0n))
  })
})

it('a page stays as it was told while rows arrive, and what waits for its place is not in it yet', async () => {
  const account = 'payable:H1:settled'
  const [oldest, newest] = await Promise.all(
    (['oldest', 'newest'] as const).map(async (order) =>
      listEntries(world.pool, { account, order, limit: 10 }),
    ),
  )
  const before = await all(account, 'oldest', 200)
  await bills(4, 'd')
  expect(await all(account, 'oldest', 200)).toEqual(before)
  await journal().run()
  const again = await listEntries(world.pool, { account, order: 'oldest', limit: 10 })
  expect(again).toEqual(oldest)
  const rest = await all(account, 'newest', 200, newest?.next)
  expect(rest).toEqual(before.toReversed().slice(10))
  expect((await all(account, 'oldest', 200)).slice(0, before.length)).toEqual(before)
})

it('a cursor carries no money: whoever writes one finds the balances of the books', async () => {
  const account = 'payable:H1:settled'
  const whole = await all(account, 'oldest', 200)
  const fifth = whole[4] as LedgerEntry
  const after = `${fifth.position}.${fifth.leg}`
  const { items } = await listEntries(world.pool, { account, order: 'oldest', limit: 3, after })
  expect(items).toEqual(whole.slice(5, 8))
  for (const bad of ['', 'x', '1', '1.2.3', '-1.1', '99999999999999999999.1', "1.1' or true"])
    await expect(
      listEntries(world.pool, { account, order: 'oldest', limit: 3, after: bad }),
    ).rejects.toThrow(RangeError)
})

it('transfers of an account come whole as well, where a page ends within the row of a rollup', async () => {
  const account = 'payable:H1:settled'
  const ledger = createLedgerQueries(world.pool)
  const found: unknown[] = []
  for (let after: string | undefined, page = 0; page === 0 || after !== undefined; page++) {
    const { items, next } = await ledger.transfers({ account, limit: 1, after })
    found.push(...items.map(({ row, leg }) => `${row} ${leg}`))
    after = next
  }
  const whole = await all(account, 'oldest', 200)
  expect(found).toEqual(whole.map(({ row, leg }) => `${row} ${leg}`))
})
