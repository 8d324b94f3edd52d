import { expect, test } from 'vitest'
import {
  adviceOf,
  askedEntry,
  type Crossing,
  crossingEntry,
  crossingSteps,
  crossingSubject,
  isLate,
  noteCrossing,
  stepAfterQuery,
} from '../../engine/crossing.ts'
import { refuse } from '../../engine/refusal.ts'
import { dossiersOf, found } from './support/dossiers.ts'
import { now } from './support/world.ts'

const one: Crossing = {
  reference: 'H1 K1',
  purpose: 'settle',
  from: '510100',
  to: '500100',
  person: 'P1',
  institution: 'H1',
  of: 'H1 K1',
  settlement: 'H1 K1',
  key: { institution: 'H1', key: 'K1', fingerprint: 'f', input: 'i' },
  state: 'asked',
  askedAt: now,
  at: now,
}

test('what is heard as settled is late where its institution was refused long since', () => {
  const refusal = refuse('home-region-silent')
  expect(isLate(one, { kind: 'refused', refusal, replayed: true })).toBe(true)
  expect(isLate(one, { kind: 'refused', refusal, replayed: false })).toBe(false)
  const cancels = { ...one, purpose: 'cancel' } as const
  expect(isLate(cancels, { kind: 'refused', refusal, replayed: true })).toBe(false)
  expect(isLate(one, { kind: 'unknown' })).toBe(false)
})

test('what is given up once more is advised of under another reference, since the first was answered', () => {
  expect(adviceOf({ ...one, reversals: 1 }).reference).toBe('reversal H1 K1')
  expect(adviceOf({ ...one, reversals: 2 }).reference).toBe('reversal-2 H1 K1')
})

test('an answer to the first advice does not end what was given up once more since', () => {
  const entries = [
    askedEntry(one, now),
    crossingEntry(one, 'reversing', now),
    crossingEntry(one, 'reversing', now),
  ]
  const twice = found(dossiersOf(...entries.map((entry) => [entry, now] as const)))
  const step = { kind: 'note', state: 'reversed' } as const
  const note = (reversals: number) =>
    noteCrossing(twice, crossingSubject('P1', 'H1 K1'), step, { reversals })
  expect(note(1)).toMatchObject({ code: 'settlement-unknown' })
  expect(note(2)).toMatchObject({ entries: [{ kind: 'reversed' }] })
})

test('an undoing that home never heard of is sent again once whoever asked cannot say any more that it was not sent', () => {
  for (const purpose of ['cancel', 'restore'] as const) {
    const asked = { ...one, purpose }
    expect(stepAfterQuery(asked, { kind: 'absent' }, 1)).toEqual({
      kind: 'note',
      state: 'unknown',
    })
    expect(crossingSteps.unknown).not.toContain('unsent')
    const unknown = { ...asked, state: 'unknown' } as const
    expect(stepAfterQuery(unknown, { kind: 'absent' }, 1)).toEqual({ kind: 'send' })
  }
})
