import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { regionKeys, regionKeysUsage } from '../../adapters/cli/regionKeys.ts'
import { openRegionKey } from '../../adapters/crypto/regionKeys.ts'
import { sm2Verify } from '../../adapters/crypto/sm2.ts'
import { run } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-region-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'a.key')
const wish = ['--division', '510100', '--id', '510100-2026a', '--out']

test('makes a key pair for its owner alone and prints the half that others may see', () => {
  const made = run(regionKeys, 'new', ...wish, file)
  expect(made.code).toBe(0)
  const [, publicKey = ''] =
    /^# 510100\n- id: 510100-2026a\n {2}publicKey: (04[0-9a-f]{128})$/.exec(made.out) ?? []
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const secret = /private (\w+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  expect(made.out).not.toContain(secret)
  const message = Buffer.from('message')
  expect(sm2Verify(publicKey, message, openRegionKey(file, 'it').sign(message))).toBe(true)
  expect(run(regionKeys, 'show', '--file', file)).toEqual(made)
})

test('never writes over a key', () => {
  const before = readFileSync(file)
  expect(run(regionKeys, 'new', ...wish, file)).toMatchObject({
    code: 1,
    error: expect.stringContaining('never written over'),
  })
  expect(readFileSync(file)).toEqual(before)
})

test.each([
  [['new', '--division', '5101', '--id', 'a', '--out', join(folder, 'b')], 1, 'six digits'],
  [
    ['new', '--division', '510100', '--id', 'a b', '--out', join(folder, 'b')],
    1,
    '1 to 64 letters',
  ],
  [['new', '--division', '510100', '--out', join(folder, 'b')], 1, '--id is missing'],
  [['show', '--file', join(folder, 'c')], 1, 'where there is no file'],
  [['burn'], 2, regionKeysUsage],
  [['new', '--colour', 'red'], 2, regionKeysUsage],
  [['constructor'], 2, regionKeysUsage],
])('%j says what is wrong', (args, code, said) => {
  expect(run(regionKeys, ...args)).toMatchObject({ code, error: expect.stringContaining(said) })
})
