import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brochure } from '../../adapters/cli/cardDay.ts'
import { CardDayDesk } from '../../adapters/cli/cardDayDesk.ts'
import { readWorld } from '../../adapters/sandbox/world.ts'
import { openServed } from '../adapters/http/served.ts'

let served: Awaited<ReturnType<typeof openServed>>
let desk: CardDayDesk
beforeAll(async () => {
  served = await openServed()
  desk = new CardDayDesk(served.url, readWorld('rules'))
})
afterAll(() => served.close())

/** Every row that the brochure of the third-generation card has, and no other. */
const rows = [
  ...Array.from({ length: 6 }, (_, i) => `F${i + 1}`),
  ...Array.from({ length: 11 }, (_, i) => `S${i + 1}`),
  ...Array.from({ length: 4 }, (_, i) => `N${i + 1}`),
  ...Array.from({ length: 2 }, (_, i) => `Q${i + 1}`),
]

describe('the brochure, played with simulated cards and terminals', () => {
  it('has every row', () => {
    expect(brochure.map(({ row }) => row).toSorted()).toEqual(rows.toSorted())
  })

  it.each(brochure.map((one) => [`${one.row} ${one.zh} · ${one.en}`, one] as const))(
    '%s',
    async (_, { row, play }) => {
      const before = desk.shown.length
      desk.begin(row)
      await play(desk)
      const shown = desk.shown.slice(before)
      expect(shown.length).toBeGreaterThan(0)
      expect(shown.filter(({ wrong }) => wrong !== undefined)).toEqual([])
    },
  )

  it('leaves the books right, and nobody named in the log', async () => {
    expect(await served.violations()).toEqual([])
    expect(served.named()).toEqual([])
  })
})
