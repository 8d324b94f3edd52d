import { describe, expect, test } from 'vitest'
import { subjectKey } from '../../engine/dossier.ts'
import {
  isClosed,
  isVisit,
  readVisit,
  settlementsInForce,
  unsettledLines,
} from '../../engine/visit.ts'
import {
  addLines,
  cancelVisit,
  describe as tellMore,
  discharge,
  entered,
  findVisit,
  removeLines,
  undischarge,
} from '../../engine/visiting.ts'
import { refuse } from '../../engine/refusal.ts'
import { day } from './support/packs.ts'
import {
  code,
  hospital,
  inpatient,
  line,
  registration,
  Story,
  visit,
  wanted,
} from './support/story.ts'

describe('a visit as its entries tell it', () => {
  test('is not there until it is registered', () => {
    expect(readVisit(visit, [])).toBeUndefined()
    const stray = { version: 1, kind: 'lines', body: { lines: [] }, institution: hospital, at: 0 }
    expect(readVisit(visit, [stray])).toBeUndefined()
  })

  test('is named by its number alone', () => {
    expect(Story.of(registration()).visit).toMatchObject({ id: 'V1', subject: visit })
    expect([isVisit(visit.name), isVisit('stays')]).toEqual([true, false])
  })

  test('keeps of its lines every number, whatever its size', () => {
    const story = Story.of(registration())
    const big = line('L1', '99999999.99', 'B1', '2026-11-20')
    story.do((there) => addLines(there, [{ ...big, details: { doctor: 'D2' } }]))
    expect(story.visit.lines.get('L1')).toEqual({
      ...big,
      details: { doctor: 'D2' },
      settledBy: undefined,
    })
  })

  test('is told more of, and what is not told again stays', () => {
    const story = Story.of(registration({ about: { care: 'outpatient', disease: 'M1' } }))
    story.do((there) =>
      tellMore(there, { care: 'emergency', disease: undefined }, { doctor: 'D2' }),
    )
    expect(story.visit).toMatchObject({
      about: { care: 'emergency', disease: 'M1' },
      details: { doctor: 'D2' },
      day: '2026-11-20',
    })
  })

  test('knows its settlements, in force or undone', () => {
    const story = Story.of(registration())
    story.do((there) => addLines(there, [line('L1', '10.00', 'B1'), line('L2', '5.00', 'B2')]))
    story.settle('S1', wanted('10.00', { batch: 'B1' }))
    expect(settlementsInForce(story.visit).map(({ id }) => id)).toEqual(['S1'])
    expect(unsettledLines(story.visit).map(({ line: { id } }) => id)).toEqual(['L2'])
    expect(unsettledLines(story.visit, 'B1')).toEqual([])
    expect(story.undo('S1')).toBe('done')
    expect(settlementsInForce(story.visit)).toEqual([])
    expect(unsettledLines(story.visit)).toHaveLength(2)
    expect(story.undo('S1', 'restoration')).toBe('done')
    expect(unsettledLines(story.visit)).toHaveLength(1)
  })

  test('does not mind the undoing of what it never knew', () => {
    const story = Story.of(registration())
    expect(story.undo('S9')).toBe('done')
    expect(story.visit.settlements.size).toBe(0)
  })
})

describe('whoever asks about a visit', () => {
  const find = (story: Story, by = hospital, of = visit) => code(findVisit(story, of, by))

  test('must name one that is there, theirs, and not cancelled', () => {
    const story = Story.of(registration())
    expect(find(story)).toBe('done')
    expect(find(story, 'H51010000002')).toBe('visit-of-another-institution')
    expect(find(story, hospital, { owner: 'P2', name: 'visit V1' })).toBe('visit-unknown')
    expect(story.do(cancelVisit)).toBe('done')
    expect(find(story)).toBe('visit-cancelled')
  })

  test('is told of an act what it enters, or why it may not be', () => {
    const entry = { subject: visit, kind: 'cancelled', body: {} }
    expect(entered(entry)).toEqual({ entries: [entry] })
    expect(code(entered(refuse('visit-closed')))).toBe('visit-closed')
  })
})

