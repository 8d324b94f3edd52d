import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { goodClaim, memoryDesk, openDoor } from './desk.ts'

const desk = memoryDesk()
let door: Awaited<ReturnType<typeof openDoor>>

beforeAll(async () => {
  door = await openDoor(desk)
})
afterAll(() => door.app.close())
beforeEach(() => {
  desk.asked.length = 0
})

interface LineAnswer {
  key: string | null
  status: number
  replayed?: true
  body: { code?: string; id?: string; facts?: { field?: string } }
}

const send = (payload: string | Buffer, type = 'application/x-ndjson') =>
  door.app.inject({
    method: 'POST',
    url: '/v1/settlements/batch',
    headers: { 'content-type': type },
    payload,
  })

async function answers(payload: string | Buffer): Promise<LineAnswer[]> {
  const reply = await send(payload)
  expect(reply.statusCode).toBe(200)
  expect(reply.headers['content-type']).toBe('application/x-ndjson')
  return reply.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LineAnswer)
}

const line = (key: string, change: object = {}) => JSON.stringify({ key, ...goodClaim, ...change })

describe('a batch', () => {
  test('every line has its own answer in its place', async () => {
    const told = await answers(
      [line('a'), 'broken', line('b', { total: '1' }), line('c'), line('a'), '{"key":"d"}'].join(
        '\n',
      ),
    )
    expect(told.map(({ key, status }) => [key, status])).toEqual([
      ['a', 201],
      [null, 400],
      ['b', 400],
      ['c', 201],
      ['a', 201],
      ['d', 400],
    ])
    expect(told[2]?.body.facts?.field).toBe('/total')
    expect(told[4]).toMatchObject({ replayed: true, body: told[0]?.body as object })
  })

  test('a line is the same request as a claim sent alone', async () => {
    const alone = await door.app.inject({
      method: 'POST',
      url: '/v1/settlements',
      headers: { 'idempotency-key': 'alone' },
      payload: goodClaim,
    })
    const [told] = await answers(line('alone'))
    expect(told?.replayed).toBe(true)
    expect(JSON.stringify(told?.body)).toBe(alone.body)
  })

  test('a key in quotes is the same key as a bare one', async () => {
    const [bare, quoted] = await answers([line('b-4'), line('"b-4"')].join('\n'))
    expect(quoted).toMatchObject({ key: '"b-4"', replayed: true, body: bare?.body as object })
    expect(desk.asked.map((ask) => ask.key.key)).toEqual(['b-4', 'b-4'])
    const url = '/v1/settlements?institution=H51010000001&key=b-4'
    expect((await door.app.inject(url)).json()).toMatchObject({ answer: { status: 201 } })
    const [open] = await answers(line('"b-4'))
    expect(open).toMatchObject({ status: 400, body: { code: 'idempotency-key-invalid' } })
  })

  test('claims of one credential are asked one after another, others side by side', async () => {
    let release = (): void => {}
    desk.hold = new Promise((resolve) => (release = resolve))
    const other = { credential: { type: 'card', number: 'D80000001' } }
    const reply = answers([line('o1'), line('o2'), line('o3', other)].join('\n'))
    await expect.poll(() => desk.asked.length).toBe(2)
    expect(desk.asked.map((ask) => ask.key.key)).toEqual(['o1', 'o3'])
    release()
    desk.hold = undefined
    expect((await reply).map(({ key }) => key)).toEqual(['o1', 'o2', 'o3'])
  })

  test('a line that meets a full server waits and asks again', async () => {
    desk.next = { kind: 'busy' }
    const [told] = await answers(line('patient'))
    expect(told).toMatchObject({ key: 'patient', status: 201 })
    expect(desk.asked).toHaveLength(2)
  })

  test('a thousand lines are read, and not one more', async () => {
    const lines = Array.from({ length: 1001 }, (_, i) => line(`t${i}`))
    expect(await answers(lines.slice(0, 1000).join('\n'))).toHaveLength(1000)
    const told = await answers(lines.join('\n'))
    expect(told).toHaveLength(1001)
    expect(told.at(-1)).toMatchObject({
      key: null,
      status: 413,
      body: { code: 'batch-too-long', facts: { lines: 1000, bytes: 8_388_608 } },
    })
  })

  test('a line over 256 KiB is named and the next one is read', async () => {
    const long = line('long', { visit: 'x'.repeat(262_144) })
    const told = await answers([long, line('after')].join('\n'))
    expect(told.map(({ status, body }) => [status, body.code])).toEqual([
      [413, 'line-too-long'],
      [201, undefined],
    ])
  })

  test('more than 8 MiB are refused at once', async () => {
    const reply = await send('x'.repeat(8_388_609))
    expect(reply.statusCode).toBe(413)
    expect(reply.json()).toMatchObject({ code: 'body-too-large' })
  })

  test('empty lines are nobody, and a batch of none is answered with none', async () => {
    expect((await send('\n\n\r\n')).body).toBe('')
    expect(await answers(`\n${line('e')}\r\n\n`)).toHaveLength(1)
  })

  test('a batch that is not NDJSON is refused', async () => {
    const reply = await send('{}', 'application/json')
    expect(reply.statusCode).toBe(415)
    expect(reply.json()).toMatchObject({ facts: { expected: 'application/x-ndjson' } })
  })

  test('hostile lines are refused one by one', async () => {
    const told = await answers(
      [
        '['.repeat(100_000),
        `{"a":1,"a":2}`,
        '\ufeff{}',
        '{"__proto__":1}',
        '"\\ud800"',
        'null',
        line('h'),
      ].join('\n'),
    )
    expect(told.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 201])
  })
})
