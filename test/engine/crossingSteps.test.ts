import { describe, expect, test } from 'vitest'
import { RegionFault, type ToldSplit } from '../../engine/awayClaim.ts'
import {
  adviceOf,
  askedEntry,
  type Crossing,
  crossingEntry,
  crossingAlarm,
  crossingStates,
  crossingSteps,
  type CrossingState,
  crossingSubject,
  crossingWait,
  type Heard,
  isOpen,
  noteCrossing,
  type Purpose,
  readCrossing,
  referenceOf,
  type Step,
  stepAfterAsking,
  stepAfterQuery,
  stepAfterReversal,
  undoAskOf,
} from '../../engine/crossing.ts'
import { keptOf, subjectKey } from '../../engine/dossier.ts'
import { isRefusal, refuse } from '../../engine/refusal.ts'
import { dossiersOf, found } from './support/dossiers.ts'
import { now } from './support/world.ts'

const key = { institution: 'H1', key: 'K1', fingerprint: 'f', input: 'i' }
const one = (purpose: Purpose = 'settle', state: CrossingState = 'asked'): Crossing => ({
  reference: 'H1 K1',
  purpose,
  from: '510100',
  to: '500100',
  person: 'P1',
  institution: 'H1',
  of: 'H1 K0',
  settlement: 'H1 K0',
  key,
  state,
  askedAt: now,
  at: now,
})

const split = {} as ToldSplit
const settled = { kind: 'settled', settlement: 'S', postedAt: now, split } as const
const refusal = refuse('not-insured')
const statement = { kind: 'statement', rows: [] } as const
const replies = {
  settled,
  'settled, but undone': { ...settled, undone: true },
  cancelled: { kind: 'cancelled', postedAt: now, affected: [] },
  'reversed nothing': { kind: 'reversed', as: 'nothing' },
  'reversed, turned': { kind: 'reversed', as: 'turned' },
  'reversed, restored': { kind: 'reversed', as: 'restored' },
  refused: { kind: 'refused', refusal },
  absent: { kind: 'absent' },
  open: { kind: 'open' },
  identified: { kind: 'identified', visitor: {} as never },
  previewed: { kind: 'previewed', split },
  statement,
  unsent: { kind: 'unsent' },
  lost: { kind: 'lost' },
  'bad-answer': { kind: 'bad-answer' },
} as const satisfies Record<string, Heard>
type Name = keyof typeof replies
const names = Object.keys(replies) as Name[]

/** A step in words. */
const words = (step: Step): string =>
  step.kind === 'note'
    ? [step.state, ...(step.refusal ? [step.refusal.code] : [])].join(', ')
    : step.kind

const told = (purpose: Purpose, step: (one: Crossing, heard: Heard) => Step) =>
  Object.fromEntries(names.map((name) => [name, words(step(one(purpose), replies[name]))]))

const all = (said: string, but: Partial<Record<Name, string>>): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, but[name] ?? said]))

