import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Day, playHospitalDay } from '../../../adapters/cli/hospitalDayPlay.ts'
import { replayAll, writingOf } from '../../../adapters/cli/hospitalDayReplay.ts'
import { readWorld } from '../../../adapters/sandbox/world.ts'
import { untilSealing } from '../../support/begun.ts'
import { brokenIdentities, brokenLine } from './identities.ts'
import { openServed, type Served } from './served.ts'

/** HOSPITAL_DAY='200 20 100' plays it in full size: visits, stays and sales. */
const [visits = 12, stays = 3, sales = 8] = (process.env['HOSPITAL_DAY'] ?? '')
  .split(' ')
  .filter(Boolean)
  .map(Number)

let served: Served
let day: Day
beforeAll(async () => {
  served = await openServed()
  day = await playHospitalDay({
    size: { visits, stays, sales },
    seed: 20_260_302,
    world: readWorld('rules'),
    callerFor: (institution) => served.caller(institution),
  })
}, 600_000)
afterAll(() => served.close())

// oxlint-disable-next-line typescript/no-explicit-any
type Output = any

const outputs = (...infnos: string[]): Output[] =>
  day.noted.flatMap(({ infno, sent }) =>
    sent.kind === 'done' && infnos.includes(infno.slice(0, 4)) ? [sent.output] : [],
  )

/**
 * Every table but those of nonces, of the clock and of who was told what, as one text each: what is in it, in whatever order.
 * Whoever is told of a person again is told, and that is recorded again.
 */
async function tables(): Promise<Record<string, string>> {
  const { rows } = await served.owner.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'
       and tablename not in ('nonce', 'clock_mark', 'access_log')
       -- These follow from the others in their own time.
       and tablename not in ('bill_sum', 'account_sum', 'sum_head', 'seal_head', 'seal_tile', 'audit_state', 'audit_round')`,
  )
  const hashes: Record<string, string> = {}
  for (const { name } of rows) {
    const found = await served.owner.query<{ hash: string }>(
      `select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as hash from ${name} t`,
    )
    hashes[name] = found.rows[0]?.hash ?? ''
  }
  return hashes
}

/** The journal takes up what was posted a moment later. */
async function settledDown(): Promise<void> {
  await untilSealing(served.owner)
  await expect
    .poll(async () => (await served.owner.query('select 1 from unjournaled')).rowCount, {
      timeout: 20_000,
    })
    .toBe(0)
}

describe('a hospital day over the national interface', () => {
  test('went as it had to, and both sides are level to the fen', () => {
    expect(day.wrong).toEqual([])
    expect(day.compared.length).toBeGreaterThan(3)
    expect(day.compared.map(({ result }) => result)).toEqual(day.compared.map(() => '0'))
    expect(day.healed).toHaveLength(2)
  })

  test('had everything in it that a day has', () => {
    const seen = new Set(day.noted.map(({ infno }) => infno.slice(0, 4)))
    const wanted =
      '1101 2101 2102 2103 2201 2203 2204 2205 2206 2207 2208 2301 2302 2303 2304 2401 2402 2601 3201 3202 9001 9002 9101 9102'
    expect(wanted.split(' ').filter((infno) => !seen.has(infno))).toEqual([])
  })

  test('kept the identities in every reply', () => {
    const told = outputs('2101', '2102', '2206', '2207', '2303', '2304')
    expect(told.length).toBeGreaterThan(visits + stays + sales)
    for (const { setlinfo, setldetail } of told)
      expect({ setlinfo, broken: brokenIdentities(setlinfo, setldetail) }).toMatchObject({
        broken: [],
      })
    const lines = [
      ...outputs('2204', '2301').flatMap(({ result }) => result),
      ...outputs('2101', '2102').flatMap(({ detlcutinfo }) => detlcutinfo),
    ]
    expect(lines.flatMap(brokenLine)).toEqual([])
  })

  test('left books that balance', async () => {
    await settledDown()
    const { json } = await served.ask('/v1/ledger/trial-balance')
    expect(json).toMatchObject({ difference: '0.00' })
    expect(await served.violations()).toEqual([])
  })

  test.each([
    ['one after another', 1],
    ['many at once', 24],
  ])(
    'is the same whatever of it is sent again, signed anew, in any order, %s',
    async (_, atOnce) => {
      await settledDown()
      const before = await tables()
      const { sent, wrong } = await replayAll(day.noted, { seed: atOnce, atOnce })
      expect(wrong).toEqual([])
      expect(sent).toBe(writingOf(day.noted).length)
      await settledDown()
      expect(await tables()).toEqual(before)
    },
    600_000,
  )
})
