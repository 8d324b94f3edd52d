import type { CareKind, Division, Scheme } from '../../engine/claim.ts'
import type { FilingDocument, FilingKind } from '../../engine/filingPolicy.ts'
import { assert } from '../../engine/refusal.ts'
import type { Rulebooks } from '../../engine/rulebook.ts'
import type { StayElsewhere } from '../../engine/stays.ts'

/** The fields of setlinfo that a fund's payment may stand in. */
export const slotFields = [
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'maf_pay',
  'hifdm_pay',
  'oth_pay',
] as const
export type SlotField = (typeof slotFields)[number]

/** A fund_pay_type and what it is called. */
export interface PayType {
  readonly type: string
  readonly name: string
}

/** Where a fund's payment stands on the wire (decision 8): its field of setlinfo, its fund_pay_type, its name. */
export interface FundSlot extends PayType {
  readonly field: SlotField
}

/** What a med_type (医疗类别) means: a kind of care, and whether an emergency or an external injury. */
export interface CareOfType {
  readonly prefix: string
  readonly care: CareKind
  readonly emergency: boolean
  readonly externalInjury: boolean
}

/** What a message of 2501 files (备案类别). */
export interface FiledBy {
  readonly kind: FilingKind
  readonly document: FilingDocument
}

/** How one region speaks the national interface: what provinces settle differently is data, not code. */
export interface RegionSettings {
  readonly division: Division
  /** By fund, or by `scheme/fund` where a fund of one name differs by scheme. */
  readonly slots: ReadonlyMap<string, FundSlot>
  /** fund_pay_type and name of the accounts and of the hospital's share in setldetail. */
  readonly accountType: PayType
  readonly familyAccountType: PayType
  readonly hospitalType: PayType
  /** False in provinces whose acct_pay leaves out what family accounts paid. */
  readonly accountHoldsFamily: boolean
  /** insutype of schemes that have no national code, or another here. */
  readonly insutypes: ReadonlyMap<Scheme, string>
  /** med_type by prefix, the longest first: the same digits mean other things elsewhere. */
  readonly care: readonly CareOfType[]
  /** clr_type by kind of care, clr_way, also by kind of care where it differs, and the clearing agency where it is not the region itself. */
  readonly clearing: {
    readonly types: ReadonlyMap<CareKind, string>
    readonly way: string
    readonly ways: ReadonlyMap<CareKind, string>
    readonly agency: Division
  }
  /** What a refl_type of 2501 files, and the document that the message stands for; any other files a referral. */
  readonly referralTypes: ReadonlyMap<string, FiledBy>
  /** Whether a stay in another hospital stands in the way of an admission (2401), or is only told. */
  readonly stayElsewhere: StayElsewhere
  /** stmt_rslt: two sets are known. */
  readonly statementResults: {
    readonly level: string
    readonly centreMore: string
    readonly institutionMore: string
    readonly different: string
  }
}

/** How every region speaks it: its own way, or else the usual one. */
export interface Settings {
  readonly of: (region: Division) => RegionSettings
  readonly all: readonly RegionSettings[]
}

/** The kind of care that a med_type means in a region, by its longest prefix. */
export const careOf = ({ care }: Pick<RegionSettings, 'care'>, medType: string) =>
  care.find(({ prefix }) => medType.startsWith(prefix))

/** The slot of a fund; that every fund has one was checked at the start, so a missing one is a bug. */
export function slotOf(
  { slots, division }: RegionSettings,
  scheme: Scheme,
  fund: string,
): FundSlot {
  const slot = slots.get(`${scheme}/${fund}`) ?? slots.get(fund)
  assert(slot !== undefined, `no wire slot for ${scheme}/${fund} in ${division}`)
  return slot
}

/** The clearing category (清算类别, clr_type) of a kind of care. */
export const clrTypeOf = ({ clearing }: RegionSettings, care: CareKind): string =>
  clearing.types.get(care) ?? '99'

/** How a kind of care is paid for (清算方式, clr_way). */
export const clrWayOf = ({ clearing }: Pick<RegionSettings, 'clearing'>, care: CareKind): string =>
  clearing.ways.get(care) ?? clearing.way

const payersWithoutSlot = new Set(['hospital', 'employer'])

/** Every fund that loaded rules pay from and a region has no slot for: whoever wires refuses to start with one. */
export function fundsWithoutSlot(settings: Settings, rulebooks: Pick<Rulebooks, 'all'>): string[] {
  const funds = rulebooks.all.flatMap(({ rules }) =>
    rules.flatMap(({ scheme, layers }) =>
      layers
        .map(({ payer }) => payer)
        .filter((payer) => !payersWithoutSlot.has(payer))
        .map((fund) => ({ scheme, fund })),
    ),
  )
  const missing = settings.all.flatMap(({ division, slots }) =>
    funds
      .filter(({ scheme, fund }) => !slots.has(`${scheme}/${fund}`) && !slots.has(fund))
      .map(({ scheme, fund }) => `${scheme}/${fund} in ${division}`),
  )
  return [...new Set(missing)]
}
