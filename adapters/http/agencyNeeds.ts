import type { Division } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { World } from '../../engine/decide.ts'
import type { CaseKind, CaseState, DeskCase } from '../../engine/deskCase.ts'
import type { Subject } from '../../engine/dossier.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Fen } from '../../engine/money.ts'
import type { Page, PageAsked } from './needs.ts'

export interface CaseFilter extends PageAsked {
  readonly kind: CaseKind
  readonly person?: string | undefined
  readonly region?: Division | undefined
  readonly state?: CaseState | undefined
}

/** The agency's desk (经办): paper bills, settlements settled anew, money that is recovered. */
export interface AgencyDesk {
  /** What rules say, at this moment. */
  world(): World
  /** A number for a new case, or for a payment of one. */
  newId(owner: string): string
  dayOf(at: Instant): Day
  find(kind: CaseKind, id: string): Promise<DeskCase | undefined>
  list(filter: CaseFilter): Promise<Page<DeskCase>>
  /** Settlements in force of the same person, day and total. */
  sameTotals(asked: {
    readonly person: string
    readonly day: Day
    readonly total: Fen
    readonly institution?: string | undefined
  }): Promise<readonly string[]>
  institution(code: string): Promise<Institution | undefined>
  /** Tells the bank of a payment that was ordered; absent where no bank is connected. */
  pay?: ((subject: Subject) => Promise<void>) | undefined
}
