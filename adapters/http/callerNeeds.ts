import type { KnownCaller } from '../../engine/role.ts'

/** Everybody with a key (调用方名册), as the REST interface asks about them. */
export interface CallerDesk {
  /** Whose key this is; undefined where it is nobody's. */
  find(key: string): KnownCaller | undefined
  /** Whether a request without a key is refused. Else it may do everything, as on one's own machine. */
  readonly required: boolean
}
