import { describe, expect, test } from 'vitest'
import { subjectKey } from '../../engine/dossier.ts'
import { startProcess } from '../../engine/process.ts'
import { refuse } from '../../engine/refusal.ts'
import type { Fen } from '../../engine/money.ts'
import {
  Abroad,
  asAsking,
  awayClaim,
  bill,
  keyOf,
  packs,
  reverse,
  settle,
  settledRow,
  told,
  words,
} from './support/abroad.ts'
import { line, sale, tells } from './support/sales.ts'
import { now, yuan } from './support/world.ts'

const day_ms = 86_400_000

describe('somebody who is insured elsewhere', () => {
  test('is settled in two steps: asked of home once it is recorded, and written with what home tells', async () => {
    const world = new Abroad()
    const asking = asAsking(await world.care.take(settle('K1')))
    expect(asking.ask).toMatchObject({ kind: 'settle', reference: 'H51010000001 K1' })
    expect(world.crossing('K1')).toEqual({
      reference: 'H51010000001 K1',
      purpose: 'settle',
      from: '510100',
      to: '500100',
      person: 'P1',
      institution: 'H51010000001',
      of: 'H51010000001 K1',
      settlement: 'H51010000001 K1',
      key: { ...keyOf('K1') },
      state: 'asked',
      askedAt: now,
      at: now,
    })
    expect(world.care.books.rows).toEqual([])
    const row = settledRow(await world.tell(settle('K1'), asking, await world.answer(asking)))
    expect(row.content).toMatchObject({ side: 'care', reference: 'H51010000001 K1' })
    expect(world.homeRow('H51010000001 K1').content).toMatchObject({ side: 'home' })
    expect(world.crossing('K1')?.state).toBe('done')
  })

  test('leaves two books that mirror each other', async () => {
    const world = new Abroad()
    await world.through(settle('K1'))
    // (1000 − 100) × 80 % = 720 of the fund; 280 remain, of which the account has them all: 280 of 300.
    expect(world.balances(world.home)).toEqual({
      'fund:500100:employee:pool': 720_00n,
      'personal:P1': 280_00n,
      'due-to:500100:510100:employee:2026-11': -1000_00n,
    })
    expect(world.balances(world.care)).toEqual({
      'due-from:510100:500100:employee:2026-11': 1000_00n,
      'payable:H51010000001:settled': -1000_00n,
    })
    expect(world.home.books.balances.get('P1')).toBe(yuan('20.00'))
    expect(world.care.books.balances.get('P1')).toBe(0n)
  })

  test('and pays the window what is left, which is noted where it is paid', async () => {
    const world = new Abroad()
    await world.through(settle('K1', { useAccount: false }))
    expect(world.balances(world.home)).toEqual({
      'fund:500100:employee:pool': 720_00n,
      'due-to:500100:510100:employee:2026-11': -720_00n,
    })
    expect(world.balances(world.care)).toMatchObject({
      'payable:H51010000001:settled': -720_00n,
      'memo:person:P1': 280_00n,
    })
  })

  test('by a bill of a visit as well, with what is entered beside it', async () => {
    const world = new Abroad()
    const subject = { owner: 'P1', name: 'something' }
    const entered = bill('K1', {
      subjects: [subject],
      enter: (_, { id }) => ({
        entries: [{ subject, kind: 'billed', body: { id: id ?? '' } }],
        result: { n: 1 },
      }),
    })
    expect(words(await world.through(entered))).toBe('settled 72000')
    const kept = world.care.books.dossiers.get(subjectKey(subject))
    expect(kept?.map(({ kind }) => kind)).toEqual(['billed'])
    expect(world.crossing('K1')?.state).toBe('done')
  })

  test('is told of in a preview what only home can compute, and then what home told', async () => {
    const world = new Abroad()
    const process = startProcess(world.care.ports)
    const { key: _key, ...visit } = bill('K1')
    for (const asked of [awayClaim(), visit]) {
      expect(await process.preview([asked])).toMatchObject([{ kind: 'asking', to: '500100' }])
      const other = new Abroad()
      const split = told(settledRow(await other.through(settle('K1')))).split
      expect(await process.preview([asked], split)).toMatchObject([
        { kind: 'preview', settlement: { fundTotal: yuan('720.00') } },
      ])
    }
    expect(world.care.books.commits).toBe(0)
  })
})

