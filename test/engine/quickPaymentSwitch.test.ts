import { describe, expect, test } from 'vitest'
import { usualCardPolicy } from '../../engine/cardPolicy.ts'
import { switchQuickPayments } from '../../engine/quickPaymentSwitch.ts'
import { keyOf, packs } from './support/desk.ts'
import { day } from './support/packs.ts'
import { till } from './support/taps.ts'
import { now } from './support/world.ts'

const places = { regions: packs.directory(['510100']), policyOf: () => usualCardPolicy }

/** What a desk is told that a holder wants this of their card. */
function wanted(
  state: Parameters<typeof till>[0],
  allowed: boolean,
  more: { card?: string; division?: string } = {},
) {
  const at = till(state)
  const asked = { card: 'c1', owner: 'P1', division: '510100', operator: 'op1', allowed, ...more }
  const one = switchQuickPayments({ ...keyOf('S'), institution: 'desk:510100' }, asked, places)
  const facts = { cards: at.books.cards.get('P1') } as never
  return one.enter({ dossiers: new Map(), facts, now, today: day('2026-11-23') })
}

describe('a holder', () => {
  test('switches quick payments off and on again at a desk', () => {
    expect(wanted({}, false)).toMatchObject({
      entries: [{ kind: 'switched-off', body: { division: '510100', operator: 'op1' } }],
      cards: [{ card: { id: 'c1', quickPaymentsOff: true } }],
      result: { card: 'c1', allowed: false },
    })
    expect(wanted({ card: { quickPaymentsOff: true } }, true)).toMatchObject({
      entries: [{ kind: 'allowed' }],
      cards: [{ card: { quickPaymentsOff: false } }],
    })
    expect(wanted({}, true)).toEqual({ entries: [], result: { card: 'c1', allowed: true } })
  })

  test('of another card, of one that has ended, or at a desk that is not theirs is refused', () => {
    expect(wanted({}, false, { card: 'c2' })).toMatchObject({ code: 'card-unknown' })
    expect(wanted({}, false, { division: '999999' })).toMatchObject({ code: 'desk-unknown' })
    expect(wanted({ card: { managedIn: '440100' } }, false)).toMatchObject({
      code: 'desk-of-another-province',
    })
    expect(wanted({ card: { life: 'cancelled' } }, false)).toMatchObject({ code: 'card-cancelled' })
    expect(wanted({ card: { life: 'superseded' } }, false)).toMatchObject({
      code: 'card-superseded',
    })
  })
})
