import type { CardLife } from './card.ts'
import type { DocumentKind } from './cardDocuments.ts'
import { type CardPart, type CardState, live } from './cardState.ts'

/** What a service does beside changing the four parts. */
export type Deed =
  /** A new card is applied for, in the place of this one where there is one. */
  | 'makes-card'
  /** The card whose place this one takes ends, as the region has decided when (S5). */
  | 'ends-old-card-at-handover'
  | 'ends-old-card'
  /** From now on the e-card (电子社保卡) derives from this card. */
  | 'bears-e-card'
  | 'sets-dates'
  | 'writes-contact'
  | 'moves-card'
  | 'sets-pin'

/** Who may come for a service: anybody, a proxy or guardian with proofs, a guardian, the holder alone, or no person. */
export type Comer = 'anybody' | 'proxy' | 'guardian' | 'holder' | 'nobody'

/** One row of the table of services (卡服务事项). */
export interface ServiceRow {
  /** The row of the brochure. */
  readonly brochure?: string
  /** The states in which it may be done, by part; a part that is not named may be in any. Absent: there is no card yet. */
  readonly from?: { readonly [P in CardPart]?: readonly CardState[P][] }
  readonly to: Partial<CardState>
  readonly does: readonly Deed[]
  readonly documents: readonly DocumentKind[]
  readonly comer: Comer
  /** Done for one who has died as well. */
  readonly ofDeceased?: boolean
  /** One of these is given, and may ask for more documents or fewer states. */
  readonly reasons?: Readonly<Record<string, ReasonRow>>
}

/** What one reason asks for beside its service. */
export interface ReasonRow {
  readonly documents?: readonly DocumentKind[]
  readonly life?: readonly CardLife[]
  /** The family may come for whoever cannot come any more. */
  readonly family?: boolean
  /** What the holder is called changes. */
  readonly renames?: boolean
}

/** In its holder's hands. */
const held = ['issued', 'active'] as const
const cardAndId = ['own-card', 'id-document'] as const

/**
 * All that is ever done to a card: what a person asks for (S1 to S11), and what happens by itself. The code, the tests and the picture
 * in docs/card-states.md read this table and no other.
 */
