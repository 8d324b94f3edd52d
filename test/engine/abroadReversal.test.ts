import { describe, expect, test } from 'vitest'
import { adviceOf } from '../../engine/crossing.ts'
import { refuse } from '../../engine/refusal.ts'
import {
  Abroad,
  asAsking,
  cancel,
  keyOf,
  reverse,
  settle,
  settledRow,
  words,
} from './support/abroad.ts'
import { line, sale, tells } from './support/sales.ts'
import { yuan } from './support/world.ts'

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

describe('a reversal of what home was asked', () => {
  test.each(['asked', 'unknown'] as const)(
    'and is %s blocks it, and home is told to undo it',
    async (state) => {
      const world = new Abroad()
      const asking = asAsking(await world.care.take(settle('K1')))
      const reply = await world.answer(asking)
      if (state === 'unknown') await isNoted(world, 'K1', state)
      expect(words(await world.care.take(reverse('R1', 'K1')))).toBe('reversed nothing')
      expect(world.crossing('K1')?.state).toBe('reversing')
      expect(words(await world.care.take(settle('K1')))).toBe('undone-before-arrival')
      expect(words(await world.tell(settle('K1'), asking, reply))).toBe('undone-before-arrival')
      expect(await world.care.take(reverse('R1', 'K1'))).toMatchObject({ replayed: true })
      expect(world.care.books.rows).toEqual([])
    },
  )

  test('and was not sent blocks it, and nobody is told', async () => {
    const world = new Abroad()
    await world.care.take(settle('K1'))
    await isNoted(world, 'K1', 'unsent')
    expect(words(await world.care.take(reverse('R1', 'K1')))).toBe('reversed nothing')
    expect(world.crossing('K1')?.state).toBe('unsent')
    expect(words(await world.care.take(settle('K1')))).toBe('undone-before-arrival')
    expect(await world.care.books.due.list(world.at + day_ms, 9)).toEqual([])
  })

  test('and refused has nothing to undo', async () => {
    const world = new Abroad()
    await world.care.take(settle('K1'))
    const step = { kind: 'note', state: 'refused', refusal: refuse('not-insured') } as const
    await world.note('K1', step, keyOf('K1'))
    expect(words(await world.care.take(reverse('R1', 'K1')))).toBe('reversed nothing')
    expect(world.crossing('K1')?.state).toBe('refused')
  })

  test('with another input than it says is refused', async () => {
    const world = new Abroad()
    await world.care.take(settle('K1'))
    const matches = (input: string) => input !== 'input of K1'
    expect(words(await world.care.take({ ...reverse('R1', 'K1'), matches }))).toBe(
      'original-differs',
    )
    expect(world.crossing('K1')?.state).toBe('asked')
  })

  test('and settled is made here at once, and home is told', async () => {
    const world = new Abroad()
    await settled(world)
    expect(words(await world.care.take(reverse('R1', 'K1')))).toBe('reversed reversal')
    expect(world.balances(world.care)).toEqual(nothing)
    expect(world.crossing('K1')?.state).toBe('reversing')
    expect(await world.care.books.due.list(world.at, 9)).toHaveLength(1)
    expect(words(await world.care.take(reverse('R2', 'K1')))).toBe('reversed reversal')
  })
})

