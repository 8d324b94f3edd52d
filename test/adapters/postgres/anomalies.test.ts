import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type pg from 'pg'
import type { Row } from '../../../engine/ports.ts'
import { look, put, sameAs, type Seen, threshold, type Told, undo } from './suspicious.ts'
import { openWorld, type World } from './support.ts'

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
const at = (told: Told): Promise<Row> => put(pool, told)

describe('one person in two places', () => {
  const away = { careRegion: '440100', institution: 'H2' } as const
  const inHospital = { care: 'inpatient', stay: ['2026-03-05', '2026-03-12'] } as const

  test('two stays in two cities overlap by a night, and a transfer of one day does not', async () => {
    const home = await at({ person: 'S1', day: '2026-03-12', ...inHospital })
    const there = await at({
      person: 'S1',
      day: '2026-03-14',
      ...away,
      care: 'inpatient',
      stay: ['2026-03-11', '2026-03-14'],
    })
    await at({ person: 'S2', day: '2026-03-12', ...inHospital })
    await at({
      person: 'S2',
      day: '2026-03-14',
      ...away,
      care: 'inpatient',
      stay: ['2026-03-12', '2026-03-14'],
    })
    const seen = await look(pool, 'two_places')
    expect(of(seen, 'S1')).toEqual([
      {
        subject: there.id,
        person: 'S1',
        institution: 'H2',
        settlements: [there.id, home.id],
        day: '2026-03-14',
        facts: {
          region: '440100',
          others: [{ settlement: home.id, institution: 'H1', region: '510100', days: 1 }],
        },
      },
    ])
    expect(of(seen, 'S2')).toEqual([])
  })

  test('a bill elsewhere within a stay is found, and not on the days of admission and discharge or in the same city', async () => {
    await at({ person: 'S3', day: '2026-03-12', ...inHospital })
    const within = await at({ person: 'S3', day: '2026-03-08', ...away })
    await at({ person: 'S4', day: '2026-03-12', ...inHospital })
    await at({ person: 'S4', day: '2026-03-05', ...away })
    await at({ person: 'S4', day: '2026-03-12', ...away, at: '2026-03-12 17:00' })
    await at({ person: 'S5', day: '2026-03-12', ...inHospital })
    await at({ person: 'S5', day: '2026-03-08', institution: 'H2' })
    const seen = await look(pool, 'two_places')
    expect(of(seen, 'S3')[0]).toMatchObject({ facts: { others: [{ days: 3 }] } })
    expect(of(seen, 'S3')[0]?.settlements).toContain(within.id)
    expect([...of(seen, 'S4'), ...of(seen, 'S5')]).toEqual([])
  })

  test('terminals of two cities less than an hour apart, and not an hour, nor where nobody stood at one', async () => {
    const pair = async (person: string, then: string, terminal: string | undefined) => {
      await at({ person, day: '2026-03-20', at: '2026-03-20 10:00', terminal: 'T1' })
      await at({
        person,
        day: '2026-03-20',
        at: `2026-03-20 ${then}`,
        ...away,
        ...(terminal === undefined ? {} : { terminal }),
      })
    }
    await pair('T1', '10:59', 'T2')
    await pair('T2', '11:00', 'T2')
    await pair('T3', '10:01', undefined)
    const seen = await look(pool, 'two_places')
    expect(of(seen, 'T1')[0]).toMatchObject({ facts: { others: [{ minutes: 59 }] } })
    expect([...of(seen, 'T2'), ...of(seen, 'T3')]).toEqual([])
  })

  test('what a terminal sold offline was there at the moment of the tap, whenever it was uploaded', async () => {
    await at({
      person: 'T4',
      day: '2026-03-21',
      at: '2026-03-21 10:00',
      terminal: 'T1',
      tap: 'offline',
    })
    await at({
      person: 'T4',
      day: '2026-03-21',
      at: '2026-03-21 10:20',
      terminal: 'T2',
      ...away,
      tap: 'offline',
    })
    expect(of(await look(pool, 'two_places'), 'T4')[0]).toMatchObject({
      facts: { others: [{ minutes: 20 }] },
    })
  })

  test('what was cancelled is no longer there, and is again once it is restored', async () => {
    const one = await at({ person: 'U1', day: '2026-03-12', ...inHospital })
    await at({ person: 'U1', day: '2026-03-08', ...away })
    expect(of(await look(pool, 'two_places'), 'U1')).toHaveLength(1)
    const cancelled = await undo(pool, one, 'cancellation')
    expect(of(await look(pool, 'two_places'), 'U1')).toEqual([])
    await undo(pool, cancelled, 'restoration')
    expect(of(await look(pool, 'two_places'), 'U1')).toHaveLength(1)
  })

  test('the region where the later one was treated may have its own threshold', async () => {
    await at({ person: 'T5', day: '2026-03-25', at: '2026-03-25 10:00', terminal: 'T1' })
    await at({
      person: 'T5',
      day: '2026-03-25',
      at: '2026-03-25 11:30',
      terminal: 'T2',
      careRegion: '150900',
    })
    expect(of(await look(pool, 'two_places'), 'T5')).toEqual([])
    await threshold(pool, 'two-places.minutes', 91, { region: '150900', from: '2026-03-26' })
    expect(of(await look(pool, 'two_places'), 'T5')).toEqual([])
    await threshold(pool, 'two-places.minutes', 91, { region: '150900', from: '2026-03-25' })
    expect(of(await look(pool, 'two_places'), 'T5')).toHaveLength(1)
    await threshold(pool, 'two-places.minutes', 90, { region: '150900', from: '2026-03-25' })
    expect(of(await look(pool, 'two_places'), 'T5')).toEqual([])
  })

  test('nothing posted before the stretch is looked at', async () => {
    const pair = async (person: string, day: string) => {
      await at({ person, day, at: `${day} 10:00`, terminal: 'T1' })
      await at({ person, day, at: `${day} 10:30`, terminal: 'T2', ...away })
    }
    await pair('V1', '2026-03-01')
    await pair('V2', '2026-02-28')
    const seen = await look(pool, 'two_places')
    expect([of(seen, 'V1').length, of(seen, 'V2').length]).toEqual([1, 0])
  })
})

