import { expect } from 'vitest'
import type { Claim, Division } from '../../../engine/claim.ts'
import { toYuan } from '../../../engine/money.ts'
import { amountNames, type Settlement } from '../../../engine/settlement.ts'
import {
  ask,
  balance,
  billOf,
  enterHospital,
  halfAtHome,
  hospitalIn,
  type Insured,
  openTwo,
  type Place,
  rowOf,
  type Two,
} from './twoServers.ts'

/** Both servers, with a tertiary hospital in each region that treats. */
export async function openTreatments(): Promise<Two> {
  const two = await openTwo()
  for (const region of ['510100', '310100', '440100'])
    await enterHospital(placeOf(two, region), region)
  return two
}

export const placeOf = ({ chengdu, guangzhou }: Two, region: Division): Place =>
  chengdu.served.includes(region) ? chengdu : guangzhou

/** What a bill came to, in yuan and in the order in which the table below writes it. */
export const paid = (s: Settlement) => ({
  fund: toYuan(s.fundTotal),
  person: toYuan(s.personTotal),
  account: toYuan(s.account),
  deductible: toYuan(s.deductible),
  firstPay: toYuan(s.crossRegionFirstPay),
})

/** Previews and settles a bill elsewhere; everything that must hold of any such bill is seen to here. */
export async function settledAway(
  two: Two,
  who: Insured,
  at: Division,
  more: Partial<Claim> = {},
): Promise<Settlement> {
  const [home, care] = [placeOf(two, who.region), placeOf(two, at)]
  const claim = billOf(who, hospitalIn(at), more)
  const owedBefore = await balance(home, 'due-to:')
  const preview = await care.desk.preview(claim)
  const { content } = rowOf(await care.desk.submit(ask(claim)))
  if (preview.kind !== 'preview') throw new Error(preview.refusal.code)
  const { content: half } = await halfAtHome(home, content.reference as string)
  expect(content).toMatchObject({
    side: 'care',
    careRegion: at,
    homeRegion: who.region,
    draws: [],
    counters: [],
  })
  expect(half).toMatchObject({
    side: 'home',
    careRegion: at,
    homeRegion: who.region,
    reference: content.reference,
  })
  for (const name of amountNames) {
    expect([name, content[name]]).toEqual([name, half[name]])
    expect([name, preview.settlement[name]]).toEqual([name, half[name]])
  }
  // The whole trace is told: whoever reads it here can recompute every fen.
  expect(content.trace).toEqual(half.trace)
  expect(content.crossRegion).toEqual(half.crossRegion)
  expect(content.rules).toEqual(half.rules)
  expect(content.shares).toEqual(half.shares)
  const owed = owedBefore - (await balance(home, 'due-to:'))
  expect(owed).toBe(content.fundTotal + content.account)
  return content
}
