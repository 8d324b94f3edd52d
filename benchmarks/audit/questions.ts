import type pg from 'pg'
import type { Random } from '../../test/faults/random.ts'
import { totalsDimensions } from '../../adapters/postgres/sql/totals.ts'
import type { City } from '../workload/city.ts'

/** A kind of question that auditors ask, and the next one of it. */
export interface Question {
  readonly name: string
  /** The path that asks it, of somebody, some institution or some moment that it has not asked about before. */
  next(random: Random): string
}

/** What questions are about: the days that are in the books, and the ids of some settlements in them. */
export interface Subject {
  readonly city: City
  readonly from_ms: number
  readonly until_ms: number
  readonly settlements: readonly string[]
}

function path(base: string, query: Readonly<Record<string, string | number>>): string {
  const given = Object.entries(query).map(([name, value]) => [name, String(value)])
  return `${base}?${new URLSearchParams(given).toString()}`
}

const day_ms = 86_400_000

export function questionsOn({ city, from_ms, until_ms, settlements }: Subject): Question[] {
  const { hospital, clinic, pharmacy } = city.institutions
  const anywhere = (random: Random): string =>
    random.pick([hospital, clinic, pharmacy])(random).code
  const anybody = (random: Random): string => city.patient(random).id
  const moment = (random: Random): string =>
    new Date(random.between(from_ms, until_ms)).toISOString()
  const day = (random: Random): string =>
    new Date(random.between(from_ms, until_ms - day_ms)).toISOString().slice(0, 10)
  const fund = (random: Random): string =>
    random.pick(['fund:510100:employee:pool', 'fund:510100:resident:pool'])
  return [
    { name: 'trial balance', next: () => '/v1/ledger/trial-balance' },
    {
      name: 'trial balance as of a moment',
      next: (r) => path('/v1/ledger/trial-balance', { asOf: moment(r) }),
    },
    {
      name: 'a fund as of a moment',
      next: (r) => path(`/v1/ledger/accounts/${fund(r)}`, { asOf: moment(r) }),
    },
    {
      name: "an institution's account as of a moment",
      next: (r) => path(`/v1/ledger/accounts/payable:${anywhere(r)}:settled`, { asOf: moment(r) }),
    },
    {
      name: "a person's account as of a moment",
      next: (r) => path(`/v1/ledger/accounts/personal:${anybody(r)}`, { asOf: moment(r) }),
    },
    {
      name: "an institution's transfers, a page",
      next: (r) =>
        path('/v1/ledger/transfers', { account: `payable:${anywhere(r)}:settled`, limit: 100 }),
    },
    {
      name: "a person's transfers, a page",
      next: (r) => path('/v1/ledger/transfers', { owner: anybody(r), limit: 100 }),
    },
    {
      name: 'settlements of a person',
      next: (r) => path('/v1/settlements', { person: anybody(r), limit: 50 }),
    },
    {
      name: 'settlements of an institution on a day',
      next: (r) => {
        const on = day(r)
        return path('/v1/settlements', { institution: anywhere(r), from: on, until: on, limit: 50 })
      },
    },
    {
      name: 'settlements of a day',
      next: (r) => {
        const on = day(r)
        return path('/v1/settlements', { from: on, until: on, limit: 50 })
      },
    },
    {
      name: 'cancelled settlements of an institution',
      next: (r) =>
        path('/v1/settlements', { institution: anywhere(r), state: 'cancelled', limit: 50 }),
    },
    { name: 'one settlement', next: (r) => `/v1/settlements/${r.pick(settlements)}` },
    ...sums(day, anywhere, fund),
  ]
}

type Choice = (random: Random) => string

/** What is answered from sums by day and month, and entries of accounts that have millions. */
function sums(day: Choice, anywhere: Choice, fund: Choice): Question[] {
  const twoOf = (random: Random): string => {
    const first = random.pick(totalsDimensions)
    return `${first},${random.pick(totalsDimensions.filter((one) => one !== first))}`
  }
  const basis = (random: Random): string => random.pick(['treated', 'posted'])
  return [
    {
      name: 'totals by any two',
      next: (r) => path('/v1/totals', { by: twoOf(r), basis: basis(r), payers: 'all' }),
    },
    {
      name: 'totals of an institution since a day',
      next: (r) => path('/v1/totals', { by: 'care,fund', institution: anywhere(r), from: day(r) }),
    },
    {
      name: 'trial balance of what was treated until a day',
      next: (r) => path('/v1/ledger/trial-balance', { treatedUntil: day(r) }),
    },
    {
      name: 'entries of a fund with their balances, the newest',
      next: (r) => path(`/v1/ledger/accounts/${fund(r)}/entries`, { order: 'newest', limit: 100 }),
    },
    {
      name: "entries of an institution's account with their balances, a page",
      next: (r) =>
        path(`/v1/ledger/accounts/payable:${anywhere(r)}:settled/entries`, { limit: 100 }),
    },
  ]
}

/** Settlements from here and there in the books. */
export async function someSettlements(pool: Pick<pg.Pool, 'query'>): Promise<string[]> {
  const { rows } = await pool.query<{ posting_id: string }>(
    `select posting_id from generate_series(1, 500) n, journal_head h
     join lateral (
       select posting_id from journal j where j.position >= h.position * n / 501
         and exists (select from settlement s where s.settlement_id = j.posting_id)
       order by position limit 1
     ) one on true`,
  )
  return rows.map((row) => row.posting_id)
}
