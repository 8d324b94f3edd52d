/** A terminal as messages name it: a division and a number there. */
export interface TerminalName {
  readonly division: string
  readonly id: string
}

/** One tap as the terminal puts it to the card. */
export interface TapRequest {
  readonly terminal: TerminalName
  /** Fen. */
  readonly amount: bigint
  /** Milliseconds since 1970. */
  readonly moment: number
  /** Eight bytes that the terminal drew. */
  readonly unpredictable: Uint8Array
}

export const asciiHex = (text: string): string => Buffer.from(text, 'ascii').toString('hex')
const numberHex = (number: bigint, bytes: number): string =>
  number.toString(16).padStart(2 * bytes, '0')
const terminalHex = ({ division, id }: TerminalName): string =>
  asciiHex(division) + asciiHex(id).padEnd(64, '0')

export const tapHex = (serial: string, tap: TapRequest, counter: number): string =>
  [
    asciiHex('TAP1'),
    serial,
    terminalHex(tap.terminal),
    numberHex(tap.amount, 8),
    numberHex(BigInt(counter), 4),
    numberHex(BigInt(tap.moment), 8),
    Buffer.from(tap.unpredictable).toString('hex'),
  ].join('')

export const recordHex = (terminal: TerminalName, record: Uint8Array): string =>
  asciiHex('REC1') + terminalHex(terminal) + Buffer.from(record).toString('hex')
