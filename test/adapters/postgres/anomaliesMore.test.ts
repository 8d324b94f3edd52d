import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type pg from 'pg'
import type { Fen } from '../../../engine/money.ts'
import type { Row } from '../../../engine/ports.ts'
import { withClient } from '../../../benchmarks/database.ts'
import { look, put, putYear, type Seen, threshold, type Told, undo } from './suspicious.ts'
import { crypto, openWorld, type World } from './support.ts'

let world: World
let pool: pg.Pool
beforeAll(async () => {
  world = await openWorld()
  pool = world.pool
  // The last day that the books know: each stretch of 31 days begins with the first of March.
  await put(pool, { person: 'LAST', day: '2026-03-31' })
})
afterAll(() => world.close())

const of = (seen: readonly Seen[], person: string): Seen[] =>
  seen.filter((one) => one.person === person)

describe('a card tried after its loss', () => {
  let keys = 0
  const refuse = async (owner: string, code: string, at: string, institution = 'H1') =>
    pool.query(
      `insert into answer (owner_id, key_hash, kind, body, key_version, answered_at, code, institution)
       values ($1, $2, 'refused', '', 1, $3, $4, $5)`,
      [owner, crypto.sm3(`lost ${++keys}`), `${at}+08`, code, institution],
    )

  test('is listed by person and day in China, with where and why', async () => {
    await refuse('C1', 'card-formally-lost', '2026-03-10 00:00:00')
    await refuse('C1', 'card-superseded', '2026-03-10 23:59:59', 'H2')
    await refuse('C1', 'card-formally-lost', '2026-03-11 00:00:00')
    const seen = of(await look(pool, 'lost_card'), 'C1')
    expect(
      seen.map(({ subject, institution, facts }) => [subject, institution, facts['tries']]),
    ).toEqual([
      ['C1 2026-03-10', null, 2],
      ['C1 2026-03-11', 'H1', 1],
    ])
    expect(seen[0]?.facts).toMatchObject({
      codes: ['card-formally-lost', 'card-superseded'],
      institutions: ['H1', 'H2'],
    })
  })

  test('is no card refused for anything else, nor one tried before the stretch', async () => {
    await refuse('C2', 'card-expired', '2026-03-10 10:00:00')
    await refuse('C3', 'card-temporarily-lost', '2026-02-28 23:59:59')
    await refuse('C4', 'card-temporarily-lost', '2026-03-01 00:00:00')
    const seen = await look(pool, 'lost_card')
    expect(['C2', 'C3', 'C4'].map((person) => of(seen, person).length)).toEqual([0, 0, 1])
  })

  test('is listed from as many tries on as the threshold of that day says', async () => {
    for (const day of ['2026-03-15', '2026-03-16'])
      for (const second of ['01', '02'])
        await refuse('C5', 'card-cancelled', `${day} 10:00:${second}`)
    await threshold(pool, 'lost-card.tries', 3, { from: '2026-03-16' })
    expect(of(await look(pool, 'lost_card'), 'C5').map(({ day }) => day)).toEqual(['2026-03-15'])
    await refuse('C5', 'card-cancelled', '2026-03-16 10:00:03')
    expect(of(await look(pool, 'lost_card'), 'C5')).toHaveLength(2)
  })

  test('sold to offline after it was blocked is listed as the sale, and an ordinary one is not', async () => {
    const sale: Told = { person: 'C6', day: '2026-03-10', care: 'pharmacy', tap: 'offline' }
    const warnings = [{ code: 'card-blocked-after-list', facts: {} }] as const
    const sold = await put(pool, { ...sale, warnings })
    await put(pool, { ...sale, person: 'C7' })
    await undo(pool, await put(pool, { ...sale, person: 'C8', warnings }), 'cancellation')
    const seen = await look(pool, 'lost_card')
    expect(of(seen, 'C6')).toMatchObject([
      { subject: sold.id, settlements: [sold.id], facts: { sold: '100.00' } },
    ])
    expect([...of(seen, 'C7'), ...of(seen, 'C8')]).toEqual([])
  })
})

