import { type Card, type CardLife, type CardLoss, lossAt, type PinState } from './card.ts'
import type { Day, Instant } from './day.ts'

/** Where a day stands to the dates of a card (有效期): before them, within, after. */
export const dateStates = ['early', 'valid', 'expired'] as const
export type DateState = (typeof dateStates)[number]

/** The state of a card at a moment (卡状态): four parts, each of which says nothing of the others (decision 3). */
export interface CardState {
  readonly life: CardLife
  readonly loss: CardLoss['kind']
  readonly pin: PinState
  readonly dates: DateState
}

/** The name of a part of a card's state. */
export type CardPart = keyof CardState
export const cardParts = ['life', 'loss', 'pin', 'dates'] as const satisfies readonly CardPart[]

/** The lives in which a card may still change. */
export const live = ['requested', 'made', 'issued', 'active'] as const

/** Is the card one that may still change? */
export const isLive = ({ life }: Pick<Card, 'life'>): boolean =>
  (live as readonly CardLife[]).includes(life)

export const datesOn = ({ issued, expires }: Pick<Card, 'issued' | 'expires'>, on: Day) =>
  on < issued ? 'early' : on > expires ? 'expired' : 'valid'

export const stateOf = (card: Card, now: Instant, today: Day): CardState => ({
  life: card.life,
  loss: lossAt(card, now).kind,
  pin: card.pin,
  dates: datesOn(card, today),
})

/** The states of all parts in words that tell which part they are of. */
export const stateWords: { readonly [P in CardPart]: Readonly<Record<CardState[P], string>> } = {
  life: {
    requested: 'requested',
    made: 'made',
    issued: 'issued',
    active: 'active',
    superseded: 'superseded',
    cancelled: 'cancelled',
  },
  loss: { none: 'not-lost', temporary: 'temporarily-lost', formal: 'formally-lost' },
  pin: { initial: 'pin-initial', set: 'pin-set', locked: 'pin-locked' },
  dates: { early: 'not-yet-valid', valid: 'valid', expired: 'expired' },
}
