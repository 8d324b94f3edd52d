import { expect, test } from 'vitest'
import type { Settlement } from '../../engine/settlement.ts'
import { kindOf } from '../../engine/undo.ts'
import { cancel, desk, settle, words } from './support/desk.ts'
import { stay } from './support/world.ts'

const kinds = ['inpatient', 'outpatient', 'pharmacy'] as const

test('a cancellation may say of which kind of visit the settlement is', async () => {
  const at = desk()
  const settled = await at.settle([
    settle('k1', 0, { visit: 'V1', stay: stay('2026-03-01', '2026-03-02') }),
    settle('k2', 1, { visit: 'V2', care: 'outpatient' }),
  ])
  const ids = settled.map((outcome) => (outcome.kind === 'settled' ? outcome.row.id : ''))
  const ask = async (key: string, settlement: string, more: object) =>
    words(await at.settle([{ ...cancel(key, settlement), ...more }]))
  for (const [i, id] of ids.entries()) {
    for (const of of kinds.filter((kind) => kind !== kinds[i])) {
      expect(await ask(`${id} ${of}`, id, { of })).toEqual(['settlement-of-another-kind'])
      // Another's settlement is told like none, whatever it is.
      expect(await ask(`${id} ${of}`, id, { of, institution: 'H9' })).not.toEqual([
        'settlement-of-another-kind',
      ])
    }
    expect(await ask(`c${i}`, id, { of: kinds[i] })).toEqual([`undone ${id}`])
  }
})

test('a sale whose visit is not kept is told by its kind of care', () => {
  const sold = { care: 'pharmacy', stay: undefined } as Settlement
  expect(kindOf(sold)).toBe('pharmacy')
})
