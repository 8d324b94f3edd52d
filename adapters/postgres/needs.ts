/** Bytes that only a holder of the data key can read, and the version of that key. */
export interface Sealed {
  readonly keyVersion: number
  readonly bytes: Buffer
}

export interface Cipher {
  /** `aad` says where the bytes belong: moved to another row they no longer open. */
  encrypt(bytes: Uint8Array, aad: Uint8Array): Sealed
  decrypt(bytes: Uint8Array, aad: Uint8Array): Buffer
}

/** What the books need of cryptography. */
export interface Crypto {
  readonly cipher: Cipher
  sm3(input: Uint8Array | string): Buffer
  /** HMAC-SM3 under the index key: finds a number without keeping it. */
  index(input: string): Buffer
}
