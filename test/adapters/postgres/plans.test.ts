import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readHeads, readHeadTransfers } from '../../../adapters/postgres/sql/chains.ts'
import { readMarks } from '../../../adapters/postgres/sql/facts.ts'
import { readMovementTransfers } from '../../../adapters/postgres/sql/movements.ts'
import {
  readBindings,
  resolveOriginals,
  resolveSettlements,
} from '../../../adapters/postgres/sql/resolve.ts'
import type { Statement } from '../../../adapters/postgres/transaction.ts'
import { withClient } from '../../../benchmarks/database.ts'
import { settle } from './settle.ts'
import { claim, enrol, openWorld, settleAsk, type World } from './support.ts'

// A statement is planned once a connection, on the first day too: what it is planned for then must serve millions of rows.

const people = Array.from({ length: 20 }, (_, i) => `P${i + 1}`)
let world: World
beforeAll(async () => {
  world = await openWorld()
  for (const person of people) await enrol(world, person, { balance: 100_000n })
})
afterAll(() => world.close())

interface Plan {
  readonly 'Node Type': string
  readonly 'Index Name'?: string
  readonly Plans?: readonly Plan[]
}

const nodesOf = (plan: Plan): string[] => [
  plan['Node Type'],
  ...(plan.Plans ?? []).flatMap(nodesOf),
]

const indexesOf = (plan: Plan): string[] => [
  ...(plan['Index Name'] === undefined ? [] : [plan['Index Name']]),
  ...(plan.Plans ?? []).flatMap(indexesOf),
]

/** Small tables are read as they are, whatever indexes they have: without that it is seen which index would be. */
const noTablesRead = 'set enable_seqscan = off'

async function planOf({ text }: Statement, setting = ''): Promise<Plan> {
  return withClient(world.database.ownerUrl, async (client) => {
    await client.query(setting)
    const { rows } = await client.query(`explain (generic_plan, format json) ${text}`)
    return rows[0]['QUERY PLAN'][0]['Plan'] as Plan
  })
}

/** Settles so many small bills of people in turn, and has the database look at how many rows there are. */
async function fill(count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    await settle(
      world.books,
      [settleAsk(`k${n}`, claim(people[n % people.length] as string))],
      world.clock.now,
    )
  await withClient(world.database.ownerUrl, async (owner) => owner.query('analyze'))
}

// Whoever adds a column to one of them sets its statistics in the same migration.
test('what grows with every claim is analyzed by small samples, each column of it', async () => {
  const { rows } = await withClient(world.database.ownerUrl, async (owner) =>
    owner.query<{ target: number }>(`
      select distinct attrelid::regclass::text as name, attstattarget as target
      from pg_attribute
      where attnum > 0 and not attisdropped and attrelid in (
        'settlement'::regclass, 'movement'::regclass, 'request'::regclass, 'answer'::regclass, 'dossier_entry'::regclass,
        'transfer'::regclass, 'account_version'::regclass, 'year_version'::regclass, 'journal'::regclass, 'rollup'::regclass,
        'bill_sum'::regclass, 'account_sum'::regclass
      )`),
  )
  expect(rows.map(({ target }) => target)).toEqual(Array(12).fill(10))
})

describe.each([0, 3, 60])('where %i bills were known when it was planned', (count) => {
  beforeAll(async () => fill(count))
  test.each([readBindings([]), resolveOriginals([], [])])(
    'what stands under a key is looked for key by key, and never joined of whole tables: $name',
    async (statement) => {
      const nodes = nodesOf(await planOf(statement, noTablesRead))
      expect(nodes).toContain('Nested Loop')
      expect(nodes.filter((node) => /Hash|Merge|Seq|Materialize/.test(node))).toEqual([])
    },
  )
})

test.each([
  readHeads([], []),
  readHeadTransfers([], []),
  readMovementTransfers([], []),
  resolveSettlements([]),
  resolveOriginals([], []),
  readBindings([]),
])(
  'once people have several bills, what is known by its id is found by that: $name',
  async (statement) => {
    const indexes = indexesOf(await planOf(statement, noTablesRead)).filter((name) =>
      /^(settlement|transfer)_/.test(name),
    )
    expect(indexes).not.toEqual([])
    expect(indexes.filter((name) => !/_(pkey|in_chain)$/.test(name))).toEqual([])
  },
)

test('once people have several bills, the same one is looked for among those of its owner and day', async () => {
  const indexes = indexesOf(await planOf(readMarks([])))
  expect(indexes).toContain('settlement_of_owner')
  expect(indexes.filter((name) => !/_(of_owner|of_visit|undoes)$/.test(name))).toEqual([])
})