describe('a request that was asked already', () => {
  test.each(['asked', 'unknown', 'reversing'] as const)(
    'is not asked again while it is %s: its outcome is unknown',
    async (state) => {
      const world = new Abroad()
      await world.care.take(settle('K1'))
      if (state !== 'asked') await world.note('K1', { kind: 'note', state }, keyOf('N'))
      expect(await world.care.take(settle('K1'))).toEqual({ kind: 'unknown' })
      expect(await world.care.take(bill('K1'))).toEqual({ kind: 'unknown' })
      expect(world.crossing('K1')?.state).toBe(state)
      expect(world.care.events).toEqual([])
    },
  )

  test('is asked again once it is known that nothing was sent', async () => {
    const world = new Abroad()
    await world.care.take(settle('K1'))
    await world.note('K1', { kind: 'note', state: 'unsent' }, keyOf('N'))
    world.at += 60_000
    expect(asAsking(await world.care.take(settle('K1'))).crossing.askedAt).toBe(now + 60_000)
    expect(world.crossing('K1')).toMatchObject({ state: 'asked', askedAt: now + 60_000 })
  })

  test('is answered as it was once it is done, and its answer is not taken twice', async () => {
    const world = new Abroad()
    const asking = asAsking(await world.care.take(settle('K1')))
    const reply = await world.answer(asking)
    const first = await world.tell(settle('K1'), asking, reply)
    expect(await world.care.take(settle('K1'))).toEqual({ ...first, replayed: true })
    expect(await world.tell(settle('K1'), asking, reply)).toEqual({ ...first, replayed: true })
    expect(world.care.books.rows).toHaveLength(1)
  })

  test('is refused for good where home refuses it', async () => {
    const world = new Abroad()
    await world.care.take(settle('K1'))
    const refusal = refuse('coverage-paused')
    const noted = await world.note('K1', { kind: 'note', state: 'refused', refusal }, keyOf('K1'))
    expect(words(noted)).toBe('coverage-paused')
    expect(await world.care.take(settle('K1'))).toMatchObject({ refusal, replayed: true })
    expect(world.crossing('K1')?.state).toBe('refused')
  })

  test.each([settle('K1'), bill('K1')])(
    'is told nothing that was never asked ($kind)',
    async (ask) => {
      const other = new Abroad()
      const asking = asAsking(await other.care.take(settle('K1')))
      const world = new Abroad()
      expect(await world.tell(ask, asking, await other.answer(asking))).toEqual({ kind: 'unknown' })
      expect(world.care.books.commits).toBe(0)
    },
  )

  test('is told nothing about a person nobody knows', async () => {
    const world = new Abroad()
    const asking = asAsking(await world.care.take(settle('K1')))
    const reply = await world.answer(asking)
    const stranger = { ...bill('K1'), person: 'P9' }
    expect(await world.tell(stranger, asking, reply)).toEqual({ kind: 'unknown' })
  })

  test('is not concluded once it is being reversed', async () => {
    const world = new Abroad()
    const asking = asAsking(await world.care.take(settle('K1')))
    const reply = await world.answer(asking)
    await world.note('K1', { kind: 'note', state: 'reversing' }, keyOf('N'))
    expect(await world.tell(settle('K1'), asking, reply)).toEqual({ kind: 'unknown' })
    expect(world.care.books.rows).toEqual([])
  })

  test.each([
    { kind: 'cancelled', postedAt: now, affected: [] } as const,
    { kind: 'open' } as const,
  ])('and told of something else ($kind) stays as it is', async (reply) => {
    const world = new Abroad()
    const asking = asAsking(await world.care.take(settle('K1')))
    expect(await world.tell(settle('K1'), asking, reply)).toEqual({ kind: 'unknown' })
    expect(world.crossing('K1')?.state).toBe('asked')
  })
})

