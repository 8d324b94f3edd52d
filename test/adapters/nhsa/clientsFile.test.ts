import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readClients } from '../../../adapters/cli/gateway.ts'
import { ConfigError, readConfig } from '../../../adapters/config.ts'
import { readClientsFile } from '../../../adapters/nhsa/clientsFile.ts'

let folder = ''
let files = 0
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-clients-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(text: string, mode = 0o600): string {
  const name = path.join(folder, `${++files}.yaml`)
  writeFileSync(name, text, { mode })
  return name
}

const one =
  'clients:\n  - {paasid: his1, secret: hunter2, institutions: [H51010000001], signIn: true}\n'
const key = `04${'ab'.repeat(64)}`

describe('the file of clients', () => {
  test('lists who may speak for whom, and how', () => {
    const clients = readClientsFile(
      file(`${one}  - {paasid: city, secret: s3, institutions: all}\n`),
    )
    const [his, city] = [clients.byId.get('his1'), clients.byId.get('city')]
    if (!his || !city) throw new Error('both are listed')
    expect(his).toMatchObject({ signIn: true, wrongTotals: 'warn' })
    expect(clients.speaksFor(his, 'H51010000001')).toBe(true)
    expect(clients.speaksFor(his, 'H51010000002')).toBe(false)
    expect(clients.speaksFor(city, 'H51010000001')).toBe(false)
    expect(clients.speaksFor(city, 'H51010000002')).toBe(true)
  })

  test.each([
    ['clients: []\n', 'at clients'],
    ['clients: {\n', 'not YAML'],
    [one.replace('his1', '"a b"'), 'at clients.0.paasid'],
    [one.replace('signIn: true', 'signIn: maybe'), 'at clients.0.signIn'],
    [one.replace('signIn: true', 'sign: true'), 'at clients.0'],
    [one.replace('[H51010000001]', '[H5101]'), 'at clients.0.institutions'],
    [`${one}  - {paasid: his1, secret: b, institutions: all}\n`, 'paasid his1 twice'],
    [`${one}  - {paasid: b, secret: b, institutions: [H51010000001]}\n`, 'H51010000001 twice'],
    [one.replace('signIn: true', `signatureKey: ${key}`), 'no signingKey'],
    [
      `${one.replace('[H51010000001]', 'all')}  - {paasid: b, secret: b, institutions: all}\n`,
      'all institutions',
    ],
  ])('with %j stops the start, and repeats no secret', (text, said) => {
    const read = () => readClientsFile(file(text))
    expect(read).toThrow(said)
    expect(read).not.toThrow('hunter2')
  })

  test.skipIf(process.platform === 'win32')('that others may read stops the start', () => {
    expect(() => readClientsFile(file(one, 0o644))).toThrow('chmod 600')
  })

  test('that is not there stops the start', () => {
    expect(() => readClientsFile(path.join(folder, 'none'))).toThrow('no file')
  })
})

describe('NATIONAL_CLIENTS_FILE', () => {
  const production = (name?: string) =>
    readConfig({
      DATABASE_URL: 'postgres://a@b/c',
      ...(name === undefined ? {} : { NATIONAL_CLIENTS_FILE: name }),
    })

  test('left away gives the sandbox its own clients, and production none', () => {
    expect(readClients(readConfig({}))?.byId.has('sandbox')).toBe(true)
    expect(readClients(production())).toBeUndefined()
  })

  test('gives production its clients', () => {
    expect([...(readClients(production(file(one)))?.byId.keys() ?? [])]).toEqual(['his1'])
  })

  test.each(['sandbox-secret-not-for-production', 'sandbox-signin-secret-not-for-production'])(
    'with the secret %s of the sandbox is refused in production',
    (secret) => {
      const read = () => readClients(production(file(one.replace('hunter2', secret))))
      expect(read).toThrow(ConfigError)
      expect(read).toThrow('Make new ones')
    },
  )
})
