import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileWaiting } from '../../../adapters/http/schemaCompilers.ts'
import { openServed } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

test('every schema of every route can be compiled, and a start compiles none that nobody has asked for', () => {
  const first = compileWaiting()
  expect(first).toBeGreaterThan(500)
  expect(compileWaiting()).toBe(0)
})
