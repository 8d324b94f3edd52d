import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawBytes } from '../../../adapters/crypto/drawnBytes.ts'
import { sm3 } from '../../../adapters/crypto/sm3.ts'
import { createBatcher } from '../../../adapters/postgres/batcher.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createIds } from '../../../adapters/postgres/ids.ts'
import { createQueries } from '../../../adapters/postgres/queries.ts'
import { parseDay } from '../../../engine/day.ts'
import type { Fen } from '../../../engine/money.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, Row } from '../../../engine/ports.ts'
import type { Ports } from '../../../engine/process.ts'
import { type LocalProcess, startLocalProcess } from '../../support/localProcess.ts'
import { portsOn, type RealWorld, realWorld } from './real.ts'
import { cancelAsk, claim, crypto, day, settleAsk, type World } from './support.ts'

const hospital = 'H51010000001'
let real: RealWorld
let books: World
let process: LocalProcess
let ports: Ports
let retries = 0

beforeAll(async () => {
  real = await realWorld()
  books = real.books
  ports = {
    ...portsOn(books),
    tell: (event) => {
      if (event.kind === 'retry') retries++
      if (event.kind === 'bug') throw event.error
    },
  }
  process = startLocalProcess(ports)
})
afterAll(() => real.close())

const person = (key: string) => real.person(key)
const words = { institution: hospital, item: 'XC09AAD099A001010100001' }
const claimOf = (key: string, more = {}) => claim(person(key).citizenNumber, { ...words, ...more })
const ask = (key: string, who: string, more = {}): Ask => settleAsk(key, claimOf(who, more))
const reverseAsk = (key: string, original: string, who: string): Ask => ({
  kind: 'reverse',
  key: {
    institution: hospital,
    key,
    fingerprint: `reverse ${original}`,
    input: JSON.stringify({ original }),
  },
  institution: hospital,
  original: { institution: hospital, key: original },
  person: person(who).person.id,
})
const run = async (...asks: Ask[]): Promise<Outcome[]> => process.settle(asks)
function rowOf(outcome: Outcome | undefined): Row {
  if (outcome && 'row' in outcome && outcome.row) return outcome.row
  throw new Error(
    `no row: ${JSON.stringify(outcome, (_, v) => (typeof v === 'bigint' ? String(v) : v))}`,
  )
}
const balanceOf = async (who: string) =>
  (await createQueries({ pool: books.pool, crypto }).accounts(person(who).person.id))[0]?.balance

describe('the process on these books', () => {
  it('settles, replays, cancels and gives everything back', async () => {
    const before = await balanceOf('E1')
    const [settled] = await run(ask('p1', 'E1'))
    expect(rowOf(settled).content.account).toBeGreaterThan(0n)
    const [again] = await run(ask('p1', 'E1'))
    expect(again).toEqual({ ...settled, replayed: true })
    const [undone] = await run(cancelAsk('p2', rowOf(settled).settlement, hospital))
    expect(undone?.kind).toBe('undone')
    expect(await balanceOf('E1')).toBe(before)
  })

  it('settles a batch of one person as if one by one, and an undo among them on its own', async () => {
    const [first] = await run(ask('q0', 'E2'))
    const outcomes = await run(
      ask('q1', 'E2', { amount: 2_000n }),
      ask('q2', 'E2', { amount: 3_000n }),
      cancelAsk('q3', rowOf(first).settlement, hospital),
      ask('q4', 'E2', { amount: 4_000n }),
      ask('q5', 'R1', { amount: 4_000n }),
    )
    expect(outcomes.map((o) => o.kind)).toEqual([
      'settled',
      'settled',
      'undone',
      'settled',
      'settled',
    ])
  })

  it('warns of the same bill in a batch exactly as it would one by one', async () => {
    const bill = claimOf('M1', { amount: 3_100n })
    const lines = ['a', 'b'].map((id) => ({ ...bill.lines[0]!, id, item: words.item }))
    lines[1] = { ...lines[1]!, amount: 1_700n as Fen, unitPrice: 17_000_000n as never }
    const asks = (run: string) =>
      Array.from({ length: 7 }, (_, i) => {
        const ordered = i % 2 === 0 ? lines : lines.toReversed()
        const day = parseDay(run === 'together' ? '2026-03-01' : '2026-03-02')
        return settleAsk(`${run}${i}`, { ...bill, day, total: 4_800n as Fen, lines: ordered })
      })
    const together = (await run(...asks('together'))).map(rowOf)
    const apart: Row[] = []
    for (const one of asks('apart')) apart.push(rowOf((await run(one))[0]))
    const warned = (rows: readonly Row[]): unknown[] =>
      rows.map(({ content }) =>
        content.warnings
          .flatMap(({ code, facts }) => (code === 'same-bill-settled' ? facts['settlements'] : []))
          .map((id) => rows.findIndex((row) => row.id === id)),
      )
    expect(warned(apart)).toEqual([
      [],
      [0],
      [1, 0],
      [2, 1, 0],
      [3, 2, 1, 0],
      [4, 3, 2, 1, 0],
      [5, 4, 3, 2, 1],
    ])
    expect(warned(together)).toEqual(warned(apart))
  })

  it('keeps the sums of one person exact under a storm of batches', async () => {
    const batcher = createBatcher({ settleBatch: process.settle, inFlight: 6, largest: 20 })
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, async (_, i) =>
        batcher.submit(
          ask(`storm${i}`, i % 2 === 0 ? 'C1' : 'R2', { amount: 500n + BigInt(i), family: true }),
        ),
      ),
    )
    expect(outcomes.every((o) => o.kind === 'settled')).toBe(true)
    expect(await checkBooks(books.pool)).toEqual([])
    expect(retries).toBe(0)
  })
})

