import { sm2, sm3 } from 'sm-crypto'
import type { Digest } from '../../../../engine/seal/hash.ts'
import { fromHex, hexOf } from './bytes.ts'

/** SM3 of bytes, one part after the other. */
export const digest: Digest = (...parts) => {
  const all: number[] = []
  for (const part of parts) for (const byte of part) all.push(byte)
  return fromHex(sm3(all))
}

/** Whether a key made a signature of r and s over a text, with the user id that everybody uses. */
export function verifies(text: Uint8Array, signature: Uint8Array, publicKey: string): boolean {
  try {
    return sm2.doVerifySignature(Array.from(text), hexOf(signature), publicKey, {
      hash: true,
      der: signature.length !== 64,
      userId: '1234567812345678',
    })
  } catch {
    // What is no signature at all, or no key, verifies nothing.
    return false
  }
}
