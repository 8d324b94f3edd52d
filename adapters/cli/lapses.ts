import canonicalize from 'canonicalize'
import type { Card } from '../../engine/card.ts'
import { cardSubject } from '../../engine/cardHistory.ts'
import { lapseLoss } from '../../engine/cardService.ts'
import type { EnterAsk } from '../../engine/ports.ts'
import { sm3Hex } from '../crypto/sm3.ts'
import type { Desk } from '../http/needs.ts'
import { createCardDesks } from '../postgres/cardDesks.ts'
import type { World } from './serve.ts'

const sweep = 'desk:sweep'

/**
 * Writes that temporary losses have lapsed (临时挂失到期), at most so many, and tells how many it wrote of. A card whose loss has
 * lapsed is usable without it: what is missing is only its history. Each is an ask like a desk's, under a key that the card and
 * the moment make, so that two sweeps at once, or one that is killed and comes again, write it once.
 */
export async function lapseTemporaryLosses(
  { pool, crypto, clock }: Pick<World, 'pool' | 'crypto' | 'clock'>,
  { submit }: Pick<Desk, 'submit'>,
  limit: number,
): Promise<number> {
  const cards = await createCardDesks({ pool, crypto }).lapsed(clock.now(), limit)
  const outcomes = await Promise.all(cards.map((card) => submit(askToLapse(card))))
  return outcomes.filter((outcome) => outcome.kind === 'entered' && !outcome.replayed).length
}

function askToLapse({ owner, id, loss }: Card): EnterAsk {
  const lapses = loss.kind === 'temporary' ? loss.lapses : 0
  const input = canonicalize({ lapses, card: id }) as string
  return {
    kind: 'enter',
    key: { institution: sweep, key: `${id} ${lapses}`, fingerprint: sm3Hex(input), input },
    institution: sweep,
    owner,
    subjects: [cardSubject(owner, id)],
    enter: (found) => lapseLoss(found, id),
  }
}
