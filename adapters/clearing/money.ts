import {
  type AdvanceAsked,
  advanceSubject,
  approveAdvance,
  askAdvance,
} from '../../engine/advance.ts'
import type { Division } from '../../engine/claim.ts'
import { chainOf } from '../../engine/clearingRun.ts'
import type { NumberedOrder } from '../../engine/clearingRun.ts'
import type { Day } from '../../engine/day.ts'
import { agencyOf } from '../../engine/movement.ts'
import type { PairRun } from '../../engine/nettingClaims.ts'
import { net, nettingChain, prepaidsOf } from '../../engine/nettingRun.ts'
import {
  approvePayment,
  askPayment,
  orderSubject,
  receivePayment,
} from '../../engine/orderPayment.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Key } from '../../engine/ports.ts'
import {
  approvePrepaid,
  askPrepaid,
  type PrepaidAsked,
  prepaidSubject,
  receivePrepaid,
} from '../../engine/prepaid.ts'
import { regionOwner } from '../../engine/clearing.ts'
import { askOf, refused, untilNotOvertaken } from './asking.ts'
import type { World } from './needs.ts'

/** Nets all windows that were closed until a day, for every region whose books are kept here. */
export async function netUntil(world: World, key: Key, until: Day): Promise<Outcome> {
  const [centre = ''] = world.served
  const chain = nettingChain(centre)
  const id = world.newId(chain.owner)
  const serves = (region: Division): boolean => world.served.includes(region)
  return untilNotOvertaken(async () => {
    const seen = chainOf(await world.kept(chain)).version
    const owners = world.served.map(regionOwner)
    const runs = (await world.runs.openRuns('pair', owners, until)) as readonly PairRun[]
    const subjects = [chain, ...prepaidsOf(runs).map(prepaidSubject)]
    const window = { name: until, until }
    return world.submit(
      askOf(key, chain.owner, subjects, (found) =>
        net(found, { id, centre, chain, seen, window, runs, serves }),
      ),
    )
  })
}

export const orderSteps = {
  'payment-request': { by: 'debtor', step: askPayment },
  payment: { by: 'debtor', step: approvePayment },
  receipt: { by: 'creditor', step: receivePayment },
} as const
export type OrderStepName = keyof typeof orderSteps

/** One step of paying an order, by the region that pays or gets it; to any other it is not there. */
export async function stepOrder(
  world: World,
  key: Key,
  asked: { readonly order: string; readonly step: OrderStepName; readonly operator: string },
): Promise<Outcome> {
  const { by, step } = orderSteps[asked.step]
  const order = await world.runs.order(asked.order)
  if (!order || key.institution !== agencyOf(regionOf(order, by)))
    return refused('payment-order-unknown', { order: asked.order })
  const subject = orderSubject(order, by)
  const posting = world.newId(subject.owner)
  return world.submit(
    askOf(key, subject.owner, [subject], (found) =>
      step(found, { order, operator: asked.operator, posting }),
    ),
  )
}

const regionOf = (order: NumberedOrder, by: 'debtor' | 'creditor'): Division => order[by]

export const prepaidSteps = {
  request: askPrepaid,
  approval: approvePrepaid,
  receipt: receivePrepaid,
} as const
export type PrepaidStep = keyof typeof prepaidSteps

export async function stepPrepaid(
  world: World,
  key: Key,
  step: PrepaidStep,
  asked: Omit<PrepaidAsked, 'posting'>,
): Promise<Outcome> {
  const subject = prepaidSubject(asked.of)
  const posting = world.newId(subject.owner)
  return world.submit(
    askOf(key, subject.owner, [subject], (found) =>
      prepaidSteps[step](found, { ...asked, posting }),
    ),
  )
}

export const advanceSteps = { request: askAdvance, approval: approveAdvance } as const
export type AdvanceStep = keyof typeof advanceSteps

export async function stepAdvance(
  world: World,
  key: Key,
  step: AdvanceStep,
  asked: Omit<AdvanceAsked, 'posting' | 'region'>,
): Promise<Outcome> {
  const region = await regionOfInstitution(world, asked.institution)
  if (region === undefined || key.institution !== agencyOf(region))
    return refused('institution-unknown', { institution: asked.institution })
  const subject = advanceSubject(asked.institution)
  const posting = world.newId(subject.owner)
  return world.submit(
    askOf(key, subject.owner, [subject], (found) =>
      advanceSteps[step](found, { ...asked, region, posting }),
    ),
  )
}

/** The pooling area that an institution is in, whose agency pays it. */
export async function regionOfInstitution(
  world: Pick<World, 'institution' | 'regionOf'>,
  code: string,
): Promise<Division | undefined> {
  const institution = await world.institution(code)
  return institution && world.regionOf(institution.division)
}
