import { withCheckDigit } from '../../support/citizenNumber.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bounded } from '../../../adapters/bank/bank.ts'
import { type Collections, createCollections } from '../../../adapters/bank/collections.ts'
import { type SimulatedBank, simulatedBank } from '../../../adapters/bank/simulated.ts'
import { sm3Hex } from '../../../adapters/crypto/sm3.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createDossiers } from '../../../adapters/postgres/dossiers.ts'
import { createDue } from '../../../adapters/postgres/due.ts'
import { createQueries } from '../../../adapters/postgres/queries.ts'
import { dayInChina } from '../../../adapters/sandbox/clock.ts'
import { collectionPrefix } from '../../../engine/collection.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { type RealWorld, realWorld } from './real.ts'
import { cancelAsk, claim, crypto, day, ids, person, settleAsk } from './support.ts'

let real: RealWorld
let ahead = 0
const now = (): number => real.books.clock.now() + ahead
const accountOf = (id: string): string => `62170000${id}`
const people = ['2701', '2702', '2703', '2704']
const numberOf = (id: string): string => withCheckDigit(`5101991986031${id}`)
const never = new AbortController().signal

beforeAll(async () => {
  real = await realWorld({ max: 30 }, { clock: { now, today: () => day } })
  for (const id of people) {
    const enrolled = { name: '演示', citizenNumber: numberOf(id), region: '510100' }
    await real.books.register.putPerson({
      ...enrolled,
      person: person(id),
      bankAccount: accountOf(id),
    })
    const credential = { type: 'citizen-number', number: numberOf(id) } as const
    await real.books.register.putCredential(credential, id, undefined)
  }
})
afterAll(() => real.close())

const submit = async (ask: Ask): Promise<Outcome> =>
  (await real.process.settle([ask]))[0] as Outcome

/** A process of its own, which ends after so many steps: of what it began only what was done then stands. */
function processOn(bank: SimulatedBank, steps = Infinity): Collections {
  const { pool } = real.books
  let left = steps
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (left-- <= 0) throw new Error('killed')
    const done = await work()
    if (left <= 0) throw new Error('killed')
    return done
  }
  const queries = createQueries({ pool, crypto })
  const dossiers = createDossiers({ pool, crypto })
  const due = createDue(pool, collectionPrefix)
  return createCollections(
    {
      submit: async (ask) => step(async () => submit(ask)),
      head: async (id) => step(async () => (await queries.chain(id))?.at(-1)),
      kept: async (subject) => step(async () => dossiers.read(subject)),
      bankAccount: async (id) =>
        step(async () => (await real.books.register.findPerson(id))?.bankAccount),
      due: {
        list: async (...asked) => step(async () => due.list(...asked)),
        claim: async (...asked) => step(async () => due.claim(...asked)),
      },
      fingerprint: sm3Hex,
      newReference: (owner) => ids.next(owner, now()),
      dayOf: dayInChina,
      now,
      alarm: () => {},
    },
    bounded({
      collect: async (order) => step(async () => bank.collect(order)),
      query: async (reference) => step(async () => bank.query(reference)),
      returnMoney: async (reference) => step(async () => bank.returnMoney(reference)),
    }),
  )
}

let keys = 0
async function settled(id: string): Promise<string> {
  const bill = { ...claim(numberOf(id), { amount: 20_000n + BigInt(++keys) }), useAccount: false }
  const told = await submit(settleAsk(`c${keys}`, { ...bill, institution: 'H51010000001' }))
  if (told.kind !== 'settled') throw new Error(JSON.stringify(told))
  return told.row.id
}

const collect = (settlement: string, key = `k${++keys}`) => ({
  key: { institution: 'H51010000001', key, fingerprint: key, input: '{}' },
  settlement,
  institution: 'H51010000001',
})

/** Sweeps until nothing is due any more. */
async function calm(bank: SimulatedBank): Promise<void> {
  bank.lose(0)
  const due = createDue(real.books.pool, collectionPrefix)
  for (let round = 0; round < 50 && (await due.stuck(0)) > 0; round++) {
    ahead += 4_500_000
    await processOn(bank).resolve(never)
  }
}

/** What stands in the ledger of collections, by their reference. */
async function ledger(): Promise<Map<string, bigint>> {
  const { rows } = await real.books.pool.query<{ reference: string; fen: bigint }>(
    `select m.reference, sum(t.amount_fen)::bigint as fen
     from movement m join transfer t on t.owner_id = m.owner_id and t.posting_id = m.id
     where m.moves = 'collection' and m.kind = 'movement'
       and t.debit_account = 'memo:window:H51010000001'
       and not exists (select from movement u where u.owner_id = m.owner_id and u.undoes = m.id)
     group by m.reference`,
  )
  return new Map(rows.map(({ reference, fen }) => [reference, fen]))
}

