import { describe, expect, test } from 'vitest'
import { classifyLines } from '../../engine/classify.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { layer, pays, rate, rule } from './support/packs.ts'
import { claim, coverage, facts, institution, line, person, ruled, yuan } from './support/world.ts'

const medical = rule([layer('pool', pays('0.8'))])
const injury = rule([layer('workInjury', pays('1'))], {
  id: 'injury',
  care: ['workInjuryInpatient'],
  scope: { catalogue: 'workInjury', firstSelfPay: 'none', priceLimit: 'apply', rates: [] },
})
const world = ruled(medical, injury)
const classB = [line('100.00', { class: 'B', firstSelfPayRate: rate('0.1') })]

function parts(
  ...[asked, more]: [Parameters<typeof classifyLines>[0], Parameters<typeof facts>[0]?]
) {
  const found = classifyLines(asked, facts(more), world)
  if (isRefusal(found)) return found.code
  return found.map(({ scoped }) => [scoped.firstSelfPay, scoped.inScope])
}

describe('lines that are not to be settled yet', () => {
  test('are split as their bill will split them', () => {
    expect(parts(claim(classB))).toEqual([[yuan('10.00'), yuan('90.00')]])
    expect(parts(claim(classB, { care: 'workInjuryInpatient', scheme: 'employee' }))).toEqual([
      [yuan('0.00'), yuan('100.00')],
    ])
  })

  test('are split for those as well who are not insured today, or not known', () => {
    const lapsed = person({ coverages: [coverage({ scheme: 'resident' })] })
    const expected = [[yuan('10.00'), yuan('90.00')]]
    expect(parts(claim(classB), { person: lapsed })).toEqual(expected)
    expect(parts(claim(classB), { person: person({ coverages: [] }) })).toEqual(expected)
    expect(parts(claim(classB), { person: undefined })).toEqual(expected)
  })

  test('go by the usual policy where no rule covers their care', () => {
    expect(parts(claim(classB, { care: 'delivery' }))).toEqual([[yuan('10.00'), yuan('90.00')]])
  })

  test('need an institution in a region that has rules', () => {
    expect(parts(claim(classB), { institution: undefined })).toBe('institution-unknown')
    expect(parts(claim(classB), { institution: institution({ division: '999999' }) })).toBe(
      'no-rule-for-care',
    )
  })
})
