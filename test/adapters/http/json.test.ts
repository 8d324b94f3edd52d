import { describe, expect, test } from 'vitest'
import { Complaint } from '../../../adapters/http/complaint.ts'
import { parseJson, readJson } from '../../../adapters/http/json.ts'
import { manyKeys } from './strict.ts'

function complaintOf(work: () => unknown): Complaint {
  try {
    work()
  } catch (error) {
    if (error instanceof Complaint) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('reading JSON', () => {
  test.each([
    '{}',
    '{"a":{"b":[1,2,{"c":"d"}]},"e":null}',
    ' { "a" : [ ] , "b" : { } } ',
    '{"a\\"b":"\\\\","c":"\\\\\\""}',
    '{"a":{"x":1},"b":{"x":1}}',
    '[{"a":1},{"a":1}]',
    '{"中":"\\u4e2d\\ud83d\\ude00"}',
    '-12.5e3',
  ])('takes %s as JSON.parse does', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  test.each([
    ['{"a":1,"a":2}', '/a'],
    ['{"a":{"b":1,"c":{},"b":1}}', '/a/b'],
    ['{"a":1,"\\u0061":2}', '/a'],
    ['{"lines":[{},{"id":"1","id":"2"}]}', '/lines/1/id'],
    ['{"a/b":1,"a/b":2}', '/a~1b'],
  ])('a field given twice is refused and named: %s', (text, field) => {
    const complaint = complaintOf(() => parseJson(text))
    expect(complaint.code).toBe('json-key-repeated')
    expect(complaint.facts.field).toBe(field)
  })

  test.each([
    ['nothing', ''],
    ['half an object', '{"a":'],
    ['two values', '{} {}'],
    ['a comma too many', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{/* */}'],
    ['NaN', '{"a":NaN}'],
    ['a byte order mark', '\ufeff{}'],
    ['a NUL inside', '{"a":"\0"}'],
    ['an escaped NUL', '{"a":"\\u0000"}'],
    ['half a surrogate pair', '{"a":"\\ud800"}'],
    ['half a surrogate pair as a key', '{"\\udc00":1}'],
    ['an open string', '{"a":"b'],
    ['a string that ends in a backslash', '{"a":"\\"'],
    ['full-width digits', '{"a":１２}'],
    ['33 levels', '['.repeat(33) + ']'.repeat(33)],
    ['a million open lists', '['.repeat(1_048_576)],
    ['a million open objects', '{"a":'.repeat(200_000)],
  ])('%s is not JSON to us', (_, text) => {
    expect(complaintOf(() => parseJson(text)).code).toBe('json-invalid')
  })

  test.each([
    ['__proto__', '{"__proto__":{"a":1}}'],
    ['__proto__ in escapes', '{"__pr\\u006fto__":1}'],
    ['a hundred keys and one', `{${manyKeys(101)}}`],
    ['ninety thousand keys', `{${manyKeys(90_000)}}`],
    ['a number of twenty digits', '{"a":12345678901234567890}'],
    ['a fraction of twenty digits', '{"a":1.0000000000000000001}'],
    ['a number beyond all', '{"a":1e999}'],
    ['a number below all', '{"a":1e-999}'],
  ])('%s is no field of ours', (_, text) => {
    expect(complaintOf(() => parseJson(text)).code).toBe('field-invalid')
  })

  test('bytes that are not UTF-8 are refused and never replaced', () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')])
    expect(complaintOf(() => readJson(bytes)).facts.expected).toBe('text in UTF-8')
  })

  test('hostile text of a mebibyte takes less than 120 ms of a processor', () => {
    const hostile = [
      '['.repeat(1_048_576),
      `{${manyKeys(90_000)}}`,
      `{"a":"${'\\\\'.repeat(524_288)}"}`,
      `"${'\\"'.repeat(524_288)}"`,
      `[${'1,'.repeat(500_000)}1]`,
    ]
    for (const text of hostile) {
      // Others may have the core for a while, so its own time is counted, and of three the shortest.
      const took_ms = Array.from({ length: 3 }, () => {
        const before = process.threadCpuUsage()
        try {
          parseJson(text)
        } catch {
          // Whether it is refused is for the tests above.
        }
        const { user, system } = process.threadCpuUsage(before)
        return (user + system) / 1000
      })
      expect(Math.min(...took_ms)).toBeLessThan(120)
    }
  })
})