describe('lines', () => {
  const uploaded = (...lines: Parameters<typeof addLines>[1][number][]): Story => {
    const story = Story.of(registration())
    story.do((there) => addLines(there, lines))
    return story
  }
  const add = (story: Story, ...lines: Parameters<typeof addLines>[1][number][]) =>
    story.do((there) => addLines(there, lines))

  test('have a number of their own in the visit', () => {
    const story = uploaded(line('L1', '10.00', 'B1'))
    expect(add(story, line('L2', '1.00'), line('L2', '1.00'))).toBe('line-repeated')
    expect(add(story, line('L1', '10.00', 'B1'))).toBe('line-already-uploaded')
    story.settle('S1', wanted('10.00'))
    expect(add(story, line('L1', '10.00', 'B2'))).toBe('line-already-settled')
  })

  test('cost their price times their quantity', () => {
    const { line: own, ...rest } = line('L1', '10.00')
    const wrong = { ...rest, line: { ...own, amount: (own.amount + 1n) as typeof own.amount } }
    expect(add(uploaded(), wrong)).toBe('line-amount-wrong')
  })

  test('join no batch that is settled, unless its settlement was undone', () => {
    const story = uploaded(line('L1', '10.00', 'B1'))
    story.settle('S1', wanted('10.00', { batch: 'B1' }))
    expect(add(story, line('L2', '1.00', 'B1'))).toBe('batch-already-settled')
    expect(add(story, line('L2', '1.00'))).toBe('done')
    story.undo('S1')
    expect(add(story, line('L3', '1.00', 'B1'))).toBe('done')
  })

  test('are at most 5,000', () => {
    const lines = Array.from({ length: 5000 }, (_, i) => line(`L${i}`, '1.00'))
    const story = uploaded(...lines)
    expect(story.visit.lines.size).toBe(5000)
    expect(add(story, line('one more', '1.00'))).toBe('lines-too-many')
  })

  test('are taken back where they are not settled: all, by batch or by number', () => {
    const story = uploaded(line('L1', '10.00', 'B1'), line('L2', '5.00', 'B2'), line('L3', '1.00'))
    const remove = (of: Parameters<typeof removeLines>[1]) => story.do((v) => removeLines(v, of))
    expect(remove({ of: 'numbers', numbers: ['L9'] })).toBe('line-unknown')
    expect(remove({ of: 'numbers', numbers: [] })).toBe('line-unknown')
    expect(remove({ of: 'batch', batch: 'B9' })).toBe('line-unknown')
    story.settle('S1', wanted('10.00', { batch: 'B1' }))
    expect(remove({ of: 'numbers', numbers: ['L1'] })).toBe('line-already-settled')
    expect(remove({ of: 'batch', batch: 'B1' })).toBe('line-already-settled')
    expect(remove({ of: 'batch', batch: 'B2' })).toBe('done')
    expect([...story.visit.lines.keys()]).toEqual(['L1', 'L3'])
    expect(remove({ of: 'all' })).toBe('done')
    expect([...story.visit.lines.keys()]).toEqual(['L1'])
  })
})

describe('a visit that is cancelled', () => {
  test('has neither lines nor settlements nor a discharge', () => {
    const story = Story.of(inpatient())
    story.do((there) => addLines(there, [line('L1', '10.00')]))
    story.settle('S1', wanted('10.00', { interim: true }))
    expect(story.do(cancelVisit)).toBe('visit-has-settlements')
    story.undo('S1')
    expect(story.do(cancelVisit)).toBe('visit-has-lines')
    story.do((there) => removeLines(there, { of: 'all' }))
    story.do((there) => discharge(there, day('2026-11-21'), {}, {}))
    expect(story.do(cancelVisit)).toBe('already-discharged')
    story.do(undischarge)
    expect(story.do(cancelVisit)).toBe('done')
  })

  test('takes back no settlement that was undone', () => {
    const story = Story.of(registration())
    story.do((there) => addLines(there, [line('L1', '10.00')]))
    story.settle('S1', wanted('10.00'))
    story.undo('S1')
    story.do((there) => removeLines(there, { of: 'all' }))
    expect(story.undo('S1', 'restoration')).toBe('visit-changed')
    story.do((there) => addLines(there, [line('L1', '10.00')]))
    expect(story.undo('S1', 'restoration')).toBe('done')
  })

  test('takes back no settlement whose lines are others under the same numbers', () => {
    const story = Story.of(registration())
    const replace = (amount: string): void => {
      story.do((there) => removeLines(there, { of: 'all' }))
      story.do((there) => addLines(there, [line('L1', amount)]))
    }
    story.do((there) => addLines(there, [line('L1', '10.00'), line('L2', '1.00')]))
    story.settle('S1', wanted('11.00'))
    story.undo('S1')
    story.do((there) => removeLines(there, { of: 'numbers', numbers: ['L1'] }))
    story.do((there) => addLines(there, [line('L1', '99.00')]))
    expect(story.undo('S1', 'restoration')).toBe('visit-changed')
    replace('10.00')
    expect(story.undo('S1', 'restoration')).toBe('visit-changed')
    story.do((there) => addLines(there, [line('L2', '1.00')]))
    expect(story.undo('S1', 'restoration')).toBe('done')
  })
})

