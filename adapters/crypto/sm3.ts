import { createHmac, hash } from 'node:crypto'

/** SM3 of some bytes, or of a text as UTF-8 (GB/T 32905). */
export const sm3 = (input: Uint8Array | string): Buffer => hash('sm3', input, 'buffer')

/** The same in hexadecimal, as fingerprints are written. */
export const sm3Hex = (input: Uint8Array | string): string => hash('sm3', input, 'hex')

/** HMAC-SM3: the hash of a number that only a holder of the key can try numbers against. */
export const hmacSm3 = (key: Uint8Array, input: Uint8Array | string): Buffer =>
  createHmac('sm3', key).update(input).digest()
