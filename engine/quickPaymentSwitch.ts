import { type CardPlaces, refuseDesk } from './cardPlace.ts'
import type { Division } from './claim.ts'
import type { Entry, Subject } from './dossier.ts'
import type { Entered, EnterAsk, Found, Key } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What a holder wants of payments without PIN (开通、关闭小额免密), at which desk, for which card of theirs. */
export interface QuickSwitch {
  readonly card: string
  readonly owner: string
  /** Where the desk is, and who does it there. */
  readonly division: Division
  readonly operator: string
  readonly allowed: boolean
}

const switchSubject = ({ owner, card }: QuickSwitch): Subject => ({
  owner,
  name: `quick payments ${card}`,
  newest: 1,
})

/** Asks a desk to switch payments without PIN on or off. Whoever wants what is so already is told so, and nothing changes. */
export function switchQuickPayments(key: Key, asked: QuickSwitch, places: CardPlaces): EnterAsk {
  const subjects = [switchSubject(asked)]
  const { institution } = key
  const { owner } = asked
  const enter = (found: Found) => enterSwitch(asked, found, places)
  return { kind: 'enter', key, institution, owner, subjects, enter }
}

function enterSwitch(asked: QuickSwitch, { facts }: Found, places: CardPlaces): Entered | Refusal {
  const { card: id, division, operator, allowed } = asked
  const card = facts.cards?.find((one) => one.id === id)
  if (!card) return refuse('card-unknown')
  const elsewhere = refuseDesk(card, division, places)
  if (elsewhere) return elsewhere
  if (card.life === 'cancelled') return refuse('card-cancelled')
  if (card.life === 'superseded') return refuse('card-superseded')
  const result = { card: id, allowed }
  if ((card.quickPaymentsOff !== true) === allowed) return { entries: [], result }
  const entry: Entry = {
    subject: switchSubject(asked),
    kind: allowed ? 'allowed' : 'switched-off',
    body: { division, operator },
  }
  return { entries: [entry], cards: [{ card: { ...card, quickPaymentsOff: !allowed } }], result }
}
