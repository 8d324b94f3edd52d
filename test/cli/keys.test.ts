import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { keys } from '../../adapters/cli/keys.ts'
import { openKeyFile, readSecret } from '../../adapters/crypto/keyFile.ts'
import { openKeyStore } from '../../adapters/crypto/openKeyStore.ts'
import { run } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'keys')
const secret = join(folder, 'secret')

const versions = () => {
  const store = openKeyStore({ file, secretFile: secret, mode: 'production', regions: ['510100'] })
  return ['510100', '510700', '440100'].map((division) => store?.currentVersion(division))
}

describe('jiesuan keys', () => {
  test('makes a key file that a production opens, and its secret, for their owner alone', () => {
    const made = run(keys, 'new', '--regions', '510100,510700', '--out', file, '--secret', secret)
    expect(made).toEqual({
      code: 0,
      out: `510100  versions 1\n510700  versions 1\nwritten: ${file}`,
      error: '',
    })
    expect([file, secret].map((each) => statSync(each).mode & 0o777)).toEqual([0o600, 0o600])
    expect(versions()).toEqual([1, 1, undefined])
  })

  test('takes the layers and the initial PIN of a centre', () => {
    const [out, own] = [join(folder, 'layered'), join(folder, 'layered-secret')]
    const wish = ['--regions', '510100', '--out', out, '--secret', own]
    const more = ['--layers', 'serial-first8,serial-last8', '--initial-pin', '000000']
    expect(run(keys, 'new', ...wish, ...more).code).toBe(0)
    const made = openKeyFile(readFileSync(out, 'utf8'), readSecret(readFileSync(own, 'utf8')))
    expect([made.layers, made.initialPin]).toEqual([['serial-first8', 'serial-last8'], '000000'])
    for (const [wrong, said] of [
      [['--layers', 'moon'], '--layers must be'],
      [['--initial-pin', '12'], 'six digits'],
    ] as const)
      expect(run(keys, 'new', ...wish.with(3, `${out}2`), ...wrong).error).toContain(said)
  })

  test('never writes over a key file', () => {
    const before = readFileSync(file)
    const again = run(keys, 'new', '--regions', '510100', '--out', file, '--secret', secret)
    expect(again.code).toBe(1)
    expect(again.error).toContain('never written over')
    expect(readFileSync(file)).toEqual(before)
  })

  test('adds a version to the regions named, and a new region', () => {
    const wish = ['--file', file, '--secret', secret, '--regions', '510100,440100']
    expect(run(keys, 'rotate', ...wish).out).toContain('510100  versions 1, 2\n')
    expect(versions()).toEqual([2, 1, 1])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('adds a version to every region where none is named', () => {
    expect(run(keys, 'rotate', '--file', file, '--secret', secret).code).toBe(0)
    expect(versions()).toEqual([3, 2, 2])
  })

  test('retires a version, but not the last one', () => {
    const wish = ['--file', file, '--secret', secret, '--regions', '510700', '--version']
    expect(run(keys, 'retire', ...wish, '1').out).toContain('510700  versions 1 (retired), 2')
    const last = run(keys, 'retire', ...wish, '2')
    expect(last.code).toBe(1)
    expect(last.error).toContain('rotate before')
    expect(versions()).toEqual([3, 2, 2])
  })

  test.each([
    ['no words', [], 2, 'jiesuan keys new'],
    ['an unknown word', ['show'], 2, 'jiesuan keys new'],
    ['an unknown option', ['new', '--colour', 'red'], 2, 'jiesuan keys new'],
    ['no file', ['rotate', '--secret', secret], 1, '--file is missing'],
    ['no secret', ['rotate', '--file', file], 1, '--secret is missing'],
    [
      'no regions',
      ['new', '--out', join(folder, 'x'), '--secret', secret],
      1,
      '--regions is missing',
    ],
    [
      'a region that is none',
      ['new', '--out', join(folder, 'x'), '--secret', secret, '--regions', 'x'],
      1,
      'six digits',
    ],
    [
      'a file that is not there',
      ['rotate', '--file', join(folder, 'y'), '--secret', secret],
      1,
      'there is no file',
    ],
    [
      'a version that is none',
      ['retire', '--file', file, '--secret', secret, '--version', 'x'],
      1,
      '--version must be',
    ],
  ])('with %s says what is wrong', (_name, args, code, message) => {
    const said = run(keys, ...args)
    expect([said.code, said.out]).toEqual([code, ''])
    expect(said.error).toContain(message)
  })

  test('does not open a file with another secret, and repeats nothing of it', () => {
    const other = join(folder, 'other')
    writeFileSync(other, `${'0f'.repeat(16)}\n`, { mode: 0o600 })
    const said = run(keys, 'rotate', '--file', file, '--secret', other)
    expect(said.code).toBe(1)
    expect(said.error).toContain('does not open')
    expect(said.error).not.toContain('0f0f')
  })
})
