import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { settingsShape } from '../nhsa/settingsFile.ts'
import { editorSchemas } from '../rulepacks/editorSchemas.ts'
import { ownRules, type Print } from './cases.ts'

export const schemaUsage = `jiesuan schema [--rules DIR] [--check]

Writes the JSON schemas that editors use for rule files into the rules of the project, or of DIR.
With --check it writes nothing and ends with 1 where a schema is out of date.`

/** Files beside the rules that have a schema too. */
const further = {
  'national-interface': {
    shape: settingsShape,
    title: 'How the national interface is spoken, by region',
  },
}

/** The command. Returns its exit code. */
export function schema(args: readonly string[], print: Print): number {
  const options = { rules: { type: 'string' }, check: { type: 'boolean' } } as const
  let values: { rules?: string; check?: boolean }
  try {
    values = parseArgs({ args: [...args], options }).values
  } catch {
    print.error(schemaUsage)
    return 2
  }
  const directory = values.rules ?? ownRules
  const schemas = Object.entries(editorSchemas(further))
  const stale = schemas.filter(([name, text]) => read(join(directory, name)) !== text)
  for (const [name, text] of stale) {
    print.out(`${values.check ? 'out of date' : 'written'}: ${name}`)
    if (!values.check) writeFileSync(join(directory, name), text)
  }
  if (stale.length === 0) print.out(`${schemas.length} schemas are up to date`)
  return values.check && stale.length > 0 ? 1 : 0
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
