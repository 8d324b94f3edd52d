import { expect, test } from 'vitest'
import { bills, seed, tryBills } from './support/run.ts'

// The other half stands in a file of its own, so that two cores share the work.
test(`the even ones of ${bills} random bills over every rule, from SEED=${seed}, keep every identity`, () => {
  expect(tryBills(0, 2)).toEqual([])
}, 300_000)
