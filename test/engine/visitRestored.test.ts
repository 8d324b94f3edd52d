import { describe, expect, test } from 'vitest'
import type { CareKind } from '../../engine/claim.ts'
import { addLines, describe as tellMore, discharge, undischarge } from '../../engine/visiting.ts'
import { day } from './support/packs.ts'
import { inpatient, line, Story, wanted } from './support/story.ts'

describe('a stay whose settlement was undone', () => {
  const admitted = (): Story => {
    const story = Story.of(inpatient())
    story.do((there) => addLines(there, [line('L1', '10.00')]))
    return story
  }

  test('takes a settlement back only for the days and the kind of care it was settled for', () => {
    const story = admitted()
    const leave = (on: string) => story.do((there) => discharge(there, day(on), {}, {}))
    const change = (on: string, care: CareKind = 'inpatient') =>
      story.do((there) => tellMore(there, { care }, {}, day(on)))
    leave('2026-11-22')
    story.settle('S1', wanted('10.00'))
    story.undo('S1')
    expect(change('2026-11-21')).toBe('done')
    expect(story.undo('S1', 'restoration')).toBe('visit-changed')
    change('2026-11-20', 'daySurgery')
    expect(story.undo('S1', 'restoration')).toBe('visit-changed')
    change('2026-11-20')
    story.do(undischarge)
    leave('2026-11-21')
    expect(story.undo('S1', 'restoration')).toBe('visit-changed')
    story.do(undischarge)
    leave('2026-11-22')
    expect(story.undo('S1', 'restoration')).toBe('done')
  })

  test('takes a part back for another discharge, for the stay went on after it, but not another first day', () => {
    const story = admitted()
    story.settle('S1', wanted('10.00', { interim: true }))
    story.undo('S1')
    story.do((there) => tellMore(there, {}, {}, day('2026-11-21')))
    expect(story.undo('S1', 'restoration')).toBe('visit-changed')
    story.do((there) => tellMore(there, {}, {}, day('2026-11-20')))
    story.do((there) => discharge(there, day('2026-11-22'), {}, {}))
    expect(story.undo('S1', 'restoration')).toBe('done')
  })

  test('is not discharged on two days by a settlement that told one and a discharge since', () => {
    const story = admitted()
    story.settle('S1', wanted('10.00', { discharge: day('2026-11-22') }))
    story.undo('S1')
    story.do((there) => discharge(there, day('2026-11-21'), {}, {}))
    expect(story.undo('S1', 'restoration')).toBe('visit-changed')
    story.do(undischarge)
    expect(story.undo('S1', 'restoration')).toBe('done')
  })
})
