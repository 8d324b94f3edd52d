import { blockLength, sm4Blocks, sm4Chained, xor } from './block.ts'

/**
 * SM4-CMAC, the construction of RFC 4493 and GB/T 15852.1 with SM4. Plain CBC-MAC can be forged where lengths vary; HMAC-SM3
 * would do as well, but cards and PSAMs compute SM4 in hardware.
 */
export function sm4Cmac(key: Uint8Array, message: Uint8Array): Buffer {
  const whole = message.length > 0 && message.length % blockLength === 0
  const padded = Buffer.alloc(Math.max(1, Math.ceil(message.length / blockLength)) * blockLength)
  padded.set(message)
  if (!whole) padded[message.length] = 0x80
  const once = double(sm4Blocks(key, Buffer.alloc(blockLength)))
  const last = whole ? once : double(once)
  const from = padded.length - blockLength
  padded.set(xor(last, padded.subarray(from)), from)
  return sm4Chained(key, padded).subarray(-blockLength)
}

/** Doubling in the field of 2^128. */
function double(block: Buffer): Buffer {
  const out = Buffer.alloc(blockLength)
  let carry = 0
  for (let i = blockLength - 1; i >= 0; i--) {
    const byte = block[i] as number
    out[i] = ((byte << 1) | carry) & 0xff
    carry = byte >> 7
  }
  if (carry === 1) out[blockLength - 1] = (out[blockLength - 1] as number) ^ 0x87
  return out
}
