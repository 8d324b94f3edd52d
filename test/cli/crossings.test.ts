import { afterAll, beforeAll, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { crossings } from '../../adapters/cli/crossingsCommand.ts'
import { hospital, loseAnswer, openRegions, type Regions } from '../support/regions.ts'

let regions: Regions
beforeAll(async () => {
  regions = await openRegions()
})
afterAll(() => regions.close())

async function run(...args: string[]) {
  const out: string[] = []
  const error: string[] = []
  const print = { out: (l: string) => void out.push(l), error: (l: string) => void error.push(l) }
  const code = await crossings([...args, '--url', regions.chengdu.url], print)
  return { code, out, error }
}

const reference = `${hospital} c1`
const unknown = new RegExp(
  `^ +unknown +settle +440100 +asked 2026-03-02T\\S+ +0 attempts +next 2026-03-03T\\S+ +${reference}$`,
)

test('says that nothing waits', async () => {
  expect(await run('list')).toEqual({
    code: 0,
    out: ['nothing waits for another region'],
    error: [],
  })
})

test('lists what waits, a line each', async () => {
  await loseAnswer(regions, 'c1')
  await loseAnswer(regions, 'c2')
  const { code, out, error } = await run()
  expect({ code, error }).toEqual({ code: 0, error: [] })
  expect(out).toHaveLength(3)
  expect(out[0]).toMatch(unknown)
  expect(out[2]).toBe('2 waiting')
})

test('marks what has raised the alarm', async () => {
  await regions.chengdu.owner.query(`update due set attempts = 6 where subject = $1`, [
    `crossing ${reference}`,
  ])
  const { out } = await run('list')
  expect(out[0]).toMatch(/^! .* 6 attempts /)
  expect(out[1]).toMatch(/^ {3}/)
})

test('shows one with everything that happened to it', async () => {
  const { code, out } = await run('show', hospital, 'c1')
  expect(code).toBe(0)
  expect(out[0]).toMatch(new RegExp(`^${reference}: settle at 440100, unknown since 2026-03-02T`))
  expect(out[1]).toMatch(/^ {2}2026-03-02T\S+ {2}asked {2}by H51010000001$/)
  expect(out[2]).toMatch(/^ {2}2026-03-02T\S+ {2}unknown {2}by region:440100$/)
})

test('ends with 1 where there is no such request', async () => {
  for (const act of ['show', 'retry']) {
    const { code, out, error } = await run(act, hospital, 'nothing')
    expect({ code, out }).toEqual({ code: 1, out: [] })
    expect(error).toEqual([`jiesuan crossings: nothing waits under "${hospital} nothing"`])
  }
})

test('has one looked at within seconds, and it ends', async () => {
  const { code, out } = await run('retry', hospital, 'c1')
  expect({ code, out }).toEqual({ code: 0, out: [`${reference}: looked at within seconds`] })
  for (let tries = 0; tries < 400; tries++) {
    if ((await run('list')).out.at(-1) === '1 waiting') break
    await sleep(50)
  }
  const { out: shown } = await run('show', hospital, 'c1')
  expect(shown[0]).toMatch(new RegExp(`^${reference}: settle at 440100, done since `))
})

test('ends with 2 where it was asked wrongly', async () => {
  for (const args of [['show'], ['retry'], ['list', 'x'], ['nothing'], ['--nothing']]) {
    const { code, out, error } = await run(...args)
    expect({ code, out }).toEqual({ code: 2, out: [] })
    expect(error).toHaveLength(1)
  }
})

test('ends with 2 where no server answers', async () => {
  const error: string[] = []
  const print = { out: () => undefined, error: (line: string) => void error.push(line) }
  const code = await crossings(['list', '--url', 'http://127.0.0.1:9'], print)
  expect(code).toBe(2)
  expect(error).toEqual(['jiesuan crossings: no server answers at http://127.0.0.1:9'])
})
