import { isCitizenNumber } from '../../engine/identity.ts'

/**
 * The citizen number of seventeen digits. Take them from a division that ends in 99: it is assigned to nobody, so such a number
 * cannot be anybody's.
 */
export function withCheckDigit(digits: string): string {
  const number = Array.from('0123456789X', (last) => digits + last).find(isCitizenNumber)
  if (number === undefined) throw new Error(`${digits} has no check digit`)
  return number
}
