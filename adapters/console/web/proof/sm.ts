import { sm2 } from 'sm-crypto'
import type { Checking } from '../../../../engine/seal/keyChain.ts'
import { sm3 } from './sm3.ts'

/** The user id that everybody signs with (GM/T 0009). */
const userId = '1234567812345678'

/** What the verifier needs of national cryptography: SM3 of bytes, and whether a key signed something with SM2. */
export const checking: Checking = {
  digest: sm3,
  verify(publicKey, message, signature) {
    try {
      return sm2.doVerifySignature(Array.from(message), signature, publicKey, {
        hash: true,
        userId,
      })
    } catch {
      // What is no signature at all, or no key, verifies nothing.
      return false
    }
  },
}
