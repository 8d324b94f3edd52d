import type { Day, Instant } from './day.ts'

/**
 * The state of a social security card (社会保障卡) as four independent parts: its life, its loss, its PIN and its dates.
 * A card is usable only when all four allow it.
 */
export interface Card {
  readonly number: string
  readonly serial: string
  readonly owner: string
  readonly life: 'requested' | 'made' | 'issued' | 'active' | 'superseded' | 'cancelled'
  readonly loss: CardLoss
  readonly pin: 'initial' | 'set' | 'locked'
  readonly issued: Day
  readonly expires: Day
  readonly photo: boolean
}

/** A reported loss (挂失): a temporary one lapses by itself, a formal one does not. */
export type CardLoss =
  | { readonly kind: 'none' }
  | { readonly kind: 'temporary'; readonly lapses: Instant }
  | { readonly kind: 'formal' }

/** Seven times twenty-four hours (临时挂失, S8). */
export const temporaryLossLasts_ms = 7 * 24 * 60 * 60 * 1000
