/** Writes DER in hexadecimal, as little of it as a certificate needs. */
export function der(tag: string, ...contents: readonly string[]): string {
  const content = contents.join('')
  const length = content.length / 2
  const digits = length.toString(16).padStart(length > 0xff ? 4 : 2, '0')
  const before = length > 0xff ? '82' : length > 0x7f ? '81' : ''
  return tag + before + digits + content
}

export const sequence = (...contents: readonly string[]): string => der('30', ...contents)

/** A number that is not negative, as short as it can be. */
export function integer(number: bigint): string {
  const digits = number.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  return der('02', Number.parseInt(even.slice(0, 2), 16) > 0x7f ? `00${even}` : even)
}

const hexOf = (text: string): string => Buffer.from(text, 'utf8').toString('hex')

/** A name of country, organisation and common name. */
export const name = (commonName: string): string =>
  sequence(
    der('31', sequence('0603550406', der('13', hexOf('CN')))),
    der('31', sequence('060355040a', der('0c', hexOf('jiesuan sandbox')))),
    der('31', sequence('0603550403', der('0c', hexOf(commonName)))),
  )

/** UTCTime of a day at midnight. */
export const utcTime = (day: string): string =>
  der('17', hexOf(`${day.slice(2).replaceAll('-', '')}000000Z`))

export const bits = (hex: string): string => der('03', `00${hex}`)

export const extension = (oid: string, critical: boolean, value: string): string =>
  sequence(oid, critical ? '0101ff' : '', der('04', value))
