import type { Instant } from '../../engine/day.ts'

/** A request as its sender wrapped it (交易输入参数), once it is read and checked. */
export interface Envelope {
  readonly infno: string
  readonly msgid: string
  readonly careRegion: string
  readonly homeRegion?: string | undefined
  readonly institution: string
  readonly institutionName: string
  readonly operator: string
  readonly operatorName: string
  readonly operatorType: string
  readonly signNo?: string | undefined
  readonly sentAt: Instant
  readonly input: unknown
}
