import { randomBytes } from 'node:crypto'
import { cardCertificate, issuingCertificate } from './authority.ts'
import { cmacHex, desHex, layer, sm4Hex } from './ciphers.ts'
import { asciiHex, type TapRequest, tapHex } from './encodings.ts'
import { type Masters, sandboxMasters, sandboxPrivateKey } from './masters.ts'
import { signChip } from './sm2.ts'

export interface CardOptions {
  /** 卡识别码 (card_sn), 32 hexadecimal digits. */
  readonly serial: string
  /** 卡号 (cardno). */
  readonly number: string
  readonly algorithm: 'sm4' | '3des'
  /** What its holder enters at a terminal. */
  readonly pin: string
  /** The counter of the last tap; default none yet. */
  readonly counter?: number
  /** Default the sandbox's. */
  readonly masters?: Masters
  /** Days between which its certificate is valid. */
  readonly certified?: { readonly from: string; readonly until: string }
}

/** A card as it lies in a reader, played by a second implementation. */
export interface SimulatedCard extends Omit<CardOptions, 'counter' | 'masters' | 'certified'> {
  /** ATR, the card's answer to reset (卡复位信息). */
  readonly atr: string
  /** The FCI template that SELECT answers, with 9F0C and its algorithm byte. */
  readonly fci: Buffer
  /** INTERNAL AUTHENTICATE. */
  answer(challenge: Uint8Array): Buffer
  /** GET CHALLENGE: sixteen bytes that the next EXTERNAL AUTHENTICATE is about. */
  challenge(): Buffer
  /** EXTERNAL AUTHENTICATE: whether the centre has proved itself over the last challenge, once. */
  accepts(value: Uint8Array): boolean
  /** A contactless payment: raises the counter and computes the MAC. */
  tap(request: TapRequest): { readonly counter: number; readonly mac: Buffer }
  /** Of the third generation: its certificate and its issuer's, in DER. Some thirty milliseconds the first time. */
  certificates(): readonly Buffer[]
  /** Of the third generation: r and s over serial and challenge. Some twenty milliseconds. */
  sign(challenge: Uint8Array): Buffer
}

const encryptions = { sm4: sm4Hex, '3des': desHex }
const algorithmBytes = { '3des': '01', sm4: '03' }

export function simulateCard(options: CardOptions): SimulatedCard {
  const { serial, number, algorithm, pin, counter: start = 0, masters = sandboxMasters } = options
  const small = serial.toLowerCase()
  const encrypt = encryptions[algorithm]
  const keyOf = (encryption: typeof sm4Hex, master: string): string =>
    layer(encryption, layer(encryption, master, `${small.slice(0, 6)}0000000000`), small.slice(16))
  const internal = keyOf(encrypt, masters(`card-internal-${algorithm}`))
  const external = keyOf(encrypt, masters(`card-external-${algorithm}`))
  const tapKey = keyOf(sm4Hex, masters('tap'))
  let counter = start
  let asked: string | undefined
  let certificates: readonly Buffer[] | undefined
  return {
    serial,
    number,
    algorithm,
    pin,
    atr: `00814E43238697${small.slice(0, 6)}${small.slice(-8)}`.toUpperCase(),
    fci: Buffer.from(`6f07a5059f0c0286${algorithmBytes[algorithm]}`, 'hex'),
    answer: (challenge) => toBytes(encrypt(internal, toHex(challenge))),
    challenge() {
      const drawn = randomBytes(16)
      asked = toHex(drawn)
      return drawn
    },
    accepts(value) {
      const right = asked !== undefined && encrypt(external, asked) === toHex(value)
      asked = undefined
      return right
    },
    tap(request) {
      counter += 1
      return { counter, mac: toBytes(cmacHex(tapKey, tapHex(small, request, counter))) }
    },
    certificates() {
      certificates ??= [cardCertificate(serial, options.certified), issuingCertificate()]
      return certificates
    },
    sign(challenge) {
      const message = toBytes(asciiHex('CHP1') + small + toHex(challenge))
      return toBytes(signChip(sandboxPrivateKey(`card ${serial}`), message))
    },
  }
}

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const toBytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
