import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Head, readHead, writeHead } from '../../../engine/seal/head.ts'

const root = new Uint8Array(32).fill(1)
const previous = new Uint8Array(32).fill(2)
const head: Head = {
  origin: '510100 journal',
  size: 1234,
  root,
  at: '2026-03-02T01:00:00.123Z',
  previous,
}
const text = [
  '510100 journal',
  '1234',
  'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=',
  'at 2026-03-02T01:00:00.123Z',
  'previous AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=',
  '',
].join('\n')

describe('the text of a head', () => {
  test('says on a line each which log it is of, its size, its root, when that was, and the head before', () => {
    expect(writeHead(head)).toBe(text)
    expect(readHead(text)).toEqual(head)
  })

  test('of the first head names none before', () => {
    const first = { ...head, previous: undefined }
    expect(writeHead(first)).toBe(text.split('\n').toSpliced(4, 1).join('\n'))
    expect(readHead(writeHead(first))).toEqual(first)
  })

  test('gives back every head that was written', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(
        fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        hash,
        fc.nat({ max: 4e12 }),
        fc.option(hash, { nil: undefined }),
        (size, ofRoot, moment, before) => {
          const at = new Date(moment).toISOString()
          const one = { origin: 'a log', size, root: ofRoot, at, previous: before }
          expect(readHead(writeHead(one))).toEqual(one)
        },
      ),
    )
  })

  test.each([
    ['has no end', text.slice(0, -1)],
    ['goes on after its end', `${text}more\n`],
    ['has a size with a zero before it', text.replace('1234', '01234')],
    ['has a size beyond what can be counted', text.replace('1234', '9999999999999999')],
    ['has a root that is too short', text.replace('AQEB', '')],
    // The last two bits before the padding are part of no byte.
    ['has a root that is written in another way', text.replace('AQE=', 'AQF=')],
    ['is of a day that there is not', text.replace('03-02T', '03-32T')],
    ['is of no moment', text.replace('T01:00', 'T25:00')],
    ['is of no log', text.replace('510100 journal', '')],
    ['ends its lines as others do', text.replaceAll('\n', '\r\n')],
    ['is nothing', ''],
  ])('is not read where it %s', (_, other) => {
    expect(other).not.toBe(text)
    expect(readHead(other)).toBeUndefined()
  })
})
