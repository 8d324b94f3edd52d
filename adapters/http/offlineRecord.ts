import { parseYuan } from '../../engine/money.ts'
import type { ReadTap } from './quickClaim.ts'
import type { RecordLine } from './quickSchema.ts'

/** A field of the record: its width in bytes, and what stands in it. */
type Field = readonly [bytes: number, value: bigint | Buffer]

const unit = '\x1f'
const end = '\n'

/**
 * The 187 bytes that a terminal computes its MAC over, which are also what a record is known by: uploaded again it is the same
 * record, and with one bit changed another. docs/quick-payments.md has the table for whoever builds terminals.
 */
export function recordBytes(
  { body, at }: ReadTap<RecordLine>,
  sm3: (text: string) => Buffer,
): Buffer {
  const ascii = (text: string): Buffer => Buffer.from(text, 'ascii')
  const lines = body.lines.map((line) =>
    [line.id, line.item, line.at ?? '', line.quantity, line.unitPrice, line.amount].join(unit),
  )
  const fields: readonly Field[] = [
    [4, ascii('OFF1')],
    [32, ascii(body.card.cardSn)],
    [30, ascii(body.card.number)],
    [30, ascii(body.institution)],
    [8, BigInt(at)],
    [4, BigInt(body.counter)],
    [8, Buffer.from(body.unpredictable, 'hex')],
    [16, Buffer.from(body.cryptogram, 'hex')],
    [8, parseYuan(body.total)],
    [1, body.familyAccount === true ? 1n : 0n],
    [4, BigInt(body.sequence)],
    [8, BigInt(body.hotList)],
    [2, BigInt(lines.length)],
    [32, sm3(lines.map((line) => line + end).join(''))],
  ]
  return Buffer.concat(fields.map(([bytes, value]) => write(bytes, value)))
}

/** Numbers with the greatest byte first; texts from the left, filled with zeros. */
function write(bytes: number, value: bigint | Buffer): Buffer {
  if (typeof value !== 'bigint') return Buffer.concat([value], bytes)
  return Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex')
}
