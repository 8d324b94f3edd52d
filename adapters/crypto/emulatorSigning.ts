import {
  type KeyMaterial,
  type KeyVersion,
  currentKeys,
  notRight,
  versionsToTry,
} from './keyMaterial.ts'
import type { SigningKeys, SigningPurpose } from './keyStore.ts'
import { sm2PublicKey, sm2Sign, sm2Verify } from './sm2.ts'

const signatureLength = 64

export function emulateSigningKeys(material: KeyMaterial): SigningKeys {
  const points = new Map<string, string>()
  const publicKeyOf = (version: KeyVersion, purpose: SigningPurpose): string => {
    const key = keyOf(version, purpose)
    const point = points.get(key) ?? sm2PublicKey(key)
    points.set(key, point)
    return point
  }
  const keyOf = ({ keys }: KeyVersion, purpose: SigningPurpose): string =>
    keys[`sign-${purpose}`].toString('hex')
  return {
    sign(purpose, division, message) {
      const current = currentKeys(material, division)
      const signature = Buffer.from(sm2Sign(keyOf(current, purpose), message), 'hex')
      return { signature, keyVersion: current.version }
    },
    verify(purpose, division, message, { signature, keyVersion }) {
      if (signature.length !== signatureLength) return notRight('malformed')
      const versions = versionsToTry(material, division, keyVersion)
      if (typeof versions === 'string') return notRight(versions)
      const digits = Buffer.from(signature).toString('hex')
      const found = versions.find((version) =>
        sm2Verify(publicKeyOf(version, purpose), message, digits),
      )
      return found ? { right: true, keyVersion: found.version } : notRight('wrong')
    },
    publicKey(purpose, division, keyVersion) {
      const versions = versionsToTry(material, division, keyVersion)
      return typeof versions === 'string' ? undefined : publicKeyOf(versions[0], purpose)
    },
  }
}
