import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  type KeyObject,
} from 'node:crypto'
import { derTags, readInside, unsignedBytes } from './der.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

/** The order of the curve: a private key lies between 1 and this less 2 (with n - 1 signing would never end). */
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n

/** The default user id of GM/T 0009. Node by itself signs with none, which nobody else accepts. */
const userId = '1234567812345678'
const curve =
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' +
  '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' +
  '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
  'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0'
const prefix = Buffer.concat([hex('0080'), Buffer.from(userId, 'ascii'), hex(curve)])

/** What an SM2 public key in a certificate starts with, before the 04 of its point. */
export const publicHead = '3059301306072a8648ce3d020106082a811ccf5501822d034200'
const privateHead = '304d020100301306072a8648ce3d020106082a811ccf5501822d043330310201010420'
const privateTail = 'a00a06082a811ccf5501822d'

/** A key ready to use, with Z of GM/T 0003.2: the hash that binds the user id and the public key to every message. */
interface Ready {
  readonly key: KeyObject
  readonly z: Buffer
}

const mostKept = 10_000
const readyKeys = new Map<string, Ready>()

function ready(name: string, make: () => Ready): Ready {
  const known = readyKeys.get(name)
  if (known) return known
  if (readyKeys.size >= mostKept) readyKeys.clear()
  const made = make()
  // What Node takes for an ordinary curve it would sign with ECDSA, silently.
  if ((made.key.asymmetricKeyType as string | undefined) === 'ec')
    throw new Error('This is no SM2 key.')
  readyKeys.set(name, made)
  return made
}

const zOf = (point: Buffer): Buffer =>
  createHash('sm3').update(prefix).update(point.subarray(1)).digest()

/** Imports an uncompressed point, 04 and 64 bytes; a point that is not on the curve is refused by the import. */
function openPublicKey(publicKey: string): Ready {
  if (!/^04[0-9a-f]{128}$/.test(publicKey))
    throw new Error('An SM2 public key is 04 and 128 digits.')
  return ready(publicKey, () => ({
    key: createPublicKey({ key: hex(publicHead + publicKey), format: 'der', type: 'spki' }),
    z: zOf(hex(publicKey)),
  }))
}

function openPrivateKey(privateKey: string): Ready {
  if (!/^[0-9a-f]{64}$/.test(privateKey)) throw new Error('An SM2 private key is 64 digits.')
  const d = BigInt(`0x${privateKey}`)
  if (d < 1n || d > order - 2n) throw new Error('An SM2 private key lies between 1 and n - 2.')
  return ready(privateKey, () => {
    const der = hex(privateHead + privateKey + privateTail)
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    return { key, z: zOf(pointOf(key)) }
  })
}

/** The uncompressed point of a key, the last 65 bytes of its SPKI. */
const pointOf = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-65)

/** The public key that belongs to a private one, both in hexadecimal. */
export const sm2PublicKey = (privateKey: string): string =>
  pointOf(openPrivateKey(privateKey).key).toString('hex')

/**
 * SM2 with SM3 over a message (GM/T 0003.2): 128 hexadecimal digits, r and s. Node signs SM2 rightly only where it is
 * fed Z first, and with a key that was imported; known answers are computed at every start.
 */
export function sm2Sign(privateKey: string, message: Uint8Array): string {
  const { key, z } = openPrivateKey(privateKey)
  const der = createSign('sm3').update(z).update(message).sign(key)
  return rawOfDer(der) as string
}

/** Whether r and s in hexadecimal are a signature of the message: false, whatever else they or the key are. */
export function sm2Verify(publicKey: string, message: Uint8Array, signature: string): boolean {
  if (!/^[0-9a-f]{128}$/.test(signature)) return false
  try {
    const { key, z } = openPublicKey(publicKey)
    return createVerify('sm3').update(z).update(message).verify(key, derOfRaw(signature))
  } catch {
    return false
  }
}

/** The same for a signature in DER, as certificates have it (GM/T 0009), in the one encoding that two numbers have. */
export function sm2VerifyDer(
  publicKey: string,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const raw = rawOfDer(signature)
  return raw !== undefined && sm2Verify(publicKey, message, raw)
}

/** DER of two integers, each as short as it can be. */
function derOfRaw(raw: string): Buffer {
  const parts = [raw.slice(0, 64), raw.slice(64)].map(integer)
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

function integer(digits: string): Buffer {
  const bytes = hex(digits)
  const from = bytes.findIndex((byte) => byte !== 0)
  const short = from < 0 ? Buffer.from([0]) : bytes.subarray(from)
  const value = (short[0] as number) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short
  return Buffer.concat([Buffer.from([0x02, value.length]), value])
}

/** r and s as 32 bytes each; undefined for whatever is not strictly DER of two positive integers of that size. */
function rawOfDer(der: Uint8Array): string | undefined {
  const numbers = readInside(der, derTags.sequence)?.map(unsignedBytes)
  if (numbers?.length !== 2) return undefined
  const parts = numbers.map((bytes) =>
    bytes && bytes.length <= 32 ? Buffer.from(bytes).toString('hex').padStart(64, '0') : undefined,
  )
  return parts.includes(undefined) ? undefined : parts.join('')
}
