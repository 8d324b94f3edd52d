import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// The linter forbids equals() and Buffer.compare(); it has no rule about === on bytes written as digits, so this has.
const folder = 'adapters/crypto'
const secrets =
  /\b(\w*(?:mac|Mac|cryptogram|verifier|digits|pin|Pin|key|challenge)\w*) [!=]== (?!undefined|'|\d)/

test('nothing secret is compared by === in the folder of keys', () => {
  const found = readdirSync(folder).flatMap((file) =>
    readFileSync(`${folder}/${file}`, 'utf8')
      .split('\n')
      .filter((line) => secrets.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
  expect(found).toEqual([])
  expect('if (mac === given) return true').toMatch(secrets)
})
