import { describe, expect, test } from 'vitest'
import { isCardNumber, isCardSerial, isCitizenNumber } from '../../engine/identity.ts'

describe('citizen numbers', () => {
  // KAT-ID1 and KAT-ID3 of the worked examples; the check digits are 0 and X.
  test.each(['111111198101011110', '11010519491231002X'])('%s is one', (number) => {
    expect(isCitizenNumber(number)).toBe(true)
  })

  test('the placeholder 110101199001011234 is none: its check digit would be 7 (KAT-ID2)', () => {
    expect(isCitizenNumber('110101199001011234')).toBe(false)
    expect(isCitizenNumber('510199199001011237')).toBe(true)
  })

  test('every other check digit is wrong', () => {
    for (const digit of '0123456789')
      expect(isCitizenNumber(`11010519491231002${digit}`)).toBe(false)
  })

  test.each([
    '11010519491231002x', // a small x
    '010105194912310021', // no province begins with 0
    '110105194902300020', // 30 February
    '1101051949123100',
    '11010519491231002X ',
    '１１010519491231002X',
    '',
  ])('"%s" is none', (number) => expect(isCitizenNumber(number)).toBe(false))

  test('an impossible birthday is refused whatever its check digit', () => {
    for (const digit of '0123456789X')
      expect(isCitizenNumber(`11010519490230002${digit}`)).toBe(false)
  })
})

describe('cards', () => {
  test('a card number is a letter and eight digits', () => {
    expect(isCardNumber('X00000019')).toBe(true)
    for (const wrong of ['x00000019', 'X0000001', 'X000000199', '000000019'])
      expect(isCardNumber(wrong)).toBe(false)
  })

  test('a card identification code names its division, the registered provider and a serial', () => {
    expect(isCardSerial('639900D15600000500BF7C7A48FB4966')).toBe(true)
    for (const wrong of [
      '639900D15600000600BF7C7A48FB4966',
      '639900D15600000500BF7C7A48FB496',
      '639900d15600000500BF7C7A48FB4966',
      '63990AD15600000500BF7C7A48FB4966',
    ])
      expect(isCardSerial(wrong)).toBe(false)
  })
})
