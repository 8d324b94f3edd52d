import smCrypto from 'sm-crypto'

const { sm2, sm3 } = smCrypto

const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n

const curve =
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' +
  '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' +
  '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
  'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0'
const head = `0080${Buffer.from('1234567812345678').toString('hex')}${curve}`

/** The types do not know it, though the library documents it. */
const library = sm2 as unknown as { getPublicKeyFromPrivateKey(privateKey: string): string }

/** 04 and the point of a private key. */
export const publicKeyOf = (privateKey: string): string =>
  library.getPublicKeyFromPrivateKey(privateKey)

/** A signature as the library makes it, never the same twice. */
export const signChip = (privateKey: string, message: Uint8Array): string =>
  sm2.doSignature([...message], privateKey, { hash: true, der: false })

/**
 * A signature that is the same whenever it is made, for certificates that have to be: the library multiplies the point and
 * hashes, and k comes from key and message. What RFC 6979 is for; here the keys are no secret anyway.
 */
export function signSteadily(privateKey: string, message: string): { r: bigint; s: bigint } {
  const bytes = (hex: string): number[] => [...Buffer.from(hex, 'hex')]
  const z = sm3(bytes(head + publicKeyOf(privateKey).slice(2)))
  const e = big(sm3(bytes(z + message)))
  const d = big(privateKey)
  const k = (big(sm3(bytes(privateKey + message))) % (order - 1n)) + 1n
  const x = big(publicKeyOf(k.toString(16).padStart(64, '0')).slice(2, 66))
  const r = (e + x) % order
  const s = (inverse(1n + d) * (((k - r * d) % order) + order)) % order
  return { r, s }
}

const big = (hex: string): bigint => BigInt(`0x${hex}`)

/** By Fermat's little theorem, as the order is prime. */
function inverse(number: bigint): bigint {
  let result = 1n
  let base = number % order
  for (let exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order
    base = (base * base) % order
  }
  return result
}
