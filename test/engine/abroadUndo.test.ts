import { describe, expect, test } from 'vitest'
import { day } from './support/packs.ts'
import { startProcess } from '../../engine/process.ts'
import { refuse } from '../../engine/refusal.ts'
import {
  Abroad,
  asAsking,
  cancel,
  keyOf,
  packs,
  packsWith,
  reverse,
  settle,
  settledRow,
  words,
} from './support/abroad.ts'
import { now, stay, yuan } from './support/world.ts'

const day_ms = 86_400_000
const nothing = {}

/** A settlement that stands in both books, by its id here. */
async function settled(world: Abroad, key = 'K1'): Promise<string> {
  return settledRow(await world.through(settle(key))).settlement
}

const isNoted = async (
  world: Abroad,
  reference: string,
  state: 'unsent' | 'unknown' | 'refused' | 'reversing' | 'reversed',
): Promise<void> => {
  const noted = await world.note(reference, { kind: 'note', state }, keyOf(`${reference} ${state}`))
  expect(noted.kind).toBe('entered')
}

describe('a cancellation of what two regions settled', () => {
  test('is asked of home first, and both books are as before', async () => {
    const world = new Abroad()
    const id = await settled(world)
    const asking = asAsking(await world.care.take(cancel('C1', id)))
    expect(asking.ask).toEqual({
      kind: 'cancel',
      reference: 'H51010000001 C1',
      of: 'H51010000001 K1',
      settlement: 'H51010000001 K1',
      institution: 'H51010000001',
      person: 'P1',
    })
    expect(world.care.books.rows).toHaveLength(1)
    expect(words(await world.tell(cancel('C1', id), asking, await world.answer(asking)))).toBe(
      `undone ${id}`,
    )
    expect(world.crossing('C1')?.state).toBe('done')
    expect([world.balances(world.care), world.balances(world.home)]).toEqual([nothing, nothing])
    expect(world.home.books.balances.get('P1')).toBe(yuan('300.00'))
  })

  test('tells what the account has afterwards, as home told it before', async () => {
    const world = new Abroad()
    const row = settledRow(await world.through(settle('K1')))
    expect(row.content.accountBalance).toBe(yuan('20.00'))
    expect(await world.through(cancel('C1', row.settlement))).toMatchObject({
      row: { content: { accountBalance: yuan('300.00') } },
    })
    await world.through(reverse('R1', 'C1'))
    expect(world.care.books.rows.at(-1)).toMatchObject({
      kind: 'restoration',
      content: { accountBalance: yuan('20.00') },
    })
  })

  test('is refused where home refuses it, and the settlement stands', async () => {
    const world = new Abroad()
    const id = await settled(world)
    await world.care.take(cancel('C1', id))
    const refusal = refuse('later-settlements')
    expect(
      words(await world.note('C1', { kind: 'note', state: 'refused', refusal }, keyOf('C1'))),
    ).toBe('later-settlements')
    expect(await world.care.take(cancel('C1', id))).toMatchObject({ refusal, replayed: true })
    expect(world.care.books.rows).toHaveLength(1)
  })

  test.each(['asked', 'unknown'] as const)('is not asked again while it is %s', async (state) => {
    const world = new Abroad()
    const id = await settled(world)
    const asking = asAsking(await world.care.take(cancel('C1', id)))
    if (state === 'unknown') await isNoted(world, 'C1', state)
    expect(await world.care.take(cancel('C1', id))).toEqual({ kind: 'unknown' })
    expect(words(await world.tell(cancel('C1', id), asking, await world.answer(asking)))).toBe(
      `undone ${id}`,
    )
  })

  test('is asked again where it was not sent', async () => {
    const world = new Abroad()
    const id = await settled(world)
    await world.care.take(cancel('C1', id))
    await isNoted(world, 'C1', 'unsent')
    expect(words(await world.care.take(cancel('C1', id)))).toBe('asking cancel')
  })

  test('is told nothing that was never asked', async () => {
    const world = new Abroad()
    const id = await settled(world)
    const other = new Abroad()
    const asking = asAsking(await other.care.take(cancel('C1', await settled(other))))
    expect(await world.tell(cancel('C1', id), asking, await other.answer(asking))).toEqual({
      kind: 'unknown',
    })
  })

  test('is refused here already where the rules here forbid it, and home is not asked', async () => {
    const world = new Abroad({
      care: packsWith({
        undo: { acrossMonths: false, acrossYears: false, laterSettlements: 'list' },
      }),
    })
    const id = await settled(world)
    world.at += 10 * day_ms
    expect(words(await world.care.take(cancel('C1', id)))).toBe('undo-past-boundary')
    expect(world.crossing('C1')).toBeUndefined()
  })

  test('is decided as of when home was asked: the month may have ended meanwhile', async () => {
    const world = new Abroad({
      care: packsWith({
        undo: { acrossMonths: false, acrossYears: false, laterSettlements: 'list' },
      }),
    })
    const id = await settled(world)
    const asking = asAsking(await world.care.take(cancel('C1', id)))
    const reply = await world.answer(asking)
    world.at += 10 * day_ms
    const told = await world.tell(cancel('C1', id), asking, reply)
    expect(told).toMatchObject({ kind: 'undone', row: { postedAt: now + 10 * day_ms } })
  })

  test('whose period was applied for meanwhile is made all the same, since home made it', async () => {
    const world = new Abroad()
    const id = await settled(world)
    let applied = false
    const ask = {
      ...cancel('C1', id),
      blocked: () => (applied ? refuse('period-applied') : undefined),
    }
    const asking = asAsking(await world.care.take(ask))
    const reply = await world.answer(asking)
    applied = true
    expect(words(await world.care.take({ ...ask, key: keyOf('C2') }))).toBe('period-applied')
    expect(words(await world.tell(ask, asking, reply))).toBe(`undone ${id}`)
    expect([world.balances(world.care), world.balances(world.home)]).toEqual([nothing, nothing])
  })

  test('after which a later part of the stay was settled is made all the same, since home made it', async () => {
    const world = new Abroad()
    const part = (key: string, line_: string, discharge: string) =>
      settle(key, {
        visit: 'V1',
        stay: stay('2026-11-10', discharge, true),
        day: day(discharge),
        lines: settle(key).claim.lines.map((one) => ({ ...one, id: line_ })),
      })
    const id = settledRow(await world.through(part('K1', 'L1', '2026-11-12'))).settlement
    const asking = asAsking(await world.care.take(cancel('C1', id)))
    const reply = await world.answer(asking)
    await world.through(part('K2', 'L2', '2026-11-15'))
    expect(words(await world.care.take(cancel('C2', id)))).toBe('later-part-of-stay')
    expect(words(await world.tell(cancel('C1', id), asking, reply))).toBe(`undone ${id}`)
    expect(world.crossing('C1')?.state).toBe('done')
  })

  test('that was overtaken by a reversal has nothing left to do, and is over', async () => {
    const world = new Abroad()
    const id = await settled(world)
    const asking = asAsking(await world.care.take(cancel('C1', id)))
    const reply = await world.answer(asking)
    expect(words(await world.care.take(reverse('R1', 'K1')))).toBe('reversed reversal')
    expect(words(await world.tell(cancel('C1', id), asking, reply))).toBe('already-undone')
    expect(world.crossing('C1')?.state).toBe('done')
    expect(await world.care.take(cancel('C1', id))).toMatchObject({ replayed: true })
    expect([world.balances(world.care), world.balances(world.home)]).toEqual([nothing, nothing])
  })

  // Home cancelled, restored, and cancelled again, and the answer to the restoration came last.
  test('that home made after a restoration waits until that is known here, and both books agree', async () => {
    const world = new Abroad()
    const id = await settled(world)
    const [first, second] = [cancel('C1', id), cancel('C2', id)]
    const asked = asAsking(await world.care.take(first))
    const askedAgain = asAsking(await world.care.take(second))
    expect(words(await world.tell(first, asked, await world.answer(asked)))).toBe(`undone ${id}`)
    const restore = reverse('R1', 'C1')
    const restoring = asAsking(await world.care.take(restore))
    const restored = await world.answer(restoring)
    const cancelled = await world.answer(askedAgain)
    expect([restored, cancelled]).toMatchObject([{ as: 'restored' }, { kind: 'cancelled' }])
    expect(words(await world.tell(second, askedAgain, cancelled))).toBe('unknown')
    expect(world.crossing('C2')?.state).toBe('asked')
    expect(words(await world.tell(restore, restoring, restored))).toBe('reversed restoration')
    expect(words(await world.tell(second, askedAgain, cancelled))).toMatch(/^undone /)
    expect(world.crossing('C2')?.state).toBe('done')
    const heads = [world.care, world.home].map(({ books }) => books.rows.at(-1)?.kind)
    expect(heads).toEqual(['cancellation', 'cancellation'])
  })

  test("is home's to make where only home has it: nobody else may undo that half", async () => {
    const world = new Abroad()
    await settled(world)
    const half = world.homeRow('H51010000001 K1').settlement
    expect(words(await world.home.take(cancel('C9', half)))).toBe('settlement-unknown')
    const original = { institution: 'region:510100', key: 'H51010000001 K1' }
    expect(words(await world.home.take({ ...reverse('R9', ''), original }))).toBe('person-unknown')
  })

  test('under rules that are not here any more is refused', async () => {
    const world = new Abroad()
    const id = await settled(world)
    const rulebooks = { ...packs, of: () => undefined }
    const [taken] = await startProcess({ ...world.care.ports, rulebooks }).settle([
      cancel('C1', id),
    ])
    expect(taken).toMatchObject({ refusal: { code: 'home-region-not-served' } })
  })
})
