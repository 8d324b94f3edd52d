import fc from 'fast-check'
import smCrypto from 'sm-crypto'
import { describe, expect, test } from 'vitest'
import { sm2PublicKey, sm2Sign, sm2Verify, sm2VerifyDer } from '../../../adapters/crypto/sm2.ts'

const { sm2 } = smCrypto
const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const hex = (number: bigint): string => number.toString(16).padStart(64, '0')
const bytes = (text: string): Buffer => Buffer.from(text, 'hex')

const privateKey = hex(0x1234567890abcdefn ** 3n % n)
const publicKey = sm2PublicKey(privateKey)
const message = Buffer.from('message')
const good = sm2Sign(privateKey, message)
const [r, s] = [good.slice(0, 64), good.slice(64)].map((part) => BigInt(`0x${part}`)) as [
  bigint,
  bigint,
]

/** DER of anything, by hand: the tests write what no library would. */
const der = (tag: string, content: string): string =>
  tag + (content.length / 2).toString(16).padStart(2, '0') + content
const integer = (number: bigint): string => {
  const digits = number.toString(16)
  const even = digits.padStart(digits.length + (digits.length % 2), '0')
  return der('02', Number.parseInt(even.slice(0, 2), 16) > 127 ? `00${even}` : even)
}
const signature = (...parts: string[]): string => der('30', parts.join(''))

describe('SM2 and a second implementation', () => {
  const seeds = fc.bigInt({ min: 1n, max: n - 2n })

  test('agree on random keys and messages in both directions, raw and in DER', () => {
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 300 }), (d, content) => {
        const key = hex(d)
        const point = sm2PublicKey(key)
        const list = [...content]
        const ours = sm2Sign(key, content)
        const raw = { hash: true, der: false }
        expect(sm2.doVerifySignature(list, ours, point, raw)).toBe(true)
        const theirs = sm2.doSignature(list, key, { ...raw, publicKey: point })
        expect(sm2Verify(point, content, theirs)).toBe(true)
        const inDer = sm2.doSignature(list, key, { hash: true, der: true, publicKey: point })
        expect(sm2VerifyDer(point, content, bytes(inDer))).toBe(true)
        expect(sm2Verify(point, Buffer.concat([content, Buffer.from([0])]), ours)).toBe(false)
      }),
      { numRuns: 25 },
    )
  })
})

describe('a signature', () => {
  test('holds in DER as well as in 64 bytes', () => {
    expect(sm2Verify(publicKey, message, good)).toBe(true)
    expect(sm2VerifyDer(publicKey, message, bytes(signature(integer(r), integer(s))))).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['r alone', signature(integer(r))],
    ['three numbers', signature(integer(r), integer(s), integer(s))],
    ['a byte after it', `${signature(integer(r), integer(s))}00`],
    ['a byte within it', signature(integer(r), integer(s), '00')],
    ['a zero before r', signature(der('02', `0000${hex(r)}`), integer(s))],
    ['a length in two bytes', `3081${signature(integer(r), integer(s)).slice(2)}`],
    ['a length without an end', `3080${integer(r)}${integer(s)}0000`],
    ['a negative number', signature(der('02', `ff${hex(r).slice(2)}`), integer(s))],
    ['an empty number', signature('0200', integer(s))],
    ['another tag', der('31', integer(r) + integer(s))],
    ['texts in place of numbers', signature(integer(r).replace(/^02/, '04'), integer(s))],
    ['s + n', signature(integer(r), integer(s + n))],
    ['r of 0', signature(integer(0n), integer(s))],
    ['s of 0', signature(integer(r), integer(0n))],
    ['r of n', signature(integer(n), integer(s))],
    ['r of a thousand bytes', signature(`028203e8${'11'.repeat(1000)}`, integer(s))],
    ['64 bytes', good],
  ])('in DER that has %s is none', (_name, text) => {
    expect(sm2VerifyDer(publicKey, message, bytes(text))).toBe(false)
  })

  test.each([
    ['one byte more', `${good}00`],
    ['one byte less', good.slice(2)],
    ['a byte between', `${good.slice(0, 64)}00${good.slice(64)}`],
    ['upper case', good.toUpperCase()],
    ['s + n', hex(r) + (s + n).toString(16)],
    ['r of 0', hex(0n) + hex(s)],
    ['r of n', hex(n) + hex(s)],
    ['DER', signature(integer(r), integer(s))],
  ])('of %s is none', (_name, text) => {
    expect(sm2Verify(publicKey, message, text)).toBe(false)
  })

  test('by a key without a user id, as Node makes it by itself, is none', () => {
    const other = sm2.doSignature([...message], privateKey, { hash: true, der: false, userId: '' })
    expect(sm2Verify(publicKey, message, other)).toBe(false)
  })
})

describe('a public key', () => {
  const x = publicKey.slice(2, 66)
  const y = publicKey.slice(66)
  test.each([
    ['infinity', '00'],
    ['zeros', `04${'00'.repeat(64)}`],
    ['off the curve', `04${x}${hex(BigInt(`0x${y}`) ^ 1n)}`],
    ['with x beyond p', `04${(BigInt(`0x${hex(p)}`) + 1n).toString(16)}${y}`],
    ['compressed', `02${x}`],
    ['hybrid', `06${x}${y}`],
    ['in upper case', publicKey.toUpperCase()],
    ['cut off', publicKey.slice(0, -2)],
    ['of letters', 'x'.repeat(130)],
  ])('that is %s verifies nothing and throws nothing', (_name, key) => {
    expect(sm2Verify(key, message, good)).toBe(false)
    expect(sm2VerifyDer(key, message, bytes(signature(integer(r), integer(s))))).toBe(false)
  })
})

describe('a private key', () => {
  test.each([0n, n - 1n, n, n + 1n])('of %s signs nothing', (d) => {
    expect(() => sm2Sign(hex(d), message)).toThrow('between 1 and n - 2')
  })

  test.each([1n, n - 2n])('of %s signs', (d) => {
    expect(sm2Verify(sm2PublicKey(hex(d)), message, sm2Sign(hex(d), message))).toBe(true)
  })
})
