import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Pair } from '../../../engine/pairRun.ts'
import { type Cleared, day, keyOf, openCleared, resultOf, window } from './support.ts'

const regions = ['310100', '440100', '510100', '510700', '610700']
/** CLAIMS=100000 plays the whole month; a fifth of it shows the same. */
const claims = Number(process.env['CLAIMS'] ?? 20_000)

let world: Cleared
beforeAll(async () => {
  world = await openCleared({ max: 8 })
  owner = new pg.Client({ connectionString: world.real.books.database.ownerUrl })
  await owner.connect()
}, 60_000)
afterAll(async () => {
  await owner.end()
  await world.real.close()
})

/** Asked by the owner role, who may wait: these read everything. */
let owner: pg.Client
const ask = async (sql: string): Promise<Record<string, unknown>[]> => (await owner.query(sql)).rows

/**
 * A month of claims among five regions that are all kept here, as rows of the books: who is treated where, when and for how
 * much is drawn by the hash of a number, so that no run has other claims than the one before.
 */
const fill = `
  create temp table drawn as
    select i, lpad(upper(to_hex(i)), 30, '0') as id, 'P' || i % 5000 as person,
           r.regions[1 + h.a % 5] as home, r.regions[1 + (h.a + 1 + h.b % 4) % 5] as care,
           1 + h.c % 500000 as fund, h.d % 20000 as account,
           date '2026-03-01' + (h.a % 31)::int as on_day, (array['outpatient', 'inpatient', 'pharmacy'])[1 + h.b % 3] as care_kind,
           (array['employee', 'resident'])[1 + h.c % 2] as scheme
    from generate_series(1, ${claims}) i,
         lateral (select abs(hashint8(i))::bigint as a, abs(hashint8(i * 7))::bigint as b,
                         abs(hashint8(i * 13))::bigint as c, abs(hashint8(i * 29))::bigint as d) h,
         lateral (select '{${regions.join(',')}}'::text[] as regions) r;
  insert into settlement (owner_id, id, settlement_id, sequence, kind, participants, institution, care, scheme, route,
    care_region, home_region, treated_on, benefit_year, posted_at, credential_kind, bill_hash, pack_hash, line_ids, total_fen,
    self_paid_fen, over_limit_fen, first_self_pay_fen, in_scope_fen, deductible_fen, cross_region_first_pay_fen, share_funds,
    share_fen, fund_total_fen, person_total_fen, account_fen, family_account_fen, cash_fen, hospital_share_fen,
    employer_share_fen, account_before_fen, account_balance_fen, canonical)
  select person, id, id, 1, 'settlement', array[person], 'H' || care, care_kind, scheme, 'crossProvince',
    care, home, on_day, '2026', (on_day + time '10:00') at time zone 'Asia/Shanghai', 'card',
    decode(repeat('00', 32), 'hex'), 'pack', '{}', fund + account, 0, 0, 0, fund + account, 0, 0, '{pool}', array[fund], fund,
    account, account, 0, 0, 0, 0, account, 0, '{}'
  from drawn;
  insert into transfer
  select person, id, 1, 'fund', 'fund:' || home || ':' || scheme || ':pool', 'due-to:' || home || ':' || care, fund from drawn
  union all
  select person, id, 2, 'account', 'personal:' || person, 'due-to:' || home || ':' || care, account from drawn where account > 0
  union all
  select person, id, 3, 'dueTo', 'due-from:' || care || ':' || home, 'payable:H' || care || ':settled', fund + account from drawn;
  analyze settlement; analyze transfer;
`

it('a month of claims over five regions is cleared and netted to the fen, in the books', async () => {
  await owner.query(fill)
  world.clock.set('2026-04-02T09:00:00+08:00')
  const clearing = world.another({ regions })
  const begun = performance.now()
  let rows = 0
  for (const region of regions)
    for (const partner of regions.filter((other) => other !== region))
      for (const side of ['home', 'care'] as const) {
        const pair: Pair = { region, side, partner }
        const told = resultOf(await clearing.closeWindow(keyOf(region), pair, window('2026-03')))
        expect(told).toMatchObject({ disputes: 0 })
        rows += told['rows'] as number
      }
  expect(rows).toBe(2 * claims)
  const netted = resultOf(await clearing.net(keyOf('510100'), day('2026-03-31')))
  // Measured with `CLAIMS=100000`, both statements of twenty pairs compared, closed and netted: it is not to take minutes.
  expect(performance.now() - begun).toBeLessThan(60_000)
  expect(netted).toMatchObject({ rows: 40, waiting: 0 })

  await owner.query('set jit = off; set enable_nestloop = off; analyze')
  // By the claims themselves, which know nothing of clearing; by what is left to pay; and by the payments.
  const owed = await ask(`
    select region, sum(fen)::bigint as fen
    from settlement s, lateral (values (s.care_region, s.fund_total_fen + s.account_fen),
                                       (s.home_region, -(s.fund_total_fen + s.account_fen))) x (region, fen)
    group by 1 order by 1`)
  expect(owed).toHaveLength(5)
  for (const { region, fen } of owed)
    expect(await world.balance(`net:${String(region)}`)).toBe(-BigInt(fen as string))
  const { items } = await world.queries.orders({ netting: netted['run'] as string, limit: 10 })
  expect(items.length).toBeLessThan(5)
  for (const { region, fen } of owed) {
    const flow = items.reduce(
      (all, { debtor, creditor, amount }) =>
        all + (creditor === region ? amount : 0n) - (debtor === region ? amount : 0n),
      0n,
    )
    expect(flow).toBe(BigInt(fen as string))
  }
  for (const view of ['runs', 'rows', 'postings', 'moves', 'netting', 'prepaid'])
    expect(await ask(`select * from check_clearing_${view}`)).toEqual([])
}, 120_000)
