import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goodClaim } from './desk.ts'
import { manyKeys, openStrictDoor, refusal, type Told } from './strict.ts'

let door: Awaited<ReturnType<typeof openStrictDoor>>
let post: typeof door.post
let judge: typeof door.judge

beforeAll(async () => {
  door = await openStrictDoor()
  ;({ post, judge } = door)
})
afterAll(() => door.app.close())

describe('a body that is not what it seems', () => {
  const good = JSON.stringify(goodClaim)
  const deep = `{"a":${'{"a":'.repeat(50)}1${'}'.repeat(51)}`

  test.each([
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['a number', '1', 400],
    ['null', 'null', 400],
    ['__proto__', good.replace('{', '{"__proto__":{"useAccount":true},'), 400],
    ['constructor.prototype', good.replace('{', '{"constructor":{"prototype":{"a":1}},'), 400],
    ['a field twice', good.replace('{', '{"total":"1.00",'), 400],
    ['a byte order mark', `\ufeff${good}`, 400],
    ['1e400 as a total', good.replace('"25.00"', '1e400'), 400],
    ['-0 as a total', good.replace('"25.00"', '-0'), 400],
    ['fifty levels', deep, 400],
    ['a mebibyte of [', '['.repeat(1_048_576), 400],
    ['90,000 keys', `{${manyKeys(90_000)}}`, 400],
    ['two megabytes', `{"a":"${'x'.repeat(2_000_000)}"}`, 413],
    ['one byte too many', `${good}${' '.repeat(1_572_865 - good.length)}`, 413],
  ])('%s is refused', async (_, body, status) => {
    const reply = await post(body)
    expect(reply.statusCode).toBe(status)
    expect(judge(reply)).toMatchObject(refusal(status, reply.json<Told>().code))
  })

  test('exactly 1.5 MiB is read', async () => {
    const reply = await post(`${good}${' '.repeat(1_572_864 - good.length)}`)
    expect(reply.statusCode).toBe(201)
  })

  test('bytes that are not UTF-8 are refused', async () => {
    const bytes = Buffer.from(good.replace('V1', 'V\u00ff'), 'latin1')
    expect(judge(await post(bytes))).toMatchObject(refusal(400, 'json-invalid'))
  })

  test('a compressed body is refused before it is opened', async () => {
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'identity, gzip'])
      expect(judge(await post(gzipSync(good), { 'content-encoding': encoding }))).toMatchObject(
        refusal(415, 'media-type-unsupported'),
      )
  })

  test.each([
    'text/plain',
    'text/json',
    'application/jsonx',
    'application/json5',
    'application/vnd.api+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=gbk',
    'application/json; charset=utf-16',
    'application/json\t; x',
    'application/json;',
    'application/json, text/plain',
    'application/x-ndjson',
    '*/*',
    'json',
    '\u0130',
  ])('a body that calls itself %j is refused', async (type) => {
    const reply = await post(good, { 'content-type': type })
    expect(judge(reply)).toMatchObject(refusal(415, 'media-type-unsupported'))
  })

  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
  ])('a body that calls itself %j is read', async (type) => {
    expect((await post(good, { 'content-type': type })).statusCode).toBe(201)
  })
})
