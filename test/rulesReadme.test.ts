import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { split } from '../adapters/cli/split.ts'
import { settingsOf } from '../adapters/nhsa/settingsFile.ts'
import { fileOf, run } from './cli/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'printed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The files that the README prints, by the name in their first line. */
const printed = [
  ...readFileSync('rules/README.md', 'utf8').matchAll(/```yaml\n# (\w+\.yaml)\n([^]*?)```/g),
]

test('the smallest pack loads and pays as printed', () => {
  expect(printed.map(([, name]) => name)).toEqual(['region.yaml', 'employee.yaml'])
  mkdirSync(join(folder, '990100-example'))
  for (const [, name = '', text = ''] of printed)
    writeFileSync(join(folder, '990100-example', name), text)
  const claim = fileOf(
    "region: '990100'\nday: 2026-03-02\ncare: inpatient\ninstitution: {level: tertiary}\ninScope: '10000.00'\n",
  )
  const { code, out, error } = run(split, '--rules', folder, '--claim', claim, '--json')
  expect({ code, error }).toEqual({ code: 0, error: '' })
  expect(JSON.parse(out)).toMatchObject({
    shares: [
      { fund: 'pool', amount: '7820.00' },
      { fund: 'villageFund', amount: '690.00' },
    ],
  })
})

test('the slot of the village fund is as printed, and without one it has none', () => {
  const readme = readFileSync('rules/README.md', 'utf8')
  const [, text = ''] = /```yaml\n# default\.slots\n([^]*?)```/.exec(readme) ?? []
  const read = (yaml: string) =>
    parse(yaml, { schema: 'failsafe' }) as { default: { slots: object } }
  const file = read(readFileSync('rules/national-interface.yaml', 'utf8'))
  const slotOf = () => settingsOf(file, 'x.yaml').of('990100').slots.get('villageFund')
  expect(slotOf()).toBeUndefined()
  Object.assign(file.default.slots, read(text))
  expect(slotOf()).toMatchObject({ field: 'oth_pay', type: '990901', name: '村级互助金' })
})
