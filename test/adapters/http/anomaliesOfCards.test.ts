import { afterAll, beforeAll, expect, test } from 'vitest'
import { byTelephone, type CardDeskServed, holder, openCardDesk } from './cardDesk.ts'

let desk: CardDeskServed
beforeAll(async () => {
  desk = await openCardDesk()
})
afterAll(() => desk.close())

test('a card tried after its loss is listed with each try, and its holder by number is not', async () => {
  const e1 = holder('E1')
  expect(await desk.byCard(e1)).toBe('settled')
  await desk.done('temporary-loss', e1.number, byTelephone)
  const found = async () =>
    (await desk.ask('/v1/anomalies/lost-card')).json['items'] as Record<string, unknown>[]
  expect(await desk.byNumber(e1)).toBe('settled')
  expect(await found()).toEqual([])
  for (let i = 0; i < 2; i++) expect(await desk.byCard(e1)).toBe('card-temporarily-lost')
  expect(await found()).toMatchObject([
    {
      subject: `${e1.id} 2026-03-02`,
      person: e1.id,
      institution: 'H51010000001',
      facts: { tries: 2, codes: ['card-temporarily-lost'] },
    },
  ])
})
