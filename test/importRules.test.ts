import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Each planted file, and what the linter has to say about it; nothing where it is allowed. */
const planted: [file: string, text: string, rule: string | undefined][] = [
  ['engine/a.ts', `import fs from 'node:fs'\nexport default fs`, 'no-restricted-imports'],
  [
    'engine/b.ts',
    `import { Decimal } from 'decimal.js'\nexport default Decimal`,
    'no-restricted-imports',
  ],
  ['engine/c.ts', `export * from '../adapters/config.ts'`, 'no-restricted-imports'],
  ['engine/d.ts', `export const later = () => import('pg')`, 'no-restricted-imports'],
  ['engine/e.ts', `export * from './../adapters/config.ts'`, 'no-restricted-imports'],
  ['engine/f.ts', `export const now = () => Date.now()`, 'no-restricted-globals'],
  ['engine/g.ts', `export const today = () => new Date()`, 'no-restricted-globals'],
  ['engine/h.ts', `export const home = () => process.env['HOME']`, 'no-restricted-globals'],
  ['engine/i.ts', `export const ask = () => fetch('http://localhost')`, 'no-restricted-globals'],
  ['engine/j.ts', `export const id = () => crypto.randomUUID()`, 'no-restricted-globals'],
  ['engine/k.ts', `export const luck = () => Math.random()`, 'no-restricted-properties'],
  ['engine/money.ts', `import { Decimal } from 'decimal.js'\nexport default Decimal`, undefined],
  ['engine/plain.ts', `export * from './money.ts'`, undefined],
  ['engine/round.ts', `export * from './about.ts'\nexport const one = 1`, 'no-cycle'],
  ['engine/about.ts', `export * from './round.ts'\nexport const two = 2`, 'no-cycle'],
  ['adapters/http/a.ts', `export * from '../bank/plain.ts'`, 'no-restricted-imports'],
  ['adapters/http/b.ts', `export * from '../main.ts'`, 'no-restricted-imports'],
  ['adapters/http/c.ts', `export * from '../../test/support.ts'`, 'no-restricted-imports'],
  ['adapters/http/d.ts', `export const luck = () => Math.random()`, 'no-restricted-properties'],
  ['adapters/http/deep/a.ts', `export * from '../../bank/plain.ts'`, 'no-restricted-imports'],
  [
    'adapters/http/deep/plain.ts',
    `export * from '../../config.ts'\nexport * from '../plain.ts'`,
    undefined,
  ],
  [
    'adapters/http/plain.ts',
    `export * from '../config.ts'\nexport * from '../../engine/plain.ts'`,
    undefined,
  ],
  ['adapters/simulator/a.ts', `export * from '../crypto/plain.ts'`, 'no-restricted-imports'],
  ['adapters/crypto/plain.ts', `export const crypto = 1`, undefined],
  [
    'adapters/crypto/a.ts',
    `export const same = (a: Buffer, b: Buffer) => a.equals(b)`,
    'no-restricted-properties',
  ],
  [
    'adapters/crypto/b.ts',
    `export const same = (a: Buffer, b: Buffer) => Buffer.compare(a, b) === 0`,
    'no-restricted-properties',
  ],
  ['adapters/crypto/c.ts', `export const luck = () => Math.random()`, 'no-restricted-properties'],
  ['adapters/bank/plain.ts', `export const bank = 1`, undefined],
  ['adapters/console/a.ts', `export * from '../bank/plain.ts'`, 'no-restricted-imports'],
  ['adapters/console/web/a.ts', `export * from '../a.ts'`, 'no-restricted-imports'],
  ['adapters/console/web/c.ts', `export * from 'node:fs'`, 'no-restricted-imports'],
  ['adapters/console/web/pages/a.ts', `export * from '../../a.ts'`, 'no-restricted-imports'],
  [
    'adapters/console/web/pages/b.ts',
    `export * from '../../../bank/plain.ts'`,
    'no-restricted-imports',
  ],
  [
    'adapters/console/web/pages/c.ts',
    `export * from '../../../../engine/plain.ts'`,
    'no-restricted-imports',
  ],
  [
    'adapters/console/web/pages/plain.ts',
    `export * from '../plain.ts'\nexport * from '../parts/plain.ts'`,
    undefined,
  ],
  ['adapters/console/web/parts/plain.ts', `export const part = 1`, undefined],
  ['adapters/console/web/plain.ts', `export const page = 1`, undefined],
  [
    'adapters/console/web/proof/plain.ts',
    `export * from '../../../../engine/seal/plain.ts'`,
    undefined,
  ],
  ['engine/seal/plain.ts', `export const seal = 1`, undefined],
  [
    'adapters/console/web/b.js',
    `export const show = (place, text) => {\n  place.innerHTML = text\n}`,
    'no-restricted-properties',
  ],
  ['adapters/console/web/plain.js', `export const page = document.title`, undefined],
  ['adapters/config.ts', `export const config = 1`, undefined],
  ['adapters/metrics.ts', `export * from './bank/plain.ts'`, 'no-restricted-imports'],
  [
    'adapters/main.ts',
    `export * from './http/plain.ts'\nexport * from './bank/plain.ts'`,
    undefined,
  ],
  ['adapters/cli/plain.ts', `export * from '../http/plain.ts'`, undefined],
  ['adapters/cli/a.ts', `export * from '../../benchmarks/load.ts'`, 'no-restricted-imports'],
  ['test/support.ts', `export * from '../adapters/http/plain.ts'`, undefined],
  ['benchmarks/load.ts', `export const load = 1`, undefined],
  [
    'adapters/bank/promise.ts',
    `const pay = async () => 1\nexport const go = () => {\n  pay()\n}`,
    'no-floating-promises',
  ],
  [
    'adapters/bank/misused.ts',
    `export const due = (pay: () => Promise<boolean>) => (pay() ? 1 : 2)`,
    'no-misused-promises',
  ],
  [
    'engine/switch.ts',
    `export function name(kind: 'a' | 'b'): number {\n  switch (kind) {\n    case 'a':\n      return 1\n  }\n  return 2\n}`,
    'switch-exhaustiveness-check',
  ],
  ['engine/long.ts', `export const one = 1\n`.padEnd(321, '\n'), 'max-lines'],
]

let found: { filename: string; code: string }[] = []
let folder = ''

beforeAll(() => {
  // A copy with the project's own configuration, so that planting disturbs nobody who works in the tree.
  folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-rules-'))
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
    copyFileSync(name, path.join(folder, name))
  }
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'))
  for (const [file, text] of planted) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true })
    writeFileSync(path.join(folder, file), `${text}\n`)
  }
  const oxlint = path.resolve('node_modules/oxlint/bin/oxlint')
  const args = [oxlint, '--type-aware', '--format=json', 'engine', 'adapters', 'test', 'benchmarks']
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  found = JSON.parse(stdout).diagnostics
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(planted)('the linter judges %s rightly', (file, _text, rule) => {
  const codes = found.filter((each) => each.filename === file).map((each) => each.code)
  if (rule === undefined) expect(codes).toEqual([])
  else expect(codes.join()).toContain(`(${rule})`)
})
