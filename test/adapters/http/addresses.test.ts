import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goodClaim } from './desk.ts'
import { openStrictDoor, refusal, withValue } from './strict.ts'

let door: Awaited<ReturnType<typeof openStrictDoor>>
let judge: typeof door.judge

beforeAll(async () => {
  door = await openStrictDoor()
  ;({ judge } = door)
})
afterAll(() => door.app.close())

interface Message {
  message: { en: string; zh: string }
}

describe('what a field should be', () => {
  test.each([
    ['limit=201', 'a whole number from 1 to 200', '1 至 200 的整数'],
    ['limit=5&limit=6', 'to be given once', '只能给出一次'],
    ['person=a%20b', '1 to 30 letters, digits or . _ : / + -', '1 至 30 个字母、数字'],
    ['institution=H1&key=', '1 to 255 printable ASCII characters', '1 至 255 个可打印 ASCII 字符'],
    ['from=2026', 'a day of the calendar such as 2026-03-02', '真实存在的日期，例如 2026-03-02'],
  ])('%s is told in words', async (query, en, zh) => {
    const { message } = (await door.app.inject(`/v1/settlements?${query}`)).json() as Message
    expect(message.en).toMatch(new RegExp(`: ${en.replace(/[.+]/g, '\\$&')}\\.$`))
    expect(message.zh).toContain(zh)
  })

  test.each(['-12.00', '２５.００', '25', '1,000.00'])(
    '%s is no amount, in words',
    async (total) => {
      const { message } = (await door.post({ ...goodClaim, total })).json() as Message
      expect(message.en).toBe(
        'The field /total is not as expected: an amount in yuan with two decimals, such as 1378.15, not negative.',
      )
      expect(message.zh).toContain('以元为单位、带两位小数且不为负的金额，例如 1378.15')
    },
  )

  test('a quantity is told with an example that fits it', async () => {
    const { message } = (
      await door.post(withValue('lines/0/quantity', '1.23456'))
    ).json() as Message
    expect(message.en).toMatch(/at most 4 decimals, such as 2, not negative/)
  })
})

describe('paths and queries', () => {
  test('a path nobody serves is 404, a method nobody answers is 405 with those that are', async () => {
    expect(judge(await door.app.inject('/nope'))).toMatchObject(refusal(404, 'route-unknown'))
    expect(judge(await door.app.inject('/v1/settlements/a/b/c'))).toMatchObject(
      refusal(404, 'route-unknown'),
    )
    for (const method of [
      'DELETE',
      'PUT',
      'PATCH',
      'OPTIONS',
      'TRACE',
      'HEAD',
      'PROPFIND',
    ] as const) {
      const reply = await door.app.inject({ method: method as 'PUT', url: '/v1/settlements' })
      expect(reply.statusCode).toBe(405)
      expect(reply.headers.allow).toBe('GET, POST')
    }
  })

  test.each([
    ['/v1/settlements?limit=0', '/limit'],
    ['/v1/settlements?limit=201', '/limit'],
    ['/v1/settlements?limit=-1', '/limit'],
    ['/v1/settlements?limit=1e1', '/limit'],
    ['/v1/settlements?limit=5&limit=6', '/limit'],
    ['/v1/settlements?cursor=%27', '/cursor'],
    ['/v1/settlements?cursor=AAAA', '/cursor'],
    ['/v1/settlements?from=2026-02-30', '/from'],
    ['/v1/settlements?state=done', '/state'],
    ['/v1/settlements?scheme=x', '/scheme'],
    ['/v1/settlements?unknown=1', '/unknown'],
    ['/v1/settlements?__proto__=1', '/__proto__'],
    ['/v1/settlements?key=abc', '/institution'],
    ['/v1/ledger/trial-balance?asOf=yesterday', '/asOf'],
    ['/v1/ledger/accounts/a?asOf=2026-03-02', '/asOf'],
    ['/v1/rules/chengdu', '/region'],
    ['/v1/rules/510100?on=2026-02-29', '/on'],
    [`/v1/people/${'x'.repeat(31)}`, '/id'],
    ['/v1/people/a%20b', '/id'],
    ['/v1/people/%F0%9F%98%80', '/id'],
  ])('%s is refused by name', async (url, field) => {
    expect(judge(await door.app.inject(url))).toMatchObject(refusal(400, 'field-invalid', field))
  })

  test.each(['/%', '/v1/people/%zz', '/v1/people/%ff'])('%s is no address', async (url) => {
    expect((await door.app.inject(url)).statusCode).toBeLessThan(500)
  })

  test('a zone with a plus sign may be written as it is read', async () => {
    const url = '/v1/ledger/trial-balance?asOf=2026-03-02T09:00:00+08:00'
    expect((await door.app.inject(url)).json()).toMatchObject({
      asOf: '2026-03-02T09:00:00.000+08:00',
    })
  })

  test('books of the future are refused, because they would change', async () => {
    for (const path of ['trial-balance', 'accounts/a']) {
      const url = `/v1/ledger/${path}?asOf=2026-03-02T09:00:00.001%2B08:00`
      expect(judge(await door.app.inject(url))).toMatchObject(
        refusal(400, 'field-invalid', '/asOf'),
      )
    }
  })

  test('what is not there is 404', async () => {
    for (const url of [
      '/v1/settlements/x',
      '/v1/people/x',
      '/v1/people/x/accounts',
      '/v1/people/x/accumulators',
      '/v1/people/x/settlements',
      '/v1/ledger/accounts/x',
      '/v1/rules/999999',
    ])
      expect((await door.app.inject(url)).statusCode).toBe(404)
  })
})
