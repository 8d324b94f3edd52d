import { describe, expect, test } from 'vitest'
import { type Entry, keptOf, MoreNeeded, subjectKey } from '../../engine/dossier.ts'
import type { Found, Row } from '../../engine/ports.ts'
import { isRefusal } from '../../engine/refusal.ts'
import {
  admit,
  cancelAdmission,
  changeStay,
  comeBack,
  findStay,
  leave,
  openStays,
  type StayElsewhere,
  staysSubject,
  takeBackAdmission,
  turnStay,
} from '../../engine/stays.ts'
import { type Registration, visitSubject } from '../../engine/visit.ts'
import { addLines, noteUndone } from '../../engine/visiting.ts'
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

const second = visitSubject('P1', 'V2')
const other = 'H51010000002'
const here = { subject: visit, institution: hospital }
const gone = { day: day('2026-11-21'), about: {}, details: { way: '1' } }

const admitted = (): Story => {
  const story = new Story()
  story.enter((found) => {
    const told = admit(found, visit, inpatient(), 'refuse')
    return told
  })
  return story
}

const open = (story: Story): string[] =>
  openStays(keptOf(story.dossiers, staysSubject('P1'))).map((stay) => stay.visit)

const again = (
  story: Story,
  more: Partial<Registration> = {},
  elsewhere: StayElsewhere = 'refuse',
): string =>
  story.enter((found) =>
    admit(found, second, inpatient({ day: day('2026-11-22'), ...more }), elsewhere),
  )

describe('two stays', () => {
  test('are never open in one hospital', () => {
    const story = admitted()
    expect(open(story)).toEqual(['V1'])
    expect(again(story)).toBe('already-in-hospital')
    expect(story.enter((found) => leave(found, here, gone))).toBe('done')
    expect(open(story)).toEqual([])
    expect(again(story)).toBe('done')
    expect(open(story)).toEqual(['V2'])
  })

  test('in two hospitals are refused, or told where the region takes them', () => {
    const story = admitted()
    const there = inpatient({ institution: other })
    expect(admit(story, second, there, 'refuse')).toMatchObject({
      code: 'already-in-hospital',
      facts: { institution: hospital, visit: 'V1' },
    })
    expect(admit(story, second, there, 'warn')).toMatchObject({ elsewhere: true })
    expect(admit(new Story(), second, inpatient(), 'refuse')).toMatchObject({ elsewhere: false })
    expect(again(story, {}, 'warn')).toBe('already-in-hospital')
    expect(again(story, { institution: other }, 'warn')).toBe('done')
  })

  test('need the list of stays, which is asked for where nobody named it', () => {
    const unnamed = { dossiers: new Map() }
    expect(() => admit(unnamed, visit, inpatient(), 'refuse')).toThrow(MoreNeeded)
  })
})

describe('a stay that is over', () => {
  const over = (until = '2026-11-22'): Story => {
    const story = admitted()
    story.enter((found) => leave(found, here, { ...gone, day: day(until) }))
    return story
  }

  test('stands in the way of an admission on a day within it, but not on that of its discharge', () => {
    const on = (at: string, more: Partial<Registration> = {}) =>
      again(over(), { day: day(at), ...more })
    expect(on('2026-11-19')).toBe('done')
    expect(on('2026-11-20')).toBe('stay-overlaps')
    expect(on('2026-11-21', { institution: other })).toBe('stay-overlaps')
    expect(on('2026-11-22', { institution: other })).toBe('done')
    expect(admit(over(), second, inpatient(), 'refuse')).toMatchObject({
      facts: {
        institution: hospital,
        admission: '2026-11-20',
        discharge: '2026-11-22',
        day: '2026-11-20',
      },
    })
  })

  test('is only told to another hospital where the region takes that', () => {
    const there = inpatient({ institution: other, day: day('2026-11-21') })
    expect(admit(over(), second, there, 'warn')).toMatchObject({ elsewhere: true })
    expect(again(over(), { day: day('2026-11-21') }, 'warn')).toBe('stay-overlaps')
  })

  test('is told by its visit, which is asked for where nobody named it', () => {
    const story = over()
    story.dossiers.delete(subjectKey(visit))
    expect(() => again(story, { day: day('2026-11-21') })).toThrow(MoreNeeded)
    expect(again(story)).toBe('done')
  })

  test('and was taken back is none', () => {
    const story = over()
    story.enter((found) => comeBack(found, here, 'refuse'))
    story.enter((found) => cancelAdmission(found, here))
    expect(again(story, { day: day('2026-11-21') })).toBe('done')
  })

  test('stands in the way of a first day that another is changed to', () => {
    const story = over()
    again(story)
    const change = (at: string) =>
      story.enter((found) => {
        const there = findStay(found, { subject: second, institution: hospital })
        if (isRefusal(there)) return there
        return changeStay(found, there, { day: day(at), about: {}, details: {} }, 'refuse')
      })
    expect(change('2026-11-22')).toBe('done')
    expect(change('2026-11-21')).toBe('stay-overlaps')
    expect(change('2026-11-23')).toBe('done')
    // Its own days are no other's.
    const own = over()
    own.enter((found) => {
      const told = { day: day('2026-11-21'), about: {}, details: {} }
      return changeStay(found, own.visit, told, 'refuse')
    })
    expect(own.visit.day).toBe('2026-11-21')
    expect(again(own, { day: day('2026-11-20') })).toBe('done')
  })
})

