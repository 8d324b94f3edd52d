import type { Division } from './claim.ts'
import type { Rulebooks } from './rulebook.ts'
import type { CrossRegionReason } from './when.ts'

/**
 * What care away from home is filed as (异地就医备案类别, 医保发〔2022〕22号 Art. 7): long-term residence of who retired there
 * 异地安置退休, lives there 异地长期居住 or was sent to work there 常驻异地工作; temporary travel for a referral 异地转诊, an
 * emergency 异地急诊抢救, or anything else 其他临时外出.
 */
export const filingKinds = [
  'retired-resettled',
  'long-term-resident',
  'assigned-work',
  'referral',
  'emergency',
  'other',
] as const
export type FilingKind = (typeof filingKinds)[number]

/** Why somebody is away, as rules match on it; being away from home, there is always a reason. */
export type FilingReason = Exclude<CrossRegionReason, 'none'>

const reasons: Readonly<Record<FilingKind, FilingReason>> = {
  'retired-resettled': 'long-term',
  'long-term-resident': 'long-term',
  'assigned-work': 'long-term',
  referral: 'referral',
  emergency: 'emergency',
  other: 'other',
}

export const reasonOf = (kind: FilingKind): FilingReason => reasons[kind]

export const isFilingKind = (kind: string): kind is FilingKind => Object.hasOwn(reasons, kind)

/** What can be shown with a filing (备案材料, Art. 8); a commitment 承诺书 stands in for what is to follow. */
export const filingDocuments = [
  'household-register',
  'residence-permit',
  'work-proof',
  'referral-opinion',
  'emergency-record',
  'commitment',
] as const
export type FilingDocument = (typeof filingDocuments)[number]

/** How far a filing may reach: one pooling area, a province, or the whole country. */
export const reaches = ['region', 'province', 'country'] as const
export type Reach = (typeof reaches)[number]

/** What holds for filings of one kind. */
export interface FilingTerms {
  /** The widest that may be filed for. */
  readonly reach: Reach
  /** How long it holds at the most, and unless it says less; absent where it has no end. */
  readonly holds_months?: number | undefined
  /** How long before it may be changed or withdrawn (变更、取消). */
  readonly change_months: number
  /** What must be shown: of each group one document. */
  readonly documents: readonly (readonly FilingDocument[])[]
  /** May several for different places hold at the same time? */
  readonly several: boolean
  /** Absent where nobody has decided, and the usual holds. */
  readonly source?: string | undefined
}

/** What a region has decided about the filings of its insured (异地就医备案管理). */
export interface FilingPolicy {
  readonly kinds: Readonly<Record<FilingKind, FilingTerms>>
  /** How long after discharge a filing may still be made up for (补备案); 0: not at all (Art. 16). */
  readonly retroactive_days: number
  /** Of several reasons that hold, the first here is the one. */
  readonly precedence: readonly FilingReason[]
  /** Where nobody needs to file (视同备案): regions, or provinces with all of theirs. */
  readonly noFilingWithin: readonly Division[]
  /** What who filed long-term is at home (双向享受): like anybody, or away from where they filed for. */
  readonly returningHome: 'local' | 'away'
  /** Where it is ruled; absent where nobody has decided. */
  readonly sources?: Partial<
    Record<'rest' | 'noFilingWithin' | 'returningHome', string | undefined>
  >
}

const longTerm = { reach: 'region', change_months: 6, several: false } as const
const temporary = {
  reach: 'region',
  holds_months: 6,
  change_months: 0,
  documents: [],
  several: true,
} as const

/**
 * What holds where a region says nothing else. That long-term filings have no end and last six months before they are
 * changed, and temporary ones six months, is the standard wording of the same document, which nobody here could read [own];
 * which documents are shown is our reading of Art. 8; all else is [J], conservative, and configuration.
 */
export const usualFilingPolicy: FilingPolicy = {
  kinds: {
    'retired-resettled': { ...longTerm, documents: [['household-register', 'commitment']] },
    'long-term-resident': { ...longTerm, documents: [['residence-permit', 'commitment']] },
    'assigned-work': { ...longTerm, documents: [['work-proof', 'commitment']] },
    referral: { ...temporary, documents: [['referral-opinion']] },
    emergency: temporary,
    other: temporary,
  },
  retroactive_days: 0,
  precedence: ['long-term', 'referral', 'emergency', 'other'],
  noFilingWithin: [],
  returningHome: 'local',
}

/** What a home region has decided; where we have no pack of it, the usual. */
export const filingPolicyOf = (books: Pick<Rulebooks, 'of'>, home: Division): FilingPolicy =>
  books.of(home)?.region.filing ?? usualFilingPolicy
