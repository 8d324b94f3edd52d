import { drawBytes } from '../../../adapters/crypto/drawnBytes.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonicalJson,
  decodeRow,
  encodeRow,
  firstDifference,
} from '../../../adapters/postgres/document.ts'
import { createIds, timeOfId } from '../../../adapters/postgres/ids.ts'
import type { Row } from '../../../engine/ports.ts'
import { crypto } from './support.ts'

describe('canonical JSON', () => {
  it('orders members by code units and leaves out what is undefined', () => {
    const value = {
      '\u{1f600}': 1,
      '\ufb33': 2,
      b: [false, null],
      a: undefined,
      A: 10n,
      '': 'é\n"',
    }
    expect(canonicalJson(value)).toBe(
      '{"":"é\\n\\"","A":10,"b":[false,null],"\u{1f600}":1,"\ufb33":2}',
    )
  })

  it('does not depend on the order in which members were set', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const turned = JSON.parse(JSON.stringify(value), (_, held) =>
          typeof held === 'object' && held !== null && !Array.isArray(held)
            ? Object.fromEntries(Object.entries(held).toReversed())
            : held,
        )
        expect(canonicalJson(turned)).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('refuses what would not come back', () => {
    for (const value of [NaN, Infinity, 2n ** 53n, Symbol('s'), () => 1])
      expect(() => canonicalJson({ value })).toThrow()
  })
})

describe('a row', () => {
  const row = {
    id: 'X'.repeat(30),
    settlement: 'X'.repeat(30),
    sequence: 1,
    kind: 'settlement',
    postedAt: 1772413200000,
    content: {
      total: 9007199254740991n,
      lines: [{ id: '12', amount: 0n }],
      counters: [{ year: '2026', key: 'pool', delta: -5n }],
      stay: { interim: false },
      warnings: [{ code: 'same-bill-settled', facts: { total: '12', settlements: ['1'] } }],
    },
  } as unknown as Row

  it('comes back from its document as it was', () => {
    expect(decodeRow(Buffer.from(encodeRow(row)))).toEqual(row)
  })

  it('with a number where fen belong is a bug', () => {
    const wrong = { ...row, content: { ...row.content, total: 12 } } as unknown as Row
    expect(() => encodeRow(wrong)).toThrow(/total/)
  })
})

describe('the first difference', () => {
  it.each([
    ['{"a":1}', '{"a":2}', 'a'],
    ['{"a":{"b":[1,2]}}', '{"a":{"b":[1,3]}}', 'a.b[1]'],
    ['{"a":[1]}', '{"a":[1,2]}', 'a[1]'],
    ['{"a":1}', '{"a":1,"c":null}', 'c'],
    ['{"a":1,"b":2}', '{"a":"1","b":3}', 'a'],
    ['{"a":{}}', '{"a":[]}', 'a'],
    ['[]', '{}', 'input'],
    ['{"a":1}', '{"a":1}', undefined],
  ])('between %s and %s is %s', (stored, given, path) => {
    expect(firstDifference(stored, given)).toBe(path)
  })
})

describe('ids', () => {
  it('have 30 characters, grow, and tell their time and their owner', () => {
    const ids = createIds({ ...crypto, drawBytes })
    const made = Array.from({ length: 10_000 }, (_, i) =>
      ids.next('A', 1_772_413_200_000 + (i % 3)),
    )
    expect(made.every((id) => /^[0-9A-HJKMNP-TV-Z]{30}$/.test(id))).toBe(true)
    expect(made.toSorted()).toEqual(made)
    expect(new Set(made).size).toBe(10_000)
    expect(timeOfId(made[0] ?? '')).toBe(1_772_413_200_000)
    expect(timeOfId(made.at(-1) ?? '') - 1_772_413_200_000).toBeLessThan(6)
    const owners = new Set(made.map((id) => id.slice(26)))
    expect(owners.size).toBe(1)
    expect(owners.has(ids.next('B', 0).slice(26))).toBe(false)
  })

  it('are those of a UUID of version 7', () => {
    const id = createIds({ ...crypto, drawBytes }).next('A', 1_772_413_200_000)
    const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    const value = id
      .slice(0, 26)
      .split('')
      .reduce((all, letter) => (all << 5n) | BigInt(letters.indexOf(letter)), 0n)
    expect((value >> 76n) & 0xfn).toBe(7n)
    expect((value >> 62n) & 3n).toBe(2n)
  })
})
