import type { AwayCredential, Visitor } from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import { hear } from './heard.ts'
import type { CrossingWorld } from './needs.ts'

type Welcoming = Pick<CrossingWorld, 'line' | 'visitors'>

/**
 * Somebody who says to be insured elsewhere is asked about there, each time anew: what was known of them yesterday may not
 * hold today. Undefined where they say nothing of the kind.
 */
export async function welcome(
  insuredIn: Division | undefined,
  { type, number, cardSn }: AwayCredential,
  { line, visitors }: Welcoming,
): Promise<Visitor | Refusal | undefined> {
  const region = insuredIn === undefined ? undefined : visitors.isAway(insuredIn)
  if (region === undefined) return undefined
  const credential = { type, number, cardSn }
  const heard = await hear(line, region, { kind: 'identify', credential })
  if (heard.kind === 'refused') return heard.refusal
  if (heard.kind !== 'identified') return refuse('home-region-unreachable', { region })
  await visitors.keep(heard.visitor, credential)
  return heard.visitor
}
