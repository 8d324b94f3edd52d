import type { NewCard } from './card.ts'
import type { Claim, Credential, Division, Scheme, VisitSums } from './claim.ts'
import type { Day, Instant } from './day.ts'
import type { Fen } from './money.ts'
import type { Person } from './person.ts'
import type { Refusal } from './refusal.ts'
import type { ScopedClaim } from './scoped.ts'
import type { Split, Warning } from './settlement.ts'

/** What shows who was treated, as far as the home region has to know it. */
export type AwayCredential = Pick<
  Credential,
  'type' | 'number' | 'cardSn' | 'proof' | 'pinChecked' | 'eCredential'
>

/**
 * A bill of somebody treated away from home (异地就医结算申请): its lines are classified by the care region's catalogue and
 * prices (就医地目录), and the home region is to apply its own policy (参保地政策).
 */
export interface AwayClaim {
  /** What was paid on paper is asked of nobody. */
  readonly scoped: Omit<ScopedClaim, 'paidAtWindow'>
  readonly credential: AwayCredential
  readonly scheme?: Scheme | undefined
  readonly externalInjury?: Claim['externalInjury']
  /** What earlier bills of the same outpatient visit counted, as the home region told it with them. */
  readonly earlier?: readonly VisitSums[] | undefined
}

/** What the home region computed of an away claim: all of its split but its own accounts and running sums. */
export interface ToldSplit extends Omit<Split, 'draws' | 'counters' | 'advanced'> {
  readonly scheme: Scheme
  readonly warnings: readonly Warning[]
  readonly packHash: string
}

/** A card as the home region tells of it: one that may be used now, for others are refused there. */
export type VisitorCard = Pick<
  NewCard,
  'number' | 'serial' | 'version' | 'pin' | 'issued' | 'expires' | 'photo' | 'managedIn'
>

/** An insured person as the home region tells a care region of them (异地参保人信息). */
export interface Visitor {
  /** Injuries, maternity and family accounts stay at home; the home region looks at them when it computes. */
  readonly person: Person
  readonly name: string
  readonly citizenNumber: string
  /** The insured place of the coverage row (参保地, insuplc_admdvs) that is in force. */
  readonly region: Division
  readonly balance: Fen
  /** The card, where they were asked for by one. */
  readonly card?: VisitorCard | undefined
}

/**
 * What one region asks of another (跨区域请求). `reference` names the request and is its idempotency key on both sides;
 * `of` names an earlier one.
 */
export type RegionAsk =
  | { readonly kind: 'identify'; readonly credential: AwayCredential }
  | { readonly kind: 'preview'; readonly claim: AwayClaim }
  | { readonly kind: 'settle'; readonly reference: string; readonly claim: AwayClaim }
  /** What became of a request? */
  | { readonly kind: 'query'; readonly reference: string }
  /** Cancellation (撤销) of a settlement that both sides know. */
  | (Naming & { readonly kind: 'cancel' })
  /** Reversal (冲正) of whatever became of a settlement or a cancellation. */
  | (Naming & { readonly kind: 'reverse' })
  | {
      readonly kind: 'statement'
      /** Whose rows: of what the asker treated, unless it asks about its own people whom the answerer treated. */
      readonly side?: 'care' | undefined
      /** Days on which rows were posted, both included. */
      readonly from: Day
      readonly until: Day
      readonly after?: string | undefined
      readonly limit: number
    }

interface Naming {
  readonly reference: string
  /** The reference of the request that is undone, and of the settlement that it is all about. */
  readonly of: string
  readonly settlement: string
  readonly institution: string
  readonly person: string
}

/** What a region answers (跨区域应答). */
export type RegionReply =
  | { readonly kind: 'identified'; readonly visitor: Visitor }
  | { readonly kind: 'previewed'; readonly split: ToldSplit }
  | {
      readonly kind: 'settled'
      /** The home region's own id of the settlement. */
      readonly settlement: string
      readonly postedAt: Instant
      readonly split: ToldSplit
      /** Only to a query: it was settled, and a later request undid it. */
      readonly undone?: boolean | undefined
    }
  | { readonly kind: 'cancelled'; readonly postedAt: Instant; readonly affected: readonly string[] }
  /** `nothing`: the original never came, and is blocked from now on; `restored`: what was reversed was a cancellation. */
  | { readonly kind: 'reversed'; readonly as: 'nothing' | 'turned' | 'restored' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** To a query: nothing is known under the reference. */
  | { readonly kind: 'absent' }
  /** It is being worked on, or its outcome is not known yet: ask again. */
  | { readonly kind: 'open' }
  | { readonly kind: 'statement'; readonly rows: readonly StatementRow[]; readonly next?: string }

/** One row of a statement between two regions (异地对账明细): both sides have it under the same reference. */
export interface StatementRow {
  readonly reference: string
  readonly kind: 'settlement' | 'cancellation' | 'reversal' | 'restoration'
  readonly sequence: number
  readonly scheme: Scheme
  readonly postedOn: Day
  readonly total: Fen
  readonly fundTotal: Fen
  readonly account: Fen
  /** What the home region owes for it (fund total and account part, and what the person owes it), positive. */
  readonly due: Fen
}

/**
 * Why a region was not heard: `unsent` where no byte can have arrived, so that nothing happened; `lost` where it may have;
 * `bad-answer` where what came back is no answer to this request.
 */
export class RegionFault extends Error {
  override name = 'RegionFault'
  readonly kind: 'unsent' | 'lost' | 'bad-answer'
  constructor(kind: RegionFault['kind'], message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}

/** The line to other regions, as whoever asks sees it. */
export interface RegionLine {
  /** Sends one request and gives the answer; throws a RegionFault. Whoever can wait no longer than so says it. */
  ask(to: Division, asked: RegionAsk, within_ms?: number): Promise<RegionReply>
}
