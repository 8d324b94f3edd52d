import { describe, expect, test } from 'vitest'
import { type Entry, keptOf, MoreNeeded } from '../../engine/dossier.ts'
import type { Found, Row } from '../../engine/ports.ts'
import {
  admit,
  cancelAdmission,
  comeBack,
  leave,
  openStays,
  staysSubject,
  takeBackAdmission,
  turnStay,
} from '../../engine/stays.ts'
import { visitSubject } from '../../engine/visit.ts'
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
    const told = admit(found, visit, inpatient())
    return told
  })
  return story
}

const open = (story: Story): string[] =>
  openStays(keptOf(story.dossiers, staysSubject('P1'))).map((stay) => stay.visit)

const again = (story: Story, institution = hospital): string =>
  story.enter((found) => admit(found, second, inpatient({ institution })))

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

  test('in two hospitals are told', () => {
    const story = admitted()
    expect(admit(story, second, inpatient({ institution: other }))).toMatchObject({
      elsewhere: true,
    })
    expect(admit(new Story(), second, inpatient())).toMatchObject({ elsewhere: false })
    expect(again(story, other)).toBe('done')
  })

  test('need the list of stays, which is asked for where nobody named it', () => {
    const unnamed = { dossiers: new Map() }
    expect(() => admit(unnamed, visit, inpatient())).toThrow(MoreNeeded)
  })
})

describe('leaving a hospital', () => {
  test('is for those who are in it', () => {
    const story = admitted()
    const strange = { subject: visit, institution: other }
    const acts = [
      leave(story, strange, gone),
      comeBack(story, strange),
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
    const acts = [leave(story, here, gone), comeBack(story, here), cancelAdmission(story, here)]
    expect(acts.map(code)).toEqual(['visit-unknown', 'visit-unknown', 'visit-unknown'])
  })

  test('can be taken back, but not into a second stay', () => {
    const story = admitted()
    expect(story.enter((found) => comeBack(found, here))).toBe('not-discharged')
    story.enter((found) => leave(found, here, gone))
    expect(story.enter((found) => comeBack(found, here))).toBe('done')
    expect(open(story)).toEqual(['V1'])
    story.enter((found) => leave(found, here, gone))
    again(story)
    expect(story.enter((found) => comeBack(found, here))).toBe('already-in-hospital')
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
    story.enter((found) => leave(found, here, gone))
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
