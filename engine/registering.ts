import type { Claim } from './claim.ts'
import type { World } from './decide.ts'
import { zero } from './money.ts'
import { findParties, type Parties } from './parties.ts'
import type { Found } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Registration } from './visit.ts'
import { presentedBy } from './deciding.ts'

/**
 * Whether a visit may be registered (挂号 2201, 入院办理 2401): the parties must be such as a settlement would find today.
 * Whoever was not insured on admission may be so by now. A card that is still to be authenticated is no reason to turn
 * somebody away, for the settlement asks for that.
 */
export function partiesOf(
  { institution, day, credential, about, kind }: Registration,
  { facts, today }: Pick<Found, 'facts' | 'today'>,
  world: World,
): Parties | Refusal {
  if (day > today) return refuse('day-in-future', { day, today })
  const stays = kind === 'inpatient'
  const claim: Claim = {
    institution,
    day: stays ? today : day,
    credential: { ...credential, proofDue: undefined },
    scheme: about.scheme,
    care: about.care ?? (stays ? 'inpatient' : 'outpatient'),
    stay: stays ? { admission: day, discharge: today, interim: true } : undefined,
    useAccount: false,
    useFamilyAccount: false,
    emergency: about.emergency ?? false,
    total: zero,
    lines: [],
  }
  return findParties(claim, presentedBy(claim, facts), world)
}