describe('a stay', () => {
  const admitted = (): Story => {
    const story = Story.of(inpatient())
    story.do((there) => addLines(there, [line('L1', '10.00')]))
    return story
  }

  test('is discharged once, not before it began, and that can be taken back', () => {
    const story = admitted()
    expect(story.do(undischarge)).toBe('not-discharged')
    const leave = (on: string) =>
      story.do((there) => discharge(there, day(on), { disease: 'D1' }, { way: '1' }))
    expect(leave('2026-11-19')).toBe('stay-invalid')
    expect(leave('2026-11-21')).toBe('done')
    expect(leave('2026-11-22')).toBe('already-discharged')
    expect(story.visit).toMatchObject({
      about: { disease: 'D1' },
      discharged: { day: '2026-11-21', details: { way: '1' } },
    })
    expect(story.do(undischarge)).toBe('done')
    expect(story.visit.discharged).toBeUndefined()
  })

  test('that is settled to its end takes nothing more until that is undone', () => {
    const story = admitted()
    story.do((there) => discharge(there, day('2026-11-21'), {}, {}))
    story.settle('S1', wanted('10.00'))
    expect(isClosed(story.visit)).toBe(true)
    expect(story.do((there) => addLines(there, [line('L2', '1.00')]))).toBe('visit-closed')
    expect(story.do((there) => tellMore(there, {}, {}))).toBe('visit-closed')
    expect(story.do(undischarge)).toBe('visit-has-settlements')
    story.undo('S1')
    expect(story.do(undischarge)).toBe('done')
    // Its settlement ended the stay, which goes on: it cannot come back.
    expect(story.undo('S1', 'restoration')).toBe('visit-changed')
  })

  test('takes its parts back in their order', () => {
    const story = admitted()
    story.settle('S1', wanted('10.00', { interim: true }))
    story.do((there) => addLines(there, [line('L2', '1.00')]))
    story.settle('S2', wanted('1.00', { interim: true }))
    story.undo('S2')
    story.undo('S1')
    expect(story.undo('S2', 'restoration')).toBe('visit-changed')
    expect(story.undo('S1', 'restoration')).toBe('done')
    expect(story.undo('S2', 'restoration')).toBe('done')
  })

  test('whose settlement told the discharge goes on where that settlement is undone', () => {
    const story = admitted()
    story.settle('S1', wanted('10.00', { discharge: day('2026-11-22') }))
    expect(story.visit.discharged).toEqual({ day: '2026-11-22', details: {} })
    expect(story.do((there) => discharge(there, day('2026-11-22'), {}, {}))).toBe(
      'already-discharged',
    )
    story.undo('S1')
    expect(story.visit.discharged).toBeUndefined()
    expect(story.undo('S1', 'restoration')).toBe('done')
    expect(story.visit.discharged?.day).toBe('2026-11-22')
  })

  test('that is settled for good is not discharged afterwards', () => {
    const story = admitted()
    // Settled over REST by an earlier release, whose entries name no day of discharge.
    story.keep([
      {
        subject: visit,
        kind: 'settled',
        body: { id: 'S1', lines: ['L1'], interim: false, settledAt: 0 },
      },
    ])
    expect(story.do((there) => discharge(there, day('2026-11-22'), {}, {}))).toBe('visit-closed')
  })

  test('keeps its day and its kind of care while a part of it is settled', () => {
    const story = admitted()
    const change = (...told: [Parameters<typeof tellMore>[1], string?]) =>
      story.do((there) =>
        tellMore(there, told[0], {}, told[1] === undefined ? undefined : day(told[1])),
      )
    expect(change({ care: 'delivery' }, '2026-11-19')).toBe('done')
    expect(story.visit).toMatchObject({ about: { care: 'delivery' }, day: '2026-11-19' })
    story.settle('S1', wanted('10.00', { interim: true }))
    expect(change({ care: 'inpatient' })).toBe('visit-has-settlements')
    expect(change({}, '2026-11-18')).toBe('visit-has-settlements')
    expect(change({ care: 'delivery' }, '2026-11-19')).toBe('done')
    story.do((there) => discharge(there, day('2026-11-21'), {}, {}))
    story.undo('S1')
    expect(change({}, '2026-11-22')).toBe('stay-invalid')
    expect(story.dossiers.get(subjectKey(visit))?.at(-1)?.kind).toBe('undone')
  })
})
