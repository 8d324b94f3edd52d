// Messages that go in one envelope: who goes with whom.
import { describe, expect, test } from 'vitest'
import { batchesPath, messagesPath } from '../../../adapters/region/envelope.ts'
import { type Outgoing, Turnstile } from '../../../adapters/region/turnstile.ts'
import type { RegionAsk } from '../../../engine/awayClaim.ts'
import { parseDay } from '../../../engine/day.ts'
import {
  absent,
  inPlace,
  opened,
  query,
  region,
  repeated,
  settle,
  several,
  toldOf,
} from './envelopes.ts'
import { preview } from './examples.ts'
import { signed } from './forged.ts'
import { lineTo } from './support.ts'

describe('who goes together', () => {
  test('a message goes alone where nothing else is asked, as it does to a region that takes one', async () => {
    const { url, envelopes } = await region()
    const { line } = opened(lineTo(url, { together: 8 }))
    for (const n of [1, 2, 3]) await line.ask('440100', query(n))
    expect(envelopes.map(({ path }) => path)).toEqual(repeated(3, messagesPath))
    const one = opened(lineTo(url, { together: 1, atOnce: 4, waiting: 10 }))
    expect(await toldOf(one.line, several(6, query))).toEqual(repeated(6, 'absent'))
    expect(envelopes.map(({ path }) => path)).toEqual(repeated(9, messagesPath))
  })

  test('what is asked in one turn goes in one envelope, up to as many as the region takes', async () => {
    const { url, envelopes } = await region()
    const { line, counted } = opened(lineTo(url, { together: 8 }))
    expect(await toldOf(line, several(10, query))).toEqual(repeated(10, 'absent'))
    expect(envelopes.map(({ path, messages }) => [path, messages.length])).toEqual([
      [batchesPath, 8],
      [batchesPath, 2],
    ])
    expect(counted.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(
      repeated(10, 'query absent'),
    )
  })

  test('what comes while every place is taken goes together once one is free', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { url, envelopes } = await region(absent, promise)
    const { line } = opened(lineTo(url, { together: 8, atOnce: 1, waiting: 10 }))
    const told = [toldOf(line, [query(0)])]
    await expect.poll(() => envelopes).toHaveLength(1)
    for (const n of [1, 2, 3]) {
      told.push(toldOf(line, [query(n)]))
      await new Promise(setImmediate)
    }
    resolve()
    expect((await Promise.all(told)).flat()).toEqual(repeated(4, 'absent'))
    expect(envelopes.map(({ messages }) => messages.length)).toEqual([1, 3])
  })

  test('more than may wait are told so at once, and the others go', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { url, envelopes } = await region(absent, promise)
    const { line, hasRoom } = opened(lineTo(url, { together: 8, atOnce: 1, waiting: 3 }))
    const first = toldOf(line, [query(0)])
    await expect.poll(() => envelopes).toHaveLength(1)
    const others = toldOf(line, several(5, settle))
    expect(hasRoom()).toBe(false)
    resolve()
    expect([await first, await others]).toEqual([
      ['absent'],
      // Which is no answer to what settles, but they went.
      [...repeated(3, 'bad-answer'), 'unsent', 'unsent'],
    ])
  })

  test('so are those of one turn beyond what has a place and what may wait', async () => {
    const { url, envelopes } = await region()
    const { line } = opened(lineTo(url, { together: 4, atOnce: 2, waiting: 3 }))
    expect(await toldOf(line, several(14, settle))).toEqual([
      ...repeated(11, 'bad-answer'),
      ...repeated(3, 'unsent'),
    ])
    expect(envelopes.map(({ messages }) => messages.length)).toEqual([4, 4, 3])
  })

  test('whoever finds no place in time never leaves, and the others go without them', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { url, envelopes } = await region(absent, promise)
    const { line } = opened(lineTo(url, { together: 8, atOnce: 1 }))
    const first = toldOf(line, [query(0)])
    await expect.poll(() => envelopes).toHaveLength(1)
    const other = toldOf(line, [query(1)])
    expect(await toldOf(line, [query(2)], 30)).toEqual(['unsent'])
    resolve()
    expect([await first, await other]).toEqual([['absent'], ['absent']])
    expect(envelopes[1]?.messages).toEqual([{ kind: 'query', reference: 'H1 1' }])
  })

  test('what only looks goes without what moves money, which may take long', async () => {
    const { url, envelopes } = await region()
    const { line } = opened(lineTo(url, { together: 8 }))
    await toldOf(line, [query(1), settle(1), query(2), settle(2), preview])
    expect(envelopes.map(({ messages }) => messages.map(({ kind }) => kind))).toEqual(
      expect.arrayContaining([
        ['query', 'query', 'preview'],
        ['settle', 'settle'],
      ]),
    )
  })

  test('a statement goes alone, for it is long', async () => {
    const { url, envelopes } = await region(
      signed((_, sent) => ({
        body: inPlace(sent, ({ kind }) =>
          kind === 'statement' ? { kind: 'statement', rows: [] } : { kind: 'absent' },
        ),
      })),
    )
    const { line } = opened(lineTo(url, { together: 8 }))
    const [from, until] = [parseDay('2026-03-01'), parseDay('2026-03-02')]
    const statement: RegionAsk = { kind: 'statement', from, until, limit: 10 }
    await toldOf(line, [query(1), statement, query(2)])
    expect(envelopes.map(({ messages }) => messages.map(({ kind }) => kind))).toEqual(
      expect.arrayContaining([['query', 'query'], ['statement']]),
    )
  })

  test('only those of one sender, up to a mebibyte, and whoever is to go alone does', async () => {
    const sent: string[][] = []
    const limits = { atOnce: 9, waiting: 9, together: 3 }
    const turnstile = new Turnstile<Outgoing & { readonly name: string }>(
      limits,
      async (together) => void sent.push(together.map(({ name }) => name)),
    )
    const enter = (name: string, company: string | undefined, bytes = 1) =>
      turnstile.enter({ company, bytes, name, patient: false }, 1_000)
    await Promise.all([
      enter('A1', 'A'),
      enter('try', undefined),
      enter('B1', 'B'),
      enter('A2', 'A'),
      enter('A3', 'A'),
      enter('A4', 'A', 1_000_000),
      enter('A5', 'A', 100_000),
      enter('A6', 'A', 2_000_000),
    ])
    expect(sent).toEqual([['A1', 'A2', 'A3'], ['try'], ['B1'], ['A4'], ['A5'], ['A6']])
  })
  test('whoever asks what became of a bill has a place also where no other finds one', async () => {
    const sent: number[] = []
    const turnstile = new Turnstile({ atOnce: 1, waiting: 1, together: 1 }, async (together) => {
      sent.push(together.length)
      await new Promise(() => {})
    })
    const enter = async (patient: boolean) =>
      turnstile.enter({ company: undefined, bytes: 1, patient }, 50).catch(({ message }) => message)
    void enter(false)
    void enter(false)
    expect(await enter(false)).toBe('too many wait for this region already')
    expect(await enter(true)).toBe('no place was free in time')
    expect(sent).toEqual([1])
  })
})
