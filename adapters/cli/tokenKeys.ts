import { eCredentialKinds } from '../../engine/eCard.ts'
import { looksLikeToken, readToken, type TokenTools, writeToken } from '../crypto/eCardToken.ts'
import type { KeyStore } from '../crypto/keyStore.ts'
import type { PublicKey, TokenKeys } from '../http/evidenceNeeds.ts'
import type { World } from './serve.ts'

/** Tokens of e-credentials, signed with the keys of the first region that is served here. */
export function tokenKeysOf({ crypto, config }: World, keyStore: KeyStore): TokenKeys {
  const [division] = config.regions
  const tools = (): TokenTools => ({
    keys: keyStore,
    cipher: crypto.cipher,
    division,
    currentVersion: keyStore.currentVersion(division) ?? 0,
  })
  return {
    newId: () => keyStore.random(16).toString('hex'),
    write: (token) => writeToken(token, tools()),
    read: (text) => readToken(text, tools()),
    looksLike: looksLikeToken,
    publicKeys: () => config.regions.flatMap((each) => keysOf(each, keyStore)),
  }
}

/** Every version that still verifies. */
function keysOf(division: string, keyStore: KeyStore): PublicKey[] {
  const newest = keyStore.currentVersion(division) ?? 0
  const versions = Array.from({ length: newest }, (_, i) => newest - i)
  return eCredentialKinds.flatMap((kind) =>
    versions.flatMap((keyVersion) => {
      const purpose = kind === 'social-security' ? 'e-card' : 'e-credential'
      const publicKey = keyStore.publicKey(purpose, division, keyVersion)
      return publicKey === undefined ? [] : [{ kind, division, keyVersion, publicKey }]
    }),
  )
}
