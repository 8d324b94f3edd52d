/** The parts of 卡识别码 (card_sn): region of issue, the registered provider, and eight bytes that number the card. */
export interface CardSerial {
  readonly division: string
  /** All sixteen bytes. */
  readonly bytes: Buffer
  /** The last eight bytes, 16 hexadecimal digits. */
  readonly number: string
}

const form = /^(\d{6})D156000005([0-9A-F]{16})$/

/** Reads 32 hexadecimal digits, in upper case as the readers give them; undefined for whatever is no serial. */
export function readCardSerial(text: string): CardSerial | undefined {
  const found = form.exec(text)
  if (!found) return undefined
  const [, division, number] = found as unknown as [string, string, string]
  return { division, bytes: Buffer.from(text, 'hex'), number }
}
