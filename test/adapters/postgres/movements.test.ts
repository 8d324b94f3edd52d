import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createJournal } from '../../../adapters/postgres/journal.ts'
import { createLedgerQueries } from '../../../adapters/postgres/ledger.ts'
import { createQueries } from '../../../adapters/postgres/queries.ts'
import { parseYuan as yuan } from '../../../engine/money.ts'
import type { Movement, MovementRow } from '../../../engine/movement.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { agency, backAsk, contribution, keyed, moveAsk } from './movements.ts'
import { type RealWorld, realWorld } from './real.ts'
import { cancelAsk, claim, crypto, day, enrol, settleAsk } from './support.ts'

let real: RealWorld

beforeAll(async () => {
  real = await realWorld({ max: 50 })
})
afterAll(() => real.close())

const idOf = (who: string) => real.person(who).person.id
const run = async (...asks: Ask[]): Promise<Outcome[]> => real.process.settle(asks)
function movedOf(outcome: Outcome | undefined): MovementRow {
  if (outcome?.kind === 'moved') return outcome.movement
  throw new Error(`not moved: ${JSON.stringify(outcome)}`)
}
const queries = () => createQueries({ pool: real.books.pool, crypto })
const balanceOf = async (person: string) => (await queries().accounts(person))[0]?.balance
const codeOf = (outcome: Outcome | undefined) =>
  outcome?.kind === 'refused' ? outcome.refusal.code : outcome?.kind

describe('a movement', () => {
  it('reaches the personal account, is replayed word for word, and is taken back to the fen', async () => {
    const person = idOf('E1')
    const before = (await balanceOf(person)) ?? 0n
    const ask = moveAsk('m1', contribution(person))
    const [booked] = await run(ask)
    expect(movedOf(booked).content.accountBalance).toBe(before + 24_000n)
    expect(await balanceOf(person)).toBe(before + 24_000n)
    expect(await run(ask)).toEqual([{ ...booked, replayed: true }])
    const { movement } = movedOf(booked)
    const [back] = await run(backAsk('m2', movement))
    expect(movedOf(back)).toMatchObject({ kind: 'cancellation', undoes: movement, sequence: 2 })
    expect(await balanceOf(person)).toBe(before)
    expect((await run(backAsk('m3', movement))).map(codeOf)).toEqual(['already-undone'])
    expect((await queries().movement(movement))?.map(({ kind }) => kind)).toEqual([
      'movement',
      'cancellation',
    ])
    expect(await queries().movement('X'.repeat(30))).toBeUndefined()
  })

  it('is told by its key, and another body under the key is told apart', async () => {
    expect(await queries().answered(agency, 'm1')).toMatchObject({ kind: 'moved', replayed: true })
    const other = contribution(idOf('E1'), { reference: 'TAX-other' })
    expect(await run(moveAsk('m1', other))).toEqual([{ kind: 'differs', field: 'reference' }])
  })

  it('is booked once of its source whatever the key, and again once it was taken back', async () => {
    const ask = (key: string) => moveAsk(key, contribution(idOf('M1')))
    const [first] = await run(ask('s1'))
    const [second] = await run(ask('s2'))
    expect(second).toMatchObject({
      kind: 'refused',
      refusal: { code: 'movement-already-booked', facts: { movement: movedOf(first).movement } },
    })
    await run(backAsk('s3', movedOf(first).movement))
    const [again] = await run(ask('s4'))
    expect(movedOf(again).booking).toBe(2)
    expect((await run(ask('s5'))).map(codeOf)).toEqual(['movement-already-booked'])
  })

  it('waits in a batch for one of the same source, and others are folded', async () => {
    const person = idOf('C1')
    const before = (await balanceOf(person)) ?? 0n
    const credit: Movement = {
      ...contribution(person, { kind: 'credit', paid: [], total: yuan('50.00') }),
      funds: [{ fund: 'pool', amount: yuan('50.00') }],
      account: yuan('50.00'),
    }
    const outcomes = await run(
      moveAsk('b1', contribution(person)),
      moveAsk('b2', credit),
      moveAsk('b3', contribution(person)),
      settleAsk('b4', claim(real.person('C1').citizenNumber, { ...words, amount: 1_200n })),
    )
    expect(outcomes.map(codeOf)).toEqual(['moved', 'moved', 'movement-already-booked', 'settled'])
    expect(movedOf(outcomes[1]).content.accountBalance).toBe(before + 29_000n)
    const { movement } = movedOf(outcomes[1])
    const both = await run(backAsk('b5', movement), backAsk('b6', movement))
    expect(both.map(codeOf)).toEqual(['moved', 'already-undone'])
  })

  it('is not taken back once the account was spent', async () => {
    const person = idOf('U1')
    const [booked] = await run(moveAsk('u1', contribution(person, { reference: 'TAX-U1' })))
    const bill = claim(real.person('U1').citizenNumber, { ...words, amount: 60_000n })
    const [settled] = await run(settleAsk('u2', bill))
    expect(codeOf(settled)).toBe('settled')
    const [back] = await run(backAsk('u3', movedOf(booked).movement))
    expect(back).toMatchObject({ refusal: { code: 'account-short' } })
  })

  it('is for the agency of a served region, and for people insured there', async () => {
    const foreign = contribution(idOf('G1'), { region: '440100' })
    const ask = (key: string, institution: string, movement: Movement): Ask => ({
      kind: 'move',
      key: { ...keyed(key, movement), institution },
      institution,
      movement,
    })
    const outcomes = await run(
      ask('r1', 'agency:440100', foreign),
      ask('r2', 'agency:510700', contribution(idOf('E1'), { reference: 'r2' })),
      ask('r3', 'H51010000001', contribution(idOf('E1'), { reference: 'r3' })),
      ask('r4', agency, contribution('nobody')),
      ask('r5', agency, contribution(idOf('Y1'))),
      { ...backAsk('r6', 'X'.repeat(30)), institution: agency } as Ask,
    )
    expect(outcomes.map(codeOf)).toEqual([
      'institution-unknown',
      'institution-unknown',
      'institution-unknown',
      'person-unknown',
      'not-insured',
      'movement-unknown',
    ])
  })
})

