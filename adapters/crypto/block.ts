import { createCipheriv, createDecipheriv } from 'node:crypto'

export const blockLength = 16

const noStart = Buffer.alloc(blockLength)

/** SM4 of whole blocks, each by itself. For keys and random numbers; never for data. */
export function sm4Blocks(key: Uint8Array, blocks: Uint8Array): Buffer {
  return createCipheriv('sm4-ecb', key, null).setAutoPadding(false).update(blocks)
}

export function sm4BlocksBack(key: Uint8Array, blocks: Uint8Array): Buffer {
  return createDecipheriv('sm4-ecb', key, null).setAutoPadding(false).update(blocks)
}

/** SM4-CBC of whole blocks that starts with zeros, as a MAC needs it. */
export function sm4Chained(key: Uint8Array, blocks: Uint8Array): Buffer {
  return createCipheriv('sm4-cbc', key, noStart).setAutoPadding(false).update(blocks)
}

/** Triple DES with two keys (16 bytes) of whole blocks of eight bytes. */
export function tripleDesBlocks(key: Uint8Array, blocks: Uint8Array): Buffer {
  return createCipheriv('des-ede-ecb', key, null).setAutoPadding(false).update(blocks)
}

/** The first xor the second, byte by byte. */
export function xor(a: Uint8Array, b: Uint8Array): Buffer {
  const out = Buffer.from(a)
  for (let i = 0; i < b.length; i++) out[i] = (out[i] as number) ^ (b[i] as number)
  return out
}
