import type { Division } from './claim.ts'
import { type Fen, parseYuan } from './money.ts'
import type { Rulebooks } from './rulebook.ts'

/** What a payment that looks wrong comes to: refused, a PIN asked for, or settled and told. */
export type RiskAction = 'refuse' | 'pin' | 'warn'

/** A rule that finds payments which look wrong (风险规则). Of rules that fit, the strictest action holds. */
export type RiskRule =
  /** More than so many payments within so many minutes. */
  | {
      readonly kind: 'velocity'
      readonly most: number
      readonly within_minutes: number
      readonly action: RiskAction
    }
  /** Another region than the payment before, sooner than anybody gets there. */
  | { readonly kind: 'travel'; readonly within_minutes: number; readonly action: RiskAction }
  /** The counter of a terminal that has been seen before. */
  | { readonly kind: 'terminal-counter'; readonly action: RiskAction }

/** What a payment without PIN may be at most, by payment, by day and in number. */
export interface QuickLimits {
  readonly perPayment: Fen
  readonly perDay: Fen
  readonly perDayCount: number
}

/** Small quick payments (小额快速支付, N2) of a region. */
export interface QuickPolicy extends QuickLimits {
  /** May a family account (家庭共济) pay as well? */
  readonly familyAccount: boolean
  readonly offline: QuickLimits & {
    readonly allowed: boolean
    /** An upload of a sale longer ago is refused. */
    readonly oldest_days: number
    /** A terminal renews its hot list at least so often: what a newer list would have named was its to know. */
    readonly listAge_hours: number
    /** Who bears what a card paid offline after a loss that the terminal's list could not know yet (decision 14). */
    readonly lossAfterList: 'agency' | 'pharmacy'
  }
  readonly risks: readonly RiskRule[]
}

/**
 * What a region has decided about its cards (社会保障卡业务参数). Cities differ in the number of tries (3 or 6); what no
 * document says is [J], conservative, and configuration.
 */
export interface CardPolicy {
  /** Wrong PINs in a row before the card's PIN is locked. */
  readonly pinTries: number
  /** Is a PIN due, beside the card's proof, where the server verifies cards and the account pays (账户支付验密)? */
  readonly pinForAccount: boolean
  /** How long a temporary loss lasts before it lapses by itself (S8). */
  readonly temporaryLoss_days: number
  /** How long a card that was authenticated counts, where no visit carries it (decision 1). */
  readonly authentication_minutes: number
  readonly challenge_seconds: number
  /** When the old card of a replacement ends (S5). */
  readonly oldCardEnds: 'handover' | 'activation'
  /** Does a lost card block the e-card that derives from it (电子社保卡, decision 4)? */
  readonly lossBlocksECard: boolean
  readonly token_seconds: number
  readonly clockSkew_seconds: number
  readonly quick: QuickPolicy
}

/** What holds where a region says nothing else. */
export const usualCardPolicy: CardPolicy = {
  pinTries: 3,
  // The chip counts the tries of its own PIN, which its reader asks for (decision 1). [J]
  pinForAccount: false,
  temporaryLoss_days: 7,
  authentication_minutes: 30,
  challenge_seconds: 60,
  oldCardEnds: 'activation',
  lossBlocksECard: true,
  token_seconds: 120,
  clockSkew_seconds: 30,
  quick: {
    perPayment: parseYuan('300.00'),
    perDay: parseYuan('1000.00'),
    perDayCount: 5,
    familyAccount: true,
    offline: {
      allowed: true,
      perPayment: parseYuan('100.00'),
      perDay: parseYuan('300.00'),
      perDayCount: 3,
      oldest_days: 30,
      listAge_hours: 24,
      lossAfterList: 'agency',
    },
    risks: [
      { kind: 'velocity', most: 3, within_minutes: 10, action: 'pin' },
      { kind: 'travel', within_minutes: 60, action: 'refuse' },
      { kind: 'terminal-counter', action: 'refuse' },
    ],
  },
}

/** What the place that manages a card has decided; where we have no pack of it, the usual. */
export const policyOf = (books: Pick<Rulebooks, 'of'>, managedIn: Division): CardPolicy =>
  books.of(managedIn)?.region.cards ?? usualCardPolicy
