import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { PinEntry } from '../../../adapters/crypto/keyStore.ts'
import { entered, sandboxStore } from './support.ts'

const store = sandboxStore()

describe('a PIN', () => {
  const marker = '739146'
  const good = entered(marker)
  const kept = store.pinVerifier(good) as { verifier: Buffer; keyVersion: number }
  const attempts: [string, () => unknown][] = [
    ['a block cut off', () => store.checkPin({ ...good, block: good.block.subarray(1) }, kept)],
    [
      'another terminal',
      () => store.checkPin({ ...good, terminal: { division: '510100', id: 'X' } }, kept),
    ],
    [
      'another card',
      () => store.checkPin({ ...good, card: { division: '510100', number: 'D9' } }, kept),
    ],
    [
      'a division without keys',
      () => store.pinVerifier({ ...good, card: { division: 'x', number: 'D80000001' } }),
    ],
    ['no verifier', () => store.checkPin(good, {} as typeof kept)],
    ['a key version that is not there', () => store.checkPin(good, { ...kept, keyVersion: 9 })],
    ['no block', () => store.checkPin({ ...good, block: undefined } as unknown as PinEntry, kept)],
    ['a new PIN', () => store.acceptNewPin(good)],
    ['what is kept', () => kept],
    ['the store itself', () => store],
  ]

  test.each(attempts)('never shows in what comes of %s', (_name, attempt) => {
    let outcome: unknown
    try {
      outcome = attempt()
    } catch (error) {
      outcome = error
    }
    const shown = inspect(outcome, { depth: 9, showHidden: true }) + JSON.stringify(outcome)
    const stack = outcome instanceof Error ? `${outcome.message}${outcome.stack}` : ''
    for (const text of [shown, stack]) {
      expect(text).not.toContain(marker)
      expect(text).not.toContain(Buffer.from(marker).toString('hex'))
      expect(text).not.toMatch(/7,\s*3,\s*9,\s*1,\s*4,\s*6/)
      expect(text).not.toContain('070309010406')
    }
  })

  test('is zeroed in the memory that it lay in', () => {
    const needle = Buffer.alloc(6)
    needle.set([7, 3, 9, 1, 4, 6])
    const copy = Buffer.from(needle)
    const memory = () => Buffer.from(Buffer.from('x').buffer)
    // Small buffers share one piece of memory, where the search finds what is not zeroed.
    expect(memory().includes(needle)).toBe(true)
    copy.fill(0)
    expect(store.checkPin(good, kept)).toBe('right')
    store.acceptNewPin(good)
    expect(Buffer.from('x').buffer).toBe(copy.buffer)
    expect(memory().includes(needle)).toBe(false)
  })

  test('of one card is not that of another, nor does the same PIN look alike', () => {
    const other = store.pinVerifier({
      ...entered(marker, { number: 'D80000002' }),
      card: { division: '510100', number: 'D80000002' },
    })
    expect(other).not.toEqual(kept)
    expect(entered(marker).block).not.toEqual(entered(marker).block)
  })
})
