import type { Instant } from '../../engine/day.ts'
import type { Page, PageAsked } from './needs.ts'

/** That somebody was told of a person, or was refused (访问记录): ids alone, never a name or a number of anybody. */
export interface Access {
  /** The id of the caller; of a person with a token of their own it is theirs. */
  readonly caller: string
  readonly role: string
  readonly action: AccessAction
  readonly person?: string | undefined
  /** What it was about beside the person: a settlement, a card, a case; of what was refused, the path. */
  readonly subject?: string | undefined
  /** Why a name and numbers were shown; of what was refused, the code. */
  readonly reason?: string | undefined
}

/** What is recorded, in the words of the log. */
export const accessActions = [
  'person',
  'settlements',
  'settlement',
  'collection',
  'accumulators',
  'accounts',
  'records',
  'certificate',
  'filings',
  'reimbursements',
  'card',
  'case',
  'cases',
  'movement',
  'ledger',
  'clearing',
  'national',
  'search',
  'export',
  'access-log',
  'identity',
  'denied',
] as const

export type AccessAction = (typeof accessActions)[number]

export interface AccessRow extends Access {
  readonly position: bigint
  readonly at: Instant
}

export interface AccessFilter extends PageAsked {
  readonly person?: string | undefined
  readonly caller?: string | undefined
  readonly action?: AccessAction | undefined
  /** Moments, both included. */
  readonly from?: Instant | undefined
  readonly until?: Instant | undefined
}

/** The access log (访问日志): what is in it stays as it is. */
export interface AccessDesk {
  /** Resolves once all of them are kept for good; until then nothing is told. */
  record(accesses: readonly Access[]): Promise<void>
  /** The newest first. */
  list(filter: AccessFilter): Promise<Page<AccessRow>>
}
