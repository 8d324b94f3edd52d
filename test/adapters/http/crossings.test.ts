import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { hospital, loseAnswer, openRegions, type Regions, reverse } from '../../support/regions.ts'

let regions: Regions
beforeAll(async () => {
  regions = await openRegions()
  for (const key of ['w1', 'w2', 'w3']) await loseAnswer(regions, key)
})
afterAll(() => regions.close())

const list = async (query = '') => (await regions.chengdu.ask(`/v1/crossings${query}`)).json
const one = async (reference: string) =>
  regions.chengdu.ask(`/v1/crossings/one?reference=${encodeURIComponent(reference)}`)
const retry = async (reference: unknown) =>
  regions.chengdu.post('/v1/crossings/retry', { reference })

interface Item {
  readonly reference: string
  readonly state: string
  readonly attempts: number
  readonly alarm: boolean
}
const items = async (query?: string) => (await list(query))['items'] as Item[]

describe('what waits for another region', () => {
  test('is listed with where it stands, how often it was looked at and when that is next', async () => {
    const told = await list()
    expect(told['asOf']).toMatch(/^2026-03-02T09:.*\+08:00$/)
    const waits = ['w1', 'w2', 'w3'].map((key) =>
      expect.objectContaining({
        reference: `${hospital} ${key}`,
        institution: hospital,
        purpose: 'settle',
        state: 'unknown',
        region: '440100',
        attempts: 0,
        alarm: false,
        dueAt: '2026-03-03T09:00:00.000+08:00',
      }),
    )
    expect(told['items']).toEqual(waits)
  })

  test('is counted by where it stands, with the age of the oldest', async () => {
    const { counts } = (await list()) as { counts: { oldestSeconds: number }[] }
    expect(counts).toEqual([expect.objectContaining({ state: 'unknown', count: 3 })])
    expect(counts[0]?.oldestSeconds).toBeGreaterThanOrEqual(0)
    expect(counts[0]?.oldestSeconds).toBeLessThan(300)
  })

  test('comes a page at a time, each once', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await list(`?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`)
      const found = (page['items'] as Item[]).map(({ reference }) => reference)
      expect(found.length).toBeLessThanOrEqual(2)
      seen.push(...found)
      cursor = page['next'] as string | undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(['w1', 'w2', 'w3'].map((key) => `${hospital} ${key}`))
  })

  test('takes no cursor of another list, nor a made-up one', async () => {
    for (const cursor of ['AAAA', Buffer.from('otherlst:crossing x').toString('base64url')]) {
      const told = await regions.chengdu.ask(`/v1/crossings?cursor=${cursor}`)
      expect(told).toMatchObject({ status: 400, json: { code: 'field-invalid' } })
    }
  })

  test('is told of with everything that happened to it', async () => {
    const { status, json } = await one(`${hospital} w1`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ reference: `${hospital} w1`, state: 'unknown', region: '440100' })
    const { history } = json as { history: { state: string; at: string }[] }
    expect(history.map(({ state }) => state)).toEqual(['asked', 'unknown'])
    expect(history.map(({ at }) => at)).toEqual(history.map(({ at }) => at).toSorted())
  })

  test('stands in the metrics by state', async () => {
    const { text } = await regions.chengdu.ask('/metrics')
    expect(text).toContain('\njiesuan_crossings_open{state="unknown"} 3\n')
    expect(text).toMatch(/\njiesuan_crossings_oldest_seconds\{state="unknown"\} [\d.]+\n/)
    expect(text).toContain('\njiesuan_crossings_stuck 0\n')
  })
})

