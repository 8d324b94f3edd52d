import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transactions } from '../../../adapters/nhsa/transactions.ts'
import { envelope, signed } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const anything = fc.oneof(
  fc.constantFrom(null, '', 0, -1, 1e21, true, [], {}, [[]], '0', '\u0000', '\u202e', '𠮷'),
  fc.string(),
  fc.integer(),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
)
const infnos = fc.constantFrom(...transactions.keys(), '0000', '9001A')
const fields = fc.constantFrom(...Object.keys(envelope('9001', {})))

async function post(body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = signed()
  const { status, text, json } = await served.ask('/fsi/api/x', { method: 'POST', headers, body })
  expect([200, 413]).toContain(status)
  expect(json).toHaveProperty('inf_refmsgid')
  expect(text).not.toMatch(/系统内部错误| at \/|select |insert /)
}

test('no envelope with anything in any field is more than refused', async () => {
  expect.hasAssertions()
  await fc.assert(
    fc.asyncProperty(infnos, fields, anything, async (infno, field, value) => {
      await post(JSON.stringify({ ...envelope(infno, { data: {} }), [field]: value }))
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('no input of any shape is more than refused', async () => {
  expect.hasAssertions()
  await fc.assert(
    fc.asyncProperty(infnos, anything, anything, async (infno, one, two) => {
      const nodes = Object.keys(transactions.get(infno)?.input ?? { data: 1 })
      const input = Object.fromEntries(nodes.map((name, i) => [name, i % 2 ? two : one]))
      await post(JSON.stringify(envelope(infno, input)))
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('no bytes are more than refused', async () => {
  expect.hasAssertions()
  const whole = Buffer.from(JSON.stringify(envelope('9001', { signIn: { opter_no: '1' } })))
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: whole.length - 1 }),
      fc.uint8Array({ maxLength: 8 }),
      async (at, bytes) => {
        const changed = new Uint8Array(whole)
        changed.set(bytes.slice(0, whole.length - at), at)
        await post(changed)
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)
