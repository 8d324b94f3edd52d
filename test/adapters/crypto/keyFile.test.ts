import { chmodSync } from 'node:fs'
import { inspect } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import {
  type KeyFile,
  openKeyFile,
  readSecret,
  sealKeyFile,
} from '../../../adapters/crypto/keyFile.ts'
import { createCipher } from '../../../adapters/crypto/cipher.ts'
import { type KeyName, keyNames } from '../../../adapters/crypto/keyMaterial.ts'
import { newKeyFile, rotateKeys } from '../../../adapters/crypto/newKeys.ts'
import { openKeyStore } from '../../../adapters/crypto/openKeyStore.ts'
import { sandboxKeysOf } from '../../../adapters/crypto/sandboxKeys.ts'
import { openFolder } from './support.ts'

const folder = openFolder()
afterAll(() => folder.remove())

const secret = Buffer.from('5e'.repeat(16), 'hex')
const secretFile = folder.write('5e'.repeat(16))
const first = newKeyFile(['510100', '510700'])
/** Seals lines as they are, however wrong. */
function sealed(lines: string): string {
  const cipher = createCipher({ current: 1, keys: new Map([[1, secret]]) })
  const { bytes } = cipher.encrypt(Buffer.from(lines), Buffer.from('jiesuan key store 1'))
  return `jiesuan key store 1\n${bytes.toString('base64')}\n`
}

function linesOf(file: KeyFile): string[] {
  const [, body] = sealKeyFile(file, secret).split('\n') as [string, string]
  const cipher = createCipher({ current: 1, keys: new Map([[1, secret]]) })
  const bytes = cipher.decrypt(Buffer.from(body, 'base64'), Buffer.from('jiesuan key store 1'))
  return bytes.toString().split('\n')
}

