import type { Day, Instant } from './day.ts'
import type { ECredentialKind, Token } from './eCard.ts'
import type { Fen, Quantity, Ratio, UnitPrice } from './money.ts'
import type { PaperBill } from './paperBill.ts'
import type { Refusal } from './refusal.ts'
import type { ScopedClaim } from './scoped.ts'

/** An insurance scheme (险种, insutype). Work injury, unemployment and pension have no national code. */
export const schemes = [
  'employee',
  'resident',
  'retiredCadre',
  'workInjury',
  'maternity',
  'unemployment',
  'pension',
] as const
export type Scheme = (typeof schemes)[number]

/** The schemes that insure against illness itself; work injury and the others never feed their sums. */
export const medicalSchemes: readonly Scheme[] = ['employee', 'resident', 'retiredCadre']

/** A kind of care (医疗类别, med_type). */
export const careKinds = [
  'outpatient',
  'emergency',
  'specialOutpatient',
  'inpatient',
  'daySurgery',
  'pharmacy',
  'maternityOutpatient',
  'delivery',
  'familyPlanning',
  'workInjury',
  'workInjuryInpatient',
  'workInjuryRehabilitation',
] as const
export type CareKind = (typeof careKinds)[number]

/** A charge class (收费项目等级, chrgitm_lv): A 甲 in full, B 乙 after a first self-payment, C 丙 not at all. */
export const chargeClasses = ['A', 'B', 'C'] as const
export type ChargeClass = (typeof chargeClasses)[number]

/** The catalogues (目录) that an item may stand in; each fund pays from its own. */
export const catalogueFunds = ['medical', 'workInjury', 'maternity'] as const
export type CatalogueFund = (typeof catalogueFunds)[number]

/** A division code (医保区划, admdvs): six digits of GB/T 2260 or an insurance division such as 510199. */
export type Division = string

/** What is presented to show who asks (就诊凭证, mdtrt_cert_type 02, 03, 01). */
export interface Credential {
  readonly type: 'citizen-number' | 'card' | 'e-card'
  readonly number: string
  readonly cardSn?: string | undefined
  /** The authentication that it relies on (decision 1): what the sender names, then what was found open. */
  readonly authentication?: string | undefined
  /** How that authentication was proved. */
  readonly proof?: Proof | undefined
  /** Whether the PIN was entered and right with it. */
  readonly pinChecked?: boolean | undefined
  /** Must it have been authenticated: where the institution's evidence is to be verified, or in any case? */
  readonly proofDue?: 'where-verified' | 'always' | undefined
  /** Which e-credential it is, where a token or what a token opened shows it. */
  readonly eCredential?: ECredentialKind | undefined
  /** What the token says that was shown as its number: it proves itself. */
  readonly token?: Token | undefined
  /** What was found wrong with it before its parties were, told in its place among the refusals. */
  readonly wrong?: Refusal | undefined
}

/**
 * How a credential was proved (鉴权方式): the card's cryptogram or its signature over a challenge of ours, a token of an
 * e-credential, or the word of a reader that checked the card itself.
 */
export const proofs = ['cryptogram', 'signature', 'token', 'reader'] as const
export type Proof = (typeof proofs)[number]

/** What the catalogue says of one fee line's item (目录信息) for the institution that charges it. */
export interface Classification {
  readonly class: ChargeClass
  /** The item's name (目录名称, hilist_name). */
  readonly name?: string | undefined
  /** The first self-payment ratio of class B (先行自付比例, selfpay_prop). */
  readonly firstSelfPayRate: Ratio
  /** The price ceiling (定价上限金额, pric_uplmt_amt) for the institution's price level. */
  readonly limit?: UnitPrice | undefined
  readonly funds: readonly CatalogueFund[]
  /** What rules may single out, such as "negotiated" 谈判药品, "bed" 床位 or "imported-implant" 进口植入. */
  readonly kind?: string | undefined
  /** The special outpatient diseases whose own directory holds the item; absent means every one. */
  readonly diseases?: readonly string[] | undefined
  /** Whether a pharmacy may sell it against an account without a prescription; absent means yes. */
  readonly prescriptionOnly?: boolean | undefined
  readonly source?: string | undefined
}

