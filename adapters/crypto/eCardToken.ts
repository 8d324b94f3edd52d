import { type ECredentialKind, type Token, tokenPurposes } from '../../engine/eCard.ts'
import type { Cipher } from './cipher.ts'
import type { SigningKeys, SigningPurpose } from './keyStore.ts'

/**
 * A token of an e-credential as a QR code shows it, the same length for everybody: 36 bytes in the clear (what kind, for
 * what, from when until when, whose key), 93 that only this centre can read (whose it is, and where it is good), and the
 * centre's SM2 signature over both. In base64url, which a QR code takes as it is.
 */
const format = 1
const headLength = 36
const ownerLength = 30
const institutionLength = 30
const sealedLength = 93
const signatureLength = 64
const tokenBytes = headLength + sealedLength + signatureLength
const tokenLength = Math.ceil((tokenBytes * 4) / 3)
const tokenForm = new RegExp(`^[A-Za-z0-9_-]{${tokenLength}}$`)

const kinds: Readonly<Record<ECredentialKind, { byte: number; signs: SigningPurpose }>> = {
  'social-security': { byte: 1, signs: 'e-card' },
  'medical-insurance': { byte: 2, signs: 'e-credential' },
}

export interface TokenTools {
  readonly keys: Pick<SigningKeys, 'sign' | 'verify'>
  readonly cipher: Cipher
  /** Whose key signs, and which version that is now. */
  readonly division: string
  readonly currentVersion: number
}

export const looksLikeToken = (text: string): boolean => tokenForm.test(text)

export function writeToken(token: Token, tools: TokenTools): string {
  const { keys, cipher, division, currentVersion } = tools
  const head = Buffer.alloc(headLength)
  head.writeUInt8(format, 0)
  head.writeUInt8(kinds[token.kind].byte, 1)
  head.writeUInt8(tokenPurposes.indexOf(token.purpose) + 1, 2)
  head.write(division, 3, 'hex')
  head.writeUInt16BE(currentVersion, 6)
  head.writeUIntBE(token.from, 8, 6)
  head.writeUIntBE(token.until, 14, 6)
  head.write(token.id, 20, 'hex')
  const inside = Buffer.concat([
    padded(token.owner, ownerLength),
    padded(token.institution ?? '', institutionLength),
  ])
  const sealed = cipher.encrypt(inside, head).bytes
  const message = Buffer.concat([head, sealed])
  const { signature } = keys.sign(kinds[token.kind].signs, division, message)
  return Buffer.concat([message, signature]).toString('base64url')
}

/** Fixed fields in ASCII, filled with spaces, so that the length tells nothing of whose it is. */
function padded(text: string, length: number): Buffer {
  if (!/^[\x21-\x7e]*$/.test(text) || text.length > length)
    throw new Error('A token names people and institutions by at most 30 printable characters.')
  return Buffer.from(text.padEnd(length), 'ascii')
}

/** What a text says, if this centre signed it; undefined for whatever else it is. */
export function readToken(
  text: string,
  { keys, cipher }: Pick<TokenTools, 'keys' | 'cipher'>,
): Token | undefined {
  if (!looksLikeToken(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  // The last letter has bits to spare: only one spelling of them is ours.
  if (bytes.length !== tokenBytes || bytes.toString('base64url') !== text) return undefined
  const head = bytes.subarray(0, headLength)
  const sealed = bytes.subarray(headLength, -signatureLength)
  const kind = (Object.keys(kinds) as ECredentialKind[]).find(
    (each) => kinds[each].byte === head[1],
  )
  const purpose = tokenPurposes[(head[2] as number) - 1]
  const division = head.toString('hex', 3, 6)
  if (head[0] !== format || !kind || !purpose || !/^\d{6}$/.test(division)) return undefined
  const keyVersion = head.readUInt16BE(6)
  const signature = { signature: bytes.subarray(-signatureLength), keyVersion }
  const message = bytes.subarray(0, -signatureLength)
  if (!keys.verify(kinds[kind].signs, division, message, signature).right) return undefined
  const inside = unseal(cipher, sealed, head)
  if (inside === undefined) return undefined
  const institution = inside.slice(ownerLength).trimEnd()
  return {
    id: head.toString('hex', 20),
    owner: inside.slice(0, ownerLength).trimEnd(),
    kind,
    purpose,
    ...(institution !== '' && { institution }),
    from: head.readUIntBE(8, 6),
    until: head.readUIntBE(14, 6),
  }
}

/** Everybody knows the sandbox's signing key, but not what its tokens are sealed with. */
function unseal(cipher: Cipher, sealed: Uint8Array, head: Uint8Array): string | undefined {
  try {
    return cipher.decrypt(sealed, head).toString('ascii')
  } catch {
    return undefined
  }
}
