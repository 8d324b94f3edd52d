import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { anomalies } from '../../adapters/cli/anomaliesCommand.ts'
import { claim, openServed } from '../adapters/http/served.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

async function run(...args: string[]): Promise<{ code: number; out: string[]; error: string[] }> {
  const out: string[] = []
  const error: string[] = []
  const print = { out: (l: string) => void out.push(l), error: (l: string) => void error.push(l) }
  return { code: await anomalies(args, print), out, error }
}

describe('what a running server finds', () => {
  let served: Awaited<ReturnType<typeof openServed>>
  beforeAll(async () => {
    served = await openServed()
    for (let i = 0; i < 2; i++) await served.post('/v1/settlements', claim)
  })
  afterAll(() => served.close())

  test('is counted by kind, and shown in both languages', async () => {
    const { code, out } = await run('list', '--url', served.url)
    expect(code).toBe(0)
    expect(out).toHaveLength(6)
    expect(out[1]).toBe('    1  same-bill     Bills that may be charged twice 疑似重复结算')
    const shown = await run('show', 'same-bill', '--url', served.url)
    expect(shown.out).toHaveLength(1)
    expect(shown.out[0]).toMatch(
      /^2026-03-02  \w{30}\n  The very same bill of 25\.00 yuan .*\n  项目/,
    )
  })

  test('of no kind there is, nor where nobody answers, ends with 2', async () => {
    expect(await run('show', 'nothing', '--url', served.url)).toMatchObject({ code: 2 })
    const away = await run('list', '--url', 'http://127.0.0.1:9')
    expect(away.error).toEqual(['jiesuan anomalies: no server answers at http://127.0.0.1:9'])
  })
})

describe('a threshold', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
    vi.stubEnv('DATABASE_URL', database.appUrl)
    vi.stubEnv('MODE', 'sandbox')
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await database.drop()
  })

  const given = async (name: string) =>
    (await run('thresholds')).out.filter((line) => line.startsWith(`${name} `))

  test('is set from a day on for a region, and what was before it stays', async () => {
    const at = ['--region', '510100', '--from', '2026-04-01', '--source']
    const set = await run('set', 'under-limit.percent', '3', ...at, 'decree 1')
    expect(set).toMatchObject({
      code: 0,
      out: [expect.stringContaining('510100  from 2026-04-01  3 percent  decree 1')],
    })
    await run('set', 'under-limit.percent', '2.5', ...at, 'decree 2')
    const lines = await given('under-limit.percent')
    expect(lines.map((line) => line.split('  ').slice(-1)[0])).toEqual([
      expect.stringMatching(/^\[own\]/),
      'decree 1',
      'decree 2',
    ])
  })

  test('without a day is set from today, where the books know no day yet', async () => {
    const { out } = await run('set', 'jump.times', '20', '--source', 'ours')
    expect(out[0]).toMatch(/^jump\.times +\* +from 20\d\d-\d\d-\d\d {2}20 times {2}ours$/)
  })

  test.each([
    [['set', 'jump.nothing', '1', '--source', 's'], 1],
    [['set', 'jump.times', '-1', '--source', 's'], 2],
    [['set', 'jump.times', '1e3', '--source', 's'], 2],
    [['set', 'jump.times', '1'], 2],
    [['set', 'jump.times', '1', '--source', ' '], 2],
    [['set', 'jump.times', '1', '--source', 's', '--region', '51'], 2],
    [['set', 'jump.times', '1', '--source', 's', '--from', '2026-02-30'], 2],
    [['set', 'jump.times', '1', '--source', 'x'.repeat(501)], 2],
    [['set', 'jump.times'], 2],
    [['forget', 'jump.times'], 2],
    [['list', '--nothing'], 2],
  ])('%j is refused and adds nothing', async (args, code) => {
    const before = (await run('thresholds')).out
    expect(await run(...args)).toMatchObject({ code, out: [] })
    expect((await run('thresholds')).out).toEqual(before)
  })
})
