import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Errors } from 'typebox/schema'
import { Check } from 'typebox/value'
import { parse } from 'yaml'
import type { TSchema } from 'typebox'
import { ownRules } from '../../adapters/cli/cases.ts'
import { schema } from '../../adapters/cli/schema.ts'
import { checkShape } from '../../adapters/rulepacks/check.ts'
import {
  catalogueFile,
  overlayFile,
  regionFile,
  schemeFile,
} from '../../adapters/rulepacks/packShapes.ts'
import { readYaml } from '../../adapters/rulepacks/yaml.ts'
import { good } from '../adapters/rulepacks/goodPacks.ts'
import { poisons } from '../adapters/rulepacks/poison.ts'
import { run } from './command.ts'

test('the schemas in the repository are those that the code makes', () => {
  expect(run(schema, '--check')).toMatchObject({ code: 0 })
})

test('every rule file names a schema that exists', () => {
  for (const file of readdirSync(ownRules, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.yaml') || file.startsWith('sandbox')) continue
    const [first = ''] = readFileSync(join(ownRules, file), 'utf8').split('\n')
    const named = /^# yaml-language-server: \$schema=(.*)$/.exec(first)?.[1]
    const found = named !== undefined && existsSync(join(ownRules, file, '..', named))
    expect({ file, found }).toEqual({ file, found: true })
  }
})

const shapeOf = (file: string): TSchema => {
  if (file.startsWith('catalogue')) return catalogueFile
  if (file.startsWith('extra')) return overlayFile
  return file.endsWith('region.yaml') ? regionFile : schemeFile
}

test('our own check accepts and refuses what the schema library does', () => {
  const texts = [good, ...poisons.map((p) => p.files)].flatMap((files) => Object.entries(files))
  for (const [file, text] of new Map(texts.map((entry) => [entry[1], entry])).values()) {
    const value = readYaml(text).value
    // Days beyond the calendar are refused by ours alone.
    if (value === undefined || text.includes('2025-02-30')) continue
    const ours = checkShape(shapeOf(file), value).length === 0
    const library = Check(shapeOf(file), value)
    expect({ file, text: text.slice(0, 2000), accepted: ours }).toMatchObject({ accepted: library })
  }
})

test('an editor, which reads numbers and truths, accepts every rule file by its schema', () => {
  for (const file of readdirSync(ownRules, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.yaml') || file.startsWith('sandbox')) continue
    const text = readFileSync(join(ownRules, file), 'utf8')
    const named = /\$schema=(.*)$/m.exec(text)?.[1] ?? ''
    const rules = JSON.parse(readFileSync(join(ownRules, file, '..', named), 'utf8')) as object
    const [accepted, errors] = Errors(rules, parse(text))
    expect(accepted ? [] : [file, ...errors]).toEqual([])
  }
})