describe('a key file', () => {
  test('comes back as it was, and shows nothing of its keys', () => {
    const text = sealKeyFile(first, secret)
    expect(openKeyFile(text, secret)).toEqual(first)
    expect(sealKeyFile(first, secret)).not.toBe(text)
    expect(text).not.toMatch(/[0-9a-f]{32}/)
  })

  test('has keys that are all different', () => {
    const all = linesOf(rotateKeys(first, ['510100'])).slice(2)
    const keys = all.map((line) => line.split(' ')[3])
    expect(keys).toHaveLength(3 * keyNames.length)
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('opens a store for the regions that it has keys of', () => {
    const file = folder.write(sealKeyFile(first, secret))
    const open = (regions: string[]) =>
      openKeyStore({ file, secretFile, mode: 'production', regions })
    expect(open(['510100'])?.currentVersion('510100')).toBe(1)
    expect(open(['510100'])?.currentVersion('440100')).toBeUndefined()
    expect(() => open(['510100', '440100'])).toThrow('no keys of 440100')
  })

  test('is refused where others can read it or the secret, and says what to do', () => {
    const options = { mode: 'production', regions: ['510100'] } as const
    const file = folder.write(sealKeyFile(first, secret), 0o640)
    expect(() => openKeyStore({ ...options, file, secretFile })).toThrow(`chmod 600 ${file}`)
    chmodSync(file, 0o600)
    const open = folder.write('5e'.repeat(16), 0o604)
    expect(() => openKeyStore({ ...options, file, secretFile: open })).toThrow(`chmod 600 ${open}`)
    expect(openKeyStore({ ...options, file, secretFile })).toBeDefined()
  })

  test('comes with its secret or not at all', () => {
    const file = folder.write(sealKeyFile(first, secret))
    const options = { mode: 'production', regions: [] } as const
    expect(() => openKeyStore({ ...options, file, secretFile: undefined })).toThrow('together')
    expect(() => openKeyStore({ ...options, file: undefined, secretFile })).toThrow('together')
    expect(() => openKeyStore({ ...options, file: '/nowhere', secretFile })).toThrow(
      'KEY_STORE_FILE is /nowhere',
    )
    expect(openKeyStore({ ...options, file: undefined, secretFile: undefined })).toBeUndefined()
  })

  test('with one byte changed anywhere, or under another secret, does not open', () => {
    const text = sealKeyFile(first, secret)
    const [head, body] = text.split('\n') as [string, string]
    const bytes = Buffer.from(body, 'base64')
    for (let at = 0; at < bytes.length; at += 37) {
      const bad = Buffer.from(bytes)
      bad[at] = (bad[at] as number) ^ 1
      expect(() => openKeyFile(`${head}\n${bad.toString('base64')}`, secret)).toThrow('not open')
    }
    expect(() => openKeyFile(text, Buffer.alloc(16))).toThrow('not open')
    expect(() => openKeyFile(`${text}more`, secret)).toThrow('no key file')
    expect(() => openKeyFile('', secret)).toThrow('no key file')
  })

  test('with a key of the sandbox is refused in production', () => {
    const one = new Map([[1, { ...newKeysOf(first), tap: sandboxKeysOf('510100').tap }]])
    const file = folder.write(
      sealKeyFile({ ...first, regions: new Map([['510100', one]]) }, secret),
    )
    const options = { file, secretFile, regions: ['510100'] }
    expect(() => openKeyStore({ ...options, mode: 'production' })).toThrow('everybody knows')
    expect(openKeyStore({ ...options, mode: 'sandbox' })).toBeDefined()
  })

  const lines = linesOf(newKeyFile(['510100']))
  const put = (at: number, line: string) => lines.with(at, line).join('\n')
  const named = (name: KeyName) => lines.findIndex((line) => line.includes(` ${name} `))
  const key = (name: KeyName, digits: string) => put(named(name), `510100 1 ${name} ${digits}`)

  test.each([
    ['nothing', '', 'its lines "layers"'],
    ['no layers', lines.slice(1).join('\n'), 'its lines "layers"'],
    ['a layer that there is not', put(0, 'layers division-bcd moon'), 'its lines "layers"'],
    ['an initial PIN of five digits', put(1, 'initial-pin 12345'), 'its lines "layers"'],
    ['no keys', lines.slice(0, 2).join('\n'), 'holds no keys'],
    ['an unknown word', put(4, '510100 1 colour aa'), 'line 5'],
    ['a key that is too short', key('tap', 'aa'), 'is no key'],
    ['a key in upper case', key('tap', 'AA'.repeat(16)), 'is no key'],
    ['a key given twice', [...lines, lines[2]].join('\n'), 'given before'],
    ['an empty line', [...lines, ''].join('\n'), 'is no key'],
    ['a version with a key missing', lines.slice(0, -1).join('\n'), 'lacks a key of 510100'],
    ['a version that is kept and retired', [...lines, '510100 1 retired'].join('\n'), 'before'],
    ['retired versions alone', [lines[0], lines[1], '510100 1 retired'].join('\n'), 'not retired'],
    ['triple DES that is single', key('card-internal-3des', 'ab'.repeat(16)), 'is no key'],
    ['an SM2 key of 0', key('sign-e-card', '00'.repeat(32)), 'is no key'],
    ['an SM2 key beyond n', key('sign-e-card', 'ff'.repeat(32)), 'is no key'],
  ])('that holds %s is refused, and nothing of it repeated', (_name, text, message) => {
    expect(() => openKeyFile(sealed(text), secret)).toThrow(message)
    let said = ''
    try {
      openKeyFile(sealed(text), secret)
    } catch (error) {
      said = inspect(error)
    }
    for (const line of text.split('\n').slice(2))
      if (line.length > 40) expect(said).not.toContain(line.split(' ')[3])
  })

  test.each(['', '5e', `${'5e'.repeat(16)}00`, 'x'.repeat(32), '5E'.repeat(16)])(
    'the secret %j is refused and not repeated',
    (text) => {
      expect(() => readSecret(text)).toThrow(
        /^KEY_STORE_SECRET_FILE must hold 32 hexadecimal digits/,
      )
    },
  )
})

function newKeysOf(file: KeyFile): Record<KeyName, Buffer> {
  const keys = file.regions.get('510100')?.get(1)
  if (!keys || keys === 'retired') throw new Error('no keys')
  return keys
}
