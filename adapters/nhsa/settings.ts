import type { CareKind, Division } from '../../engine/claim.ts'

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

/** Where a fund's payment stands on the wire (decision 8): its field of setlinfo, its fund_pay_type, its name. */
export interface FundSlot {
  readonly field: SlotField
  readonly type: string
  readonly name: string
}

/** How one region speaks the national interface: what provinces settle differently is data, not code. */
export interface RegionSettings {
  readonly division: Division
  /** By fund, or by `scheme/fund` where a fund of one name differs by scheme. */
  readonly slots: ReadonlyMap<string, FundSlot>
  /** fund_pay_type and name of the account and of the hospital's share in setldetail. */
  readonly accountType: { readonly type: string; readonly name: string }
  readonly hospitalType: { readonly type: string; readonly name: string }
  /** False in provinces whose acct_pay leaves out what family accounts paid. */
  readonly accountHoldsFamily: boolean
  /** med_type by prefix, the longest first: the same digits mean other things elsewhere. */
  readonly care: readonly { readonly prefix: string; readonly care: CareKind; readonly emergency: boolean }[]
  /** clr_type by kind of care, clr_way, and the clearing agency where it is not the region itself. */
  readonly clearing: {
    readonly types: ReadonlyMap<CareKind, string>
    readonly way: string
    readonly agency: Division
  }
  /** stmt_rslt: two sets are known. */
  readonly statementResults: {
    readonly level: string
    readonly centreMore: string
    readonly institutionMore: string
    readonly different: string
  }
}
