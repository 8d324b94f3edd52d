import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goodClaim } from './desk.ts'
import { openStrictDoor } from './strict.ts'

let door: Awaited<ReturnType<typeof openStrictDoor>>

beforeAll(async () => {
  door = await openStrictDoor()
})
afterAll(() => door.app.close())

const good = Buffer.from(JSON.stringify(goodClaim))

/** Either the claim is read or it is refused with a problem document: a third does not exist. */
async function makesSense(body: Buffer | string): Promise<boolean> {
  const reply = await door.post(body)
  if (reply.statusCode !== 201) door.judge(reply)
  return [201, 400, 413, 415].includes(reply.statusCode)
}

/** Runs a property and gives what went wrong, if anything. */
async function counterexample<T>(
  bodies: fc.Arbitrary<T>,
  write: (body: T) => Buffer | string,
  numRuns: number,
): Promise<unknown> {
  const result = await fc.check(
    fc.asyncProperty(bodies, (body) => makesSense(write(body))),
    { numRuns },
  )
  return result.failed ? { seed: result.seed, body: result.counterexample } : undefined
}

test('any JSON at all is read or refused', async () => {
  const bodies = fc.json({ maxDepth: 6 })
  expect(await counterexample(bodies, (text) => text, 1_000)).toBeUndefined()
})

test('a claim with any value anywhere is read or refused', async () => {
  const bodies = fc.record({
    field: fc.constantFrom(...Object.keys(goodClaim)),
    value: fc.jsonValue(),
  })
  const write = ({ field, value }: { field: string; value: unknown }) =>
    JSON.stringify({ ...goodClaim, [field]: value })
  expect(await counterexample(bodies, write, 1_000)).toBeUndefined()
})

test('a claim with any bytes changed is read or refused', async () => {
  const change = fc.record({ at: fc.nat(good.length - 1), to: fc.uint8Array({ maxLength: 4 }) })
  const write = (changes: { at: number; to: Uint8Array }[]) =>
    changes.reduce<Buffer>(
      (body, { at, to }) => Buffer.concat([body.subarray(0, at), to, body.subarray(at + 1)]),
      good,
    )
  const bodies = fc.array(change, { minLength: 1, maxLength: 4 })
  expect(await counterexample(bodies, write, 2_000)).toBeUndefined()
})
