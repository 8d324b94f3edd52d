import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { firstIdAt, timeOfId } from '../../../adapters/postgres/ids.ts'
import { createJournal } from '../../../adapters/postgres/journal.ts'
import { createLedgerQueries } from '../../../adapters/postgres/ledger.ts'
import { createReaders } from '../../../adapters/postgres/readers.ts'
import { createSums } from '../../../adapters/postgres/sums.ts'
import { createTotals } from '../../../adapters/postgres/totals.ts'
import { parseDay } from '../../../engine/day.ts'
import type { Ask } from '../../../engine/ports.ts'
import { withClient } from '../../../benchmarks/database.ts'
import { type Cleared, openCleared } from '../clearing/support.ts'
import { backAsk, contribution, moveAsk } from './movements.ts'
import { plainBalances, plainTotals, questionOf } from './plainTotals.ts'
import { cancelAsk, claim, ids, settleAsk } from './support.ts'

// Sums that are kept up to some position, and what came after it: whatever was done and wherever they stand, they are what adding up every row gives.

let world: Cleared
beforeAll(async () => {
  world = await openCleared({ max: 8 })
})
afterAll(() => world.real.close())

const acts = [
  'settle',
  'settle',
  'settle',
  'cancel',
  'restore',
  'move',
  'moveBack',
  'days',
  'close',
  'place',
  'sum',
  'sumAll',
  'compare',
] as const
const step = fc.record({ act: fc.constantFrom(...acts), at: fc.nat(1000) })
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const people = ['E1', 'E2', 'R1', 'Y1'] as const
const places = ['H51010000001', 'H51010000002', 'H51070000001']
const pick = <T>(of: readonly T[], at: number): T | undefined => of[at % of.length]

const settled: { id: string; institution: string }[] = []
const undone: { ask: ReturnType<typeof cancelAsk>; institution: string; person: string }[] = []
const moved: string[] = []
let count = 0

async function bill(at: number): Promise<void> {
  const institution = pick(places, at) as string
  const who = world.real.person(pick(people, Math.floor(at / 3)) as string)
  const words = {
    institution,
    amount: BigInt(1_000 + at * 37),
    day: dayBefore(at % 3),
    item: 'XJ01CAA040A001010100010',
  }
  const asked = { ...claim(who.citizenNumber, words), useAccount: at % 2 === 0 }
  const [outcome] = await world.real.process.settle([settleAsk(`s${++count}`, asked)])
  if (outcome?.kind === 'settled') settled.push({ id: outcome.row.settlement, institution })
}

/** Bills are entered late, too: at most so many days. */
const dayBefore = (days: number): string => {
  const today = Date.parse(`${world.clock.today()}T00:00:00Z`)
  return new Date(Math.max(today - days * 86_400_000, Date.parse('2026-03-02')))
    .toISOString()
    .slice(0, 10)
}

const sums = (slice: number) => createSums({ pool: world.real.books.pool, slice })

async function take({ act, at }: Step): Promise<void> {
  const { process, books } = world.real
  const one = async (ask: Ask) => (await process.settle([ask]))[0]
  switch (act) {
    case 'settle':
      return bill(at)
    case 'cancel': {
      const of = pick(settled, at)
      const ask = of && cancelAsk(`c${++count}`, of.id, of.institution)
      const outcome = ask && (await one(ask))
      if (ask && of && outcome?.kind === 'undone')
        undone.push({ ask, institution: of.institution, person: outcome.row.content.person })
      return
    }
    case 'restore': {
      const of = pick(undone, at)
      if (of)
        await one({
          kind: 'reverse',
          key: { ...of.ask.key, key: `r${++count}` },
          institution: of.institution,
          original: of.ask.key,
          person: of.person,
        })
      return
    }
    case 'move': {
      const { person } = world.real.person(pick(['E1', 'E2'], at) as string)
      const outcome = await one(
        moveAsk(
          `m${++count}`,
          contribution(person.id, { reference: `R${at}`, day: parseDay(dayBefore(at % 3)) }),
        ),
      )
      if (outcome?.kind === 'moved') moved.push(outcome.movement.movement)
      return
    }
    case 'moveBack': {
      const of = pick(moved, at)
      if (of !== undefined) await one(backAsk(`b${++count}`, of))
      return
    }
    case 'days':
      return world.clock.pass(24 * (1 + (at % 12)))
    case 'close':
      await world.clearing.closeDue(new AbortController().signal)
      return
    case 'place':
      await createJournal({
        pool: books.pool,
        now: world.clock.now,
        batch: 1 + (at % 7),
        rollUpEvery: 9,
      }).run()
      return
    case 'sum':
      // One slice, at most: what is left over is added by whoever asks.
      await sums(1 + (at % 9)).run()
      return
    case 'sumAll':
      await sums(1_000).run()
      return
    case 'compare':
      return compare(at)
  }
}