test('with lost replies, refusals, kills and undos the money at the bank is the money in the ledger', async () => {
  const bank = simulatedBank({ latency_ms: 1, lostPercent: 25, refusedPercent: 15, seed: 42 })
  const settlements = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => settled(people[i % people.length] as string)),
  )
  const asked = settlements.map((settlement) => collect(settlement))
  await Promise.all(
    asked.map(async (one, i) =>
      processOn(bank, i % 3 === 0 ? 2 + (i % 11) : Infinity)
        .collect(one)
        .catch(() => {}),
    ),
  )
  for (let round = 0; round < 4; round++) {
    ahead += 20_000
    const undone = settlements.slice(round * 3, round * 3 + 3)
    await Promise.all([
      ...undone.map(async (id) => submit(cancelAsk(`undo ${id}`, id, 'H51010000001'))),
      ...[Infinity, Infinity, 6 + 5 * round].map(async (steps) =>
        processOn(bank, steps)
          .resolve(never)
          .catch(() => {}),
      ),
      // Those who heard nothing ask again with their key.
      ...asked.slice(20).map(async (one) => processOn(bank).collect(one)),
    ])
  }
  await calm(bank)
  const books = await ledger()
  const collections = processOn(bank)
  const states = new Map<string, number>()
  for (const settlement of settlements) {
    const found = await collections.find(settlement)
    for (const { reference, state, amount } of found?.collections ?? []) {
      const stands = state === 'collected'
      states.set(state, (states.get(state) ?? 0) + 1)
      expect(bank.holds(reference)).toBe(stands ? amount : 0n)
      expect(books.get(reference) ?? 0n).toBe(stands ? amount : 0n)
      if (found?.head.kind === 'cancellation') expect(stands).toBe(false)
    }
  }
  expect([...states.keys()].sort()).toEqual(['collected', 'refused', 'returned'])
  const taken = people.reduce((sum, id) => sum + 1_000_000n - bank.balanceOf(accountOf(id)), 0n)
  expect(taken).toBe([...books.values()].reduce((sum, fen) => sum + fen, 0n))
  expect(await checkBooks(real.books.pool)).toEqual([])
}, 60_000)

test('two resolvers on one collection: one acts', async () => {
  const bank = simulatedBank({ latency_ms: 1, lostPercent: 100 })
  const settlement = await settled('2701')
  await processOn(bank).collect(collect(settlement))
  bank.lose(0)
  ahead += 10_000
  const ended = await Promise.all([1, 2, 3, 4].map(async () => processOn(bank).resolve(never)))
  expect(ended.reduce((sum, count) => sum + count, 0)).toBe(1)
})

test('of many who collect one settlement at the same moment one does, whatever their keys', async () => {
  const bank = simulatedBank({ latency_ms: 5 })
  const settlement = await settled('2702')
  const told = await Promise.all(
    Array.from({ length: 12 }, async () => processOn(bank).collect(collect(settlement))),
  )
  const words = told.map(({ outcome, collection }) =>
    outcome.kind === 'refused' ? outcome.refusal.code : collection?.state,
  )
  expect(words.filter((word) => word === 'collected')).toHaveLength(1)
  for (const word of words)
    expect(['collected', 'collection-open', 'nothing-to-collect']).toContain(word)
})

test('what is due is found by its time, put off by one, and forgotten once it is over', async () => {
  const bank = simulatedBank({ latency_ms: 1, lostPercent: 100 })
  const settlement = await settled('2703')
  await processOn(bank).collect(collect(settlement))
  const due = createDue(real.books.pool, collectionPrefix)
  expect(await due.list(now(), 10)).toEqual([])
  ahead += 6_000
  const [one] = await due.list(now(), 10)
  expect(one).toEqual({
    subject: { owner: '2703', name: `collection ${settlement}` },
    attempts: 0,
  })
  const at = now()
  const claims = await Promise.all(
    [1, 2, 3].map(async () => due.claim(one as NonNullable<typeof one>, at, at + 1_000)),
  )
  expect(claims.sort()).toEqual([false, false, true])
  expect(await due.stuck(1)).toBe(1)
  ahead += 2_000
  await calm(bank)
  expect(await due.stuck(0)).toBe(0)
})