describe('a reversal of a cancellation', () => {
  const cancelled = async (world: Abroad): Promise<string> => {
    const id = await settled(world)
    await world.through(cancel('C1', id))
    return id
  }
  const full = {
    'due-from:510100:500100:employee:2026-11': 1000_00n,
    'payable:H51010000001:settled': -1000_00n,
  }

  test('asks home first, and then the settlement stands again in both books', async () => {
    const world = new Abroad()
    await cancelled(world)
    const asking = asAsking(await world.care.take(reverse('R1', 'C1')))
    expect(asking.ask).toEqual({
      kind: 'reverse',
      reference: 'H51010000001 R1',
      of: 'H51010000001 C1',
      settlement: 'H51010000001 K1',
      institution: 'H51010000001',
      person: 'P1',
    })
    expect(world.balances(world.care)).toEqual(nothing)
    expect(words(await world.tell(reverse('R1', 'C1'), asking, await world.answer(asking)))).toBe(
      'reversed restoration',
    )
    expect(world.crossing('R1')?.state).toBe('done')
    expect(world.balances(world.care)).toEqual(full)
    expect(world.balances(world.home)['due-to:500100:510100:employee:2026-11']).toBe(-1000_00n)
    expect(world.home.books.balances.get('P1')).toBe(yuan('20.00'))
  })

  test('and then a reversal of the settlement turns both again', async () => {
    const world = new Abroad()
    await cancelled(world)
    await world.through(reverse('R1', 'C1'))
    expect(words(await world.care.take(reverse('R2', 'K1')))).toBe('reversed reversal')
    expect(world.crossing('K1')?.state).toBe('reversing')
    expect(world.balances(world.care)).toEqual(nothing)
  })

  test.each(['asked', 'unknown'] as const)('that is %s is not asked again', async (state) => {
    const world = new Abroad()
    await cancelled(world)
    await world.care.take(reverse('R1', 'C1'))
    if (state === 'unknown') await isNoted(world, 'R1', state)
    expect(await world.care.take(reverse('R1', 'C1'))).toEqual({ kind: 'unknown' })
  })

  test('is told nothing that was never asked', async () => {
    const other = new Abroad()
    await cancelled(other)
    const asking = asAsking(await other.care.take(reverse('R1', 'C1')))
    const world = new Abroad()
    await cancelled(world)
    expect(await world.tell(reverse('R1', 'C1'), asking, await other.answer(asking))).toEqual({
      kind: 'unknown',
    })
  })

  test('asked for twice is done once, and both are over', async () => {
    const world = new Abroad()
    await cancelled(world)
    const first = asAsking(await world.care.take(reverse('R1', 'C1')))
    const second = asAsking(await world.care.take(reverse('R2', 'C1')))
    const replies = [await world.answer(first), await world.answer(second)] as const
    expect(words(await world.tell(reverse('R1', 'C1'), first, replies[0]))).toBe(
      'reversed restoration',
    )
    expect(words(await world.tell(reverse('R2', 'C1'), second, replies[1]))).toBe(
      'reversed restoration',
    )
    expect([world.crossing('R1')?.state, world.crossing('R2')?.state]).toEqual(['done', 'done'])
    expect(world.care.books.rows.map(({ kind }) => kind)).toEqual([
      'settlement',
      'cancellation',
      'restoration',
    ])
  })

  test('that came too late, since all was cancelled again, is over', async () => {
    const world = new Abroad()
    const id = await cancelled(world)
    const first = asAsking(await world.care.take(reverse('R1', 'C1')))
    const second = asAsking(await world.care.take(reverse('R2', 'C1')))
    await world.tell(reverse('R1', 'C1'), first, await world.answer(first))
    const late = await world.answer(second)
    await world.through(cancel('C2', id))
    expect(words(await world.tell(reverse('R2', 'C1'), second, late))).toBe('already-undone')
    expect(world.crossing('R2')?.state).toBe('done')
    expect([world.balances(world.care), world.balances(world.home)]).toEqual([nothing, nothing])
  })

  test('stands although its visit was settled again meanwhile, since home let it stand', async () => {
    const world = new Abroad()
    const bill = (key: string, id: string) =>
      settle(key, {
        visit: 'V1',
        care: 'outpatient',
        stay: undefined,
        lines: settle(key).claim.lines.map((one) => ({ ...one, id })),
      })
    const { settlement } = settledRow(await world.through(bill('K1', 'L1')))
    await world.through(cancel('C1', settlement))
    const asking = asAsking(await world.care.take(reverse('R1', 'C1')))
    const reply = await world.answer(asking)
    await world.through(bill('K2', 'L2'))
    expect(words(await world.care.take(reverse('R2', 'C1')))).toBe('later-settlements')
    expect(words(await world.tell(reverse('R1', 'C1'), asking, reply))).toBe('reversed restoration')
    expect(world.crossing('R1')?.state).toBe('done')
  })

  const sold = async (world: Abroad) => {
    const { upload, bill } = sale('V1', { lines: [line('L1', ['T1'])] })
    for (const one of upload) await world.care.take(one)
    const { settlement } = settledRow(await world.through(bill))
    await world.through(cancel('C1', settlement))
  }

  test('is refused before home is asked where a package of it is sold to somebody else', async () => {
    const world = new Abroad()
    await sold(world)
    await world.care.take(tells('3505', ['T1'], { unsettled: true }))
    expect(words(await world.care.take(reverse('R1', 'C1')))).toBe('package-already-sold')
    expect(world.crossing('R1')).toBeUndefined()
  })

  test('is given back where a package of it was sold to somebody else meanwhile', async () => {
    const world = new Abroad()
    await sold(world)
    const asking = asAsking(await world.care.take(reverse('R1', 'C1')))
    const reply = await world.answer(asking)
    await world.care.take(tells('3505', ['T1'], { unsettled: true }))
    expect(words(await world.tell(reverse('R1', 'C1'), asking, reply))).toBe('package-already-sold')
    expect(world.crossing('R1')?.state).toBe('reversing')
    expect(world.balances(world.care)).toEqual(nothing)
    // What is told home then turns what it restored.
    const told = await world.answer({ ...asking, ask: adviceOf(asking.crossing) })
    expect(told).toEqual({ kind: 'reversed', as: 'turned' })
    expect(world.balances(world.home)).toEqual(nothing)
  })
})

describe('a reversal of a cancellation that home has not answered', () => {
  test('waits for home', async () => {
    const world = new Abroad()
    const id = await settled(world)
    await world.care.take(cancel('C1', id))
    expect(await world.care.take(reverse('R1', 'C1'))).toEqual({ kind: 'unknown' })
    await isNoted(world, 'C1', 'unknown')
    expect(await world.care.take(reverse('R1', 'C1'))).toEqual({ kind: 'unknown' })
  })

  test('blocks it where home never heard of it', async () => {
    const world = new Abroad()
    const id = await settled(world)
    await world.care.take(cancel('C1', id))
    await isNoted(world, 'C1', 'unsent')
    expect(words(await world.care.take(reverse('R1', 'C1')))).toBe('reversed nothing')
    expect(words(await world.care.take(cancel('C1', id)))).toBe('undone-before-arrival')
    expect(world.care.books.rows).toHaveLength(1)
    expect(words(await world.through(cancel('C2', id)))).toBe(`undone ${id}`)
  })
})
