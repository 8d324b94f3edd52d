import { isDay } from './day.ts'

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkDigits = '10X98765432'

/** Is this a citizen number (公民身份号码, 社会保障号码) by form, birthday and check digit (GB 11643, ISO 7064 MOD 11-2)? */
export function isCitizenNumber(text: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return false
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  if (!isDay(birth)) return false
  const total = weights.reduce((sum, weight, i) => sum + weight * Number(text[i]), 0)
  return checkDigits[total % 11] === text[17]
}

/** Is this a card number (社保卡卡号): nine characters, a letter and eight digits? */
export const isCardNumber = (text: string): boolean => /^[A-Z]\d{8}$/.test(text)

/** Is this a card identification code (卡识别码, card_sn): division, D156000005, eight bytes, in hexadecimal? */
export const isCardSerial = (text: string): boolean => /^\d{6}D156000005[0-9A-F]{16}$/.test(text)
