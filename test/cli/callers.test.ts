import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { callers } from '../../adapters/cli/callers.ts'
import { openCallers } from '../../adapters/crypto/callers.ts'
import { run } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-callers-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'callers.yaml')

const ask = (act: string, ...words: string[]) => run(callers, act, '--file', file, ...words)
const book = () =>
  openCallers({
    file,
    mode: 'production',
    onTrouble: (error) => {
      throw error
    },
  })

describe('jiesuan callers', () => {
  let first = ''

  test('makes a key, prints it once, and keeps its hash alone, for its owner alone', () => {
    const made = ask('add', '--id', 'audit-1', '--role', 'auditor', '--name', '审计一处')
    expect(made).toMatchObject({ code: 0, error: '' })
    first = made.out
    expect(first).toMatch(/^jsk\.audit-1\.[A-Za-z0-9_-]{43}$/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain(first.slice(12))
    expect(book().find(first)).toEqual({
      kind: 'staff',
      id: 'audit-1',
      name: '审计一处',
      role: 'auditor',
    })
  })

  test('an institution is added with its code, and nobody else with one', () => {
    const made = ask('add', '--id', 'h1', '--role', 'institution', '--institution', 'H51010000001')
    expect(book().find(made.out)).toMatchObject({
      kind: 'institution',
      name: 'h1',
      institution: 'H51010000001',
    })
    for (const wrong of [
      ['--role', 'institution'],
      ['--role', 'desk', '--institution', 'H51010000001'],
      ['--role', 'institution', '--institution', 'region:510100'],
    ])
      expect(ask('add', '--id', 'h2', ...wrong).code).toBe(1)
    expect(ask('list').out).not.toContain('h2')
  })

  test('a desk’s key may be for some names alone, and nobody else’s', () => {
    const made = ask('add', '--id', 'd1', '--role', 'desk', '--operators', '0001, 录入甲')
    expect(book().find(made.out)).toMatchObject({ role: 'desk', operators: ['0001', '录入甲'] })
    expect(ask('list').out).toContain('for 0001, 录入甲')
    expect(ask('change', '--id', 'd1', '--operators', '0002，0003、0004').code).toBe(0)
    expect(book().find(made.out)).toMatchObject({ operators: ['0002', '0003', '0004'] })
    expect(ask('change', '--id', 'nobody', '--operators', '0002').code).toBe(1)
    expect(ask('remove', '--id', 'd1').code).toBe(0)
    for (const wrong of [
      ['--role', 'auditor', '--operators', '0001'],
      ['--role', 'desk', '--operators', '0001,'],
      ['--role', 'desk', '--operators', '0001,0001'],
      ['--role', 'desk', '--operators', '０００１'],
    ])
      expect(ask('add', '--id', 'd2', ...wrong).code).toBe(1)
  })

  test('a renewed key is good beside the old one until that is retired', () => {
    const second = ask('renew', '--id', 'audit-1').out
    expect([book().find(first)?.id, book().find(second)?.id]).toEqual(['audit-1', 'audit-1'])
    expect(ask('retire', '--id', 'audit-1').code).toBe(0)
    expect([book().find(first), book().find(second)?.id]).toEqual([undefined, 'audit-1'])
    expect(ask('list').out).toContain('1 keys')
  })

  test('no more than four keys of one caller are beside each other', () => {
    for (let n = 0; n < 3; n++) expect(ask('renew', '--id', 'audit-1').code).toBe(0)
    expect(ask('renew', '--id', 'audit-1').error).toContain('retire the older ones first')
  })

  test('who is removed is nobody, and the last one leaves an empty list', () => {
    expect(ask('remove', '--id', 'audit-1').code).toBe(0)
    expect(ask('remove', '--id', 'h1').code).toBe(0)
    expect(ask('list')).toMatchObject({ code: 0, out: '' })
    expect(book().find(first)).toBeUndefined()
  })

  test.each([
    ['no words', [], 2, 'jiesuan callers add'],
    ['no file', ['list'], 2, 'jiesuan callers add'],
    ['an unknown option', ['list', '--file', file, '--colour', 'red'], 2, 'jiesuan callers add'],
    ['no id', ['add', '--file', file, '--role', 'desk'], 1, '--id is missing'],
    [
      'an unknown role',
      ['add', '--file', file, '--id', 'x', '--role', 'king'],
      1,
      '--role must be',
    ],
    [
      'an id that is none',
      ['add', '--file', file, '--id', 'A b', '--role', 'desk'],
      1,
      'callers.0.id',
    ],
    [
      'an id of somebody else',
      ['add', '--file', file, '--id', 'anonymous', '--role', 'desk'],
      1,
      'no caller',
    ],
    ['a caller who is not there', ['renew', '--file', file, '--id', 'x'], 1, 'no caller x'],
  ])('%s is told what to do', (_, args, code, said) => {
    const told = run(callers, ...args)
    expect(told.code).toBe(code)
    expect(told.error).toContain(said)
  })
})
