import { blockLength, sm4BlocksBack, xor } from './block.ts'

const fewestDigits = 4
const mostDigits = 12
const control = 4
const filler = 0xa
const pinFieldLength = 8

/** 卡号 as the block binds it: its length, its characters, and zeros. Undefined for what is no card number. */
export function cardField(number: string): Buffer | undefined {
  if (!/^[\x21-\x7e]{1,15}$/.test(number)) return undefined
  const bytes = Buffer.from(number, 'ascii')
  return Buffer.concat([Buffer.from([bytes.length]), bytes], blockLength)
}

/**
 * The digits of a PIN block, one a byte; undefined for whatever is none. Format 4 of ISO 9564-1 with SM4 for AES and the card
 * number in place of the account number, which our cards' numbers are not. Whoever asks zeroes the digits after use.
 */
export function openPinBlock(key: Uint8Array, block: Uint8Array, card: Buffer): Buffer | undefined {
  if (block.length !== blockLength) return undefined
  const field = sm4BlocksBack(key, xor(sm4BlocksBack(key, block), card))
  const nibbles = Buffer.alloc(2 * pinFieldLength)
  try {
    for (let i = 0; i < pinFieldLength; i++) {
      const byte = field[i] as number
      nibbles[2 * i] = byte >> 4
      nibbles[2 * i + 1] = byte & 15
    }
    const [form, length] = nibbles as unknown as [number, number]
    if (form !== control || length < fewestDigits || length > mostDigits) return undefined
    const digits = nibbles.subarray(2, 2 + length)
    const rest = nibbles.subarray(2 + length)
    if (!digits.every((digit) => digit <= 9) || !rest.every((nibble) => nibble === filler))
      return undefined
    return Buffer.from(digits)
  } finally {
    field.fill(0)
    nibbles.fill(0)
  }
}