async function compare(at: number): Promise<void> {
  const { pool } = world.real.books
  for (const asked of [questionOf(at), questionOf(at * 7 + 3), questionOf(at * 31 + 1)]) {
    const told = await createTotals(pool).totals(asked)
    const items = told.items.map(({ values, amount, settlements }) => [
      values.join(' '),
      [amount, settlements],
    ])
    const { amount, settlements } = told
    const plain = await plainTotals(pool, asked)
    expect({ asked, items: Object.fromEntries(items), amount, settlements }).toEqual({
      asked,
      ...plain,
    })
  }
  const until = parseDay(
    new Date(Date.parse('2026-03-02') + (at % 60) * 86_400_000).toISOString().slice(0, 10),
  )
  const ledger = createLedgerQueries(pool, createReaders({ pool }))
  const balances = await ledger.trialBalance({ treatedUntil: until })
  const plain = await plainBalances(pool, until)
  expect(Object.fromEntries(balances.map((b) => [b.account, [b.debits, b.credits]]))).toEqual(plain)
  for (const account of [
    'personal:*',
    'fund:510100:employee:pool',
    `payable:${places[0]}:settled`,
  ]) {
    const one = await ledger.account(account, { treatedUntil: until })
    expect(one && [one.debits, one.credits]).toEqual(plain[account])
  }
}

it('totals and balances by day are those of every row, wherever the sums stand', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 60, maxLength: 90 }),
      fc.nat(1000),
      async (steps, at) => {
        for (const each of steps) await take(each)
        await compare(at)
      },
    ),
    { numRuns: 6, endOnFailure: true },
  )
  const { pool } = world.real.books
  const kinds = await pool.query<{ kind: string }>(
    `select kind from settlement union select moves from movement union select 'clearing ' || kind from clearing_posting`,
  )
  expect(kinds.rows.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['settlement', 'cancellation', 'restoration', 'contribution']),
  )
  expect(kinds.rows.some(({ kind }) => kind.startsWith('clearing '))).toBe(true)
  expect(await checkBooks(pool)).toEqual([])
}, 240_000)

it('two that add up at once add nothing twice, and one that dies at work loses nothing', async () => {
  const { pool } = world.real.books
  for (let n = 0; n < 12; n++) await bill(n)
  await take({ act: 'place', at: 6 })
  const victim = sums(2)
    .run()
    .catch(() => 0)
  await pool
    .query(
      `select pg_terminate_backend(pid) from pg_stat_activity
     where pid <> pg_backend_pid() and datname = current_database() and query like '%bill_sum%'`,
    )
    .catch(() => {})
  await Promise.all([victim, ...[1, 2, 3].map(async () => sums(2).run())])
  await sums(5).run()
  const { rows } = await pool.query(
    'select s.position = j.position as whole from sum_head s, journal_head j',
  )
  expect(rows[0].whole).toBe(true)
  expect(await checkBooks(pool)).toEqual([])
  await compare(17)
})

it('what is kept can be emptied and added up anew', async () => {
  const { pool, database } = world.real.books
  await withClient(database.ownerUrl, async (owner) => {
    await owner.query(
      'begin; update sum_head set position = 0; truncate bill_sum, account_sum; commit',
    )
  })
  await compare(5)
  await sums(7).run()
  await compare(5)
  expect(await checkBooks(pool)).toEqual([])
})

it.each([
  [
    `update bill_sum set amount_fen = amount_fen + 1 where grain = 'day' and each_institution and payer = '*'`,
    'check_bill_sums',
  ],
  [
    `update bill_sum set settlements = 0 where grain = 'month' and not each_institution`,
    'check_bill_sums',
  ],
  [`delete from bill_sum where grain = 'month'`, 'check_bill_sums'],
  [
    `update account_sum set credit_fen = credit_fen + 1 where grain = 'month'`,
    'check_account_sums',
  ],
  [`delete from account_sum where account like 'fund:%'`, 'check_account_sums'],
  [`update sum_head set position = position + 1`, 'check_account_sums'],
])('the self-audit sees a sum that is wrong: %s', async (damage, check) => {
  await withClient(world.real.books.database.ownerUrl, async (owner) => {
    await owner.query('begin')
    await owner.query(damage)
    expect((await owner.query(`select from ${check}`)).rowCount).toBeGreaterThan(0)
    await owner.query('rollback')
  })
})

it('sums that are far behind are asked on a connection of their own', async () => {
  const { pool } = world.real.books
  const readers = createReaders({ pool })
  let opened = 0
  const counting = { open: async () => (opened++, readers.open()) }
  await withClient(world.real.books.database.ownerUrl, async (owner) => {
    await owner.query('update sum_head set position = 0; truncate bill_sum, account_sum')
    await owner.query('update journal_head set position = position + 50001')
    const asked = questionOf(8)
    const { amount } = await createTotals(pool, counting).totals(asked)
    expect(amount).toBe((await plainTotals(pool, asked)).amount)
    await owner.query('update journal_head set position = position - 50001')
  })
  expect(opened).toBe(1)
  await sums(1_000).run()
})

it('an id tells its moment in SQL as it does in the program, and begins no earlier than the first of that moment', async () => {
  for (const at of [0, 1, Date.parse('2026-03-02T00:00:00+08:00'), 2 ** 47 + 12_345, 2 ** 48 - 1]) {
    const id = ids.next('P1', at)
    const { rows } = await world.real.books.pool.query(
      'select (extract(epoch from moment_of_id($1)) * 1000)::bigint as at',
      [id],
    )
    expect(Number(rows[0].at)).toBe(timeOfId(id))
    expect(firstIdAt(timeOfId(id)) <= id && id < firstIdAt(timeOfId(id) + 1)).toBe(
      timeOfId(id) < 2 ** 48 - 1,
    )
  }
})
