import { createCipheriv } from 'node:crypto'
import smCrypto from 'sm-crypto'

const bytesOf = (hex: string): number[] => [...Buffer.from(hex, 'hex')]

/** SM4 of whole blocks by sm-crypto; everything here is hexadecimal in lower case. */
export function sm4Hex(key: string, blocks: string): string {
  return smCrypto.sm4.encrypt(bytesOf(blocks), key, { padding: 'none' })
}

/** Triple DES block by block, as CBC that starts with zeros and has nothing to chain. */
export function desHex(key: string, blocks: string): string {
  const parts = blocks.match(/.{16}/g) ?? []
  const three = Buffer.from(key + key.slice(0, 16), 'hex')
  return parts
    .map((block) => {
      const cipher = createCipheriv('des-ede3-cbc', three, Buffer.alloc(8)).setAutoPadding(false)
      return cipher.update(block, 'hex', 'hex')
    })
    .join('')
}

const ones = (1n << 128n) - 1n
const hex32 = (number: bigint): string => number.toString(16).padStart(32, '0')
const number = (hex: string): bigint => BigInt(`0x${hex}`)

export const xorHex = (a: string, b: string): string => hex32(number(a) ^ number(b))

/** SM4-CMAC, over big numbers and one block at a time. */
export function cmacHex(key: string, message: string): string {
  const double = (n: bigint): bigint => ((n << 1n) & ones) ^ (n >> 127n ? 0x87n : 0n)
  const first = double(number(sm4Hex(key, '00'.repeat(16))))
  const blocks = message.match(/.{1,32}/g) ?? ['']
  const last = blocks.pop() as string
  const masked =
    last.length === 32 ? number(last) ^ first : number(`${last}80`.padEnd(32, '0')) ^ double(first)
  return [...blocks, hex32(masked)].reduce(
    (state, block) => sm4Hex(key, xorHex(state, block)),
    '00'.repeat(16),
  )
}

/** One layer of diversification: a factor of 16 digits, then the same with every bit turned. */
export function layer(encrypt: typeof sm4Hex, master: string, factor: string): string {
  const turned = (number(factor) ^ ((1n << 64n) - 1n)).toString(16).padStart(16, '0')
  return encrypt(master, factor + turned)
}