/** One line of a bill (费用明细, feedetl). Amount is price times quantity, in fen. */
export interface FeeLine {
  /** The institution's line number (费用明细流水号, feedetl_sn), unique in the claim. */
  readonly id: string
  /** The national item code (医疗目录编码, med_list_codg). */
  readonly item: string
  readonly at?: Day | undefined
  readonly quantity: Quantity
  readonly unitPrice: UnitPrice
  readonly amount: Fen
  /** The traced packages it sells (药品追溯码, drug_trac_codg), and whether by the piece (拆零, trdn_flag). */
  readonly packages?: readonly string[] | undefined
  readonly loose?: boolean | undefined
  /** Agreed to be paid by the person whatever the catalogue says (医院审批标志 hosp_appr_flag 2). */
  readonly atOwnCost?: boolean | undefined
  /** Given only by rule cases and by the command line, which may classify a line without a catalogue. */
  readonly classification?: Classification | undefined
}

/** A hospital stay (住院): admission and discharge; an interim part (中途结算) settles before discharge. */
export interface Stay {
  readonly admission: Day
  readonly discharge: Day
  readonly interim: boolean
}

/** What a work-injury claim must show (工伤认定). */
export interface InjuryClaim {
  readonly certification: string
  readonly diagnoses: readonly string[]
  readonly consent?: string | undefined
  readonly recurrence: boolean
}

/** What a maternity claim must show (生育): kind of delivery or check, number of fetuses. */
export interface MaternityClaim {
  readonly kind: string
  readonly registration?: string | undefined
  readonly fetuses: number
}

/** An external prescription (处方), needed for a pooled sale in a pharmacy. */
export interface Prescription {
  readonly number: string
  readonly circulating: boolean
}

/**
 * What a bill of an outpatient visit counts for the visit's next one (同次就诊累计): a deductible or a cap per visit is one,
 * however many bills. A stay's parts have counters for it, since they are undone last first and these are not.
 */
export interface VisitSums {
  /** Only bills under the same rule of the same region and scheme count together. */
  readonly under: string
  /** Whole numbers as text, since entries are kept as JSON. */
  readonly sums: Readonly<Record<string, string>>
}

/** What came of the PIN of a payment (密码校验); absent where nobody keyed one in (免密). */
export type PinShown =
  | { readonly kind: 'absent' }
  | { readonly kind: 'right'; readonly initial: boolean }
  | { readonly kind: 'wrong'; readonly left: number }
  | { readonly kind: 'locked' }

/**
 * A tap on a terminal (非接触小额快速支付): the card's own cryptogram, checked before anybody asks, binds card, terminal, amount,
 * moment and counter (N1, N2).
 */
export interface QuickClaim {
  readonly terminal: { readonly division: Division; readonly id: string }
  /** The terminal's own running number (终端流水号), where it tells one. */
  readonly sequence?: number | undefined
  /** The card's counter (交易计数器). */
  readonly counter: number
  /** When, by the terminal's clock. */
  readonly at: Instant
  readonly pin: PinShown
  /** Paid while the terminal had no line (离线交易): which hot list it held, and what its record is known by. */
  readonly offline?: { readonly hotList: Instant; readonly record: string } | undefined
}

/** What an institution asks to have settled (结算申请; input of 2207, 2304 and 2102). */
export interface Claim {
  readonly institution: string
  readonly day: Day
  readonly credential: Credential
  readonly scheme?: Scheme | undefined
  readonly care: CareKind
  /** The visit (就诊ID, mdtrt_id) this bill belongs to. */
  readonly visit?: string | undefined
  /** What earlier bills in force of the same outpatient visit counted; absent where nothing is kept of the visit. */
  readonly earlier?: readonly VisitSums[] | undefined
  readonly stay?: Stay | undefined
  readonly useAccount: boolean
  readonly useFamilyAccount: boolean
  readonly injury?: InjuryClaim | undefined
  /** An external injury (意外伤害, med_type 22) and the declaration that no third party is liable. */
  readonly externalInjury?: { readonly noThirdParty: boolean } | undefined
  readonly maternity?: MaternityClaim | undefined
  /** The special outpatient disease (门诊慢特病) or the single disease priced as a whole (单病种). */
  readonly disease?: string | undefined
  /** Treated as an emergency (急诊): counts as filed when away from home. */
  readonly emergency: boolean
  readonly prescription?: Prescription | undefined
  /** A tap: paid from accounts alone, never from a fund and never in cash (decision 14). */
  readonly quick?: QuickClaim | undefined
  /** A paper bill that the agency enters (手工报销): its person has paid all of it already. */
  readonly paper?: PaperBill | undefined
  /** Where the person says they are insured (参保地), of whom nothing is known here yet. */
  readonly insuredIn?: Division | undefined
  /** The terminal at which it is settled (终端, dev_no), where its sender tells one. */
  readonly terminal?: string | undefined
  /** Treated in another region, which asks with the lines as it classified them (异地就医). */
  readonly away?: ScopedClaim | undefined
  readonly total: Fen
  readonly lines: readonly FeeLine[]
}

export const mostLines = 5000
