import type { CardSerial } from './cardSerial.ts'
import { isTerminal } from './diversify.ts'
import type { Tap, Terminal } from './keyStore.ts'

// Every message starts with four letters that no other message starts with, so that a MAC never fits two meanings.

const terminalLength = 38

/** Six digits of division and the terminal's number, filled with zeros to 32 bytes. */
function terminalBytes({ division, id }: Terminal): Buffer {
  return Buffer.concat([Buffer.from(division + id, 'ascii')], terminalLength)
}

/** The 86 bytes that a card computes its MAC over; undefined where a field does not fit. */
export function tapMessage(serial: CardSerial, tap: Tap): Buffer | undefined {
  const { terminal, amount, counter, moment, unpredictable } = tap
  const fits =
    isTerminal(terminal) &&
    amount >= 0n &&
    amount < 1n << 63n &&
    isUnsigned(counter, 0xffffffff) &&
    isUnsigned(moment, Number.MAX_SAFE_INTEGER) &&
    unpredictable.length === 8
  if (!fits) return undefined
  const numbers = Buffer.alloc(20)
  numbers.writeBigUInt64BE(amount, 0)
  numbers.writeUInt32BE(counter, 8)
  numbers.writeBigUInt64BE(BigInt(moment), 12)
  const head = Buffer.from('TAP1', 'ascii')
  return Buffer.concat([head, serial.bytes, terminalBytes(terminal), numbers, unpredictable])
}

/** What a terminal computes its MAC over: 42 bytes that name it, then the record. */
export function recordMessage(terminal: Terminal, record: Uint8Array): Buffer | undefined {
  if (!isTerminal(terminal)) return undefined
  return Buffer.concat([Buffer.from('REC1', 'ascii'), terminalBytes(terminal), record])
}

/** The 36 bytes that a third generation card signs with SM2. */
export const chipMessage = (serial: CardSerial, challenge: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('CHP1', 'ascii'), serial.bytes, challenge])

const isUnsigned = (number: number, most: number): boolean =>
  Number.isSafeInteger(number) && number >= 0 && number <= most