const words = { institution: 'H51010000001', item: 'XC09AAD099A001010100001' }

describe('a collection', () => {
  it('is of the cash of a settlement in force, once, and may be given back', async () => {
    const bill = claim(real.person('R1').citizenNumber, { ...words, amount: 50_000n })
    const [settled] = await run(settleAsk('c1', bill))
    if (settled?.kind !== 'settled') throw new Error('settles')
    const { settlement, content } = settled.row
    expect(content.cash).toBeGreaterThan(0n)
    const collection: Movement = {
      kind: 'collection',
      person: content.person,
      region: '510100',
      month: '2026-03',
      day,
      reference: settlement,
      total: content.cash,
      paid: [],
      funds: [],
      account: yuan('0'),
      settlement,
      institution: content.institution,
    }
    const ask = (key: string, movement: Movement): Ask => ({
      ...(moveAsk(key, movement) as Extract<Ask, { kind: 'move' }>),
      institution: content.institution,
    })
    const more = { ...collection, total: yuan('9999.00') }
    const someone = { ...collection, person: idOf('R2') }
    const outcomes = await run(
      ask('c2', more),
      ask('c3', someone),
      ask('c4', collection),
      ask('c5', collection),
    )
    expect(outcomes.map(codeOf)).toEqual([
      'movement-amounts-wrong',
      'settlement-unknown',
      'moved',
      'movement-already-booked',
    ])
    const { movement } = movedOf(outcomes[2])
    // Only whoever knows that the bank has given it back takes it back.
    const back = backAsk('c6', movement)
    expect((await run(back)).map(codeOf)).toEqual(['movement-unknown'])
    const returned = { ...back, collection: true } as Ask
    expect((await run(returned)).map(codeOf)).toEqual(['moved'])
    await run(cancelAsk('c7', settlement, content.institution))
    expect((await run(ask('c8', collection))).map(codeOf)).toEqual(['already-undone'])
    expect(await checkBooks(real.books.pool)).toEqual([])
  })
})

