import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Row } from '../../../engine/ports.ts'
import { settle } from './settle.ts'
import { cancelAsk, claim, enrol, openWorld, settleAsk, type World } from './support.ts'

let world: World
const run = (...asks: Parameters<typeof settle>[1]): Promise<Outcome[]> =>
  settle(world.books, asks, world.clock.now)
const count = async (table: string): Promise<bigint> =>
  (await world.pool.query(`select count(*) as n from ${table}`)).rows[0].n

function rowOf(outcome: Outcome | undefined): Row {
  if (outcome?.kind !== 'settled' && outcome?.kind !== 'undone')
    throw new Error(`not settled: ${outcome?.kind}`)
  return outcome.row
}

beforeAll(async () => {
  world = await openWorld()
  for (const id of ['A', 'B', 'C']) await enrol(world, id, { balance: 100_000n })
  await enrol(world, 'K', { family: ['A', 'B'] })
})
afterAll(() => world.close())

describe('a key', () => {
  it('settles once, and its repeat is answered with the very same document', async () => {
    const ask = settleAsk('k1', claim('A', { visit: 'v1' }))
    const [first] = await run(ask)
    const [second] = await run(ask)
    expect(first).toMatchObject({ kind: 'settled', replayed: false })
    expect(second).toEqual({ ...first, replayed: true })
  })

  it('names the first field that differs when it comes with another body', async () => {
    await run(settleAsk('k2', claim('A')))
    const [outcome] = await run(settleAsk('k2', claim('A', { amount: 10_001n })))
    expect(outcome).toEqual({ kind: 'differs', field: 'lines[0].amount' })
  })

  it('belongs to its institution', async () => {
    const [outcome] = await run(settleAsk('k1', claim('A', { institution: 'H2' })))
    expect(outcome?.kind).toBe('settled')
  })

  it('keeps its owner when the credential has since passed to another person', async () => {
    await world.register.putCredential({ type: 'citizen-number', number: 'shared' }, 'A', undefined)
    const ask = settleAsk('k3', claim('shared'))
    const [first] = await run(ask)
    await world.register.putCredential({ type: 'citizen-number', number: 'shared' }, 'B', undefined)
    const [second] = await run(ask)
    expect(rowOf(second)).toEqual(rowOf(first))
  })

  it('is not bound by an unknown person or institution, so that a mended claim may use it', async () => {
    const before = await count('request')
    const [stranger] = await run(settleAsk('k4', claim('nobody')))
    expect(stranger).toMatchObject({ kind: 'refused', refusal: { code: 'person-unknown' } })
    const [elsewhere] = await run(settleAsk('k4', claim('A', { institution: 'H9' })))
    expect(elsewhere).toMatchObject({ refusal: { code: 'institution-unknown' } })
    const [unknown] = await run(cancelAsk('k4', 'X'.repeat(30), 'H9'))
    expect(unknown).toMatchObject({ refusal: { code: 'institution-unknown' } })
    const [lost] = await run(cancelAsk('k4', 'X'.repeat(30)))
    expect(lost).toMatchObject({ refusal: { code: 'settlement-unknown' } })
    expect(await count('request')).toBe(before)
    const [mended] = await run(settleAsk('k4', claim('A')))
    expect(mended?.kind).toBe('settled')
  })

  it('is answered with a refusal by rule as often as it comes', async () => {
    const [settled] = await run(settleAsk('k5', claim('A', { visit: 'v5' })))
    const ask = settleAsk('k6', claim('A', { visit: 'v5' }))
    const [refused] = await run(ask)
    await run(cancelAsk('k7', rowOf(settled).settlement))
    const [again] = await run(ask)
    expect(refused).toMatchObject({
      kind: 'refused',
      refusal: { code: 'line-already-settled' },
      replayed: false,
    })
    expect(again).toEqual({ ...refused, replayed: true })
  })
})

describe('a settlement', () => {
  it('is reproduced by its canonical document alone', async () => {
    const [outcome] = await run(
      settleAsk('s1', claim('K', { family: true, visit: 'v"1\\', line: '行{1}' })),
    )
    const { rows } = await world.pool.query(
      `select convert_from(canonical, 'UTF8') as text, line_ids, share_fen, treated_on, participants
       from settlement where id = $1`,
      [rowOf(outcome).id],
    )
    expect(rows[0]).toMatchObject({
      line_ids: ['行{1}'],
      share_fen: [5_000n],
      treated_on: '2026-03-02',
      participants: ['K', 'A'],
    })
    expect(JSON.parse(rows[0].text).content.total).toBe(10_000)
    const [replayed] = await run(
      settleAsk('s1', claim('K', { family: true, visit: 'v"1\\', line: '行{1}' })),
    )
    expect(rowOf(replayed)).toEqual(rowOf(outcome))
  })

  it('draws on a family account as rows of its owner', async () => {
    const { rows } = await world.pool.query(
      `select owner_id, kind, amount_fen from transfer where kind = 'family'`,
    )
    expect(rows).toEqual([{ owner_id: 'A', kind: 'family', amount_fen: 5_000n }])
  })

  it('knows earlier bills that are the very same', async () => {
    const [first] = await run(settleAsk('s2', claim('C', { amount: 777n })))
    const [second] = await run(settleAsk('s3', claim('C', { amount: 777n })))
    const { settlement } = rowOf(first)
    expect(rowOf(second).content.warnings).toEqual([
      { code: 'same-bill-settled', facts: { settlements: [settlement] } },
    ])
  })

  it('is not there for a preview, which sees the same facts', async () => {
    const before = await count('settlement')
    const looked = await world.books.look([claim('K', { family: true }), claim('nobody')])
    const [facts, stranger] = looked.map((each) => each?.facts)
    expect(facts?.person?.id).toBe('K')
    expect([...(facts?.balances.keys() ?? [])]).toEqual(['K', 'A', 'B'])
    expect(facts?.counters.get('2026')?.get('visits')).toBe(1n)
    expect(stranger).toMatchObject({ person: undefined, institution: { code: 'H1' } })
    expect(await count('settlement')).toBe(before)
  })
})

