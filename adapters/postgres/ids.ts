import { randomBytes } from 'node:crypto'
import type { Ids } from '../../engine/ports.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Ids of 30 characters: a UUIDv7 in 26 of Crockford's base32, and 4 of its owner's hash. Within one process they never
 * go backwards, even where the clock does: the twelve bits after the milliseconds count.
 */
export function createIds({ sm3 }: { sm3: (input: string) => Buffer }): Ids {
  let last_ms = 0
  let count = 0
  return {
    next(owner, at) {
      const now = Math.max(Math.trunc(at), last_ms)
      count = now === last_ms ? count + 1 : 0
      last_ms = count > 0xfff ? now + 1 : now
      if (count > 0xfff) count = 0
      const ownerHash = sm3(owner).readUInt32BE() >>> 12
      return base32(uuid7(last_ms, count), 26) + base32(BigInt(ownerHash), 4)
    },
  }
}

function uuid7(at_ms: number, count: number): bigint {
  const random = randomBytes(8).readBigUInt64BE() & 0x3fff_ffff_ffff_ffffn
  const version = 0x7000n | BigInt(count)
  return (BigInt(at_ms) << 80n) | (version << 64n) | 0x8000_0000_0000_0000n | random
}

function base32(value: bigint, length: number): string {
  let text = ''
  for (let left = value; text.length < length; left >>= 5n)
    text = alphabet[Number(left & 31n)] + text
  return text
}

/** The moment an id was made, in milliseconds. */
export function timeOfId(id: string): number {
  let value = 0n
  for (const letter of id.slice(0, 26)) value = (value << 5n) | BigInt(alphabet.indexOf(letter))
  return Number(value >> 80n)
}
