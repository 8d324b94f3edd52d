import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import smCrypto from 'sm-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCipher } from '../../../adapters/crypto/cipher.ts'
import { readDataKeys } from '../../../adapters/crypto/dataKey.ts'
import { testAlgorithms } from '../../../adapters/crypto/selfTest.ts'
import { hmacSm3, sm3Hex } from '../../../adapters/crypto/sm3.ts'

let folder: string
let made = 0
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-keys-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function keyFile(text: string, mode = 0o600): string {
  const file = path.join(folder, `${made++}.key`)
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

const index = `index ${'0a'.repeat(32)}`
const first = `1 ${'1b'.repeat(16)}`
const second = `2 ${'2c'.repeat(16)}`
const aad = Buffer.from('row 1')

describe('SM3', () => {
  it('gives the answers of the standards at every start', () => {
    expect(testAlgorithms).not.toThrow()
  })

  it('agrees with a second implementation', () => {
    for (let length = 0; length < 200; length += 7) {
      const text = '结'.repeat(length)
      expect(sm3Hex(text)).toBe(smCrypto.sm3(text))
      expect(hmacSm3(Buffer.from('00ff'.repeat(8), 'hex'), text).toString('hex')).toBe(
        smCrypto.sm3(text, { key: '00ff'.repeat(8), mode: 'hmac' }),
      )
    }
  })
})

describe('the cipher', () => {
  const sandbox = createCipher(readDataKeys({ file: undefined, mode: 'sandbox' }))

  it('opens what it sealed, and never seals the same text alike', () => {
    const plain = Buffer.from('{"total":"1.00"}')
    const sealed = sandbox.encrypt(plain, aad)
    expect(sandbox.decrypt(sealed.bytes, aad)).toEqual(plain)
    expect(sandbox.encrypt(plain, aad).bytes).not.toEqual(sealed.bytes)
    expect(sealed.bytes.includes('total')).toBe(false)
  })

  it('refuses bytes changed, cut or moved to another row', () => {
    const { bytes } = sandbox.encrypt(Buffer.from('abc'), aad)
    expect(() => sandbox.decrypt(bytes, Buffer.from('row 2'))).toThrow()
    expect(() => sandbox.decrypt(bytes.subarray(0, 20), aad)).toThrow(/not encrypted/)
    for (let at = 5; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ 1
      expect(() => sandbox.decrypt(changed, aad)).toThrow()
    }
  })

  it('reads texts of an older key after a new one was added', () => {
    const old = createCipher(
      readDataKeys({ file: keyFile(`${index}\n${first}`), mode: 'production' }),
    )
    const both = createCipher(
      readDataKeys({ file: keyFile(`${second}\n${index}\n${first}\n`), mode: 'production' }),
    )
    const sealed = old.encrypt(Buffer.from('abc'), aad)
    expect(sealed.keyVersion).toBe(1)
    expect(both.decrypt(sealed.bytes, aad).toString()).toBe('abc')
    expect(both.encrypt(Buffer.from('abc'), aad).keyVersion).toBe(2)
    const newer = both.encrypt(Buffer.from('abc'), aad)
    expect(() => old.decrypt(newer.bytes, aad)).toThrow(/no version 2/)
  })
})

describe('the data key', () => {
  it('is refused in a file that others can read', () => {
    const file = keyFile(`${index}\n${first}`, 0o640)
    expect(() => readDataKeys({ file, mode: 'production' })).toThrow(/0600/)
  })

  it('is needed outside the sandbox', () => {
    expect(() => readDataKeys({ file: undefined, mode: 'production' })).toThrow(/DATA_KEY_FILE/)
    for (const file of ['/nowhere/keys', '/'])
      expect(() => readDataKeys({ file, mode: 'production' })).toThrow(/DATA_KEY_FILE is .*no file/)
  })

  it('is not the sandbox key outside the sandbox', () => {
    const known = '1 73616e64626f782d6e6f742d73656372'
    const file = keyFile(`${index}\n${known}`)
    expect(() => readDataKeys({ file, mode: 'production' })).toThrow(/everybody knows/)
    expect(readDataKeys({ file, mode: 'sandbox' }).current).toBe(1)
  })

  it.each([
    ['', /not complete/],
    [index, /not complete/],
    [first, /not complete/],
    [`${index}\n${first}\n${first}`, /line 3, gives a key a second time/],
    [`${index}\n1 ${'1b'.repeat(15)}`, /line 2, is not as it must be/],
  ])('says what is wrong with a file and never what is in it: %#', (text, message) => {
    const file = keyFile(text)
    expect(() => readDataKeys({ file, mode: 'production' })).toThrow(message)
    expect(() => readDataKeys({ file, mode: 'production' })).not.toThrow(/1b1b/)
  })
})