describe('what a reply means', () => {
  const firstly = { refused: 'refused, not-insured', unsent: 'unsent, home-region-unreachable' }

  test.each([
    ['settle', all('unknown', { ...firstly, settled: 'conclude' })],
    ['cancel', all('unknown', { ...firstly, cancelled: 'conclude' })],
    ['restore', all('unknown', { ...firstly, 'reversed, restored': 'conclude' })],
  ] as const)('at first, where it was asked to %s', (purpose, expected) => {
    expect(told(purpose, stepAfterAsking)).toEqual(expected)
  })

  const refused = 'refused, not-insured'
  const givenUp = 'reversing, home-region-silent'
  const undoing = { refused, absent: 'unknown' }

  test.each([
    [
      'settle',
      1,
      all('wait', {
        settled: 'conclude',
        'settled, but undone': givenUp,
        cancelled: givenUp,
        'reversed nothing': givenUp,
        'reversed, turned': givenUp,
        'reversed, restored': givenUp,
        refused,
        absent: givenUp,
      }),
    ],
    ['settle', 2, all(givenUp, { settled: 'conclude', refused, open: 'wait' })],
    ['cancel', 1, all('wait', { ...undoing, cancelled: 'conclude' })],
    ['cancel', 9, all('wait', { ...undoing, cancelled: 'conclude' })],
    ['restore', 1, all('wait', { ...undoing, 'reversed, restored': 'conclude' })],
    ['restore', 9, all('wait', { ...undoing, 'reversed, restored': 'conclude' })],
  ] as const)(
    'to a question what became of it: %s, asked %i times',
    (purpose, attempt, expected) => {
      expect(told(purpose, (crossing, heard) => stepAfterQuery(crossing, heard, attempt))).toEqual(
        expected,
      )
    },
  )

  test('a reversal is told until it is acknowledged, whatever comes instead', () => {
    const expected = all('wait', {
      'reversed nothing': 'reversed',
      'reversed, turned': 'reversed',
      'reversed, restored': 'reversed',
    })
    for (const purpose of ['settle', 'cancel', 'restore'] as const)
      expect(told(purpose, (_, heard) => stepAfterReversal(heard))).toEqual(expected)
  })

  test('what is concluded is concluded by the very reply', () => {
    expect(stepAfterAsking(one(), settled)).toEqual({ kind: 'conclude', reply: settled })
    expect(stepAfterQuery(one(), settled, 1)).toEqual({ kind: 'conclude', reply: settled })
  })

  test('who was not reached is named', () => {
    expect(stepAfterAsking(one(), { kind: 'unsent' })).toMatchObject({
      refusal: { facts: { region: '500100' } },
    })
    expect(stepAfterQuery(one(), { kind: 'absent' }, 1)).toMatchObject({
      refusal: { facts: { region: '500100' } },
    })
  })

  test('every step that a reply may lead to is allowed from where such a reply is awaited', () => {
    const asked = (['asked'] as const).flatMap((state) =>
      names.map((name) => [state, stepAfterAsking(one('settle', state), replies[name])] as const),
    )
    const queried = (['asked', 'unknown'] as const).flatMap((state) =>
      names.flatMap((name) =>
        [1, 2].map((n) => [state, stepAfterQuery(one('settle', state), replies[name], n)] as const),
      ),
    )
    const reversed = names.map((name) => ['reversing', stepAfterReversal(replies[name])] as const)
    const forbidden = [...asked, ...queried, ...reversed].filter(([state, step]) => {
      const next = step.kind === 'conclude' ? 'done' : step.kind === 'note' ? step.state : undefined
      return next && !crossingSteps[state].includes(next)
    })
    expect(forbidden).toEqual([])
  })
})

