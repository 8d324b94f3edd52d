import { type Digest, sameHash } from './hash.ts'
import type { Root } from './proof.ts'

/**
 * A head of a log (日志头): how many leaves it has, its root, when that was so, and the hash of the head before it, so that
 * heads make a chain. Its text is what is signed: a checkpoint as logs of public certificates write it (C2SP tlog-checkpoint),
 * with SM3 in place of SHA-256 and SM2 in place of Ed25519.
 */
export interface Head extends Root {
  /** Which log it is of, such as `510100 journal`. */
  readonly origin: string
  /** RFC 3339 in UTC, to the millisecond: `2026-03-02T01:00:00.123Z`. */
  readonly at: string
  /** The hash of the text of the head before; the first has none. */
  readonly previous?: Uint8Array | undefined
}

const atWord = 'at '
const previousWord = 'previous '

/** The text of a head; it ends with a line feed. */
export function writeHead({ origin, size, root, at, previous }: Head): string {
  const lines = [origin, String(size), root.toBase64(), atWord + at]
  if (previous) lines.push(previousWord + previous.toBase64())
  return `${lines.join('\n')}\n`
}

const form =
  /^([^\n]{1,100})\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\nat (\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z)\n(?:previous ([A-Za-z0-9+/]{43}=)\n)?$/

/** Reads such a text; undefined where it is none, or not written exactly so. */
export function readHead(text: string): Head | undefined {
  const [, origin, size, root, at, previous] = form.exec(text) ?? []
  if (origin === undefined || root === undefined || at === undefined) return undefined
  const head: Head = {
    origin,
    size: Number(size),
    root: Uint8Array.fromBase64(root),
    at,
    previous: previous === undefined ? undefined : Uint8Array.fromBase64(previous),
  }
  // One head has one text: what differs in a bit that nothing is made of would be another.
  return Number.isSafeInteger(head.size) && writeHead(head) === text ? head : undefined
}

/** A public key that heads are signed with (签名公钥), and what it is called. */
export interface SealKey {
  readonly name: string
  /** SM2, uncompressed: 04 and 128 digits. */
  readonly publicKey: string
}

const encoder = new TextEncoder()
const idBytes = 4
const signatureBytes = 64
/** What C2SP signed-note leaves to whoever has an algorithm of their own. */
const algorithm = '\nSM2-SM3\n'

/** Four bytes that stand for a key beside its signatures, so that nobody tries the wrong one. */
function keyId(digest: Digest, { name, publicKey }: SealKey): Uint8Array {
  return digest(encoder.encode(name + algorithm + publicKey)).slice(0, idBytes)
}

/** A signed text (C2SP signed-note): the text, an empty line, and the signature of r and s in hexadecimal digits. */
export function writeNote(
  digest: Digest,
  text: string,
  key: SealKey,
  sign: (message: Uint8Array) => string,
): string {
  const signature = Uint8Array.fromHex(sign(encoder.encode(text)))
  const bytes = new Uint8Array(idBytes + signature.length)
  bytes.set(keyId(digest, key))
  bytes.set(signature, idBytes)
  return `${text}\n\u2014 ${key.name} ${bytes.toBase64()}\n`
}

/** A signed text in its parts. */
export interface Note {
  readonly text: string
  readonly name: string
  /** 128 hexadecimal digits. */
  readonly signature: string
  readonly keyId: Uint8Array
}

const noteForm = /^([\s\S]*\n)\n\u2014 ([^\s+]{1,100}) ([A-Za-z0-9+/]{91}=)\n$/

/** Reads a signed text; undefined where it is none. Whether the signature is right, `isSigned` tells. */
export function readNote(note: string): Note | undefined {
  const [, text, name, base64] = noteForm.exec(note) ?? []
  if (text === undefined || name === undefined || base64 === undefined) return undefined
  const bytes = Uint8Array.fromBase64(base64)
  if (bytes.length !== idBytes + signatureBytes) return undefined
  return { text, name, signature: bytes.slice(idBytes).toHex(), keyId: bytes.slice(0, idBytes) }
}

/** Whether r and s, in 128 hexadecimal digits, are an SM2 signature of a message: whoever has the algorithm hands it in. */
export type VerifySignature = (publicKey: string, message: Uint8Array, signature: string) => boolean

/** What the next head names a signed one by: the hash of its text. */
export function hashOfHead(digest: Digest, note: string): Uint8Array {
  const read = readNote(note)
  if (!read) throw new RangeError('a head that was kept is a signed text')
  return digest(encoder.encode(read.text))
}

/** The key of some that signed a text; undefined where none did. */
export function signerOf(
  digest: Digest,
  verify: VerifySignature,
  { text, name, signature, keyId: id }: Note,
  keys: readonly SealKey[],
): SealKey | undefined {
  return keys.find(
    (key) =>
      key.name === name &&
      sameHash(keyId(digest, key), id) &&
      verify(key.publicKey, encoder.encode(text), signature),
  )
}

/** The text by which the holder of a key hands over to the next one (密钥更替). */
export const handingOver = ({ name, publicKey }: SealKey): string =>
  `jiesuan seal key handed over\n${name}\n${publicKey}\n`
