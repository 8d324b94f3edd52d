import { algorithmOfByte } from './hsmLine.ts'
import type { CardAlgorithm } from './keyStore.ts'

/** What there is to tell what a card computes with. */
export interface CardSigns {
  /** The FCI template (6F …) that SELECT answered, without the status bytes. */
  readonly fci?: Uint8Array | undefined
  /** 规范版本: "1.00", "2.00" or "3.00". */
  readonly version: string
  /** 卡识别码 (card_sn). */
  readonly serial: string
}

/**
 * By tag 9F0C of the FCI (86, then the algorithm byte), else by version: the third generation has SM4, older cards triple
 * DES, and SSF33 where their serial starts with 11. Undefined where it is none that is available here.
 */
export function cardAlgorithm({ fci, version, serial }: CardSigns): CardAlgorithm | undefined {
  const said = fci === undefined ? [] : valuesOf(fci)
  if (said === undefined) return undefined
  const [value] = said
  if (value) {
    const [first, byte = 0] = value
    return first === 0x86 ? algorithmOfByte(byte.toString(16).padStart(2, '0')) : undefined
  }
  if (version === '3.00') return 'sm4'
  if (version !== '1.00' && version !== '2.00') return undefined
  return serial.startsWith('11') ? undefined : '3des'
}

const templates = [0x6f, 0xa5]
const wanted = 0x9f0c

/** Every value of 9F0C in these data objects, within templates too; undefined where they are cut off or no objects. */
function valuesOf(bytes: Uint8Array): Uint8Array[] | undefined {
  const values: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number
    const long = (first & 0x1f) === 0x1f
    const tag = long ? (first << 8) | (bytes[at + 1] ?? 0) : first
    const from = at + (long ? 3 : 2)
    const length = bytes[from - 1] ?? 0x80
    // An FCI is short, so a length of more than one byte is none of ours.
    if (length >= 0x80 || from + length > bytes.length) return undefined
    const value = bytes.subarray(from, from + length)
    const inside = templates.includes(tag) ? valuesOf(value) : []
    if (!inside) return undefined
    values.push(...inside, ...(tag === wanted ? [value] : []))
    at = from + length
  }
  return values
}