describe('leaving a hospital', () => {
  test('is for those who are in it', () => {
    const story = admitted()
    const strange = { subject: visit, institution: other }
    const acts = [
      leave(story, strange, gone),
      comeBack(story, strange, 'refuse'),
      cancelAdmission(story, strange),
      leave(story, { ...here, subject: second }, gone),
    ]
    expect(acts.map(code)).toEqual([
      'visit-of-another-institution',
      'visit-of-another-institution',
      'visit-of-another-institution',
      'visit-unknown',
    ])
    expect(code(leave(story, here, { ...gone, day: day('2026-11-01') }))).toBe('stay-invalid')
  })

  test('is not for a visit to an outpatient clinic', () => {
    const story = Story.of(registration())
    const acts = [
      leave(story, here, gone),
      comeBack(story, here, 'refuse'),
      cancelAdmission(story, here),
    ]
    expect(acts.map(code)).toEqual(['visit-unknown', 'visit-unknown', 'visit-unknown'])
  })

  test('can be taken back, but not into a second stay', () => {
    const story = admitted()
    expect(story.enter((found) => comeBack(found, here, 'refuse'))).toBe('not-discharged')
    story.enter((found) => leave(found, here, gone))
    expect(story.enter((found) => comeBack(found, here, 'refuse'))).toBe('done')
    expect(open(story)).toEqual(['V1'])
    story.enter((found) => leave(found, here, gone))
    again(story)
    expect(story.enter((found) => comeBack(found, here, 'refuse'))).toBe('already-in-hospital')
  })

  test('is told by the last settlement where nobody discharged', () => {
    const story = admitted()
    story.do((there) => addLines(there, [line('L1', '10.00')]))
    story.settle('S1', wanted('4.00', { interim: true }))
    expect(open(story)).toEqual(['V1'])
    story.settle('S1', wanted('10.00', { discharge: day('2026-11-22') }))
    expect(open(story)).toEqual([])
    expect(story.visit.settlements.get('S1')?.discharge).toBe('2026-11-22')
  })
})

describe('a discharge that only a settlement told', () => {
  const turn = (story: Story, settlement: string, kind: Row['kind']): string =>
    story.enter(() => {
      const there = story.visit
      const row = { settlement, kind, postedAt: 0 } as Row
      const turned = noteUndone(there, row) as Entry
      return { entries: [turned, ...turnStay(story.dossiers, there, turned, row)] }
    })
  const discharged = (): Story => {
    const story = admitted()
    story.do((there) => addLines(there, [line('L1', '10.00')]))
    story.settle('S1', wanted('10.00', { discharge: day('2026-11-22') }))
    return story
  }

  test('stands and falls with it in the list of stays, too', () => {
    const story = discharged()
    turn(story, 'S1', 'cancellation')
    expect(open(story)).toEqual(['V1'])
    expect(again(story)).toBe('already-in-hospital')
    turn(story, 'S1', 'restoration')
    expect(open(story)).toEqual([])
    expect(again(story)).toBe('done')
  })

  test('leaves one that was told since', () => {
    const story = discharged()
    turn(story, 'S1', 'cancellation')
    story.enter((found) => leave(found, here, { ...gone, day: day('2026-11-22') }))
    turn(story, 'S1', 'restoration')
    turn(story, 'S1', 'cancellation')
    expect(open(story)).toEqual([])
  })

  test('needs the list, and a settlement of another kind does not', () => {
    const told = discharged()
    const row = { settlement: 'S1', kind: 'cancellation' } as Row
    const turned = noteUndone(told.visit, row) as Entry
    expect(() => turnStay(new Map(), told.visit, turned, row)).toThrow(MoreNeeded)
    const interim = admitted()
    interim.do((there) => addLines(there, [line('L1', '10.00')]))
    interim.settle('S1', wanted('10.00', { interim: true }))
    expect(turnStay(new Map(), interim.visit, turned, row)).toEqual([])
  })
})

describe('an admission', () => {
  test('that is cancelled is no stay', () => {
    const story = admitted()
    story.do((there) => addLines(there, [line('L1', '10.00')]))
    expect(story.enter((found) => cancelAdmission(found, here))).toBe('visit-has-lines')
    const empty = admitted()
    expect(empty.enter((found) => cancelAdmission(found, here))).toBe('done')
    expect(open(empty)).toEqual([])
    expect(again(empty)).toBe('done')
  })

  const reverse = (story: Pick<Story, 'dossiers'>) =>
    takeBackAdmission({ person: 'P1', institution: hospital })(
      story as unknown as Found,
      visit.name,
    )

  test('that is reversed is taken back once, where nothing was built on it', () => {
    const story = admitted()
    expect(story.enter(reverse)).toBe('done')
    expect(open(story)).toEqual([])
    expect(reverse(story)).toEqual({ entries: [] })
    const busy = admitted()
    busy.do((there) => addLines(there, [line('L1', '10.00')]))
    expect(code(reverse(busy))).toBe('visit-has-lines')
    expect(() => reverse({ dossiers: new Map() })).toThrow(MoreNeeded)
  })
})
