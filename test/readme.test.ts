import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configTable } from '../adapters/config.ts'

const scripts = Object.keys(
  (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts,
)
const files = ['README.md', 'README.zh-CN.md'].map(
  (name) => [name, readFileSync(name, 'utf8')] as const,
)

test.each(files)('%s shows the split as the program prints it', (_, text) => {
  const printed = execFileSync(process.execPath, [
    'bin/jiesuan.js',
    'split',
    '--claim',
    'docs/outpatient.yaml',
  ])
  expect(text).toContain(printed.toString().trimEnd())
})

test.each(files)('%s shows the bill that the file holds', (_, text) => {
  const [, , ...bill] = readFileSync('docs/outpatient.yaml', 'utf8').trimEnd().split('\n')
  expect(text).toContain(bill.join('\n'))
})

test.each(files)('%s lists the environment as the program reads it', (_, text) => {
  expect(text).toContain(configTable().trim())
})

test.each(files)('%s names only npm scripts that exist', (_, text) => {
  const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name)
  for (const name of named) expect(scripts).toContain(name)
})

test('both languages tell the same commands and variables', () => {
  const [en, zh] = files.map(([, text]) =>
    [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code),
  )
  expect(new Set(zh)).toEqual(new Set(en))
})
