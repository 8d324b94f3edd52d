import { expect, test } from 'vitest'
import { cancel, desk, settle, words } from './support/desk.ts'
import { stay } from './support/world.ts'

test("a cancellation says whether it is of a stay's settlement", async () => {
  const at = desk()
  const [stays, visits] = await at.settle([
    settle('k1', 0, { visit: 'V1', stay: stay('2026-03-01', '2026-03-02') }),
    settle('k2', 1, { visit: 'V2', care: 'outpatient' }),
  ])
  const id = (outcome: typeof stays) => (outcome?.kind === 'settled' ? outcome.row.id : '')
  const ask = async (key: string, settlement: string, more: object) =>
    words(await at.settle([{ ...cancel(key, settlement), ...more }]))
  expect(await ask('c1', id(stays), { stay: false })).toEqual(['settlement-unknown'])
  expect(await ask('c2', id(visits), { stay: true })).toEqual(['settlement-unknown'])
  expect(await ask('c3', id(stays), { stay: true })).toEqual([`undone ${id(stays)}`])
  expect(await ask('c4', id(visits), { stay: false })).toEqual([`undone ${id(visits)}`])
})
