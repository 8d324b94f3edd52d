import type { Division } from './claim.ts'
import type { Day, Instant } from './day.ts'

/** How far a card has come (卡状态): applied for, made, ready at a desk, in use, replaced, ended. */
export const cardLives = [
  'requested',
  'made',
  'issued',
  'active',
  'superseded',
  'cancelled',
] as const
export type CardLife = (typeof cardLives)[number]

/** The PIN of a card (卡密码): the one it was handed over with, one of the holder's own, or locked by wrong tries. */
export const pinStates = ['initial', 'set', 'locked'] as const
export type PinState = (typeof pinStates)[number]

/** The version of the card's standard (规范版本, LD/T 32): it tells which algorithms its chip has. */
export const cardVersions = ['1.00', '2.00', '3.00'] as const
export type CardVersion = (typeof cardVersions)[number]

/**
 * The state of a social security card (社会保障卡) as four independent parts: its life, its loss, its PIN and its dates.
 * A card is usable only when all four allow it.
 */
export interface Card {
  /** Names the card without telling its number: for subjects, traces and answers. */
  readonly id: string
  readonly number: string
  readonly serial: string
  readonly owner: string
  readonly version: CardVersion
  readonly life: CardLife
  readonly loss: CardLoss
  readonly pin: PinState
  readonly issued: Day
  readonly expires: Day
  readonly photo: boolean
  /** The place that manages it (管理地): a relocation moves it, and coverage never follows (S10). */
  readonly managedIn: Division
  /** The id of the card that this one takes the place of, until it does (补卡, 换卡). */
  readonly replaces?: string | undefined
  /** Its holder wants no payments without PIN (关闭小额免密). */
  readonly quickPaymentsOff?: boolean | undefined
}

/** A reported loss (挂失): a temporary one lapses by itself, a formal one does not. */
export type CardLoss =
  | { readonly kind: 'none' }
  | { readonly kind: 'temporary'; readonly lapses: Instant }
  | { readonly kind: 'formal' }

/** Seven times twenty-four hours (临时挂失, S8). */
export const temporaryLossLasts_ms = 7 * 24 * 60 * 60 * 1000

/** The loss as it stands at a moment: a temporary one that has lapsed is none, whether or not a sweep has said so. */
export const lossAt = ({ loss }: Pick<Card, 'loss'>, now: Instant): CardLoss =>
  loss.kind === 'temporary' && now >= loss.lapses ? { kind: 'none' } : loss

/** A card before the books have named it. */
export type NewCard = Omit<Card, 'id'>

/** A PIN from now on (设密), and the tries it starts with. */
export interface PinChange {
  /** What it is checked by, in hexadecimal, which tells nothing of it; none for the initial PIN that cards are made with. */
  readonly made?: { readonly verifier: string; readonly keyVersion: number } | undefined
  readonly initial: boolean
  readonly tries: number
}

/** A card as it is from now on: a changed one, or a new one that the books do not know yet. */
export interface CardChange {
  readonly card: Card
  readonly pin?: PinChange | undefined
  /** From now on the person's e-card (电子社保卡) derives from this card. */
  readonly bearsECard?: boolean | undefined
}