describe('what nobody knows', () => {
  test('is told as unknown', async () => {
    expect(await one(`${hospital} nothing`)).toMatchObject({ status: 404 })
    expect(await one('x')).toMatchObject({ status: 404 })
  })

  test('is not looked at', async () => {
    const { status, json } = await retry(`${hospital} nothing`)
    expect(status).toBe(202)
    expect(json).toEqual({ reference: `${hospital} nothing`, retried: false })
  })

  test.each([
    ['an empty one', ''],
    ['one too long', 'x'.repeat(301)],
    ['one with a line break', 'H1 a\nb'],
    ['one with a null', 'H1 a\0'],
    ['one in Chinese', '医院 1'],
  ])('refuses %s for a reference', async (_, reference) => {
    expect(await one(reference)).toMatchObject({ status: 400, json: { code: 'field-invalid' } })
    // A null is not even JSON as it is read here.
    const code = reference.includes('\0') ? 'json-invalid' : 'field-invalid'
    expect(await retry(reference)).toMatchObject({ status: 400, json: { code } })
  })

  test.each([[42], [null], [['H1 a']], [{ reference: 'H1 a' }]])(
    'refuses %j for a reference',
    async (reference) => {
      expect(await retry(reference)).toMatchObject({ status: 400, json: { code: 'field-invalid' } })
    },
  )

  test.each(["' or 1=1 --", '%', '_%', `${hospital} w%`, '../../etc/passwd', '<script>'])(
    'finds nothing under %s',
    async (reference) => {
      expect(await one(reference)).toMatchObject({ status: 404 })
      expect((await retry(reference)).json).toMatchObject({ retried: false })
    },
  )

  test('a question without a reference is refused', async () => {
    expect(await regions.chengdu.ask('/v1/crossings/one')).toMatchObject({ status: 400 })
    expect(await regions.chengdu.post('/v1/crossings/retry', {})).toMatchObject({ status: 400 })
  })
})

/** Waits for a sweep of the server itself. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return
    await sleep(50)
  }
  throw new Error('no sweep came')
}

const dueNow = async (key: string, attempts: number) =>
  regions.chengdu.owner.query(
    `update due set attempts = $2, due_at = '2026-03-02T08:00:00+08' where subject = $1`,
    [`crossing ${hospital} ${key}`, attempts],
  )

describe('while the line is cut', () => {
  test('the sixth attempt raises the alarm, and the metrics count it', async () => {
    await regions.line.become('cut')
    // A reversal waits for ever, where a settlement would be given up and begin anew.
    const told = await reverse(regions, 'w3')
    expect(told.status).toBe(201)
    await dueNow('w3', 5)
    await until(async () => (await items()).some(({ alarm }) => alarm))
    const found = (await items()).find(({ reference }) => reference.endsWith('w3'))
    expect(found).toMatchObject({ state: 'reversing', attempts: 6, alarm: true })
    const { text } = await regions.chengdu.ask('/metrics')
    expect(text).toContain('\njiesuan_crossings_stuck 1\n')
    expect(text).toContain('\njiesuan_crossings_open{state="reversing"} 1\n')
    expect(text).toContain('\njiesuan_crossings_open{state="unknown"} 2\n')
  })
})

describe('a retry', () => {
  test('has one looked at by the next sweep, and it ends', async () => {
    await regions.line.become('whole')
    for (const key of ['w1', 'w3'])
      expect((await retry(`${hospital} ${key}`)).json).toMatchObject({ retried: true })
    await until(async () => (await items()).length === 1)
    expect((await items())[0]).toMatchObject({ reference: `${hospital} w2`, state: 'unknown' })
  })

  test('what ended in a settlement is told of still, and is looked at no more', async () => {
    const { status, json } = await one(`${hospital} w1`)
    expect(status).toBe(200)
    expect(json['state']).toBe('done')
    const { history } = json as { history: { state: string }[] }
    expect(history.map(({ state }) => state)).toEqual(['asked', 'unknown', 'done'])
    expect((await retry(`${hospital} w1`)).json).toMatchObject({ retried: false })
  })

  test('so is what ended in none', async () => {
    const { status, json } = await one(`${hospital} w3`)
    expect([status, json['state']]).toEqual([200, 'reversed'])
  })
})
