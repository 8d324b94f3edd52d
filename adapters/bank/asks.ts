import type { Collection } from '../../engine/collection.ts'
import { zero } from '../../engine/money.ts'
import { agencyOf } from '../../engine/movement.ts'
import type { MoveAsk, MoveBackAsk } from '../../engine/movementAsks.ts'
import type { Key, Row } from '../../engine/ports.ts'
import type { World } from './needs.ts'

/** Keys of others are plain ASCII, so that none of them is ever one of these. */
const own = '代扣'

/** A key for one step of one collection: done again, the step is answered as it was. */
export function keyOf(
  { fingerprint }: Pick<World, 'fingerprint'>,
  institution: string,
  step: { readonly reference: string; readonly told: string },
): Key {
  const input = JSON.stringify(step)
  const key = `${own} ${step.reference} ${step.told}`
  return { institution, key, fingerprint: fingerprint(input), input }
}

/** The asks of the ledger: what a bank collected is a movement of the agency whose region the window is in. */
export const asksOf = (world: Pick<World, 'fingerprint' | 'dayOf'>) => ({
  move({ settlement, content }: Row, { reference, amount, askedAt }: Collection): MoveAsk {
    const agency = agencyOf(content.careRegion)
    const day = world.dayOf(askedAt)
    return {
      kind: 'move',
      key: keyOf(world, agency, { reference, told: 'booked' }),
      institution: agency,
      movement: {
        kind: 'collection',
        person: content.person,
        region: content.careRegion,
        month: day.slice(0, 7),
        day,
        reference,
        total: amount,
        paid: [],
        funds: [],
        account: zero,
        settlement,
        institution: content.institution,
      },
    }
  },
  moveBack({ content }: Row, { reference }: Collection, movement: string): MoveBackAsk {
    const agency = agencyOf(content.careRegion)
    const key = keyOf(world, agency, { reference, told: 'taken-back' })
    return { kind: 'moveBack', key, institution: agency, movement, collection: true }
  },
})
