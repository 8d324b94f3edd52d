// Runs every check even where one fails, so that one look shows all there is to mend.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findNode } from './runtime.js'

const CHECKS = {
  types: ['typescript/bin/tsc'],
  // k6 runs these, and has neither Node nor its types.
  'types of k6 scripts': ['typescript/bin/tsc', '-p', 'benchmarks/k6'],
  // Browsers run these, and have no Node either.
  'types of the console': ['typescript/bin/tsc', '-p', 'adapters/console/web'],
  'lint and import rules': ['oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  format: ['@biomejs/biome/bin/biome', 'format'],
  'dead code': ['knip/bin/knip.js'],
}

const root = fileURLToPath(new URL('..', import.meta.url))
const failed = []
for (const [name, [tool, ...args]] of Object.entries(CHECKS)) {
  const command = [`node_modules/${tool}`, ...args]
  const result = spawnSync(findNode(), command, { cwd: root, stdio: 'inherit' })
  console.log(`${result.status === 0 ? 'ok    ' : 'FAILED'} ${name}`)
  if (result.status !== 0) failed.push(name)
}
for (const name of failed) console.log(`failed: ${name}`)
console.log(`${Object.keys(CHECKS).length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0
