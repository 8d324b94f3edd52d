import type { Ids } from '../../engine/ports.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

interface IdOptions {
  readonly sm3: (input: string) => Buffer
  /** Random bytes that nobody else gets. */
  readonly drawBytes: (length: number) => Buffer
}

/**
 * Ids of 30 characters: a UUIDv7 in 26 of Crockford's base32, and 4 of its owner's hash. Within one process they never
 * go backwards, even where the clock does: the twelve bits after the milliseconds count.
 */
export function createIds({ sm3, drawBytes }: IdOptions): Ids {
  let last_ms = 0
  let count = 0
  return {
    next(owner, at) {
      const now = Math.max(Math.trunc(at), last_ms)
      count = now === last_ms ? count + 1 : 0
      last_ms = count > 0xfff ? now + 1 : now
      if (count > 0xfff) count = 0
      return base32(uuid7(last_ms, count, drawBytes(8))) + shortHash(sm3(owner))
    },
  }
}

/** 48 bits of time, 4 of version, 12 of count, 2 of variant and 62 at random. */
function uuid7(at_ms: number, count: number, random: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(16)
  bytes.writeUIntBE(at_ms, 0, 6)
  bytes.writeUInt16BE(0x7000 | count, 6)
  random.copy(bytes, 8)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
  return bytes
}

/** Five bits a letter; 128 bits are two short of 26 letters, so two zeros go before them. */
function base32(bytes: Buffer): string {
  let text = ''
  let held = 0
  let bits = 2
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += alphabet[(held >>> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return text
}

/** The first twenty bits of a hash as four letters. */
function shortHash(hash: Buffer): string {
  const bits = hash.readUInt32BE() >>> 12
  return [15, 10, 5, 0].map((shift) => alphabet[(bits >>> shift) & 31]).join('')
}

/** What every id made at a moment or later comes after, and every earlier one before. */
export function firstIdAt(at_ms: number): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(Math.min(Math.max(0, Math.trunc(at_ms)), 2 ** 48 - 1), 0, 6)
  return base32(bytes)
}

/** The moment an id was made, in milliseconds. */
export function timeOfId(id: string): number {
  let value = 0n
  for (const letter of id.slice(0, 26)) value = (value << 5n) | BigInt(alphabet.indexOf(letter))
  return Number(value >> 80n)
}