describe('the same bill twice', () => {
  const twice = async (person: string, then: Partial<Told> = {}, day = '2026-03-10') => {
    const one = await at({ person, day, terminal: 'T1' })
    const two = await at({
      person,
      day,
      at: `${day} 10:02`,
      terminal: 'T1',
      warnings: sameAs(one),
      ...then,
    })
    return [one, two] as const
  }

  test('is listed once, as the later one, with those before it', async () => {
    const [one, two] = await twice('D1')
    const three = await at({
      person: 'D1',
      day: '2026-03-10',
      at: '2026-03-10 10:05',
      terminal: 'T9',
      warnings: sameAs(two, one),
    })
    expect(of(await look(pool, 'same_bill'), 'D1')).toEqual([
      {
        subject: two.id,
        person: 'D1',
        institution: 'H1',
        settlements: [two.id, one.id],
        day: '2026-03-10',
        facts: { total: '100.00', seconds: 120, sameTerminal: true },
      },
      {
        subject: three.id,
        person: 'D1',
        institution: 'H1',
        settlements: [three.id, two.id, one.id],
        day: '2026-03-10',
        facts: { total: '100.00', seconds: 180, sameTerminal: false },
      },
    ])
  })

  test('is no other item, amount, institution or day', async () => {
    for (const [i, other] of [{ item: 'X2' }, { total: '100.01' }, { institution: 'H2' }].entries())
      await twice(`D2${i}`, other)
    const one = await at({ person: 'D3', day: '2026-03-10' })
    await at({ person: 'D3', day: '2026-03-11', warnings: sameAs(one) })
    const seen = await look(pool, 'same_bill')
    expect(seen.filter(({ person }) => /^D[23]/.test(person ?? ''))).toEqual([])
  })

  test('is not listed once either of the two is cancelled', async () => {
    const [one] = await twice('D4')
    const [, two] = await twice('D5')
    await undo(pool, one, 'cancellation')
    await undo(pool, two, 'reversal')
    const seen = await look(pool, 'same_bill')
    expect([...of(seen, 'D4'), ...of(seen, 'D5')]).toEqual([])
  })

  test('goes by how far apart they are and by the least amount, from the day that says so', async () => {
    await twice('D6', { at: '2026-03-10 10:59' })
    await twice('D7', { at: '2026-03-10 11:01' })
    await twice('D8', {}, '2026-03-09')
    await threshold(pool, 'same-bill.seconds', 3600, { from: '2026-03-10' })
    const seen = async (...people: string[]) => {
      const all = await look(pool, 'same_bill')
      return people.filter((person) => of(all, person).length > 0)
    }
    expect(await seen('D6', 'D7', 'D8')).toEqual(['D6', 'D8'])
    await threshold(pool, 'same-bill.least', 100.01, { from: '2026-03-10' })
    expect(await seen('D6', 'D7', 'D8')).toEqual(['D8'])
    await threshold(pool, 'same-bill.least', 100, { from: '2026-03-10' })
    expect(await seen('D6', 'D8')).toEqual(['D6', 'D8'])
  })
})
