import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createJournal, duePositions, type Journal } from '../../../adapters/postgres/journal.ts'
import { createLedgerQueries } from '../../../adapters/postgres/ledger.ts'
import type { Fen } from '../../../engine/money.ts'
import { run as onServer } from '../../support/server.ts'
import { settle } from './settle.ts'
import { cancelAsk, claim, enrol, openWorld, settleAsk, type World } from './support.ts'

let world: World
const rowOfSettled = async (key: string, id: string, words = {}): Promise<string> => {
  const [outcome] = await settle(
    world.books,
    [settleAsk(key, claim(id, { item: key, ...words }))],
    world.clock.now,
  )
  if (outcome?.kind !== 'settled') throw new Error(`not settled: ${outcome?.kind}`)
  return outcome.row.id
}
const journal = (options: Partial<Parameters<typeof createJournal>[0]> = {}): Journal =>
  createJournal({ pool: world.pool, now: world.clock.now, batch: 7, rollUpEvery: 20, ...options })

beforeAll(async () => {
  world = await openWorld()
  for (let i = 0; i < 10; i++)
    await enrol(world, `P${i}`, { balance: 50_000n, family: [`P${(i + 1) % 10}`] })
})
afterAll(() => world.close())

describe('the journal', () => {
  it('gives dense positions while claims are settled and two writers run', async () => {
    const writers = [journal({ every_ms: 1 }), journal({ every_ms: 1 })]
    for (const writer of writers) writer.start()
    await Promise.all(
      Array.from({ length: 6 }, async (_, worker) => {
        for (let i = 0; i < 20; i++) {
          const id = await rowOfSettled(`${worker}-${i}`, `P${(worker * 3 + i) % 10}`, {
            family: true,
          })
          if (i % 4 === 0)
            await settle(world.books, [cancelAsk(`u${worker}-${i}`, id)], world.clock.now)
        }
      }),
    )
    await Promise.all(writers.map((writer) => writer.stop()))
    await journal().run()
    const { rows } = await world.pool.query(
      'select count(*) as n, max(position) as last from journal',
    )
    expect(rows[0]).toEqual({ n: 160n, last: 160n })
    expect(await checkBooks(world.pool)).toEqual([])
  })

  it('sums up after two hundred and fifty positions, or five for each account, so that rollups are quick and their rows few', () => {
    expect([0, 50, 1_000, 60_000].map(duePositions)).toEqual([250, 250, 5_000, 50_000])
  })

  it('tells how many accounts it summed up by the rows there are', async () => {
    const due = journal({ rollUpEvery: 1 })
    await rowOfSettled('summed', 'P1')
    await due.run()
    const { rows } = await world.pool.query(
      'select count(*)::int as accounts, (select rolled_up_to = position from journal_head) as whole from rollup where position = (select max(position) from rollup)',
    )
    expect(rows[0].accounts).toBeGreaterThan(2)
    expect(rows[0].whole).toBe(true)
  })

  it('keeps for each account the order of its versions', async () => {
    const { rows } = await world.pool.query(`
      select v.account from (
        select a.account, j.position, lag(j.position) over (partition by a.account order by a.version) as before
        from account_version a join journal j on j.posting_id = a.posting_id) v
      where position < before`)
    expect(rows).toEqual([])
  })

  it('loses nothing and numbers nothing twice when it is killed at work', async () => {
    for (let i = 0; i < 30; i++) await rowOfSettled(`k${i}`, `P${i % 10}`)
    const victim = journal({ batch: 3 })
    const work = victim.run().catch(() => 0)
    await world.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where pid <> pg_backend_pid() and datname = current_database() and query like '%journal%'`,
    )
    await work
    await journal().run()
    expect(await checkBooks(world.pool)).toEqual([])
  })

  it('tells how long something has been waiting', async () => {
    expect(await journal().pendingAge_ms()).toBe(0)
    await rowOfSettled('waits', 'P1')
    expect(await journal().pendingAge_ms()).toBeGreaterThan(0)
  })
})

describe('balances', () => {
  const ledger = () => createLedgerQueries(world.pool)
  const sum = async (where: string): Promise<Record<string, [Fen, Fen]>> => {
    const { rows } = await world.pool.query(
      `select summary_account(account) as account, sum(debit_fen)::bigint as d, sum(credit_fen)::bigint as c
       from entry e ${where} group by 1`,
    )
    return Object.fromEntries(rows.map((row) => [row.account, [row.d, row.c]]))
  }

  it('of now are those of all transfers, those that still wait included', async () => {
    const balance = await ledger().trialBalance(undefined)
    expect(Object.fromEntries(balance.map((b) => [b.account, [b.debits, b.credits]]))).toEqual(
      await sum(''),
    )
    const debits = balance.reduce((total, b) => total + b.debits, 0n)
    expect(debits).toBe(balance.reduce((total, b) => total + b.credits, 0n))
  })

  it('as of any position are those of the transfers up to it', async () => {
    const { rows } = await world.pool.query(
      `select position, (extract(epoch from assigned_at) * 1000)::bigint as at from journal order by 1`,
    )
    expect(rows.length).toBeGreaterThan(100)
    for (const { at } of rows.filter((_, i) => i % 13 === 0)) {
      const where = `where exists (select from journal j where j.posting_id = e.posting_id
        and (extract(epoch from j.assigned_at) * 1000)::bigint <= ${at})`
      const balance = await ledger().trialBalance(Number(at))
      expect(Object.fromEntries(balance.map((b) => [b.account, [b.debits, b.credits]]))).toEqual(
        await sum(where),
      )
      const own = await ledger().account('personal:P3', Number(at))
      const { rows: version } = await world.pool.query(
        `select balance_fen from account_version v where account = 'personal:P3' and exists (
           select from journal j where j.posting_id = v.posting_id
             and (extract(epoch from j.assigned_at) * 1000)::bigint <= ${at})
         order by version desc limit 1`,
      )
      expect((own?.credits ?? 0n) - (own?.debits ?? 0n)).toBe(version[0]?.balance_fen ?? 0n)
    }
  })

  it('as of a moment stay as they were told, though a writer was at work just then', async () => {
    await onServer(
      world.database.ownerUrl,
      `create function wait() returns trigger language plpgsql as
         $$ begin perform pg_sleep(0.3); return new; end $$;
       create trigger wait before update on journal_head for each row execute function wait()`,
    )
    const id = await rowOfSettled('slow', 'P1')
    const writing = journal().run()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const moment = world.clock.now()
    const told = await ledger().trialBalance(moment)
    await writing
    expect(await ledger().trialBalance(moment)).toEqual(told)
    await onServer(world.database.ownerUrl, 'drop trigger wait on journal_head')
    const [transfer] = (await ledger().transfers({ settlement: id, limit: 1 })).items
    expect(transfer?.position).toBeDefined()
  })

  it('of a moment before everything are nothing', async () => {
    expect(await ledger().trialBalance(0)).toEqual([])
    expect(await ledger().account('personal:P3', 0)).toEqual({
      account: 'personal:P3',
      debits: 0n,
      credits: 0n,
    })
  })

  it('are listed by name, people only where asked for', async () => {
    const all = await ledger().accounts({ limit: 100 })
    expect(all.items.map((a) => a.account)).toEqual([
      'fund:510100:employee:pool',
      'memo:person:*',
      'memo:window:H1',
      'opening:510100',
      'payable:H1:settled',
      'personal:*',
    ])
    const funds = await ledger().accounts({ limit: 2, prefix: 'memo:' })
    expect(funds.items.map((a) => a.account)).toEqual(['memo:person:*', 'memo:window:H1'])
    const first = await ledger().accounts({ limit: 6, prefix: 'personal:' })
    const rest = await ledger().accounts({ limit: 6, prefix: 'personal:', after: first.next })
    expect([...first.items, ...rest.items].map((a) => a.account)).toEqual(
      Array.from({ length: 10 }, (_, i) => `personal:P${i}`),
    )
    expect(rest.next).toBeUndefined()
  })

  it('know no account that was never used', async () => {
    expect(await ledger().account('fund:999999:x:y', undefined)).toBeUndefined()
    expect(await ledger().account('personal:nobody', undefined)).toBeUndefined()
  })
})

describe('transfers', () => {
  const ledger = () => createLedgerQueries(world.pool)
  async function walk(filter: object, limit: number) {
    const found = []
    let after: string | undefined
    do {
      const page = await ledger().transfers({ ...filter, limit, after })
      found.push(...page.items)
      after = page.next
    } while (after !== undefined)
    return found
  }

  it.each([
    [{}, `where exists (select from journal j where j.posting_id = t.posting_id)`],
    [
      { account: 'payable:H1:settled' },
      `where 'payable:H1:settled' in (debit_account, credit_account)
      and exists (select from journal j where j.posting_id = t.posting_id)`,
    ],
    [{ account: 'personal:P4' }, `where 'personal:P4' in (debit_account, credit_account)`],
    [{ account: 'opening:510100' }, `where 'opening:510100' in (debit_account, credit_account)`],
    [{ owner: 'P2' }, `where owner_id = 'P2'`],
  ])('are walked through page by page, each once: %j', async (filter, where) => {
    const { rows } = await world.pool.query(
      `select posting_id, leg from transfer t ${where} order by 1, 2`,
    )
    const walked = await walk(filter, 9)
    expect(walked.map((t) => `${t.row} ${t.leg}`).toSorted()).toEqual(
      rows.map((row) => `${row.posting_id} ${row.leg}`),
    )
  })

  it('of a settlement are those of its whole chain', async () => {
    const id = await rowOfSettled('chain', 'P6', { family: true })
    await settle(world.books, [cancelAsk('chain-undo', id)], world.clock.now)
    const found = await walk({ settlement: id }, 3)
    const net = found.reduce((total, t) => total + (t.row === id ? t.amount : -t.amount), 0n)
    expect(net).toBe(0n)
    expect(found.every((t) => t.settlement === id)).toBe(true)
    expect(found.some((t) => t.position !== undefined)).toBe(false)
  })
})
