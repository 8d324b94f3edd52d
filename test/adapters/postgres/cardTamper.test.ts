import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Collections, createCollections } from '../../../adapters/bank/collections.ts'
import { type SimulatedBank, simulatedBank } from '../../../adapters/bank/simulated.ts'
import { sm3Hex } from '../../../adapters/crypto/sm3.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createDossiers } from '../../../adapters/postgres/dossiers.ts'
import { createDue } from '../../../adapters/postgres/due.ts'
import { createPins } from '../../../adapters/postgres/pins.ts'
import { createQueries } from '../../../adapters/postgres/queries.ts'
import { dayInChina } from '../../../adapters/sandbox/clock.ts'
import { collectionPrefix } from '../../../engine/collection.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { type RealWorld, realWorld } from './real.ts'
import { cancelAsk, claim, crypto, day, ids, settleAsk } from './support.ts'

// Whoever may do everything changes one thing of cards and collections at a time; each is found by some check.

const hospital = 'H51010000001'
let real: RealWorld
let owner: pg.Client
let ahead = 0
const now = (): number => real.books.clock.now() + ahead
const values = { card: '', open: '', taken: '', returned: '', back: '' }

const submit = async (ask: Ask): Promise<Outcome> =>
  (await real.process.settle([ask]))[0] as Outcome

function collectionsOn(bank: SimulatedBank): Collections {
  const { pool, register } = real.books
  return createCollections(
    {
      submit,
      head: async (id) => (await createQueries({ pool, crypto }).chain(id))?.at(-1),
      kept: async (subject) => createDossiers({ pool, crypto }).read(subject),
      bankAccount: async (id) => (await register.findPerson(id))?.bankAccount,
      due: createDue(pool, collectionPrefix),
      fingerprint: sm3Hex,
      newReference: (who) => ids.next(who, now()),
      dayOf: dayInChina,
      now,
      alarm: () => {},
    },
    bank,
  )
}

let count = 0
/** A settlement whose cash is collected from a bank account. */
async function collected(bank: SimulatedBank): Promise<string> {
  const { citizenNumber } = real.person('E1')
  const bill = { ...claim(citizenNumber, { amount: 20_000n + BigInt(++count) }), useAccount: false }
  const told = await submit(settleAsk(`s${count}`, { ...bill, institution: hospital }))
  if (told.kind !== 'settled') throw new Error(JSON.stringify(told))
  const settlement = told.row.id
  const key = { institution: hospital, key: `c${count}`, fingerprint: 'c', input: '{}' }
  await collectionsOn(bank).collect({ key, settlement, institution: hospital })
  return settlement
}

beforeAll(async () => {
  real = await realWorld({}, { clock: { now, today: () => day } })
  owner = new pg.Client({ connectionString: real.books.database.ownerUrl })
  await owner.connect()
  const { register } = real.books
  const known = await register.findPerson(real.person('E1').person.id)
  if (!known) throw new Error('the sandbox has no E1')
  await register.putPerson({ ...known, bankAccount: '6217000000000000' })
  values.card = known.person.id
  const newId = (who: string): string => ids.next(who, now())
  const pins = createPins({ pool: real.books.pool, crypto, now, newId })
  const tried = { card: real.person('E1').card.number, institution: hospital, terminal: 'T1' }
  await pins.take({ owner: known.person.id, ...tried })
  const bank = simulatedBank({ latency_ms: 1 })
  values.taken = await collected(bank)
  values.returned = await collected(bank)
  await submit(cancelAsk('undo', values.returned, hospital))
  ahead += 10_000
  await collectionsOn(bank).resolve(new AbortController().signal)
  values.open = await collected(simulatedBank({ latency_ms: 1, lostPercent: 100 }))
  const { rows } = await owner.query(
    `select id from movement where sequence = 2 and settlement_id = $1`,
    [values.returned],
  )
  values.back = rows[0].id
})
afterAll(async () => {
  await owner.end()
  await real.close()
})

const mine = `owner_id = $card`
const gone = (table: string, column: string): string =>
  `delete from ${table} where ${column} = $back`

describe('a change of cards and collections behind our back', () => {
  it('is not there to begin with', async () => {
    expect(await checkBooks(real.books.pool)).toEqual([])
  })

  it.each([
    ['nobody looks after an open collection', `delete from due`],
    [
      'a collection that nobody asked for is due',
      `insert into due values ($card, 'collection x', now())`,
    ],
    [
      'what was asked of a bank is gone',
      `delete from dossier_entry where subject = 'collection ' || $taken`,
    ],
    [
      'what took a collection back is gone, and all that tells of it',
      `delete from request where key_hash in (select key_hash from answer where posting_id = $back)`,
      gone('answer', 'posting_id'),
      gone('transfer', 'posting_id'),
      gone('unjournaled', 'posting_id'),
      gone('movement', 'id'),
    ],
    ['a PIN gone', `delete from card_pin where ${mine}`],
    ['a try of a PIN gone', `delete from pin_try`],
    ['a try given back', `update card_pin set taken = 0, tries_left = 3 where ${mine}`],
    ['a card gone', `delete from card where ${mine}`],
    [
      'the state of a card',
      `update card set document = document || '{"loss":{"kind":"none"},"life":"cancelled"}' where ${mine}`,
    ],
    ['a version of a card gone', `delete from card_version where ${mine}`],
    [
      'the card of somebody else',
      `update credential set owner_id = $card where kind = 'card' and owner_id <> $card`,
    ],
    [
      'the person of a credential',
      `update credential set owner_id = 'nobody' where kind = 'citizen-number' and ${mine}`,
    ],
    ['a card number that ended', `update credential set ended_at = now() where kind = 'card'`],
  ])('is found: %s', async (_, ...sql) => {
    await owner.query('begin')
    try {
      for (const one of sql) {
        const filled = one.replace(
          /\$(\w+)/g,
          (_, name: keyof typeof values) => `'${values[name]}'`,
        )
        expect((await owner.query(filled)).rowCount).toBeGreaterThan(0)
      }
      expect(await found()).not.toEqual([])
    } finally {
      await owner.query('rollback')
    }
  })
})

/** The checks that are not empty any more, in the transaction that changes things. */
async function found(): Promise<string[]> {
  const { rows } = await owner.query<{ viewname: string }>(
    `select viewname from pg_views where schemaname = 'public' and viewname like 'check\\_%'`,
  )
  const names: string[] = []
  for (const { viewname } of rows)
    if ((await owner.query(`select from ${viewname} limit 1`)).rowCount) names.push(viewname)
  return names
}
