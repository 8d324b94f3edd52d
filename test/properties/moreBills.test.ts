import { expect, test } from 'vitest'
import { bills, seed, tryBills } from './support/run.ts'

test(`the odd ones of ${bills} random bills over every rule, from SEED=${seed}, keep every identity`, () => {
  expect(tryBills(1, 2)).toEqual([])
}, 300_000)
