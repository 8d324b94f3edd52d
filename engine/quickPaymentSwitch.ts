import { type Entry, type Subject } from './dossier.ts'
import type { Entered, EnterAsk, Found, Key } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What a holder wants of payments without PIN (开通、关闭小额免密), at which desk, for which card of theirs. */
export interface QuickSwitch {
  readonly card: string
  readonly owner: string
  readonly desk: string
  readonly allowed: boolean
}

const switchSubject = ({ owner, card }: QuickSwitch): Subject => ({
  owner,
  name: `quick payments ${card}`,
  newest: 1,
})

/** Asks a desk to switch payments without PIN on or off. Whoever wants what is so already is told so, and nothing changes. */
export function switchQuickPayments(key: Key, asked: QuickSwitch): EnterAsk {
  const { desk: institution, owner } = asked
  const subjects = [switchSubject(asked)]
  return { kind: 'enter', key, institution, owner, subjects, enter: (found) => enter(asked, found) }
}

function enter(asked: QuickSwitch, { facts }: Found): Entered | Refusal {
  const { card: id, desk, allowed } = asked
  const card = facts.cards?.find((one) => one.id === id)
  if (!card) return refuse('card-unknown')
  if (card.life === 'cancelled') return refuse('card-cancelled')
  if (card.life === 'superseded') return refuse('card-superseded')
  const result = { card: id, allowed }
  if ((card.quickPaymentsOff !== true) === allowed) return { entries: [], result }
  const entry: Entry = {
    subject: switchSubject(asked),
    kind: allowed ? 'allowed' : 'switched-off',
    body: { desk },
  }
  return { entries: [entry], cards: [{ card: { ...card, quickPaymentsOff: !allowed } }], result }
}
