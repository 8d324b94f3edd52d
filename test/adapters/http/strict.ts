import { expect } from 'vitest'
import { goodClaim, memoryDesk, openDoor } from './desk.ts'

export interface Told {
  code: string
  status: number
  facts: Record<string, unknown>
  message: { en: string; zh: string }
}

/** A server that must refuse: what it lets through to its desk is seen. */
export async function openStrictDoor() {
  const desk = memoryDesk()
  const { app } = await openDoor(desk)
  let keys = 0
  const post = (
    payload: unknown,
    headers: Record<string, string> = {},
    url = '/v1/settlements',
  ) => {
    desk.asked.length = 0
    desk.previewed.length = 0
    return app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'idempotency-key': `k${++keys}`, ...headers },
      payload:
        typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
    })
  }
  return { app, post, judge: judgeWith(desk) }
}

interface Reply {
  readonly statusCode: number
  readonly headers: object
  readonly body: string
  json(): unknown
}

/** What a reply comes to, once it has been seen that it gives nothing of ours away and that nobody was asked. */
const judgeWith =
  (desk: ReturnType<typeof memoryDesk>) =>
  (reply: Reply): object => {
    const told = reply.json() as Told
    expect(told.status).toBe(reply.statusCode)
    expect(reply.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
    })
    expect(told.message.en.length).toBeGreaterThan(0)
    expect(told.message.zh).toMatch(/\p{Script=Han}/u)
    expect(told.message.en + told.message.zh).not.toContain('…')
    expect(reply.body).not.toMatch(/\bat \/|\.ts\b|node_modules|select |insert /i)
    expect(desk.asked).toEqual([])
    expect(desk.previewed).toEqual([])
    return { status: told.status, code: told.code, field: told.facts.field }
  }

export const refusal = (status: number, code: string, field?: string): object => ({
  status,
  code,
  ...(field !== undefined && { field }),
})

/** Puts one value into a copy of the good claim; undefined takes the field away. */
export function withValue(path: string, value: unknown): unknown {
  const copy = structuredClone(goodClaim) as never
  const steps = path.split('/')
  const last = steps.pop() as string
  let at: Record<string, unknown> = copy
  for (const step of steps) at = at[step] as Record<string, unknown>
  if (value === undefined) delete at[last]
  else at[last] = value
  return copy
}

export const manyKeys = (count: number): string =>
  Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',')
