import type { Instant } from '../../engine/day.ts'
import type { Page, PageAsked } from './needs.ts'

/** What is sealed: the journal, and who was told what of whom. */
export const logNames = ['journal', 'access'] as const
export type LogName = (typeof logNames)[number]

/** A signed head of the log (日志头). */
export interface SealedHead {
  readonly size: bigint
  readonly root: Uint8Array
  readonly at: Instant
  /** The signed text. */
  readonly note: string
}

/** That one row of a settlement is in the log of a head (包含性证明). */
export interface SealedRow {
  readonly row: string
  readonly kind: string
  readonly position: bigint
  /** The text of the leaf, and of the posting whose digest is in it. */
  readonly leaf: string
  readonly text: string
  readonly hashes: readonly Uint8Array[]
}

export interface Receipt {
  readonly head: SealedHead
  /** The people whose accounts it tells of. */
  readonly owners: readonly string[]
  readonly rows: readonly SealedRow[]
}

/** A public key of the log, since which size it signs, and what the key before says of it. */
export interface LogKey {
  readonly name: string
  readonly publicKey: string
  readonly since: number
  readonly note?: string
}

/** A head of another region's log that was left here (他区日志头). */
export interface LeftHead {
  readonly log: string
  readonly size: number
  readonly note: string
  readonly publicKey: string
  readonly keptAt: Instant
}

/** What auditors ask of the seal (防篡改日志). */
export interface SealQueries {
  /** Newest first. */
  heads(asked: PageAsked, log: LogName): Promise<Page<SealedHead>>
  /** Undefined where one of the sizes is of no head. */
  consistency(from: number, until: number, log: LogName): Promise<readonly Uint8Array[] | undefined>
  /** Undefined where there is no such settlement or movement; without a head while a row of it waits to be sealed. */
  proofs(id: string): Promise<Receipt | 'not-sealed-yet' | undefined>
  keys(): Promise<readonly LogKey[]>
  sealedUpTo(): Promise<SealedHead | undefined>
  /** Heads that other regions left here, by log, the newest first. */
  kept(asked: PageAsked): Promise<Page<LeftHead>>
  /** Lines of an audit export, in one snapshot. */
  export(
    asked: {
      readonly from?: number | undefined
      readonly until?: number | undefined
      readonly log: LogName
    },
    signal: AbortSignal,
  ): AsyncIterable<string>
}
