import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { split } from '../adapters/cli/split.ts'
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
