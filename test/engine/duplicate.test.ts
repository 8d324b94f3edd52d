import { describe, expect, test } from 'vitest'
import { type DuplicateRule, refuseDuplicate, type SameBill } from '../../engine/duplicate.ts'
import type { Claim } from '../../engine/claim.ts'
import { day } from './support/packs.ts'
import { claim, now } from './support/world.ts'

const from = day('2026-01-01')
const minute: DuplicateRule = {
  from,
  action: 'refuse',
  sameTerminal: true,
  within_seconds: 60,
  source: 'a',
}
const before = (seconds: number, terminal: string | undefined = 'T1'): SameBill => ({
  settlement: 'S1',
  at: now - seconds * 1000,
  terminal,
})
const outpatient = (more: Partial<Claim> = {}): Claim =>
  claim('10.00', { care: 'outpatient', terminal: 'T1', ...more })
const told = (
  bills: readonly SameBill[],
  rules: readonly DuplicateRule[] = [minute],
  asked: Claim = outpatient(),
) => refuseDuplicate(asked, bills, { rules, now })

describe('a bill that is the same as one before', () => {
  test('is refused within the seconds of the rule on the same terminal, and names the one before', () => {
    expect(told([before(60)])).toMatchObject({
      code: 'bill-already-settled',
      facts: { settlement: 'S1' },
    })
    expect(told([before(61)])).toBeUndefined()
    // The clocks of two processes differ a little.
    expect(told([before(-1)])).toBeDefined()
  })

  test('is only suspect where no rule says otherwise, on another terminal, or where none is told', () => {
    expect(told([before(1)], [])).toBeUndefined()
    expect(told([before(1, 'T2')])).toBeUndefined()
    expect(told([{ settlement: 'S1', at: now }])).toBeUndefined()
    expect(told([before(1)], [minute], outpatient({ terminal: undefined }))).toBeUndefined()
    expect(
      told([{ settlement: 'S1', at: now }], [minute], outpatient({ terminal: undefined })),
    ).toBeUndefined()
  })

  test('is looked at against each of those before it, not only the newest', () => {
    expect(told([before(1, 'T2'), before(30)])).toBeDefined()
  })

  test('goes by the rules of its own day, of its care, and by the first that fits', () => {
    const later = { ...minute, from: day('2026-03-03') }
    expect(told([before(1)], [later])).toBeUndefined()
    expect(told([before(1)], [{ ...minute, until: day('2026-03-01') }])).toBeUndefined()
    expect(told([before(1)], [{ ...minute, until: day('2026-03-02') }])).toBeDefined()
    expect(told([before(1)], [{ ...minute, care: ['pharmacy'] }])).toBeUndefined()
    const emergency: DuplicateRule = { ...minute, action: 'suspect', care: ['emergency'] }
    expect(told([before(1)], [emergency, minute])).toBeDefined()
    expect(
      told([before(1)], [emergency, minute], outpatient({ care: 'emergency' })),
    ).toBeUndefined()
    expect(told([before(1)], [minute, emergency], outpatient({ care: 'emergency' }))).toBeDefined()
  })

  test('may be refused wherever it was settled, where the rule asks for no terminal', () => {
    expect(told([before(1, 'T2')], [{ ...minute, sameTerminal: false }])).toBeDefined()
  })

  test('sold offline or entered at the desk is never refused, and a home region leaves it to where it was treated', () => {
    const quick = {
      terminal: { division: '510100', id: 'T1' },
      counter: 1,
      at: now,
      pin: { kind: 'absent' },
    } as const
    expect(told([before(1)], [minute], outpatient({ quick, terminal: undefined }))).toBeDefined()
    const offline = { hotList: now, record: 'r' }
    expect(
      told([before(1)], [minute], outpatient({ quick: { ...quick, offline } })),
    ).toBeUndefined()
    expect(told([before(1)], [minute], outpatient({ paper: {} as Claim['paper'] }))).toBeUndefined()
    expect(told([before(1)], [minute], outpatient({ away: {} as Claim['away'] }))).toBeUndefined()
  })
})
