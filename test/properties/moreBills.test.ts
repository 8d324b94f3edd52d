import { test } from 'vitest'
import { bills, seed, tryBills } from './support/run.ts'

test(`the odd ones of ${bills} random bills over every rule, from SEED=${seed}, keep every identity`, () => {
  tryBills(1, 2)
}, 300_000)