describe('a reversal', () => {
  it('of a settlement turns it back, and asked again finds the same row', async () => {
    const before = await balanceOf('E1')
    await run(ask('r1', 'E1'))
    const [reversed] = await run(reverseAsk('r2', 'r1', 'E1'))
    expect(rowOf(reversed).kind).toBe('reversal')
    const [other] = await run(reverseAsk('r3', 'r1', 'E1'))
    expect(rowOf(other)).toEqual(rowOf(reversed))
    const [same] = await run(reverseAsk('r2', 'r1', 'E1'))
    expect(same).toEqual({ ...reversed, replayed: true })
    expect(await balanceOf('E1')).toBe(before)
  })

  it('of a cancellation restores the settlement, which can be cancelled again', async () => {
    const [settled] = await run(ask('c1', 'E1'))
    const { settlement } = rowOf(settled)
    await run(cancelAsk('c2', settlement, hospital))
    const [restored] = await run(reverseAsk('c3', 'c2', 'E1'))
    expect(rowOf(restored)).toMatchObject({ kind: 'restoration', settlement, sequence: 3 })
    const [undone] = await run(cancelAsk('c4', settlement, hospital))
    expect(rowOf(undone)).toMatchObject({ kind: 'cancellation', sequence: 4 })
  })

  it('that comes before its original keeps the original out, whatever that asks', async () => {
    const before = await balanceOf('E1')
    const [empty] = await run(reverseAsk('e1', 'e2', 'E1'))
    expect(empty).toMatchObject({ kind: 'reversed', replayed: false })
    const [late] = await run(ask('e2', 'E1'))
    expect(late).toMatchObject({ kind: 'refused', refusal: { code: 'undone-before-arrival' } })
    const [repeat] = await run(reverseAsk('e3', 'e2', 'E1'))
    expect(repeat?.kind).toBe('reversed')
    expect(await balanceOf('E1')).toBe(before)
  })

  it('and a cancellation of one settlement may come in one batch; the first of them counts', async () => {
    const before = await balanceOf('E1')
    const [settled] = await run(ask('t1', 'E1'))
    const { settlement } = rowOf(settled)
    const outcomes = await run(
      cancelAsk('t2', settlement, hospital),
      cancelAsk('t3', settlement, hospital),
      reverseAsk('t4', 't1', 'E1'),
    )
    expect(outcomes.map((o) => o.kind)).toEqual(['undone', 'refused', 'refused'])
    expect([await balanceOf('E1'), retries]).toEqual([before, 0])
  })

  it('waits for whatever its batch holds under the key it asks about', async () => {
    const kinds = async (...asks: Ask[]) => (await run(...asks)).map((o) => o.kind)
    const first = [reverseAsk('w1', 'w0', 'E1'), ask('w0', 'E1'), ask('w2', 'R1')]
    expect(await kinds(...first)).toEqual(['reversed', 'refused', 'settled'])
    const both = [reverseAsk('w4', 'w3', 'E1'), reverseAsk('w5', 'w3', 'R1'), ask('w6', 'R1')]
    // The second finds the first's block, which stands in another person's name than the one it gives.
    expect(await kinds(...both)).toEqual(['reversed', 'refused', 'settled'])
    const two = [reverseAsk('w8', 'w7', 'R1'), reverseAsk('w9', 'w7', 'E1')]
    const [, wrong, right] = await run(ask('w7', 'E1'), ...two)
    expect(wrong).toMatchObject({ kind: 'refused', refusal: { code: 'person-unknown' } })
    expect(rowOf(right)).toMatchObject({ kind: 'reversal' })
    expect(retries).toBe(0)
  })

  it('finds what was settled after a cancellation, whatever the clocks said', async () => {
    const ahead = { now: () => books.clock.now() + 600_000, today: books.clock.today }
    const other = startLocalProcess({ ...ports, clock: ahead, ids: createIds({ sm3, drawBytes }) })
    const visit = { visit: 'skewed' }
    const [settled] = await other.settle([ask('s1', 'E2', visit)])
    await other.settle([cancelAsk('s2', rowOf(settled).settlement, hospital)])
    await run(ask('s3', 'E2', visit))
    const [restored] = await run(reverseAsk('s4', 's2', 'E2'))
    expect(restored).toMatchObject({ kind: 'refused', refusal: { code: 'later-settlements' } })
  })

  it('and its original in any order, even at once, leave nothing behind', async () => {
    const before = await balanceOf('E1')
    for (let i = 0; i < 12; i++) {
      const asks = [
        ask(`o${i}`, 'E1', { amount: 700n + BigInt(i) }),
        reverseAsk(`x${i}`, `o${i}`, 'E1'),
      ]
      if (i % 3 === 0) await run(...asks.toReversed())
      else await Promise.all(asks.map(async (one) => run(one)))
      await run(reverseAsk(`y${i}`, `o${i}`, 'E1'))
    }
    expect(await balanceOf('E1')).toBe(before)
    expect(await checkBooks(books.pool)).toEqual([])
  })
})

