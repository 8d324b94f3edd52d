import { expect, test } from 'vitest'
import { roles } from '../../engine/role.ts'

test('there are five roles, each with a name of its own', () => {
  expect(new Set(roles)).toEqual(
    new Set(['auditor', 'desk', 'policy-author', 'operator', 'institution']),
  )
})
