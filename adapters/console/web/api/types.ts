// What REST answers, as far as the console shows it. A test holds the schemas of the server against these.
import type { Both } from '../words/both.ts'

export interface PageOf<T> {
  readonly items: readonly T[]
  readonly next?: string | undefined
}

export interface Summary {
  readonly id: string
  readonly state: string
  readonly person: string
  readonly institution: string
  readonly day: string
  readonly careRegion: string
  readonly homeRegion: string
  readonly route: string
  readonly scheme: string
  readonly care: string
  readonly total: string
  readonly fundTotal: string
  readonly personTotal: string
  readonly account: string
  readonly cash: string
  readonly postedAt: string
}

/** A hospital stay (住院); an interim part was settled before discharge. */
export interface Stay {
  readonly admission: string
  readonly discharge: string
  readonly interim: boolean
}

export interface Citation {
  readonly id: string
  readonly title: string
  readonly document?: string | undefined
  readonly article?: string | undefined
  readonly link?: string | undefined
  readonly grade: string
  readonly confirmed: string
}

export interface Step {
  readonly layer: string
  readonly name: Both
  readonly payer: string
  readonly rule: string
  readonly base: readonly { readonly part: string; readonly amount: string }[]
  readonly baseTotal: string
  readonly deductible?:
    | {
        readonly mode: string
        readonly standard: string
        readonly usedBefore: string
        readonly taken: string
        readonly because?: readonly string[] | undefined
        readonly accumulator: string
        readonly citation: string
      }
    | undefined
  readonly fixed?: { readonly amount: string; readonly usedBefore: string } | undefined
  readonly rates: readonly {
    readonly from: string
    readonly to: string
    readonly rate: string
    readonly because: readonly string[]
    readonly paid: string
  }[]
  readonly caps: readonly {
    readonly per: string
    readonly counts: string
    readonly limit: string
    readonly usedBefore: string
    readonly cut: string
    readonly accumulator?: string | undefined
    readonly citation: string
  }[]
  readonly aboveCap?: string | undefined
  readonly paid: string
  readonly accumulators: readonly {
    readonly name: string
    readonly before: string
    readonly after: string
  }[]
  readonly citation: Citation
  readonly illustrative?: boolean | undefined
}

export interface Line {
  readonly id: string
  readonly item: string
  readonly day: string
  readonly amount: string
  readonly class: string
  readonly name?: string | undefined
  readonly kind?: string | undefined
  readonly selfPaid: string
  readonly overLimit: string
  readonly firstSelfPay: string
  readonly inScope: string
  readonly source?: string | undefined
}

export interface ChainRow {
  readonly id: string
  readonly sequence: number
  readonly kind: string
  readonly undoes?: string | undefined
  readonly postedAt: string
}

export interface Amounts {
  readonly total: string
  readonly selfPaid: string
  readonly overLimit: string
  readonly firstSelfPay: string
  readonly inScope: string
  readonly deductible: string
  readonly crossRegionFirstPay: string
  readonly fundTotal: string
  readonly personTotal: string
  readonly account: string
  readonly familyAccount: string
  readonly cash: string
  readonly hospitalShare: string
  readonly employerShare: string
  readonly accountBalance: string
  readonly receivable?: string | undefined
  readonly advanced?: string | undefined
}

export interface SettlementDetail extends Amounts {
  readonly id: string
  readonly state: string
  readonly postedAt: string
  readonly day: string
  readonly person: string
  readonly institution: string
  readonly careRegion: string
  readonly homeRegion: string
  readonly route: string
  readonly scheme: string
  readonly care: string
  readonly visit?: string | undefined
  readonly stay?: Stay | undefined
  readonly disease?: string | undefined
  readonly shares: readonly {
    readonly fund: string
    readonly amount: string
    readonly illustrative?: boolean | undefined
  }[]
  readonly desk?:
    | {
        readonly kind: string
        readonly case: string
        readonly reason: string
        readonly issuer?: string | undefined
        readonly replaces?: string | undefined
      }
    | undefined
  readonly warnings: readonly {
    readonly code: string
    readonly facts: object
  }[]
  readonly rulePack: string
  readonly rules: readonly { readonly id: string; readonly pack: string; readonly from: string }[]
  readonly crossRegion?:
    | {
        readonly reason: string
        readonly place: string
        readonly coefficient?: string | undefined
        readonly points?: string | undefined
        readonly firstPayRate?: string | undefined
        readonly firstPay: string
        readonly citation: Citation
      }
    | undefined
  readonly lines: readonly Line[]
  readonly trace: readonly Step[]
  readonly rows: readonly ChainRow[]
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly citizenNumber: string
  readonly birth: string
  readonly sex: string
  readonly region: string
  readonly civilServant: boolean
  readonly coverages: readonly {
    readonly scheme: string
    readonly region: string
    readonly group: string
    readonly paused?: string | undefined
    readonly from: string
    readonly until?: string | undefined
  }[]
  readonly cards: readonly {
    readonly id: string
    readonly number: string
    readonly life: string
    readonly loss: string
    readonly pin: string
    readonly issued: string
    readonly expires: string
    readonly managedIn: string
  }[]
  readonly diseases: readonly {
    readonly code: string
    readonly name: string
    readonly from: string
    readonly until?: string | undefined
  }[]
  readonly filings: readonly {
    readonly kind: string
    readonly careRegion: string
    readonly from: string
    readonly until?: string | undefined
  }[]
}

export interface Accumulator {
  readonly year?: string | undefined
  readonly region: string
  readonly scheme: string
  readonly name: string
  readonly period: string
  readonly by?: string | undefined
  readonly value: string
}

export interface CardState {
  readonly life: string
  readonly loss: string
  readonly lossLapses?: string | undefined
  readonly pin: string
  readonly managedIn: string
}

export interface CardDetail extends CardState {
  readonly id: string
  readonly number: string
  readonly person: string
  readonly issued: string
  readonly expires: string
  readonly photo: boolean
  readonly version: string
  readonly replaces?: string | undefined
  readonly history: readonly {
    readonly service: string
    readonly at: string
    readonly desk?:
      | { readonly division: string; readonly operator: string; readonly channel: string }
      | undefined
    readonly reason?: string | undefined
    readonly note?: string | undefined
    readonly other?: string | undefined
    readonly before?: CardState | undefined
    readonly after: CardState
  }[]
}

export interface RegionRules {
  readonly region: string
  readonly name: string
  readonly divisions: readonly string[]
  readonly hash: string
  readonly packs: readonly {
    readonly file: string
    readonly scheme: string
    readonly from: string
    readonly until?: string | undefined
  }[]
}

/** JSON as it came; the rules of a region are as various as regions are. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json | undefined }
