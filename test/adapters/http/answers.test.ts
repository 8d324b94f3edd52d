import { Value } from 'typebox/value'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { messages } from '../../../adapters/http/messages.ts'
import { SettlementAnswer } from '../../../adapters/http/settlementSchema.ts'
import { refuse, refusalCodes } from '../../../engine/refusal.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import { goodClaim, memoryDesk, openDoor } from './desk.ts'

const desk = memoryDesk()
let door: Awaited<ReturnType<typeof openDoor>>

beforeAll(async () => {
  door = await openDoor(desk)
})
afterAll(() => door.app.close())
beforeEach(() => {
  desk.next = undefined
})

const settle = (key: string, body: object = goodClaim) =>
  door.app.inject({
    method: 'POST',
    url: '/v1/settlements',
    headers: { 'idempotency-key': key },
    payload: body,
  })

describe('answers', () => {
  test('a settlement is answered 201 with every field that is promised and no other', async () => {
    const reply = await settle('a')
    expect(reply.statusCode).toBe(201)
    expect(Value.Errors(SettlementAnswer, reply.json())).toEqual([])
    for (const field of [
      'id',
      'state',
      'day',
      'region',
      'route',
      'total',
      'selfPaid',
      'overLimit',
      'firstSelfPay',
      'inScope',
      'deductible',
      'shares',
      'fundTotal',
      'personTotal',
      'account',
      'familyAccount',
      'cash',
      'hospitalShare',
      'employerShare',
      'accountBalance',
      'warnings',
      'rulePack',
      'trace',
    ])
      expect(reply.json()).toHaveProperty(field)
  })

  test('a repeat gets the same bytes and says that it is one', async () => {
    const first = await settle('b')
    const again = await settle('"b"')
    expect(again.body).toBe(first.body)
    expect(again.statusCode).toBe(201)
    expect(first.headers['idempotency-replayed']).toBeUndefined()
    expect(again.headers['idempotency-replayed']).toBe('true')
  })

  test('the order of fields and the spacing between them make no other request', async () => {
    const first = await settle('c')
    const turned = Object.fromEntries(Object.entries(goodClaim).toReversed())
    const again = await door.app.inject({
      method: 'POST',
      url: '/v1/settlements',
      headers: { 'idempotency-key': 'c', 'content-type': 'application/json' },
      payload: JSON.stringify(turned, null, 4),
    })
    expect(again.body).toBe(first.body)
  })

  test('another body under the same key is refused with the field that differs', async () => {
    await settle('d')
    const other = await settle('d', { ...goodClaim, useAccount: false })
    expect(other.statusCode).toBe(422)
    expect(other.json()).toMatchObject({
      code: 'idempotency-key-reused',
      facts: { field: '/total' },
    })
  })

  test('a request without a key is refused before its body is looked at', async () => {
    const reply = await door.app.inject({
      method: 'POST',
      url: '/v1/settlements',
      payload: { total: 1 },
    })
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toMatchObject({ code: 'idempotency-key-missing' })
  })

  test.each([
    [{ kind: 'inProgress' }, 409, 'in-progress', '1'],
    [{ kind: 'busy' }, 503, 'busy', '1'],
    [{ kind: 'unknown' }, 503, 'outcome-unknown', '2'],
    [{ kind: 'bug', reference: 'R1' }, 500, 'internal-error', undefined],
  ] as const)('%j is told in its own word', async (outcome, status, code, retryAfter) => {
    desk.next = outcome as Outcome
    const reply = await settle('e')
    expect(reply.statusCode).toBe(status)
    expect(reply.json()).toMatchObject({ code, status })
    expect(reply.headers['retry-after']).toBe(retryAfter)
  })

  test('what was answered under a key can be asked for', async () => {
    const first = await settle('f')
    const url = '/v1/settlements?institution=H51010000001&key='
    const asked = (await door.app.inject(`${url}f`)).json() as { answer: object }
    expect(asked.answer).toEqual({ status: 201, body: first.json() })
    expect((await door.app.inject(`${url}never`)).statusCode).toBe(404)
  })

  test('a settlement of another institution is told like none at all', async () => {
    const refusal = refuse('settlement-of-another-institution')
    desk.next = { kind: 'refused', refusal, replayed: false }
    const cancel = (id: string, key: string) =>
      door.app.inject({
        method: 'POST',
        url: `/v1/settlements/${id}/cancellation`,
        headers: { 'idempotency-key': key },
        payload: { institution: 'H51010000001' },
      })
    const hidden = await cancel('X', 'g')
    const absent = await cancel('X', 'h')
    expect(hidden.statusCode).toBe(404)
    expect(hidden.body).toBe(absent.body)
  })
})

describe('reasons to refuse', () => {
  test('every one has its sentences in two languages and a status', () => {
    for (const code of refusalCodes) {
      const { status, en, zh, title } = messages[code]
      expect([404, 422, 503]).toContain(status)
      expect(en).toMatch(/^[A-Z].*\.$/)
      expect(zh).toMatch(/\p{Script=Han}.*。$/u)
      expect(title.length).toBeLessThan(60)
    }
  })

  test('the moment a temporary loss lapses is told as people read it', async () => {
    const lapses = Date.parse('2026-03-09T01:00:00Z')
    desk.next = {
      kind: 'refused',
      refusal: refuse('card-temporarily-lost', { lapses }),
      replayed: false,
    }
    const { facts, message } = (await settle('i')).json() as {
      facts: object
      message: { en: string }
    }
    expect(facts).toEqual({ lapses: '2026-03-09T09:00:00.000+08:00' })
    expect(message.en).toContain('2026-03-09T09:00:00.000+08:00')
  })
})

describe('closing and failing', () => {
  test('a server that closes says so, is not ready, and takes nothing new', async () => {
    door.door.closing = true
    const [ready, live, claim] = [
      await door.app.inject('/readyz'),
      await door.app.inject('/livez'),
      await settle('j'),
    ]
    door.door.closing = false
    expect(ready.statusCode).toBe(503)
    expect(ready.json()).toMatchObject({ code: 'not-ready', facts: { reasons: ['closing'] } })
    expect(ready.headers['retry-after']).toBe('2')
    expect(live.statusCode).toBe(200)
    expect(claim.statusCode).toBe(503)
    expect(claim.json()).toMatchObject({ code: 'closing' })
    expect(claim.headers.connection).toBe('close')
  })

  test('an exception fails its request alone and tells nothing but a reference', async () => {
    desk.next = new Proxy({} as Outcome, {
      get: () => {
        throw new Error('select * from settlement where name = 演示甲')
      },
    })
    const reply = await settle('k')
    expect(reply.statusCode).toBe(500)
    expect(reply.json()).toMatchObject({ code: 'internal-error' })
    expect(reply.body).not.toContain('select')
    expect((await settle('l')).statusCode).toBe(201)
  })
})