describe('an undo', () => {
  it('mirrors the head of the chain and gives back accounts and sums, once', async () => {
    const before = (await world.books.look([claim('B')]))[0]?.facts
    const [settled] = await run(settleAsk('u1', claim('B', { visit: 'v7' })))
    const [later] = await run(settleAsk('u2', claim('B', { amount: 300n })))
    const { settlement } = rowOf(settled)
    const [undone] = await run(cancelAsk('u3', settlement))
    expect(undone).toMatchObject({ kind: 'undone', affected: [rowOf(later).settlement] })
    const [twice] = await run(cancelAsk('u4', settlement))
    expect(twice).toMatchObject({ kind: 'refused', refusal: { code: 'already-undone' } })
    const [repeated] = await run(cancelAsk('u3', settlement))
    expect(repeated).toEqual({ ...undone, replayed: true })
    await run(cancelAsk('u5', rowOf(later).settlement))
    const after = (await world.books.look([claim('B', { visit: 'v7' })]))[0]?.facts
    expect(after?.balances).toEqual(before?.balances)
    // A sum that came to nothing is gone, so that closed stays do not pile up in every later version.
    expect(after?.counters.get('2026') ?? new Map()).toEqual(
      before?.counters.get('2026') ?? new Map(),
    )
    expect(after?.settledLines).toEqual(new Set())
    expect(after?.sameBills.map((bill) => bill.settlement)).not.toContain(settlement)
  })
})

describe('a batch', () => {
  it('settles a hundred claims, many of one person, with repeats of what is settled', async () => {
    for (let i = 0; i < 30; i++) await enrol(world, `P${i}`, { balance: 20_000n })
    const old = settleAsk('k1', claim('A', { visit: 'v1' }))
    const fresh = Array.from({ length: 98 }, (_, i) =>
      settleAsk(`b${i}`, claim(i % 3 === 0 ? 'C' : `P${i % 30}`, { amount: 1_000n + BigInt(i) })),
    )
    const outcomes = await run(old, ...fresh, settleAsk('b-other', claim('nobody')))
    expect(outcomes[0]).toMatchObject({ kind: 'settled', replayed: true })
    expect(outcomes.at(-1)).toMatchObject({ kind: 'refused' })
    expect(outcomes.slice(1, -1).every((o) => o.kind === 'settled' && !o.replayed)).toBe(true)
    const ids = outcomes.slice(1, -1).map((o) => rowOf(o).id)
    expect(new Set(ids).size).toBe(98)
    expect(ids.toSorted()).toEqual(ids)
  })

  it('refuses to hold one key twice', async () => {
    const ask = settleAsk('twice', claim('A'))
    await expect(world.books.open([ask, ask])).rejects.toThrow(/same key/)
  })
})

describe('the books', () => {
  it('are right after all of this', async () => {
    expect(await checkBooks(world.pool)).toEqual([])
  })

  it.each([
    'settlement',
    'transfer',
    'account_version',
    'year_version',
    'answer',
    'request',
    'journal',
  ])('are not changed by the application: %s', async (table) => {
    for (const sql of [
      `update ${table} set owner_id = owner_id`,
      `delete from ${table}`,
      `truncate ${table}`,
    ])
      await expect(world.pool.query(sql)).rejects.toMatchObject({ code: '42501' })
  })

  it('tell when somebody with more rights changed them', async () => {
    const owner = new pg.Client({ connectionString: world.database.ownerUrl })
    await owner.connect()
    await owner.query(`update transfer set amount_fen = amount_fen + 1 where ctid =
      (select ctid from transfer where kind = 'fund' limit 1)`)
    await owner.query(
      `delete from answer where ctid = (select ctid from answer where kind = 'settled' limit 1)`,
    )
    await owner.query(`update year_version set counters = '{"pool":"1"}' where owner_id = 'P1'`)
    await owner.end()
    const found = new Set((await checkBooks(world.pool)).map((violation) => violation.check))
    expect([...found]).toEqual([
      'check_answers',
      'check_counters',
      'check_transfers_by_fund',
      'check_transfers_repeat_shares',
      'check_year_versions',
    ])
  })
})
