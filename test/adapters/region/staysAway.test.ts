import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Claim, Division } from '../../../engine/claim.ts'
import { parseDay } from '../../../engine/day.ts'
import { openTreatments, paid, settledAway } from './treatments.ts'
import {
  ask,
  billOf,
  filed,
  hospitalIn,
  type Insured,
  insure,
  line,
  mustAgree,
  type Two,
} from './twoServers.ts'

let two: Two

beforeAll(async () => {
  two = await openTreatments()
})
afterEach(async () => mustAgree(two))
afterAll(async () => two.close())

const settled = async (who: Insured, at: Division, more?: Partial<Claim>) =>
  settledAway(two, who, at, more)

const stay = (admission: string, discharge: string, interim = false) => ({
  day: parseDay(discharge),
  stay: { admission: parseDay(admission), discharge: parseDay(discharge), interim },
})
const on = (day: string, yuan: number) => ({ ...line(yuan), at: parseDay(day) })

describe('a stay that is settled in parts away from home', () => {
  test('has one deductible, and is one admission of the year', async () => {
    const who = await insure(two.guangzhou, '510700', filed('long-term', '310100'))
    const visit = 'INTERIM'
    const part = await settled(who, '310100', {
      visit,
      ...stay('2026-02-01', '2026-02-10', true),
      lines: [on('2026-02-05', 4000)],
    })
    // (4000 − 750) × 84 %
    expect(paid(part)).toMatchObject({ fund: '2730.00', deductible: '750.00' })
    const last = await settled(who, '310100', {
      visit,
      ...stay('2026-02-01', '2026-02-20'),
      lines: [on('2026-02-15', 6000)],
    })
    // 6000 × 84 %
    expect(paid(last)).toMatchObject({ fund: '5040.00', deductible: '0.00' })
    const next = await settled(who, '510100', { ...stay('2026-02-22', '2026-03-01') })
    // The second admission has half of it: (10000 − 375) × 84 %
    expect(paid(next)).toMatchObject({ fund: '8085.00', deductible: '375.00' })
    const third = await settled(who, '310100', { ...stay('2026-03-01', '2026-03-02') })
    expect(paid(third)).toMatchObject({ fund: '8085.00', deductible: '375.00' })
  })

  test('may have a deductible that its first part does not use up', async () => {
    const who = await insure(two.guangzhou, '440100', filed('long-term', '510100'))
    const part = (from: string, until: string, yuan: number, interim: boolean) =>
      settled(who, '510100', {
        visit: 'SMALL',
        ...stay(from, until, interim),
        lines: [on(until, yuan)],
      })
    expect(paid(await part('2026-02-01', '2026-02-03', 600, true))).toMatchObject({
      fund: '0.00',
      deductible: '600.00',
    })
    // 400.00 of the 1000.00 are left: (2000 − 400) × 80 %
    expect(paid(await part('2026-02-01', '2026-02-09', 2000, false))).toMatchObject({
      fund: '1280.00',
      deductible: '400.00',
    })
  })
})

describe('a bill over two benefit years', () => {
  const lines = () => [on('2025-12-30', 4000), on('2026-01-05', 6000)]
  const overYears = stay('2025-12-20', '2026-01-10')

  test('is split where home splits it: each part counts in its own year', async () => {
    const who = await insure(two.guangzhou, '510700', filed('long-term', '310100'))
    const filedBefore = {
      ...who.person,
      filings: [{ kind: 'long-term', careRegion: '310100', from: parseDay('2025-01-01') }],
    } as const
    await two.guangzhou.registry.putPerson({
      person: filedBefore,
      name: '演示',
      citizenNumber: who.number,
      region: '510700',
    })
    const s = await settled(who, '310100', { ...overYears, lines: lines() })
    // One deductible of the stay: (4000 − 750) × 84 % = 2730 in 2025, and 6000 × 84 % = 5040 in 2026.
    expect(paid(s)).toMatchObject({ fund: '7770.00', deductible: '750.00' })
    const years = await two.guangzhou.queries.counters(who.id)
    const inpatient = (year: string) => years.get(year)?.get('510700|employee|poolInpatient|year')
    expect([inpatient('2025'), inpatient('2026')]).toEqual([2730_00n, 5040_00n])
    const elsewhere = [...(await two.chengdu.queries.counters(who.id)).values()]
    expect(elsewhere.flatMap((sums) => [...sums])).toEqual([])
  })

  test('counts as a whole in the year of discharge where home says so', async () => {
    const who = await insure(two.chengdu, '510100')
    const s = await settled(who, '440100', { ...overYears, lines: lines() })
    // Not filed: (10000 − 800) × 85 % × 0.7
    expect(paid(s)).toMatchObject({ fund: '5474.00' })
    const years = await two.chengdu.queries.counters(who.id)
    expect(years.get('2026')?.get('510100|employee|poolInpatient|year')).toBe(5474_00n)
    expect(years.get('2025')).toBeUndefined()
  })

  test('is refused by home where each year has to be settled by itself, and then settled in parts', async () => {
    const who = await insure(two.guangzhou, '440100', filed('long-term', '510100'))
    const claim = billOf(who, hospitalIn('510100'), { ...overYears, lines: lines() })
    const refused = { kind: 'refused', refusal: { code: 'interim-settlement-required' } }
    expect(await two.chengdu.desk.preview(claim)).toMatchObject(refused)
    expect(await two.chengdu.desk.submit(ask(claim, 'YEARS'))).toMatchObject(refused)
    expect(await two.chengdu.desk.submit(ask(claim, 'YEARS'))).toMatchObject({ replayed: true })
    const [old, young] = lines()
    const first = await settled(who, '510100', {
      visit: 'PARTS',
      ...stay('2025-12-20', '2025-12-31', true),
      lines: [old as ReturnType<typeof on>],
    })
    // Not filed yet in 2025: (4000 − 1000) × (80 % − 20 points)
    expect(paid(first)).toMatchObject({ fund: '1800.00', deductible: '1000.00' })
    const last = await settled(who, '510100', {
      visit: 'PARTS',
      ...stay('2025-12-20', '2026-01-10'),
      lines: [young as ReturnType<typeof on>],
    })
    // Filed, and nothing is left of the deductible: 6000 × 80 %
    expect(paid(last)).toMatchObject({ fund: '4800.00', deductible: '0.00' })
  })
})
