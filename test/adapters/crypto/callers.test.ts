import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import {
  hashOfCallerKey,
  newCallerKey,
  sandboxCallerKey,
} from '../../../adapters/crypto/callerKeys.ts'
import { openCallers } from '../../../adapters/crypto/callers.ts'
import { type CallerEntry, writeCallers } from '../../../adapters/crypto/callersFile.ts'

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-callers-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

function fileOf(text: string, mode = 0o600): string {
  const file = join(folder, `callers-${++files}.yaml`)
  writeFileSync(file, text, { mode })
  return file
}

const entry = (id: string, ...keys: string[]): CallerEntry => ({
  id,
  role: 'auditor',
  keys: keys.map(hashOfCallerKey),
})

const open = (file: string | undefined, mode: 'sandbox' | 'production' = 'production') => {
  const troubles: string[] = []
  const callers = openCallers({
    file,
    mode,
    every_ms: 0,
    onTrouble: ({ message }) => void troubles.push(message),
  })
  return {
    find: (key: string) => callers.find(key)?.id,
    isStale: () => callers.isStale(),
    troubles,
  }
}

const [one, two] = [newCallerKey('one'), newCallerKey('two')]
const both = writeCallers([entry('one', one), entry('two', two)])

describe('the key of a caller', () => {
  const { find } = open(fileOf(both))

  test('is known by its hash', () => {
    expect([find(one), find(two)]).toEqual(['one', 'two'])
  })

  test.each([
    ['of another under this id', one.replace('one', 'two')],
    ['with its last character changed', `${one.slice(0, -1)}${one.endsWith('A') ? 'E' : 'A'}`],
    ['that nobody has', newCallerKey('three')],
    ['cut short', one.slice(0, -1)],
    ['with something behind it', `${one}A`],
    ['with a line feed behind it', `${one}\n`],
    ['that is its own hash', hashOfCallerKey(one)],
    ['of ten thousand characters', `jsk.one.${'A'.repeat(10_000)}`],
    ['that is empty', ''],
    ['of a name that every object has', `jsk.constructor.${'A'.repeat(43)}`],
    ['of zeros', `jsk.nobody.${'A'.repeat(43)}`],
    ['of the sandbox', sandboxCallerKey('auditor')],
  ])('%s is nobody’s', (_says, key) => {
    expect(find(key)).toBeUndefined()
  })

  test('of the sandbox is known in the sandbox alone, for each of its callers', () => {
    const sandbox = open(undefined, 'sandbox')
    const ids = ['auditor', 'desk', 'policy-author', 'operator', 'hospital']
    expect(ids.map((id) => sandbox.find(sandboxCallerKey(id)))).toEqual(ids)
    expect(open(undefined).find(sandboxCallerKey('auditor'))).toBeUndefined()
  })
})

describe('the file of callers', () => {
  test.each([
    ['that others may read', fileOf(both, 0o644), 'can be read by others'],
    ['that is not there', join(folder, 'nowhere'), 'there is no file'],
    ['that is no YAML', fileOf('callers: [}'), 'is not YAML'],
    ['with a field that nobody knows', fileOf(`${both}colour: red\n`), 'CALLERS_FILE'],
    ['with a caller twice', fileOf(writeCallers([entry('one', one), entry('one', two)])), 'twice'],
    ['with a key itself', fileOf(both.replace(/[0-9a-f]{64}/, one)), 'callers.0.keys.0'],
    [
      'with a key of the sandbox',
      fileOf(writeCallers([entry('ours', sandboxCallerKey('ours'))])),
      'everybody knows',
    ],
  ])('%s stops the start, and no hash is repeated', (_says, file, said) => {
    expect(() => open(file)).toThrow(said)
    try {
      open(file)
    } catch (error) {
      expect((error as Error).message).not.toMatch(/[0-9a-f]{64}|jsk\./)
    }
  })

  test('is read again when it changes, so that a key that was taken back is good no more', async () => {
    const file = fileOf(both)
    const { find, troubles } = open(file)
    expect([find(one), find(two)]).toEqual(['one', 'two'])
    renameSync(fileOf(writeCallers([entry('two', two)])), file)
    expect([find(one), find(two)]).toEqual([undefined, 'two'])
    // A change in place is seen by its size or its moment.
    await sleep(20)
    writeFileSync(file, writeCallers([entry('one', one)]))
    expect([find(one), find(two)]).toEqual(['one', undefined])
    expect(troubles).toEqual([])
  })

  test('that is broken while it is served leaves those known who were, and says so', () => {
    const file = fileOf(both)
    const { find, isStale, troubles } = open(file)
    expect(isStale()).toBe(false)
    writeFileSync(file, 'callers: [}')
    expect([find(one), isStale()]).toEqual(['one', true])
    expect(troubles.at(-1)).toContain('is not YAML')
    writeFileSync(file, both)
    chmodSync(file, 0o644)
    expect(find(one)).toBe('one')
    expect(troubles.at(-1)).toContain('can be read by others')
    rmSync(file)
    expect(find(one)).toBe('one')
    expect(troubles.at(-1)).toContain('there is no file')
    renameSync(fileOf(writeCallers([])), file)
    expect([find(one), isStale()]).toEqual([undefined, false])
  })
})
