import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOfCallerKey, newCallerKey } from '../../../adapters/crypto/callerKeys.ts'
import { writeCallers } from '../../../adapters/crypto/callersFile.ts'
import { operatorFields } from '../../../adapters/http/permission.ts'
import { at as caseAt, openAgencyDesk, region } from './agencyDesk.ts'
import { at, keyIn, terminal } from './cardDesk.ts'
import type { Told } from './served.ts'

// Four eyes are two people where each has a key of their own: a key that names its operators acts in no other name.

const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-operators-'))
const holders = {
  entry: ['录入甲'],
  review: ['初审乙', 'op1'],
  entry2: ['0002'],
  system: undefined,
} as const
type Holder = keyof typeof holders
const keys = new Map(Object.keys(holders).map((id) => [id, newCallerKey(id)]))

let desk: Awaited<ReturnType<typeof openAgencyDesk>>
beforeAll(async () => {
  const file = path.join(folder, 'callers.yaml')
  const entries = Object.entries(holders).map(([id, operators]) => ({
    id,
    role: 'desk' as const,
    ...(operators && { operators: [...operators] }),
    keys: [hashOfCallerKey(keys.get(id) as string)],
  }))
  writeFileSync(file, writeCallers(entries), { mode: 0o600 })
  desk = await openAgencyDesk({ CALLERS_FILE: file })
})
afterAll(async () => {
  await desk.served.close()
  rmSync(folder, { recursive: true })
})

let sent = 0
const as = (
  holder: Holder,
  where: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Told> =>
  desk.ask(where, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keys.get(holder)}`,
      'content-type': 'application/json',
      'idempotency-key': `o${++sent}`,
      ...headers,
    },
    body: JSON.stringify(body),
  })

const notOwn = { status: 403, json: { code: 'operator-not-own' } }

test('whoever entered a case cannot review it in the name of another', async () => {
  const entered = await as('entry', '/v1/reimbursements', desk.paper())
  expect(entered.status).toBe(201)
  const review = `/v1/${caseAt(entered)}/review`
  const before = await desk.served.count()
  expect(await as('entry', review, { region, by: '初审乙' })).toMatchObject(notOwn)
  expect(await desk.served.count()).toEqual(before)
  const reviewed = await as('review', review, { region, by: '初审乙' })
  expect(reviewed).toMatchObject({ status: 201, json: { state: 'settled' } })
})

test('the refusal names the field and the person, in both languages, and stands in the access log', async () => {
  const told = await as('review', '/v1/reimbursements', desk.paper())
  expect(told.json).toMatchObject({
    message: {
      en: expect.stringContaining('录入甲 (by)'),
      zh: expect.stringContaining('录入甲（by）'),
    },
  })
  const { rows } = await desk.served.owner.query(
    `select caller, subject from access_log where reason = 'operator-not-own' order by position desc limit 1`,
  )
  expect(rows).toEqual([{ caller: 'review', subject: 'POST /v1/reimbursements' }])
})

describe('at a card desk', () => {
  const card = `/v1/cards/${'0f'.repeat(16)}`
  const documents = [{ kind: 'own-card' }, { kind: 'id-document' }]
  const reset = (second: string, key?: string): Promise<Told> =>
    as(
      'entry2',
      `${card}/pin-reset`,
      {
        ...at(region, { operator: '0002', second }),
        documents,
        terminal,
        newPin: keyIn('739146', '0'),
      },
      key === undefined ? {} : { 'second-authorization': `Bearer ${key}` },
    )

  test('whoever does it is one of the key’s own', async () => {
    const loss = (operator: string) =>
      as('review', `${card}/temporary-loss`, { ...at(region, { operator }), documents })
    expect(await loss('op1')).toMatchObject({ json: { code: 'card-not-found' } })
    expect(await loss('op2')).toMatchObject(notOwn)
  })

  test('the second of two people shows a key of their own', async () => {
    expect(await reset('op1', keys.get('review'))).toMatchObject({
      json: { code: 'card-not-found' },
    })
    expect(await reset('op1')).toMatchObject(notOwn)
    expect(await reset('op1', keys.get('entry'))).toMatchObject(notOwn)
    expect(await reset('op1', keys.get('system'))).toMatchObject(notOwn)
    expect(await reset('op1', newCallerKey('review'))).toMatchObject(notOwn)
  })
})

test('a key without operators vouches for whoever it names, and GET /v1/me says in whose name a key acts', async () => {
  expect((await as('system', '/v1/reimbursements', desk.paper({ by: '任何人' }))).status).toBe(201)
  const me = async (holder: Holder) =>
    (await desk.ask('/v1/me', { headers: { authorization: `Bearer ${keys.get(holder)}` } })).json[
      'operators'
    ]
  expect([await me('review'), await me('system')]).toEqual([['初审乙', 'op1'], undefined])
})

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** Every path of a body at which somebody of the staff is named. */
const namesIn = (schema: Schema, place = ''): string[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    ...(['by', 'operator', 'second'].includes(name) || /经办人|复核人/.test(inner.description ?? '')
      ? [place + name]
      : []),
    ...namesIn(inner, `${place}${name}.`),
  ]),
  ...(schema.items ? namesIn(schema.items, `${place}[].`) : []),
  ...(schema.anyOf ?? []).flatMap((one) => namesIn(one, place)),
]

test('every field of a body in which staff are named is looked at', async () => {
  const { paths } = (await desk.ask('/openapi.json')).json as {
    paths: Record<
      string,
      { post?: { requestBody?: { content: Record<string, { schema: Schema }> } } }
    >
  }
  const found = Object.values(paths).flatMap(({ post }) =>
    Object.values(post?.requestBody?.content ?? {}).flatMap(({ schema }) => namesIn(schema)),
  )
  expect([...new Set(found)].toSorted()).toEqual([...operatorFields].toSorted())
})
