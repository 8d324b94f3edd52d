import type { Division } from './claim.ts'
import type { Subject } from './dossier.ts'
import type { Also, Entered, Found, Key, Row } from './ports.ts'
import type { Refusal } from './refusal.ts'
import type { Resettled, ResettlementForm } from './resettlement.ts'

/** Asks to settle anew what is settled (补充结算): one row undoes it and another takes its place, in one transaction. */
export interface ResettleAsk extends Also {
  readonly kind: 'resettle'
  readonly key: Key
  /** The agency that asks, and its region. */
  readonly institution: string
  readonly region: Division
  readonly person: string
  readonly settlement: string
  readonly subjects: readonly Subject[]
  /** What its case says, if it may be settled now. */
  readonly form: (
    found: Found,
  ) => { readonly form: ResettlementForm; readonly case: string } | Refusal
  /** What stands in the way at the window: the agency passes it over, and that is recorded. */
  readonly blocked?: ((found: Found, head: Row) => Refusal | undefined) | undefined
  readonly enter: (
    found: Found,
    done: Resettled & { readonly id: string; readonly row: string },
  ) => Entered | Refusal
}