export const cardServices = {
  /** 申领 */
  application: {
    brochure: 'S1',
    to: { life: 'requested', loss: 'none', pin: 'initial', dates: 'valid' },
    does: ['makes-card'],
    documents: ['id-document'],
    comer: 'proxy',
  },
  /** 制卡, told by the card maker. The dates of a card begin when it is made. */
  making: {
    brochure: 'S1',
    from: { life: ['requested'] },
    to: { life: 'made' },
    does: ['sets-dates'],
    documents: [],
    comer: 'nobody',
  },
  /** 领卡 */
  delivery: {
    brochure: 'S1',
    from: { life: ['made'] },
    to: { life: 'issued' },
    does: ['ends-old-card-at-handover'],
    documents: ['id-document'],
    comer: 'proxy',
  },
  /** 启用 */
  activation: {
    brochure: 'S2',
    from: { life: ['issued'], loss: ['none'], dates: ['valid'] },
    to: { life: 'active' },
    does: ['ends-old-card', 'bears-e-card'],
    documents: cardAndId,
    comer: 'proxy',
  },
  /** 非关键信息变更 */
  details: {
    brochure: 'S4',
    from: { life: held, loss: ['none'] },
    to: {},
    does: ['writes-contact'],
    documents: ['own-card'],
    comer: 'proxy',
  },
  /** 补卡 */
  reissue: {
    brochure: 'S5',
    from: { life: held, loss: ['formal'] },
    to: {},
    does: ['makes-card'],
    documents: ['id-document'],
    comer: 'proxy',
  },
  /** 换卡 */
  replacement: {
    brochure: 'S5',
    from: { life: held, loss: ['none'] },
    to: {},
    does: ['makes-card'],
    documents: cardAndId,
    comer: 'proxy',
    reasons: {
      expired: {},
      damaged: {},
      'worn-face': {},
      'changed-appearance': { documents: ['photo'] },
      'changed-name-or-number': { renames: true },
      'data-not-matching': {},
    },
  },
  /** 密码修改: whoever knows the old PIN is the holder, and nobody else should. */
  pin: {
    brochure: 'S6',
    from: { life: ['active'], loss: ['none'], pin: ['initial', 'set'] },
    to: { pin: 'set' },
    does: ['sets-pin'],
    documents: ['own-card', 'old-pin'],
    comer: 'holder',
  },
  /** 密码重置, by two people of the desk. */
  'pin-reset': {
    brochure: 'S7',
    from: { life: ['active'], loss: ['none'] },
    to: { pin: 'set' },
    does: ['sets-pin'],
    documents: [...cardAndId, 'second-operator'],
    comer: 'guardian',
  },
  /** 临时挂失: it only keeps a card from paying for a while, so nothing is to be shown. */
  'temporary-loss': {
    brochure: 'S8',
    from: { life: held, loss: ['none'] },
    to: { loss: 'temporary' },
    does: [],
    documents: [],
    comer: 'anybody',
    ofDeceased: true,
  },
  /** 正式挂失 */
  'formal-loss': {
    brochure: 'S8',
    from: { life: held, loss: ['none', 'temporary'] },
    to: { loss: 'formal' },
    does: [],
    documents: ['id-document'],
    comer: 'proxy',
    ofDeceased: true,
  },
  /** 解挂 of both kinds of loss, until a reissue was accepted. */
  'loss-cancel': {
    brochure: 'S9',
    from: { life: held, loss: ['temporary', 'formal'] },
    to: { loss: 'none' },
    does: [],
    documents: cardAndId,
    comer: 'proxy',
  },
  /** 参保地转移 */
  relocation: {
    brochure: 'S10',
    from: { life: held, loss: ['none'] },
    to: {},
    does: ['moves-card'],
    documents: cardAndId,
    comer: 'proxy',
  },
  /** 注销 of the social application, which comes first. */
  cancellation: {
    brochure: 'S11',
    from: { life: live },
    to: { life: 'cancelled' },
    does: [],
    documents: ['cancellation-form'],
    comer: 'proxy',
    ofDeceased: true,
    reasons: {
      surplus: { documents: ['id-document'] },
      unclaimed: { life: ['requested', 'made'] },
      death: { documents: ['death-certificate'], family: true },
      emigration: { documents: ['emigration-papers'] },
      missing: { documents: ['missing-ruling'], family: true },
    },
  },
  /** 注销 of the bank's part, which comes second. */
  'bank-cancellation': {
    brochure: 'S11',
    from: { life: ['cancelled'] },
    to: {},
    does: [],
    documents: ['cancellation-form'],
    comer: 'proxy',
    ofDeceased: true,
  },
  /** 临时挂失到期: it has lapsed whether or not anybody has written so. */
  lapse: {
    brochure: 'S8',
    from: { life: live, loss: ['temporary'] },
    to: { loss: 'none' },
    does: [],
    documents: [],
    comer: 'nobody',
    ofDeceased: true,
  },
  /** 旧卡失效: written with what the newer card goes through. */
  supersession: {
    brochure: 'S5',
    from: { life: live },
    to: { life: 'superseded' },
    does: [],
    documents: [],
    comer: 'nobody',
    ofDeceased: true,
  },
  /** 密码锁定 by wrong tries, which are counted and not told in the history. */
  lock: {
    brochure: 'S7',
    from: { pin: ['initial', 'set'] },
    to: { pin: 'locked' },
    does: [],
    documents: [],
    comer: 'nobody',
    ofDeceased: true,
  },
  /** 生效: the day of issue comes. */
  start: {
    from: { dates: ['early'] },
    to: { dates: 'valid' },
    does: [],
    documents: [],
    comer: 'nobody',
    ofDeceased: true,
  },
  /** 到期: the last day is over. */
  expiry: {
    from: { dates: ['valid'] },
    to: { dates: 'expired' },
    does: [],
    documents: [],
    comer: 'nobody',
    ofDeceased: true,
  },
} as const satisfies Record<string, ServiceRow>

/** The name of a row of the table. */
export type CardService = keyof typeof cardServices
export const cardServiceNames = Object.keys(cardServices) as CardService[]

/** What nobody asks for: it happens by itself. */
const happenings = ['lapse', 'supersession', 'lock', 'start', 'expiry'] as const

/** What somebody can ask for (办理事项). */
export type AskedService = Exclude<CardService, (typeof happenings)[number]>
export const askedServices = cardServiceNames.filter(
  (name): name is AskedService => !(happenings as readonly string[]).includes(name),
)

export const serviceRow = (service: CardService): ServiceRow => cardServices[service]

/** Why a card is replaced (换卡原因). */
export const replacementReasons = Object.keys(
  cardServices.replacement.reasons,
) as (keyof typeof cardServices.replacement.reasons)[]

/** Why a card is cancelled (注销原因). */
export const cancellationReasons = Object.keys(
  cardServices.cancellation.reasons,
) as (keyof typeof cardServices.cancellation.reasons)[]