describe('queries', () => {
  const queries = () => createQueries({ pool: books.pool, crypto })

  it('tell what was answered under a key', async () => {
    const [settled] = await run(ask('a1', 'M1'))
    expect(await queries().answered(hospital, 'a1')).toEqual({ ...settled, replayed: true })
    expect(await queries().answered(hospital, 'free')).toBeUndefined()
    expect(await queries().answered('H51010000002', 'a1')).toBeUndefined()
  })

  it('tell every row of a chain', async () => {
    const [settled] = await run(ask('b1', 'M1', { amount: 801n }))
    const [undone] = await run(cancelAsk('b2', rowOf(settled).settlement, hospital))
    expect(await queries().chain(rowOf(settled).settlement)).toEqual([
      rowOf(settled),
      rowOf(undone),
    ])
    expect(await queries().chain('X'.repeat(30))).toBeUndefined()
  })

  it('list chains newest first, page by page, by what is asked', async () => {
    const all = []
    let after: string | undefined
    do {
      const page = await queries().list({ limit: 7, after, person: person('E1').person.id })
      all.push(...page.items)
      after = page.next
    } while (after !== undefined)
    expect(
      all
        .map((s) => s.id)
        .toSorted()
        .toReversed(),
    ).toEqual(all.map((s) => s.id))
    const states = new Set(all.map((s) => s.state))
    expect(states).toEqual(new Set(['cancelled', 'reversed']))
    const reversed = await queries().list({
      limit: 100,
      person: person('E1').person.id,
      state: 'reversed',
    })
    expect(reversed.items).toEqual(all.filter((s) => s.state === 'reversed'))
    const here = await queries().list({
      limit: 5,
      institution: hospital,
      from: day,
      until: day,
    })
    expect(here.items).toHaveLength(5)
    expect(await queries().list({ limit: 5, scheme: 'pension' })).toEqual({ items: [] })
  })

  it('tell running sums as the books keep them', async () => {
    const counters = await queries().counters(person('C1').person.id)
    expect([...counters.keys()]).toEqual(['2026'])
    expect(await queries().counters('nobody')).toEqual(new Map())
    expect(await queries().accounts('nobody')).toEqual([{ owner: 'nobody', balance: 0n }])
  })
})
