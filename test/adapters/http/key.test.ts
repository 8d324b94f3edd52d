import { expect, test } from 'vitest'
import { Complaint } from '../../../adapters/http/complaint.ts'
import { readKey } from '../../../adapters/http/key.ts'

test.each([
  ['bare', 'abc', 'abc'],
  ['in quotes as the draft has it', '"abc"', 'abc'],
  ['with escapes inside quotes', '"a\\"b\\\\c"', 'a"b\\c'],
  ['with a space inside', 'a b', 'a b'],
  ['of 255 characters', 'k'.repeat(255), 'k'.repeat(255)],
])('a key %s is read', (_, header, key) => {
  expect(readKey(header)).toBe(key)
})

test.each([
  ['missing', undefined, 'idempotency-key-missing'],
  ['empty', '', 'idempotency-key-missing'],
  ['empty in quotes', '""', 'idempotency-key-invalid'],
  ['blank in quotes', '"  "', 'idempotency-key-invalid'],
  ['of 256 characters', 'k'.repeat(256), 'idempotency-key-invalid'],
  ['with an open quote', '"abc', 'idempotency-key-invalid'],
  ['with something after the quote', '"abc"; p=1', 'idempotency-key-invalid'],
  ['not in ASCII', '键', 'idempotency-key-invalid'],
  ['with a control character', 'a\tb', 'idempotency-key-invalid'],
  ['given twice', ['a', 'b'], 'idempotency-key-invalid'],
])('a key %s is refused', (_, header, code) => {
  expect(() => readKey(header)).toThrow(new Complaint(code as never))
})
