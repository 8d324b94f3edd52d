import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeTables } from '../../../adapters/nhsa/codes.ts'
import type { Field, Nodes } from '../../../adapters/nhsa/field.ts'
import { transactions } from '../../../adapters/nhsa/transactions.ts'
import { envelope, hospital, signed } from './envelopes.ts'
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

/** Something that a field's kind takes, most of the time. */
function plausible(name: string, { kind }: Field<unknown>): fc.Arbitrary<unknown> {
  if (name === 'psn_no')
    return fc.constantFrom('510100000000000000001001', '510100000000000000001002')
  if (name === 'fixmedins_code') return fc.constant(hospital)
  if (name === 'insutype') return fc.constantFrom('310', '390')
  const codes = Object.keys(codeTables[kind.codes as keyof typeof codeTables] ?? {})
  if (codes.length > 0) return fc.constantFrom(...codes)
  if (kind.type.startsWith('日期时间')) return fc.constant('2026-03-02 09:00:00')
  if (kind.type.startsWith('日期')) return fc.constantFrom('2026-03-02', '2026-03-01', '2027-01-01')
  if (kind.type.startsWith('数值')) return fc.constantFrom(0, 1, 2, '1', 12.5)
  return fc.constantFrom('1', '0', 'A1', '310', '11', '510100', '2026')
}

const rowOf = (table: Readonly<Record<string, Field<unknown>>>): fc.Arbitrary<unknown> =>
  fc.record(
    Object.fromEntries(
      Object.entries(table).map(([name, field]) => [
        name,
        fc.oneof(
          { arbitrary: plausible(name, field), weight: 40 },
          { arbitrary: fc.constant(''), weight: field.required ? 1 : 20 },
          { arbitrary: anything, weight: 1 },
        ),
      ]),
    ),
  )

const inputOf = (nodes: Nodes): fc.Arbitrary<unknown> =>
  fc.record(
    Object.fromEntries(
      Object.entries(nodes).map(([name, { table, many }]) => [
        name,
        many ? fc.array(rowOf(table), { minLength: 1, maxLength: 3 }) : rowOf(table),
      ]),
    ),
  )

test.each([...transactions.values()].map(({ infno, input }) => [infno, input] as const))(
  '%s makes a refusal or an answer of whatever its tables take',
  async (infno, nodes) => {
    expect.hasAssertions()
    await fc.assert(
      fc.asyncProperty(inputOf(nodes), async (input) => {
        await post(JSON.stringify(envelope(infno, input)))
      }),
      { numRuns: 12 },
    )
  },
  60_000,
)

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