describe('what was allowed when home was asked', () => {
  test('is allowed when home answers: it is decided as of then, and posted now', async () => {
    const world = new Abroad()
    // Asked at the last moment of a day whose bill would be of the future on the day before.
    const ask = settle('K1', { day: '2026-11-23' as never })
    const asking = asAsking(await world.care.take(ask))
    const reply = await world.answer(asking)
    world.at = now - 2 * day_ms
    expect(words(await world.care.take(settle('K2', { day: '2026-11-23' as never })))).toBe(
      'day-in-future',
    )
    const row = settledRow(await world.tell(ask, asking, reply))
    expect(row.postedAt).toBe(now - 2 * day_ms)
  })

  test('its bill finds the moment at which it was asked', async () => {
    const world = new Abroad()
    const moments: number[] = []
    const ask = bill('K1', {
      claim: ({ now: at }) => {
        moments.push(at)
        return awayClaim()
      },
    })
    const asking = asAsking(await world.care.take(ask))
    const reply = await world.answer(asking)
    world.at += 40 * day_ms
    expect(words(await world.tell(ask, asking, reply))).toBe('settled 72000')
    expect(moments).toEqual([now, now, now])
  })
})

describe('what home settled and cannot be settled here', () => {
  const givenBack = async (world: Abroad, key: string) => {
    expect(world.crossing(key)?.state).toBe('reversing')
    expect(await world.care.take(settle(key))).toMatchObject({ replayed: true })
    expect(world.care.books.rows).toEqual([])
    // And the same sweep undoes it at home.
    expect(await world.care.books.due.list(world.at, 9)).toHaveLength(1)
  }

  test('is given back where its answer does not add up', async () => {
    const world = new Abroad()
    const asking = asAsking(await world.care.take(settle('K1')))
    await world.answer(asking)
    const reply = told(world.homeRow(asking.ask.reference))
    const wrong = { ...reply, split: { ...reply.split, fundTotal: 1n as Fen } }
    expect(words(await world.tell(settle('K1'), asking, wrong))).toBe('home-answer-wrong')
    await givenBack(world, 'K1')
  })

  test('is given back where the visit changed meanwhile', async () => {
    for (const changed of [
      { claim: () => refuse('visit-changed') },
      { enter: () => refuse('visit-changed') },
    ]) {
      const world = new Abroad()
      const asking = asAsking(await world.care.take(bill('K1')))
      const reply = await world.answer(asking)
      const now = await world.tell(bill('K1', changed), asking, reply)
      expect(words(now)).toBe('visit-changed')
      await givenBack(world, 'K1')
    }
  })

  test('is given back where a package of it was sold to somebody meanwhile', async () => {
    const world = new Abroad()
    const { upload, bill: ask } = sale('V1', { lines: [line('L1', ['T1'])] })
    for (const one of upload) await world.care.take(one)
    const asking = asAsking(await world.care.take(ask))
    const reply = await world.answer(asking)
    await world.care.take(tells('3505', ['T1'], { unsettled: true }))
    expect(words(await world.tell(ask, asking, reply))).toBe('package-already-sold')
    expect(world.crossing('settle V1')?.state).toBe('reversing')
    expect(world.care.books.rows).toEqual([])
  })
})

describe('asks of the same batch', () => {
  test('are each asked of home on their own', async () => {
    const world = new Abroad()
    const taken = await world.care.takeAll([settle('K1'), settle('K2'), settle('K1')])
    expect(taken.map(words)).toEqual(['asking settle', 'asking settle', 'unknown'])
  })

  test('a reversal beside what it reverses goes first, since that has more to be read, and blocks it', async () => {
    const world = new Abroad()
    const taken = await world.care.takeAll([settle('K1'), reverse('R1', 'K1')])
    expect(taken.map(words)).toEqual(['undone-before-arrival', 'reversed nothing'])
    expect(world.crossing('K1')).toBeUndefined()
  })
})

test('where both regions are served here, nobody is asked', async () => {
  const world = new Abroad()
  const regions = packs.directory(['510100', '500100'])
  const [taken] = await startProcess({ ...world.care.ports, regions }).settle([settle('K1')])
  expect(taken).toMatchObject({ kind: 'settled', row: { content: { fundTotal: yuan('720.00') } } })
  expect(settledRow(taken as never).content).not.toHaveProperty('side')
})
