import { cardSubject, readHistory } from '../../engine/cardHistory.ts'
import { policyOf } from '../../engine/cardPolicy.ts'
import type { CardDesk } from '../http/needs.ts'
import { maskCardNumber } from '../log.ts'
import { createCardDesks } from '../postgres/cardDesks.ts'
import { createDossiers } from '../postgres/dossiers.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** What the REST interface asks about cards, joined from the register, their histories and the rules of their places. */
export function cardDeskOf({ pool, crypto, rules, config }: World): CardDesk {
  const desks = createCardDesks({ pool, crypto })
  const dossiers = createDossiers({ pool, crypto })
  const { rulebooks } = rules
  return {
    find: withFault((reference) => desks.find(reference)),
    read: withFault(async (reference) => {
      const card = await desks.find(reference)
      if (!card) return undefined
      const kept = await dossiers.read(cardSubject(card.owner, card.id))
      return { card, maskedNumber: maskCardNumber(card.number), history: readHistory(kept) }
    }),
    draw: withFault((place) => desks.draw(place)),
    isTaken: withFault((number, owner) => desks.isTaken(number, owner)),
    places: {
      regions: rulebooks.directory(config.regions),
      policyOf: (division) => policyOf(rulebooks, division),
    },
  }
}
