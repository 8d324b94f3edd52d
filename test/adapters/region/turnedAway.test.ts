import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { names } from '../../../adapters/region/envelope.ts'
import type { RegionAsk } from '../../../engine/awayClaim.ts'
import { askForm } from '../../../adapters/region/messageForms.ts'
import { Fault } from '../../../engine/ports.ts'
import { query, reference, settle } from './examples.ts'
import { type Message, messageOf, send as sendTo, type Writing } from './messages.ts'
import { chengdu, lineTo, noncesHere, openDoor, pairOf, start_ms } from './support.ts'

let asked: [from: string, asked: RegionAsk, to: string][] = []
let door: Awaited<ReturnType<typeof openDoor>>
beforeAll(async () => {
  door = await openDoor({
    answer: async (...what) => {
      asked.push(what)
      return { kind: 'absent' }
    },
  })
})
beforeEach(() => {
  asked = []
})
afterAll(() => door.close())

const send = async (message: Message) => sendTo(message, door.url)
describe('whoever is turned away is told why', () => {
  const at = (created: number): Writing => ({ envelope: { created } })
  const turned: [what: string, message: () => Message, status: number, problem: object][] = [
    [
      'a version too new',
      () => messageOf(query, { envelope: { version: '2' } }),
      400,
      { code: 'version-not-spoken', facts: { version: '2', spoken: ['1'] } },
    ],
    [
      'no version',
      () => messageOf(query, { envelope: { version: '' } }),
      400,
      { code: 'header-invalid', facts: { header: names.version } },
    ],
    [
      'a region of nobody',
      () => messageOf(query, { envelope: { sender: '310100' } }),
      401,
      { code: 'region-unknown', facts: { region: '310100' } },
    ],
    [
      'the receiver as its own sender',
      () => messageOf(query, { envelope: { sender: '440100' } }),
      401,
      { code: 'region-unknown' },
    ],
    [
      'a key of nobody',
      () => messageOf(query, { key: { ...chengdu, id: 'new' } }),
      401,
      { code: 'key-unknown', facts: { region: '510100', key: 'new' } },
    ],
    [
      'another receiver',
      () => messageOf(query, { envelope: { receiver: '310100' } }),
      421,
      { code: 'receiver-not-here', facts: { receiver: '310100' } },
    ],
    [
      'a clock behind',
      () => messageOf(query, at(start_ms - 300_001)),
      401,
      {
        code: 'clock-differs',
        facts: {
          created: '2026-03-02T00:54:59.999Z',
          now: '2026-03-02T01:00:00.000Z',
          window: 300,
        },
      },
    ],
    [
      'a clock ahead',
      () => messageOf(query, at(start_ms + 300_001)),
      401,
      { code: 'clock-differs' },
    ],
    [
      'no moment at all',
      () => {
        const { headers, ...message } = messageOf()
        return { ...message, headers: { ...headers, [names.created]: '2026-02-30T00:00:00.000Z' } }
      },
      400,
      { code: 'header-invalid', facts: { header: names.created } },
    ],
    [
      'another type',
      () => {
        const { headers, ...message } = messageOf()
        return { ...message, headers: { ...headers, 'content-type': 'text/plain' } }
      },
      415,
      { code: 'media-type-unsupported' },
    ],
    [
      'a compressed body',
      () => {
        const { headers, ...message } = messageOf()
        return { ...message, headers: { ...headers, 'content-encoding': 'gzip' } }
      },
      415,
      { code: 'media-type-unsupported' },
    ],
    [
      'a body too large',
      () => messageOf(query, { body: Buffer.alloc(4_194_305, ' ') }),
      413,
      { code: 'body-too-large', facts: { most: 4_194_304 } },
    ],
    [
      'no JSON',
      () => messageOf(query, { body: '{"kind":"query",' }),
      400,
      { code: 'json-invalid' },
    ],
    [
      'a field twice',
      () =>
        messageOf(query, { body: `{"kind":"query","reference":"a","reference":"${reference}"}` }),
      400,
      { code: 'json-invalid' },
    ],
    [
      'a field that is not known',
      () =>
        messageOf(query, { body: `{"kind":"query","reference":"${reference}","url":"http://a"}` }),
      400,
      { code: 'field-invalid', facts: { field: '/url', expected: 'a field that is known' } },
    ],
    [
      'a kind of nobody',
      () => messageOf(query, { body: '{"kind":"bribe"}' }),
      400,
      {
        code: 'field-invalid',
        facts: { field: '/kind', expected: expect.stringContaining('settle') },
      },
    ],
    [
      'an amount as a number',
      () =>
        messageOf(settle, {
          body: JSON.stringify(askForm.write(settle)).replace('"300.00"', '300.00'),
        }),
      400,
      { code: 'field-invalid', facts: { field: '/claim/scoped/total', expected: 'string' } },
    ],
    [
      'another reference in the body',
      () => messageOf(query, { envelope: { reference: 'H51010000001 other' } }),
      400,
      { code: 'reference-differs' },
    ],
    [
      'a bill that others treated',
      () => {
        const { claim } = settle as Extract<RegionAsk, { kind: 'settle' }>
        return messageOf({
          ...settle,
          claim: { ...claim, scoped: { ...claim.scoped, careRegion: '310100' } },
        } as RegionAsk)
      },
      403,
      { code: 'care-region-differs', facts: { careRegion: '310100', region: '510100' } },
    ],
  ]
  test.each(turned)('%s', async (_, message, status, problem) => {
    const told = await send(message())
    expect(told.json).toMatchObject({ status, ...problem })
    expect(told.status).toBe(status)
    expect(told.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    const { en, zh } = told.json['message'] as { en: string; zh: string }
    expect(en + zh).not.toMatch(/[{}…]/)
    expect(asked).toEqual([])
  })

  test('a message that came before', async () => {
    const message = messageOf(settle)
    expect((await send(message)).status).toBe(200)
    expect((await send(message)).json).toMatchObject({ status: 401, code: 'nonce-used' })
    expect(asked).toHaveLength(1)
    // Signed anew it is the same request, which the desk answers as it did.
    expect((await send(messageOf(settle))).status).toBe(200)
  })

  test('and it is signed, but not for a stranger', async () => {
    const late = await send(messageOf(query, at(start_ms - 400_000)))
    expect(late.headers[names.signature]).toMatch(/^[0-9a-f]{128}$/)
    const stranger = await send(messageOf(query, { key: { ...pairOf('510100', chengdu.id) } }))
    expect(stranger.headers[names.signature]).toBeUndefined()
    const { line, close } = lineTo(door.url, { now: () => start_ms - 299_000 })
    expect(await line.ask('440100', query)).toEqual({ kind: 'absent' })
    close()
    const behind = lineTo(door.url, { now: () => start_ms - 301_000 })
    await expect(behind.line.ask('440100', query)).rejects.toMatchObject({ kind: 'bad-answer' })
    behind.close()
  })
})

describe('what goes wrong behind the door', () => {
  const doorOf = async (thrown: Error) =>
    openDoor({
      answer: async () => {
        throw thrown
      },
    })

  test.each([
    [new Fault('unavailable', 'away'), 503, { code: 'busy' }],
    [new Error('a secret 440199198603120112'), 500, { code: 'internal-error' }],
    [new Fault('unknown', 'no reply'), 200, { kind: 'open' }],
  ] as const)('%s', async (thrown, status, json) => {
    const { url, close, counted } = await doorOf(thrown)
    const told = await sendTo(messageOf(settle), url)
    expect(told).toMatchObject({ status, json })
    expect(JSON.stringify(told.json)).not.toContain('secret')
    expect(told.headers['retry-after']).toBe(status === 503 ? '1' : undefined)
    expect(counted).toHaveLength(1)
    await close()
  })

  test("a nonce that cannot be looked up is nobody's: nothing is done", async () => {
    const nonces = {
      take: async (): Promise<never> => {
        throw new Fault('unavailable', 'away')
      },
    }
    const { url, close } = await openDoor({ answer: async () => ({ kind: 'absent' }) }, { nonces })
    expect((await sendTo(messageOf(settle), url)).json).toMatchObject({ code: 'busy' })
    await close()
  })

  test('a closing server takes nothing', async () => {
    const nonces = noncesHere()
    const { url, close } = await openDoor(
      { answer: async () => ({ kind: 'absent' }) },
      { nonces, closing: () => true },
    )
    expect(await sendTo(messageOf(settle), url)).toMatchObject({
      status: 503,
      json: { code: 'closing' },
    })
    await close()
  })
})