describe('an institution far from its peers', () => {
  const bills = async (institution: string, count: number, total: string, fund: string) => {
    const told = { day: '2026-03-20', care: 'emergency', institution, total, fund } as const
    const rows: Row[] = []
    for (let i = 0; i < count; i++)
      rows.push(await put(pool, { ...told, person: `${institution}-${i}` }))
    return rows
  }
  const hospital = (code: string, level: string) =>
    pool.query('insert into institution (code, document) values ($1, $2) on conflict do nothing', [
      code,
      { code, level },
    ])

  /** Adds up the bills of each day, as the server does behind the journal. */
  const addUp = () =>
    withClient(world.database.ownerUrl, async (owner) => {
      await owner.query('delete from bill_sum')
      await owner.query(`
        insert into bill_sum
        select 'day', true, treated_on, treated_on, home_region, care_region, scheme, care, institution, payer,
               sum(sign * fen), sum(sign)
        from settlement s, lateral (select case kind when 'settlement' then 1 else -1 end as sign) k,
             lateral (values ('*', total_fen), ('fund:pool', fund_total_fen)) as p (payer, fen)
        group by 3, 4, 5, 6, 7, 8, 9, 10`)
    })

  test('is found by its average bill and by the funds’ share of it, once there are enough of both', async () => {
    await threshold(pool, 'peers.settlements', 3)
    for (const [i, total] of ['100.00', '101.00', '102.00', '103.00'].entries()) {
      await hospital(`Q${i}`, 'secondary')
      await bills(`Q${i}`, 3, total, '50.00')
    }
    await hospital('Q9', 'secondary')
    await bills('Q9', 2, '400.00', '380.00')
    const found = async () => {
      await addUp()
      return (await look(pool, 'peers')).filter(({ institution }) => institution?.startsWith('Q'))
    }
    // Two of its settlements say too little of it, and four are no five peers.
    expect(await found()).toEqual([])
    const [last] = await bills('Q9', 1, '400.00', '380.00')
    const seen = await found()
    expect(seen.map(({ subject }) => subject)).toEqual([
      'Q9 emergency average-bill',
      'Q9 emergency fund-share',
    ])
    expect(seen[0]).toMatchObject({
      day: '2026-03-31',
      facts: { level: 'secondary', settlements: 3, peers: 5, value: '400.00', median: '102.00' },
    })
    expect(seen[1]?.facts).toMatchObject({ value: '95.00', median: '49.50' })
    const names = async (name: string, value: number) => {
      await threshold(pool, name, value)
      return (await found()).map(({ facts }) => facts['measure'])
    }
    // 298 away from the median is 200.998 times the deviation of 1.00, scaled by 1.4826, and 292.16 % of the median.
    expect(await names('peers.deviations', 200.9)).toEqual(['average-bill'])
    expect(await names('peers.deviations', 201)).toEqual([])
    await threshold(pool, 'peers.deviations', 3.5)
    expect(await names('peers.percent', 292)).toEqual(['average-bill'])
    expect(await names('peers.percent', 293)).toEqual([])
    await threshold(pool, 'peers.percent', 10)
    expect(await names('peers.institutions', 6)).toEqual([])
    expect(await names('peers.institutions', 5)).toEqual(['average-bill', 'fund-share'])
    await undo(pool, last as Row, 'cancellation')
    expect(await found()).toEqual([])
  })

  test('is none where another level or kind of care is dearer', async () => {
    await hospital('Q8', 'tertiary')
    await bills('Q8', 3, '900.00', '100.00')
    await addUp()
    expect((await look(pool, 'peers')).filter(({ institution }) => institution === 'Q8')).toEqual(
      [],
    )
  })
})

describe('a running sum that jumps', () => {
  const key = '510100|employee|pool|year'
  const bill = async (
    person: string,
    amounts: readonly string[],
    told: Partial<Told> = {},
    counter = key,
  ) => {
    let sum = 0n
    let last
    for (const [i, amount] of amounts.entries()) {
      const delta = BigInt(amount.replace('.', ''))
      sum += delta
      last = await put(pool, {
        person,
        day: `2026-03-0${i + 1}`,
        total: amount,
        counters: [{ year: '2026', key: counter, delta }],
        ...told,
      })
      await putYear(pool, last, BigInt(i + 1), { [counter]: sum as Fen })
    }
    return last?.id ?? ''
  }

  test('by more than ten times what three before it moved it by on average', async () => {
    const id = await bill('J1', ['400.00', '500.00', '600.00', '5000.01'])
    await bill('J2', ['400.00', '500.00', '600.00', '5000.00'])
    await bill('J3', ['500.00', '500.00', '9000.00'])
    await bill('J4', ['400.00', '400.00', '400.00', '4999.99'])
    const seen = await look(pool, 'jump')
    expect(of(seen, 'J1')).toEqual([
      {
        subject: id,
        person: 'J1',
        institution: 'H1',
        settlements: [id],
        day: '2026-03-04',
        facts: {
          sums: [
            {
              sum: 'pool',
              region: '510100',
              scheme: 'employee',
              year: '2026',
              amount: '5000.01',
              earlier: 3,
              mean: '500.00',
              times: 10,
            },
          ],
        },
      },
    ])
    expect(seen.filter(({ person }) => /^J[234]$/.test(person ?? ''))).toEqual([])
  })

  test('by a hundred thousand yuan in any case, and a fen less does not', async () => {
    await bill('J5', ['100000.00'])
    await bill('J6', ['99999.99'])
    const seen = await look(pool, 'jump')
    expect([of(seen, 'J5').length, of(seen, 'J6').length]).toEqual([1, 0])
  })

  test('is no count of admissions and no sum of a month or a stay', async () => {
    await bill('J7', ['100000.00'], {}, '510100|employee|admissions.inpatient|year')
    await bill('J8', ['100000.00'], {}, '510100|employee|pool|2026-03')
    const seen = await look(pool, 'jump')
    expect([...of(seen, 'J7'), ...of(seen, 'J8')]).toEqual([])
  })

  test('goes by the thresholds of its own day and of its person’s region', async () => {
    await bill('J9', ['700.00', '700.00', '700.00', '4900.01'], {
      homeRegion: '610700',
      careRegion: '610700',
    })
    expect(of(await look(pool, 'jump'), 'J9')).toEqual([])
    await threshold(pool, 'jump.times', 7, { region: '610700', from: '2026-03-05' })
    await threshold(pool, 'jump.least', 4900, { region: '610700', from: '2026-03-04' })
    expect(of(await look(pool, 'jump'), 'J9')).toEqual([])
    await threshold(pool, 'jump.times', 7, { region: '610700', from: '2026-03-04' })
    expect(of(await look(pool, 'jump'), 'J9')).toHaveLength(1)
  })
})

test('whoever sets a threshold adds a row, and changes none', async () => {
  await expect(pool.query(`update anomaly_threshold set value = 0`)).rejects.toThrow(
    'permission denied',
  )
  await expect(pool.query(`delete from anomaly_threshold`)).rejects.toThrow('permission denied')
})
