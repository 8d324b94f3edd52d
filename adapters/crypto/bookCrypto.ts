import { type Cipher, createCipher } from './cipher.ts'
import type { DataKeys } from './dataKey.ts'
import { hmacSm3, sm3 } from './sm3.ts'

/** What the books need of cryptography (账簿密码运算), under one set of keys. */
export interface BookCrypto {
  readonly cipher: Cipher
  sm3(input: Uint8Array | string): Buffer
  /** HMAC-SM3 under the index key: finds a number without keeping it. */
  index(input: string): Buffer
}

export const bookCryptoOf = (keys: DataKeys): BookCrypto => ({
  cipher: createCipher(keys),
  sm3,
  index: (input) => hmacSm3(keys.index, input),
})
