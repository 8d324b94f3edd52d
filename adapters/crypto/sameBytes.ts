import { timingSafeEqual } from 'node:crypto'

/** Whether two runs of bytes are the same, in a time that only their length tells. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)