describe('what is kept of a request', () => {
  const { reference, person, state: _state, askedAt: _askedAt, at: _at, ...rest } = one()
  const asked = askedEntry({ reference, person, ...rest }, now)
  const subject = crossingSubject('P1', 'H1 K1')
  const noted = (...states: readonly Exclude<CrossingState, 'asked'>[]) =>
    dossiersOf(
      [asked, now],
      ...states.map((state, i) => [crossingEntry(one(), state, now), now + i + 1] as const),
    )

  test('is read as it was asked, with the state that was noted last', () => {
    expect(readCrossing(subject, keptOf(noted(), subject))).toEqual(one())
    expect(readCrossing(subject, keptOf(noted('unknown', 'reversing'), subject))).toEqual({
      ...one(),
      state: 'reversing',
      at: now + 2,
      reversals: 1,
    })
  })

  test('is nothing where nothing was asked', () => {
    expect(readCrossing(subject, [])).toBeUndefined()
    expect(readCrossing(subject, keptOf(noted('unknown'), subject).slice(1))).toBeUndefined()
  })

  test('what was not sent and asked anew is asked as of the second time', () => {
    const again = dossiersOf(
      [asked, now],
      [crossingEntry(one(), 'unsent', now), now + 1],
      [asked, now + 9],
    )
    expect(readCrossing(subject, keptOf(again, subject))).toMatchObject({
      state: 'asked',
      askedAt: now + 9,
    })
  })

  test('both regions know it by the institution that asked and its key', () => {
    expect(referenceOf(key)).toBe('H1 K1')
    expect(subjectKey(subject)).toBe('P1 crossing H1 K1')
  })

  const from: readonly CrossingState[] = crossingStates
  const to = crossingStates.filter((state) => state !== 'asked' && state !== 'done')
  /** A way to each state. */
  const ways: Record<CrossingState, readonly Exclude<CrossingState, 'asked'>[]> = {
    asked: [],
    unsent: ['unsent'],
    unknown: ['unknown'],
    done: ['done'],
    refused: ['refused'],
    reversing: ['reversing'],
    reversed: ['reversing', 'reversed'],
  }
  const allowed: Record<CrossingState, readonly string[]> = {
    asked: ['unsent', 'unknown', 'refused', 'reversing'],
    unsent: [],
    unknown: ['refused', 'reversing'],
    done: ['reversing'],
    refused: ['reversing'],
    reversing: ['reversing', 'reversed'],
    reversed: ['reversing'],
  }

  test.each(from.flatMap((a) => to.map((b) => [a, b] as const)))('from %s to %s', (a, b) => {
    const step = { kind: 'note', state: b, refusal } as const
    const told = noteCrossing(found(noted(...ways[a])), subject, step)
    if (!allowed[a].includes(b)) {
      expect(told).toEqual(refuse('settlement-unknown', { settlement: subject.name }))
      return
    }
    if (isRefusal(told)) throw new Error(told.code)
    expect(told.refusal).toBe(refusal)
    expect(told.entries).toEqual([crossingEntry(one(), b as 'unknown', now)])
  })

  test('nothing is noted of what nobody asked', () => {
    const told = noteCrossing(found(new Map()), subject, { kind: 'note', state: 'unknown' })
    expect(told).toMatchObject({ code: 'settlement-unknown' })
  })

  test('when it is looked at: after the longest wait for a reply, soon, at once, or never', () => {
    const second = 1000
    expect(asked.due).toBe(now + 15 * second)
    const due = (state: Exclude<CrossingState, 'asked'>) => crossingEntry(one(), state, now).due
    expect(due('unknown')).toBe(now + 5 * second)
    expect(due('reversing')).toBe(now)
    for (const over of ['done', 'refused', 'unsent', 'reversed'] as const)
      expect(due(over)).toBe('never')
  })

  test('it is looked at less and less often, and for ever', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7, 100].map((n) => crossingWait(n) / 60_000)
    expect(minutes).toEqual([0.25, 1, 5, 15, 60, 60, 60, 60])
  })

  test('it is open while it is to be found out or to be undone', () => {
    const open = crossingStates.filter((state) => isOpen({ state }))
    expect(open).toEqual(['asked', 'unknown', 'reversing'])
  })
})

test('a settlement that home works on for longer than the alarm waits is given up; an undoing is waited for', () => {
  const open = { kind: 'open' } as const
  expect(words(stepAfterQuery(one(), open, crossingAlarm - 1))).toBe('wait')
  expect(words(stepAfterQuery(one(), open, crossingAlarm))).toBe('reversing, home-region-silent')
  expect(words(stepAfterQuery(one('cancel'), open, crossingAlarm))).toBe('wait')
})

test('what undoes names the request, the one it undoes and the settlement that it is all about', () => {
  const named = { of: 'H1 K0', settlement: 'H1 K0', institution: 'H1', person: 'P1' }
  expect(undoAskOf(one('cancel'))).toEqual({ kind: 'cancel', reference: 'H1 K1', ...named })
  expect(undoAskOf(one('restore'))).toEqual({ kind: 'reverse', reference: 'H1 K1', ...named })
  expect(adviceOf(one())).toEqual({
    kind: 'reverse',
    ...named,
    reference: 'reversal H1 K1',
  })
})

test('a fault of a region says whether anything can have arrived', () => {
  const cause = new Error('ECONNREFUSED')
  const fault = new RegionFault('unsent', 'nobody listens', cause)
  expect(fault).toMatchObject({
    name: 'RegionFault',
    kind: 'unsent',
    message: 'nobody listens',
    cause,
  })
})