describe('many connections', () => {
  it('book one key once, and one source once under fifty keys', async () => {
    const person = idOf('E2')
    const same = moveAsk('same', contribution(person, { reference: 'SAME' }))
    const outcomes = (await Promise.all(Array.from({ length: 50 }, () => run(same)))).flat()
    expect(outcomes.filter((o) => o.kind === 'moved' && !o.replayed)).toHaveLength(1)
    expect(outcomes.filter((o) => o.kind === 'moved')).toHaveLength(50)
    const race = (
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          run(moveAsk(`race${i}`, contribution(person, { reference: 'RACE' }))),
        ),
      )
    ).flat()
    expect(race.map(codeOf).filter((code) => code === 'moved')).toHaveLength(1)
    expect(race.map(codeOf).filter((code) => code === 'movement-already-booked')).toHaveLength(49)
  })

  it('do so without locks as well: the unique keys alone let one through', async () => {
    const bare = await realWorld({ max: 12, locks: false })
    try {
      const person = bare.person('E2').person.id
      const race = (
        await Promise.all(
          Array.from({ length: 8 }, (_, i) =>
            bare.process.settle([moveAsk(`race${i}`, contribution(person))]),
          ),
        )
      ).flat()
      expect(race.map(codeOf).toSorted()).toEqual(
        ['moved', ...Array(7).fill('movement-already-booked')].toSorted(),
      )
      const [first] = race.filter((o) => o.kind === 'moved')
      const { movement } = movedOf(first)
      const backs = (
        await Promise.all(
          Array.from({ length: 6 }, (_, i) => bare.process.settle([backAsk(`back${i}`, movement)])),
        )
      ).flat()
      expect(backs.filter((o) => o.kind === 'moved')).toHaveLength(1)
      expect(await checkBooks(bare.books.pool)).toEqual([])
    } finally {
      await bare.close()
    }
  })
})

describe('a monthly run', () => {
  it('books a thousand people in batches of a hundred', async () => {
    for (let i = 0; i < 1_000; i++) await enrol(real.books, `N${i}`)
    const asks = Array.from({ length: 1_000 }, (_, i) =>
      moveAsk(`n${i}`, contribution(`N${i}`, { reference: `RUN-${i}` })),
    )
    const begun = performance.now()
    const outcomes: Outcome[] = []
    for (let at = 0; at < 1_000; at += 100)
      outcomes.push(...(await run(...asks.slice(at, at + 100))))
    const took_ms = performance.now() - begun
    expect(outcomes.every((o) => o.kind === 'moved' && !o.replayed)).toBe(true)
    // A city's run is hours where a movement costs tens of milliseconds; it costs well under one.
    expect(took_ms).toBeLessThan(10_000)
  })
})

describe('the books', () => {
  it('are right after all of this, journal, rollups and histories included', async () => {
    expect(await checkBooks(real.books.pool)).toEqual([])
    const journal = createJournal({
      pool: real.books.pool,
      now: real.books.clock.now,
      rollUpEvery: 200,
    })
    await journal.run()
    expect(await checkBooks(real.books.pool)).toEqual([])
    const ledger = createLedgerQueries(real.books.pool)
    const pool = await ledger.account('income:510100:employee:employer', undefined)
    expect(pool?.debits).toBeGreaterThan(72_000_000n)
    const person = idOf('E1')
    const { items } = await ledger.transfers({ account: `personal:${person}`, limit: 10 })
    expect(items.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['opening', 137_815n],
      ['contribution', 24_000n],
      ['contribution', 24_000n],
    ])
    const { settlement } = items[1] as { settlement: string }
    const ofMovement = await ledger.transfers({ settlement, limit: 10 })
    expect(ofMovement.items).toHaveLength(4)
    expect(items[2]?.settlement).toBe(settlement)
  })
})
