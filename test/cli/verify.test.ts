import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../adapters/cli/auditCommand.ts'
import { sealKeys, sealKeysUsage } from '../../adapters/cli/sealKeys.ts'
import { verify, verifyUsage } from '../../adapters/cli/verify.ts'
import { openSealKey, sandboxSealKey } from '../../adapters/crypto/sealKeys.ts'
import { run as runNow } from './command.ts'
import { start, type Started } from './start.ts'

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-verify-'))
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const { publicKey } = sandboxSealKey('510100')

let server: Started
let url = ''
let id = ''

/** What a command prints and how it ends. */
async function run(command: typeof verify, ...args: string[]) {
  const out: string[] = []
  const code = await command(args, { out: (l) => out.push(l), error: (l) => out.push(l) })
  return { code, out: out.join('\n') }
}

async function get(path: string) {
  const answer = await fetch(url + path)
  return { status: answer.status, text: await answer.text() }
}

async function settle(key: string): Promise<string> {
  const claim = {
    institution: 'H51010000001',
    day: '2026-03-02',
    credential: { type: 'citizen-number', number: '510199198603120110' },
    care: 'outpatient',
    useAccount: true,
    total: '100.00',
    lines: [
      {
        id: '1',
        item: 'XJ01CAA040A001010104021',
        quantity: '1',
        unitPrice: '100.00',
        amount: '100.00',
      },
    ],
  }
  const answer = await fetch(`${url}/v1/settlements`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify(claim),
  })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { id: string }).id
}

/** Sealing takes a second. */
async function sealed(settlement: string): Promise<string> {
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    const { status, text } = await get(`/v1/ledger/proofs/${settlement}`)
    if (status === 200) return text
    expect(JSON.parse(text)).toMatchObject({ status: 409, code: 'not-sealed-yet' })
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('nothing was sealed')
}

beforeAll(async () => {
  server = start({ DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'info' })
  url = await server.url()
  id = await settle('one')
  await sealed(id)
}, 60_000)
afterAll(async () => {
  await server.end()
  rmSync(folder, { recursive: true, force: true })
})

describe('jiesuan verify', () => {
  test('proves what the server exports, with no more than the file and the key', async () => {
    const path = file('export.ndjson', (await get('/v1/ledger/export')).text)
    const { code, out } = await run(verify, path, '--key', publicKey)
    expect(out).toContain('✓ Nothing was changed, added or removed.')
    expect(out).not.toContain('taken at its word')
    expect(code).toBe(0)
  })

  test('says that the key of the file was taken at its word where none was given', async () => {
    const { code, out } = await run(verify, join(folder, 'export.ndjson'))
    expect(code).toBe(0)
    expect(out).toContain('taken at its word')
  })

  test('names what was changed in a file, and ends with 1', async () => {
    const { text } = await get('/v1/ledger/export')
    const changed = text.replace('\\"cash\\":', '\\"cash\\":1')
    expect(changed).not.toBe(text)
    const { code, out } = await run(verify, file('changed.ndjson', changed), '--json')
    expect(code).toBe(1)
    const { findings } = JSON.parse(out)
    expect(findings[0]).toMatchObject({ kind: 'changed', position: expect.any(Number) })
  })

  test('finds out a shorter log by a head that was kept', async () => {
    const short = file('short.ndjson', (await get('/v1/ledger/export')).text)
    await sealed(await settle('two'))
    const kept = file('head.json', (await get('/v1/ledger/heads?limit=1')).text)
    const { code, out } = await run(verify, short, '--key', publicKey, '--head', kept)
    expect(code).toBe(1)
    expect(out).toMatch(/✗ restored: A head of \d+ positions was signed at/)
  })

  test('proves a receipt, and not one whose text was changed', async () => {
    const receipt = await sealed(id)
    const good = await run(verify, file('receipt.json', receipt), '--key', publicKey)
    expect(good).toMatchObject({ code: 0, out: expect.stringContaining('核验无误') })
    const bad = await run(verify, file('bad.json', receipt.replace('\\"cash\\":', '\\"cash\\":1')))
    expect(bad).toMatchObject({ code: 1, out: expect.stringContaining('digest') })
    const other = sandboxSealKey('440100').publicKey
    const stranger = await run(verify, join(folder, 'receipt.json'), '--key', other)
    expect(stranger).toMatchObject({ code: 1, out: expect.stringContaining('signature') })
  })

  test.each([
    [[], verifyUsage],
    [['--what'], 'Unknown option'],
    [[join(folder, 'nowhere')], 'ENOENT'],
    [[folder], 'EISDIR'],
    [['a', '--key', '04ab'], 'ENOENT'],
  ])('ends with 2 where it cannot tell: %s', async (args, told) => {
    expect(await run(verify, ...args)).toMatchObject({
      code: 2,
      out: expect.stringContaining(told),
    })
  })

  test('finds an empty file incomplete', async () => {
    expect(await run(verify, file('empty', ''))).toMatchObject({ code: 1 })
  })
})

