import type { Kind, Taken } from './field.ts'

/**
 * 字节数组: the bytes of a file. Java clients send a list of signed numbers, others unsigned ones or base64 text; we
 * answer base64, since a list of numbers is four times as long.
 */
export const bytes: Kind<Uint8Array> = {
  type: '字节数组',
  read: (given) => readBase64(String(given)),
  readList: readNumbers,
  write: (value) => Buffer.from(value).toString('base64'),
}

const base64Form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function readBase64(text: string): Taken<Uint8Array> {
  const packed = text.replaceAll(/\s/g, '')
  return base64Form.test(packed)
    ? { value: Buffer.from(packed, 'base64') }
    : { wrong: '须为字节数组或base64文本' }
}

function readNumbers(given: readonly unknown[]): Taken<Uint8Array> {
  const isByte = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= -128 && (value as number) <= 255
  return given.every(isByte)
    ? { value: Uint8Array.from(given, (value) => value & 0xff) }
    : { wrong: '须为字节数组，每项为-128至255的整数' }
}
