import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashOfCallerKey, newCallerKey } from '../../../adapters/crypto/callerKeys.ts'
import { writeCallers } from '../../../adapters/crypto/callersFile.ts'
import { operatorFields } from '../../../adapters/http/permission.ts'
import { at as caseAt, openAgencyDesk, region } from './agencyDesk.ts'
import { at } from './cardDesk.ts'
import type { Told } from './served.ts'

// Four eyes are two people where each has a key of their own: a key that names its operators acts in no other name.

const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-operators-'))
const holders = {
  entry: ['录入甲'],
  review: ['初审乙', 'op1'],
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
const as = (holder: Holder, where: string, body: object): Promise<Told> =>
  desk.ask(where, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keys.get(holder)}`,
      'content-type': 'application/json',
      'idempotency-key': `o${++sent}`,
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

test.each([
  ['operator', { operator: 'op2' }],
  ['second', { second: 'op2' }],
])('the %s of a card desk is one of its own', async (_, more) => {
  const loss = `/v1/cards/${'0f'.repeat(16)}/temporary-loss`
  const body = { ...at(region), documents: [{ kind: 'own-card' }, { kind: 'id-document' }] }
  const changed = { ...body, desk: { ...(body as { desk?: object }).desk, ...more } }
  expect(await as('review', loss, body)).toMatchObject({ json: { code: 'card-not-found' } })
  expect(await as('review', loss, changed)).toMatchObject(notOwn)
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
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** Every path of a body at which somebody of the staff is named. */
const namesIn = (schema: Schema, place = ''): string[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    ...(['by', 'operator', 'second'].includes(name) ? [place + name] : []),
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