describe('the seal over REST', () => {
  test('lists heads, the newest first, each of which goes on from the one before', async () => {
    const { items } = JSON.parse((await get('/v1/ledger/heads')).text)
    expect(items.length).toBeGreaterThan(1)
    const [last, before] = items
    const { status, text } = await get(
      `/v1/ledger/consistency?from=${before.size}&until=${last.size}`,
    )
    expect(status).toBe(200)
    expect(JSON.parse(text).hashes.length).toBeGreaterThan(0)
    const page = JSON.parse((await get('/v1/ledger/heads?limit=1')).text)
    const next = JSON.parse((await get(`/v1/ledger/heads?limit=1&cursor=${page.next}`)).text)
    expect(next.items).toEqual([before])
  })

  test('knows no proof of what there is not, and no head of a size that none has', async () => {
    expect((await get(`/v1/ledger/proofs/${'0'.repeat(30)}`)).status).toBe(404)
    expect((await get('/v1/ledger/consistency?from=1&until=99999')).status).toBe(404)
    expect((await get('/v1/ledger/consistency?from=0&until=2')).status).toBe(400)
    expect((await get('/v1/ledger/export?from=-1')).status).toBe(400)
  })

  test('tells its public key', async () => {
    expect(JSON.parse((await get('/v1/ledger/seal-key')).text)).toMatchObject({ publicKey })
  })
})

describe('jiesuan audit', () => {
  test('has the postings of a person proved now', async () => {
    const asked = await run(
      audit,
      '--institution',
      'H51010000001',
      '--day',
      '2026-03-02',
      '--url',
      url,
    )
    expect(asked).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^[1-9]\d* postings proved/),
    })
  })

  test('says that no round has ended yet, and what is wrong with a question', async () => {
    expect(await run(audit, '--url', url)).toMatchObject({
      code: 0,
      out: expect.stringContaining('No round'),
    })
    expect(await run(audit, '--day', 'today', '--url', url)).toMatchObject({ code: 2 })
    expect(await run(audit, '--url', 'http://127.0.0.1:9')).toMatchObject({ code: 2 })
  })
})

describe('jiesuan seal-keys', () => {
  const wish = ['--name', '510100-2026a', '--out']

  test('makes a key for its owner alone, never over another, and one that the key before vouches for', () => {
    const first = join(folder, 'first.key')
    const made = runNow(sealKeys, 'new', ...wish, first)
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^510100-2026a 04[0-9a-f]{128}$/),
    })
    expect(statSync(first).mode & 0o777).toBe(0o600)
    expect(runNow(sealKeys, 'show', '--file', first)).toEqual(made)
    expect(runNow(sealKeys, 'new', ...wish, first)).toMatchObject({ code: 1 })
    const second = join(folder, 'second.key')
    expect(runNow(sealKeys, 'new', '--name', 'next', '--out', second, '--after', first).code).toBe(
      0,
    )
    expect(openSealKey(first, 'it').vouched).toBeUndefined()
    expect(openSealKey(second, 'it').vouched).toContain('\u2014 510100-2026a ')
    const line = [first, second].map((file) => openSealKey(file, 'it').line.map(({ name }) => name))
    expect(line).toEqual([[], ['510100-2026a']])
    const third = join(folder, 'third.key')
    runNow(sealKeys, 'new', '--name', 'third', '--out', third, '--after', second)
    expect(openSealKey(third, 'it').line.map(({ name }) => name)).toEqual(['510100-2026a', 'next'])
    expect(
      runNow(sealKeys, 'new', '--name', 'next', '--out', join(folder, 'x'), '--after', second).code,
    ).toBe(1)
  })

  test('tells how it is used', () => {
    expect(runNow(sealKeys)).toMatchObject({ code: 2, error: sealKeysUsage })
    expect(runNow(sealKeys, 'new', '--name', 'a b', '--out', join(folder, 'y'))).toMatchObject({
      code: 1,
    })
  })
})
