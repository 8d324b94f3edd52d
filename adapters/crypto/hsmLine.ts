import { readCardSerial } from './cardSerial.ts'
import type { CardAlgorithm } from './keyStore.ts'

/** What a reader tells in step 1 of authentication by a security module (HSM 方式读卡). */
export interface HsmLine {
  readonly division: string
  /** The card's answer to reset (卡复位信息). */
  readonly atr: string
  readonly algorithm: CardAlgorithm
  readonly serial: string
  /** rand1 and rand2, which the card answers (内部认证). */
  readonly readerChallenge: Buffer
  /** rand3 and rand4, which the centre answers (外部认证). */
  readonly cardChallenge: Buffer
}

/** `algorithm`: SSF33, or a byte that means nothing. `division`: not the first six digits of the serial. */
export type HsmLineProblem = 'form' | 'algorithm' | 'serial' | 'division'

const form =
  /^(\d{6})\|((?:[0-9A-F]{2}){2,33})\|([0-9A-F]{2})\|([0-9A-F]{32})\|([0-9A-F]{16})\|([0-9A-F]{16})\|([0-9A-F]{16})\|([0-9A-F]{16})\|$/

const algorithms: Readonly<Record<string, CardAlgorithm>> = { '01': '3des', '03': 'sm4' }

/** The algorithm of an algorithm byte (算法标识: 01 3DES, 02 SSF33, 03 SM4) where it is one that we can compute. */
export const algorithmOfByte = (byte: string): CardAlgorithm | undefined =>
  Object.hasOwn(algorithms, byte) ? algorithms[byte] : undefined

/** Reads `区划|ATR|算法标识|卡识别码|rand1|rand2|rand3|rand4|`, hexadecimal digits in upper case. */
export function readHsmLine(text: string): HsmLine | { readonly problem: HsmLineProblem } {
  const found = form.exec(text)
  if (!found) return { problem: 'form' }
  const [, division, atr, byte, serial, ...numbers] = found as unknown as [
    string,
    string,
    string,
    string,
    string,
    ...string[],
  ]
  const algorithm = algorithmOfByte(byte)
  if (algorithm === undefined) return { problem: 'algorithm' }
  const card = readCardSerial(serial)
  if (!card) return { problem: 'serial' }
  if (card.division !== division) return { problem: 'division' }
  const [readerChallenge, cardChallenge] = [numbers.slice(0, 2), numbers.slice(2)].map((two) =>
    Buffer.from(two.join(''), 'hex'),
  ) as [Buffer, Buffer]
  return { division, atr, algorithm, serial, readerChallenge, cardChallenge }
}
