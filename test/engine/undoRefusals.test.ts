import { describe, expect, test } from 'vitest'
import type { UndoFacts } from '../../engine/ports.ts'
import { isRefusal, refuse, type RefusalCode, refusalCodes } from '../../engine/refusal.ts'
import { cancel, type UndoAsked } from '../../engine/undo.ts'
import { day } from './support/packs.ts'
import { now, stay } from './support/world.ts'
import { row } from './support/rows.ts'

describe('the order of refusals of a cancellation', () => {
  const head = row({ visit: 'V1', stay: stay('2026-03-01', '2026-03-02') })
  const undo: UndoFacts = {
    head,
    transfers: [],
    later: [],
    balances: new Map(),
    counters: new Map(),
  }
  const asked: UndoAsked = {
    institution: head.content.institution,
    today: day('2026-03-31'),
    postedOn: day('2026-03-02'),
    policy: { acrossMonths: false, acrossYears: false, laterSettlements: 'refuse' },
    yearStarts: '01-01',
  }
  const later = (visit: string | undefined) => ({
    settlement: 'S9',
    head: 'S9',
    postedAt: now,
    day: day('2026-03-03'),
    visit,
    year: '2026',
  })
  type Both = { undo: UndoFacts; asked: UndoAsked }
  const wrong: readonly (readonly [RefusalCode, (b: Both) => Both])[] = [
    ['settlement-unknown', (b) => ({ ...b, undo: { ...b.undo, head: undefined } })],
    [
      'settlement-of-another-institution',
      (b) => ({ ...b, asked: { ...b.asked, institution: 'H2' } }),
    ],
    [
      'already-undone',
      (b) => ({
        ...b,
        undo: { ...b.undo, head: b.undo.head && { ...b.undo.head, kind: 'cancellation' } },
      }),
    ],
    ['undo-past-boundary', (b) => ({ ...b, asked: { ...b.asked, today: day('2026-04-01') } })],
    [
      'period-applied',
      (b) => ({ ...b, asked: { ...b.asked, blocked: () => refuse('period-applied') } }),
    ],
    [
      'later-part-of-stay',
      (b) => ({ ...b, undo: { ...b.undo, later: [...b.undo.later, later('V1')] } }),
    ],
    [
      'later-settlements',
      (b) => ({ ...b, undo: { ...b.undo, later: [...b.undo.later, later(undefined)] } }),
    ],
  ]
  const tell = (b: Both): string => {
    const found = cancel(b.undo, b.asked)
    return isRefusal(found) ? found.code : 'undone'
  }

  test('what lacks nothing is undone', () => expect(tell({ undo, asked })).toBe('undone'))

  test.each(wrong)('%s is told of what alone brings it about', (code, spoil) => {
    expect(tell(spoil({ undo, asked }))).toBe(code)
  })

  test('where two apply, the earlier one is told, and the table stands in the order of the list', () => {
    for (const [j, [, second]] of wrong.entries())
      for (const [earlier, first] of wrong.slice(0, j))
        expect(tell(second(first({ undo, asked })))).toBe(earlier)
    const order = wrong.map(([code]) => refusalCodes.indexOf(code))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })
})
