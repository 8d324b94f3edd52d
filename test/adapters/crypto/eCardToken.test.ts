import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createCipher } from '../../../adapters/crypto/cipher.ts'
import {
  looksLikeToken,
  readToken,
  type TokenTools,
  writeToken,
} from '../../../adapters/crypto/eCardToken.ts'
import { eCredentialKinds, type Token, tokenPurposes } from '../../../engine/eCard.ts'
import { sandboxStore } from './support.ts'

const cipherOf = () => createCipher({ current: 1, keys: new Map([[1, randomBytes(16)]]) })
const tools: TokenTools = {
  keys: sandboxStore(),
  cipher: cipherOf(),
  division: '510100',
  currentVersion: 1,
}
const token: Token = {
  id: '00112233445566778899aabbccddeeff',
  owner: '510100000000000000001001',
  kind: 'social-security',
  purpose: 'settlement',
  from: Date.parse('2026-03-02T09:00:00+08:00'),
  until: Date.parse('2026-03-02T09:02:00+08:00'),
}

describe('a token', () => {
  test('says what was written, of every kind and purpose, and all are of one length', () => {
    const lengths = new Set<number>()
    for (const kind of eCredentialKinds)
      for (const purpose of tokenPurposes)
        for (const more of [{}, { institution: 'H51010000001' }, { owner: 'P' }]) {
          const wanted = { ...token, kind, purpose, ...more }
          const text = writeToken(wanted, tools)
          expect(readToken(text, tools)).toEqual(wanted)
          expect(looksLikeToken(text)).toBe(true)
          lengths.add(text.length)
        }
    expect(lengths).toEqual(new Set([258]))
  })

  test('of one person is another text every time, though it says the same', () => {
    expect(writeToken(token, tools)).not.toBe(writeToken(token, tools))
  })

  test('is none with another key of data, though everybody knows the sandbox’s signing key', () => {
    const other = { ...tools, cipher: cipherOf() }
    expect(readToken(writeToken(token, other), tools)).toBeUndefined()
  })

  test('is none by the key of the other kind, another division or a version that is not here', () => {
    const bytes = Buffer.from(writeToken(token, tools), 'base64url')
    const changed = (at: number, to: number) => {
      const copy = Buffer.from(bytes)
      copy[at] = to
      return readToken(copy.toString('base64url'), tools)
    }
    expect(changed(0, 2)).toBeUndefined()
    expect(changed(1, 2)).toBeUndefined()
    expect(changed(1, 9)).toBeUndefined()
    expect(changed(2, 2)).toBeUndefined()
    expect(changed(2, 0)).toBeUndefined()
    expect(changed(3, 0x44)).toBeUndefined()
    expect(changed(3, 0xaa)).toBeUndefined()
    expect(changed(7, 2)).toBeUndefined()
  })

  test('has one spelling', () => {
    const text = writeToken(token, tools)
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = letters.indexOf(text.at(-1) ?? '')
    const others = Array.from({ length: 15 }, (_, i) => letters[last + i + 1]).filter(Boolean)
    for (const other of others)
      expect(readToken(text.slice(0, -1) + String(other), tools)).toBeUndefined()
    for (const bad of ['', text.slice(1), `${text}A`, `${text.slice(0, -1)}=`, ` ${text.slice(1)}`])
      expect(readToken(bad, tools)).toBeUndefined()
  })

  test('names nobody whose number does not fit', () => {
    expect(() => writeToken({ ...token, owner: '9'.repeat(31) }, tools)).toThrow('30')
    expect(() => writeToken({ ...token, owner: '演示' }, tools)).toThrow('30')
  })
})
