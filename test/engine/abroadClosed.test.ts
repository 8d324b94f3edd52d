import { describe, expect, test } from 'vitest'
import { refuse } from '../../engine/refusal.ts'
import { Abroad, asAsking, bill, words } from './support/abroad.ts'

describe('a bill for a home region that is not asked now', () => {
  const closed = (region: string) => refuse('home-region-unreachable', { region })

  test('is refused, nothing is begun, and it may come again', async () => {
    const world = new Abroad()
    const refused = await world.care.take(bill('K1', { closed }))
    expect(refused).toMatchObject({
      kind: 'refused',
      refusal: { code: 'home-region-unreachable' },
      replayed: false,
    })
    expect(world.crossing('K1')).toBeUndefined()
    const ask = bill('K1', { closed: () => undefined })
    const asking = asAsking(await world.care.take(ask))
    const reply = await world.answer(asking)
    // What stands is told whether or not the region would be asked.
    expect(words(await world.tell({ ...ask, closed }, asking, reply))).toBe('settled 72000')
    expect(await world.care.take(bill('K1', { closed }))).toMatchObject({ replayed: true })
  })
})
