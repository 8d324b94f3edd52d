import { describe, expect, test } from 'vitest'
import { ownRules, runCases } from '../adapters/cli/cases.ts'
import { readCases } from '../adapters/cli/casesFile.ts'
import { readRules } from '../adapters/cli/casesWorld.ts'

const rules = readRules(ownRules)
const cases = readCases([ownRules])

describe.each([...new Set(cases.map((one) => one.file))])('%s', (file) => {
  const own = cases.filter((one) => one.file === file)

  test.each(own.map((one) => [`line ${one.position.line}: ${one.fields.name}`, one] as const))(
    '%s',
    (_, one) => {
      const [result] = runCases(rules, [one])
      expect(result?.differences).toEqual([])
    },
  )
})

test('every region of the rules has a case of its own', () => {
  const regions = new Set(cases.map(({ fields }) => fields.region))
  for (const { division } of rules.packs.regions) expect(regions).toContain(division)
})
