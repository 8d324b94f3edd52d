import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { DataKeys } from './dataKey.ts'
import { drawBytes } from './drawnBytes.ts'

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

const formatByte = 1
const headerLength = 5
const nonceLength = 12
const tagLength = 16
/** The types of Node know AES alone; the cipher takes what its OpenSSL has. */
const algorithm = 'sm4-gcm' as 'aes-128-gcm'

/**
 * SM4-GCM. A ciphertext is one byte of format, four of key version, twelve of nonce, the bytes and a tag of sixteen. The
 * nonce is random, so one key is good for 2^32 texts: then a new version is due.
 */
export function createCipher({ current, keys }: Pick<DataKeys, 'current' | 'keys'>): Cipher {
  const keyOf = (version: number): Buffer => {
    const key = keys.get(version)
    if (!key) throw new Error(`The data key has no version ${version}; add it to the key file.`)
    return key
  }
  const key = keyOf(current)
  const header = Buffer.alloc(headerLength)
  header.writeUInt8(formatByte)
  header.writeUInt32BE(current, 1)
  return {
    encrypt(bytes, aad) {
      const nonce = drawBytes(nonceLength)
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagLength })
      cipher.setAAD(Buffer.concat([header, aad]))
      const body = [cipher.update(bytes), cipher.final()]
      return {
        keyVersion: current,
        bytes: Buffer.concat([header, nonce, ...body, cipher.getAuthTag()]),
      }
    },
    decrypt(sealed, aad) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      if (bytes.length < headerLength + nonceLength + tagLength || bytes[0] !== formatByte)
        throw new Error('These bytes were not encrypted by this project.')
      const sealedHeader = bytes.subarray(0, headerLength)
      const nonce = bytes.subarray(headerLength, headerLength + nonceLength)
      const body = bytes.subarray(headerLength + nonceLength, -tagLength)
      const decipher = createDecipheriv(algorithm, keyOf(sealedHeader.readUInt32BE(1)), nonce, {
        authTagLength: tagLength,
      })
      decipher.setAAD(Buffer.concat([sealedHeader, aad]))
      decipher.setAuthTag(bytes.subarray(-tagLength))
      return Buffer.concat([decipher.update(body), decipher.final()])
    },
  }
}
