import type {
  CareKind,
  ChargeClass,
  Division,
  InjuryClaim,
  MaternityClaim,
  Prescription,
  Stay,
} from './claim.ts'
import type { Day } from './day.ts'
import type { AgreementKind, HospitalLevel } from './institution.ts'
import type { Fen } from './money.ts'

/** One fee line after classification: its amount in four parts that add up to it (I1 of each line). */
export interface ScopedLine {
  readonly id: string
  readonly item: string
  readonly day: Day
  readonly amount: Fen
  readonly class: ChargeClass
  readonly name?: string | undefined
  readonly kind?: string | undefined
  /** 全自费 fulamt_ownpay_amt */
  readonly selfPaid: Fen
  /** 超限价 overlmt_selfpay */
  readonly overLimit: Fen
  /** 先行自付 preselfpay_amt */
  readonly firstSelfPay: Fen
  /** 符合政策范围 inscp_scp_amt */
  readonly inScope: Fen
  /** The citation of the catalogue entry used. */
  readonly source?: string | undefined
}

/** The institution as the home region needs to know it. */
export interface ScopedInstitution {
  readonly code: string
  readonly type: string
  readonly level: HospitalLevel
  readonly deductibleLevel: HospitalLevel
  /** What it is designated for on the day (协议), as far as rules read it. */
  readonly agreements: readonly AgreementKind[]
}

/** A bill classified by the care region: all that the home region is asked with, and nothing personal beyond the claim. */
export interface ScopedClaim {
  readonly careRegion: Division
  readonly institution: ScopedInstitution
  readonly day: Day
  readonly care: CareKind
  readonly visit?: string | undefined
  readonly stay?: Stay | undefined
  readonly useAccount: boolean
  readonly useFamilyAccount: boolean
  readonly injury?: InjuryClaim | undefined
  readonly maternity?: MaternityClaim | undefined
  readonly disease?: string | undefined
  readonly emergency: boolean
  readonly prescription?: Prescription | undefined
  /** Paid from accounts alone (小额快速支付): no layer of the rule pays. */
  readonly accountOnly?: boolean | undefined
  /** Paid by the person at the window already (手工报销): nothing of it can be asked of the hospital. */
  readonly paidAtWindow?: boolean | undefined
  readonly total: Fen
  readonly lines: readonly ScopedLine[]
}
