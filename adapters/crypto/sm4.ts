import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const blockLength = 16
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** SM4-CBC (GM/T 0002) with PKCS#7 padding: a random block that starts the chain, then the text, in base64. */
export function sm4Encrypt(key: string, text: string): string {
  const iv = randomBytes(blockLength)
  const cipher = createCipheriv('sm4-cbc', Buffer.from(key, 'hex'), iv)
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}

/** The text of a ciphertext in base64 or hexadecimal; undefined for whatever is none under this key. */
export function sm4Decrypt(key: string, ciphertext: string): string | undefined {
  const bytes = bytesOf(ciphertext)
  if (!bytes || bytes.length < 2 * blockLength || bytes.length % blockLength !== 0) return undefined
  try {
    const iv = bytes.subarray(0, blockLength)
    const decipher = createDecipheriv('sm4-cbc', Buffer.from(key, 'hex'), iv)
    const clear = [decipher.update(bytes.subarray(blockLength)), decipher.final()]
    return utf8.decode(Buffer.concat(clear))
  } catch {
    return undefined
  }
}

function bytesOf(text: string): Buffer | undefined {
  if (/^([0-9a-f]{32})+$/i.test(text)) return Buffer.from(text, 'hex')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
}
