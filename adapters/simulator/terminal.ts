import { randomBytes } from 'node:crypto'
import smCrypto from 'sm-crypto'
import type { SimulatedCard } from './card.ts'
import { cmacHex, layer, sm4Hex, xorHex } from './ciphers.ts'
import { asciiHex, recordHex, type TerminalName } from './encodings.ts'
import { type Masters, sandboxMasters } from './masters.ts'

export interface TerminalOptions extends TerminalName {
  /** Default the sandbox's. */
  readonly masters?: Masters
}

/** What step 1 of the two-step flow told, and the numbers it was about. */
export interface HsmStep {
  /** `区划|ATR|算法标识|卡识别码|rand1|rand2|rand3|rand4|` */
  readonly line: string
  /** Step 2: the reader compares the card's answer with the first value, and the card checks the second. */
  finish(values: {
    readonly internal: string
    readonly external: string
  }): 'genuine' | 'card refused' | 'centre refused'
}

/** A terminal at a till, played by a second implementation. */
export interface SimulatedTerminal extends TerminalName {
  /** Eight bytes for a card to bind its tap to. */
  unpredictable(): Buffer
  /** What somebody keys in, encrypted for the centre. */
  pinBlock(pin: string, cardNumber: string): Buffer
  /** Step 1 of authentication by a security module behind the centre. */
  hsmStep(card: SimulatedCard): HsmStep
  /** The MAC over a record that waits for a line. */
  mac(record: Uint8Array): Buffer
}

export function simulateTerminal(options: TerminalOptions): SimulatedTerminal {
  const { division, id, masters = sandboxMasters } = options
  const name = { division, id }
  const keyOf = (master: string): string =>
    layer(sm4Hex, layer(sm4Hex, master, `${division}0000000000`), smCrypto.sm3(id).slice(0, 16))
  const macKey = keyOf(masters('terminal-mac'))
  const pinKey = keyOf(masters('terminal-pin'))
  return {
    ...name,
    unpredictable: () => randomBytes(8),
    pinBlock(pin, cardNumber) {
      const length = cardNumber.length.toString(16).padStart(2, '0')
      const card = (length + asciiHex(cardNumber)).padEnd(32, '0')
      const entered = `4${pin.length.toString(16)}${pin}`.padEnd(16, 'a')
      const first = sm4Hex(pinKey, entered + randomBytes(8).toString('hex'))
      return Buffer.from(sm4Hex(pinKey, xorHex(first, card)), 'hex')
    },
    hsmStep,
    mac: (record) => Buffer.from(cmacHex(macKey, recordHex(name, record)), 'hex'),
  }
}

const algorithmNames = { '3des': '01', sm4: '03' }

function hsmStep(card: SimulatedCard): HsmStep {
  const own = randomBytes(16)
  const cards = card.challenge()
  const numbers = [own, cards].flatMap((bytes) => [bytes.subarray(0, 8), bytes.subarray(8)])
  const words = [
    card.serial.slice(0, 6),
    card.atr,
    algorithmNames[card.algorithm],
    card.serial,
    ...numbers.map((each) => each.toString('hex').toUpperCase()),
  ]
  return {
    line: words.map((word) => `${word}|`).join(''),
    finish({ internal, external }) {
      if (card.answer(own).toString('hex').toUpperCase() !== internal) return 'card refused'
      return card.accepts(Buffer.from(external, 'hex')) ? 'genuine' : 'centre refused'
    },
  }
}
