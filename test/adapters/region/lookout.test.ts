// What other regions only look at takes few connections of the pool, however many of them there are in an envelope.
import { expect, test } from 'vitest'
import type { HomeWorld } from '../../../adapters/region/crossingNeeds.ts'
import { createHomeDesk } from '../../../adapters/region/homeDesk.ts'
import { Lookout } from '../../../adapters/region/lookout.ts'
import type { RegionAsk } from '../../../engine/awayClaim.ts'
import { batchOf, send, wireOf } from './messages.ts'
import { openDoor } from './support.ts'

const identify = (n: number): RegionAsk => ({
  kind: 'identify',
  credential: { type: 'card', number: `D${n}` },
})
const pause = async (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('of those in an envelope that only look at most four look at once', async () => {
  let inside = 0
  let most = 0
  const looking = async () => {
    most = Math.max(most, ++inside)
    await pause(2)
    inside--
    return undefined
  }
  const world = { insured: looking, answered: looking } as unknown as HomeWorld
  const door = await openDoor(createHomeDesk(world))
  const queries = Array.from({ length: 32 }, (_, n) => ({ kind: 'query', reference: `A ${n}` }))
  const asks = [...queries, ...Array.from({ length: 32 }, (_, n) => wireOf(identify(n)))]
  const { json } = await send(batchOf(asks), door.url)
  const kinds = (json['replies'] as { reply: { kind: string } }[]).map(({ reply }) => reply.kind)
  expect(kinds).toEqual(asks.map(({ kind }) => (kind === 'query' ? 'absent' : 'refused')))
  expect(most).toBe(4)
  await door.close()
})

test('a place is free again after what failed, and whoever waited too long does not look any more', async () => {
  const lookout = new Lookout({ atOnce: 1, longest_ms: 50 })
  const failing = lookout.look(async () => {
    throw new Error('a bug')
  })
  await expect(failing).rejects.toThrow('a bug')
  const slow = lookout.look(async () => pause(100))
  const late = lookout.look(async () => 'looked')
  await expect(late).rejects.toMatchObject({ name: 'Fault', kind: 'unavailable' })
  await slow
  expect(await lookout.look(async () => 'looked')).toBe('looked')
})
