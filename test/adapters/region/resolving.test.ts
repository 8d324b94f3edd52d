import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type RegionAsk, RegionFault, type RegionReply } from '../../../engine/awayClaim.ts'
import type { Division } from '../../../engine/claim.ts'
import type { Ask } from '../../../engine/ports.ts'
import { awayBill, openRegionWorld, type RegionWorld } from './regionWorld.ts'

// Chengdu has asked Guangzhou and Mianyang, and both answers were lost: one region must not keep the other's waiting.

let chengdu: RegionWorld
let guangzhou: RegionWorld
let mianyang: RegionWorld
type OnLine = (
  to: Division,
  asked: RegionAsk,
  answer: () => Promise<RegionReply>,
) => Promise<RegionReply>
const straight: OnLine = (_to, _asked, answer) => answer()
let onLine = straight
const asks = new Map<string, Ask>()

beforeAll(async () => {
  chengdu = await openRegionWorld({
    served: ['510100'],
    reached: ['440100', '510700'],
    line: {
      async ask(to, asked) {
        const { homeDesk } = to === '440100' ? guangzhou : mianyang
        return onLine(to, asked, async () => homeDesk.answer('510100', asked, to))
      },
    },
    revive: (key) => asks.get(key),
  })
  const nobody = { ask: async () => Promise.reject(new RegionFault('unsent', 'it asks nobody')) }
  guangzhou = await openRegionWorld({ served: ['440100'], reached: ['510100'], line: nobody })
  mianyang = await openRegionWorld({ served: ['510700'], reached: ['510100'], line: nobody })
})
afterAll(async () => {
  for (const world of [chengdu, guangzhou, mianyang]) await world.close()
})
beforeEach(() => {
  onLine = straight
})

/** Bills whose answers are lost. */
async function lose(...bills: readonly (readonly [key: string, who: string])[]): Promise<void> {
  onLine = async (_to, asked, answer) => {
    const reply = await answer()
    if (asked.kind === 'settle') throw new RegionFault('lost', 'the line broke')
    return reply
  }
  for (const [key, who] of bills) {
    const ask = awayBill(key, who, { at: '510100' })
    asks.set(key, ask)
    expect(await chengdu.submit(ask)).toEqual({ kind: 'unknown' })
  }
  onLine = straight
  await makeDue()
}

const makeDue = async (): Promise<unknown> =>
  chengdu.books.pool.query(`update due set due_at = '2020-01-01' where attempts >= 0`)

const resolve = async (): Promise<number> => chengdu.resolver.resolve(new AbortController().signal)

interface Waiting {
  readonly subject: string
  readonly attempts: number
}

async function waiting(): Promise<Waiting[]> {
  const { rows } = await chengdu.books.pool.query<Waiting>(
    'select subject, attempts from due order by subject',
  )
  return rows
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await holds())) if (performance.now() > end) throw new Error('not in time')
}

test('what is open with one region is found out while another is silent', async () => {
  await lose(['M1', 'Y1'], ['G1', 'G1'], ['G2', 'G1'])
  const silent = Promise.withResolvers<void>()
  onLine = async (to, _asked, answer) => {
    if (to === '510700') await silent.promise
    return answer()
  }
  const run = resolve()
  // The two regions are worked at on their own: that of the silent one may be put off after the others were found out.
  await until(async () => {
    const [one, ...others] = await waiting()
    return others.length === 0 && one?.attempts === 1
  })
  expect(await waiting()).toEqual([{ subject: 'crossing H51010000001 M1', attempts: 1 }])
  silent.resolve()
  expect(await run).toBe(3)
  expect(await chengdu.submit(asks.get('M1') as Ask)).toMatchObject({ kind: 'settled' })
  expect(await waiting()).toEqual([])
})

test('many of one region are asked sixteen at a time, and one that takes long holds up none of the others', async () => {
  const keys = Array.from({ length: 40 }, (_, i) => `N${i}`)
  await lose(...keys.map((key) => [key, 'G1'] as const))
  const silent = Promise.withResolvers<void>()
  let now = 0
  let most = 0
  onLine = async (_to, asked, answer) => {
    most = Math.max(most, ++now)
    try {
      if (asked.kind === 'query' && asked.reference.endsWith(' N3')) await silent.promise
      return await answer()
    } finally {
      now--
    }
  }
  const run = resolve()
  await until(async () => (await waiting()).length === 1)
  silent.resolve()
  expect(await run).toBe(40)
  expect(most).toBeLessThanOrEqual(16)
  expect(await chengdu.problems()).toEqual([])
})

test('a dossier that cannot be opened is put off and told of, and keeps none of the others waiting', async () => {
  await lose(['T1', 'G1'], ['T2', 'G1'], ['T3', 'Y1'])
  const owner = new pg.Client(chengdu.books.database.ownerUrl)
  await owner.connect()
  await owner.query(`
    set session_replication_role = replica;
    update dossier_entry set body = set_byte(body, 20, get_byte(body, 20) # 1) where subject = 'crossing H51010000001 T2'`)
  await owner.end()
  await expect(resolve()).rejects.toThrow()
  expect(await waiting()).toEqual([{ subject: 'crossing H51010000001 T2', attempts: 1 }])
  expect(await chengdu.submit(asks.get('T1') as Ask)).toMatchObject({ kind: 'settled' })
  expect(await chengdu.submit(asks.get('T3') as Ask)).toMatchObject({ kind: 'settled' })
})

test('a run that is told to end takes on no more, and what it did not look at stays due', async () => {
  await chengdu.books.pool.query('delete from due')
  await lose(...Array.from({ length: 30 }, (_, i) => [`E${i}`, 'G1'] as const))
  const ending = new AbortController()
  onLine = async (_to, _asked, answer) => {
    ending.abort()
    return answer()
  }
  const ended = await chengdu.resolver.resolve(ending.signal)
  expect(ended).toBeGreaterThan(0)
  expect(ended).toBeLessThan(30)
  expect(await waiting()).toHaveLength(30 - ended)
  expect(ended + (await resolve())).toBeLessThanOrEqual(30)
})
