import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBindings, resolveOriginals } from '../../../adapters/postgres/sql/resolve.ts'
import { openWorld } from './support.ts'

// A statement is planned once a connection, on the first day too, when tables are small or nothing is known of them.

let world: Awaited<ReturnType<typeof openWorld>>
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

interface Plan {
  readonly 'Node Type': string
  readonly Plans?: readonly Plan[]
}

const nodesOf = (plan: Plan): string[] => [
  plan['Node Type'],
  ...(plan.Plans ?? []).flatMap(nodesOf),
]

test.each([readBindings([]), resolveOriginals([], [])])(
  'what stands under a key is looked for key by key, and never joined of whole tables: $name',
  async ({ text }) => {
    const client = await world.pool.connect()
    try {
      await client.query('set enable_seqscan = off')
      const { rows } = await client.query(`explain (generic_plan, format json) ${text}`)
      const nodes = nodesOf(rows[0]['QUERY PLAN'][0]['Plan'])
      expect(nodes).toContain('Nested Loop')
      expect(nodes.filter((node) => /Hash|Merge|Seq/.test(node))).toEqual([])
    } finally {
      client.release(true)
    }
  },
)
