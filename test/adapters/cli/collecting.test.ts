import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { thresholds } from '../../../adapters/cli/collecting.ts'

// V8 says nothing of a flag that it no longer has: latencies would only be as they were without it.
test('the V8 that runs here knows the flags by which it is told to collect seldom', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  for (const name of Object.keys(thresholds)) expect(known).toContain(`--${name} (`)
})
