import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChallenges } from '../../../adapters/postgres/challenges.ts'
import { createPins, type Pins, type PinTry } from '../../../adapters/postgres/pins.ts'
import type { Card, NewCard } from '../../../engine/card.ts'
import { crypto, day, ids, openWorld, start_ms, type World } from './support.ts'

let world: World
let pins: Pins
const owner = 'P1'
let cards = 0

const card = async (pin: NewCard['pin'] = 'set', tries = 3): Promise<string> => {
  cards += 1
  const number = `A${String(cards).padStart(8, '0')}`
  const verifier = { bytes: Buffer.alloc(16, cards), keyVersion: 1, tries }
  await world.register.putCard(
    {
      number,
      serial: `510100D156000005${String(cards).padStart(16, '0')}`,
      owner,
      version: '3.00',
      life: 'active',
      loss: { kind: 'none' },
      pin,
      issued: day,
      expires: day,
      photo: true,
      managedIn: '510100',
    },
    verifier,
  )
  return number
}
/** Each card at a terminal of its own, since a terminal has its own limit. */
const at = (number: string) => ({ owner, card: number, institution: 'H1', terminal: number })
const taken = async (number: string, where = at(number)): Promise<PinTry> => {
  const found = await pins.take(where)
  if (typeof found === 'string') throw new Error(found)
  return found
}
const stateOf = async (number: string) =>
  (await world.register.cardsOf(owner)).find((one) => one.number === number)?.pin

beforeAll(async () => {
  world = await openWorld({ max: 12 })
  const { pool, clock } = world
  pins = createPins({ pool, crypto, now: clock.now, newId: (who) => ids.next(who, clock.now()) })
})
afterAll(() => world.close())

describe('the tries of a PIN', () => {
  it('a thousand wrong tries from fifty hands: exactly three are looked at, then it is locked', async () => {
    const number = await card()
    let looked = 0
    const hand = async (): Promise<void> => {
      for (let i = 0; i < 20; i++)
        if (typeof (await pins.take(at(number))) === 'object') looked += 1
    }
    await Promise.all(Array.from({ length: 50 }, hand))
    expect(looked).toBe(3)
    expect(await stateOf(number)).toBe('locked')
  })

  it('a try that nobody finished stays taken', async () => {
    const number = await card()
    await taken(number)
    expect((await taken(number)).left).toBe(1)
    expect(await stateOf(number)).toBe('set')
  })

  it('the right PIN gives all tries back', async () => {
    const number = await card()
    await taken(number)
    await pins.right(at(number), await taken(number))
    expect((await taken(number)).left).toBe(2)
  })

  it('gives back none that were taken since, and tells the same twice without effect', async () => {
    const number = await card()
    const right = await taken(number)
    await taken(number)
    await taken(number)
    expect(await stateOf(number)).toBe('locked')
    await pins.right(at(number), right)
    await pins.right(at(number), right)
    expect((await taken(number)).left).toBe(0)
    expect(await pins.take(at(number))).toBe('locked')
  })

  it('two right ones at once give back what was before them, and not a wrong one after both', async () => {
    const number = await card()
    const both = [await taken(number), await taken(number)]
    expect((await taken(number)).left).toBe(0)
    for (const right of both) await pins.right(at(number), right)
    expect((await taken(number)).left).toBe(1)
    const crowded = await card('set', 6)
    // The first of them is the right one, so that all the others count.
    const right = await taken(crowded)
    const wrong = await Promise.all([1, 2, 3].map(() => taken(crowded)))
    await Promise.all([taken(crowded), pins.right(at(crowded), right)])
    expect(wrong).toHaveLength(3)
    expect((await taken(crowded)).left).toBeLessThanOrEqual(1)
  })

  it.each([
    ['in their order', [0, 1]],
    ['the later one first', [1, 0]],
    ['at the same moment', 'both'],
  ] as const)(
    'two that are right give back no try that was taken since, told %s',
    async (_, order) => {
      const number = await card()
      const both = [await taken(number), await taken(number)]
      await taken(number)
      const tell = async (one: PinTry | undefined) => pins.right(at(number), one as PinTry)
      if (order === 'both') await Promise.all(both.map(tell))
      else for (const i of order) await tell(both[i])
      expect((await taken(number)).left).toBe(1)
    },
  )

  it('one that is told right after the PIN was changed gives the new PIN nothing', async () => {
    const number = await card()
    const old = await taken(number)
    const changed = await world.register.cardsOf(owner)
    const one = changed.find((each) => each.number === number) as Card
    await world.register.putCard(one, { bytes: Buffer.alloc(16, 255), keyVersion: 1, tries: 3 })
    await taken(number)
    await taken(number)
    await pins.right(at(number), old)
    expect((await taken(number)).left).toBe(0)
  })

  it('a card that came locked, or without a PIN, has no tries; cities differ in how many there are', async () => {
    expect(await pins.take(at(await card('locked')))).toBe('locked')
    expect(await pins.take(at('A99999999'))).toBe('locked')
    expect((await taken(await card('set', 6))).left).toBe(5)
  })

  it('one PIN tried on many cards stops the terminal, and no other one', async () => {
    const terminal = 'sprayed'
    const tried = []
    for (let i = 0; i < 22; i++) tried.push(await pins.take({ ...at(await card()), terminal }))
    expect(tried.filter((one) => typeof one === 'object')).toHaveLength(20)
    expect(tried.at(-1)).toBe('pause')
    expect((await taken(await card())).left).toBe(2)
  })

  it('keeps every try with its place', async () => {
    const { rows } = await world.pool.query(
      "select count(*)::int as tries, count(*) filter (where kind = 'right')::int as right from pin_try",
    )
    expect(rows[0].tries).toBeGreaterThan(10)
    expect(rows[0].right).toBe(12)
    expect((await world.pool.query('select * from check_pins')).rows).toEqual([])
  })
})

describe('challenges', () => {
  const place = { institution: 'H1', terminal: 'T1' }
  const random = Buffer.alloc(16, 7)

  it('are taken once, by fifty at a time as well', async () => {
    const challenges = createChallenges({ pool: world.pool, now: () => start_ms })
    await challenges.give({ id: 'C1', ...place, random, until: start_ms + 60_000 })
    const taken = await Promise.all(
      Array.from({ length: 50 }, () => challenges.take({ id: 'C1', ...place })),
    )
    expect(taken.filter((one) => one?.equals(random))).toHaveLength(1)
  })

  it('are for one institution and terminal, and for a while', async () => {
    let now = start_ms
    const challenges = createChallenges({ pool: world.pool, now: () => now })
    await challenges.give({ id: 'C2', ...place, random, until: start_ms + 60_000 })
    expect(await challenges.take({ id: 'C2', ...place, institution: 'H2' })).toBeUndefined()
    expect(await challenges.take({ id: 'C2', institution: 'H1' })).toBeUndefined()
    now = start_ms + 60_000
    expect(await challenges.take({ id: 'C2', ...place })).toBeUndefined()
    expect(await challenges.sweep()).toBe(1)
  })
})
