import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../adapters/cli/main.ts', import.meta.url))

const jiesuan = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('--help lists the commands', () => {
  const { status, stdout } = jiesuan('--help')
  for (const name of ['cases', 'split', 'schema', 'call', 'verify'])
    expect(stdout).toContain(`  ${name} `)
  expect(status).toBe(0)
})

test('each command explains itself', () => {
  expect(jiesuan('cases', '--help')).toMatchObject({ status: 0 })
  expect(jiesuan('split', '-h').stdout).toMatch(/^jiesuan split/)
})

test('no command, an unknown one and one that every object has end with 2', () => {
  expect(jiesuan()).toMatchObject({ status: 2 })
  expect(jiesuan('settle').stderr).toMatch(/there is no command "settle"/)
  expect(jiesuan('constructor')).toMatchObject({ status: 2 })
})

test('verify says that it is still to come', () => {
  expect(jiesuan('verify', 'export.json')).toMatchObject({ status: 2 })
})
