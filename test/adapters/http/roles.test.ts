import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rights } from '../../../adapters/http/rights.ts'
import { askerAt, type CallerId, callerIds, keyOf, roleOf } from '../../support/callers.ts'
import { openServed, person } from './served.ts'

interface Operation {
  readonly security?: readonly Record<string, readonly string[]>[]
  readonly responses: Record<string, unknown>
}

let served: Awaited<ReturnType<typeof openServed>>
let as: ReturnType<typeof askerAt>
let operations: Map<string, Operation>

/** A route as the server knows it, from the path of the document. */
const routeOf = (method: string, path: string) =>
  `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`

beforeAll(async () => {
  served = await openServed()
  as = askerAt(served.ask)
  const { paths } = (await served.ask('/openapi.json')).json as {
    paths: Record<string, Record<string, Operation>>
  }
  operations = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => [routeOf(method, path), one] as const),
    ),
  )
})
afterAll(() => served.close())

/** What tells of nobody and of nothing that is kept is open to all; what regions say to each other is signed. */
const isOpen = (route: string) => /^GET \/(livez|readyz)$|^(POST|GET) \/region\//.test(route)

const routes = () => [...operations.keys()].filter((route) => !isOpen(route))

describe('the table of rights', () => {
  test('has a row for every route that is served, and for no other', () => {
    expect(Object.keys(rights).toSorted()).toEqual(routes().toSorted())
  })

  test('lets an auditor read everything and change nothing', () => {
    const may = (route: string) => rights[route]?.may.includes('auditor') === true
    expect(routes().filter((route) => route.startsWith('GET ') && !may(route))).toEqual([])
    expect(routes().filter((route) => route.startsWith('POST ') && may(route))).toEqual([
      'POST /v1/people/:id/identity',
      'POST /v1/audit',
    ])
  })

  test('is what the OpenAPI document says', () => {
    for (const route of routes()) {
      const { security = [], responses } = operations.get(route) as Operation
      const told = security.flatMap((one) => [
        ...(one['caller'] ?? []),
        ...(one['selfService'] ? ['person'] : []),
      ])
      expect([route, ...told]).toEqual([route, ...(rights[route]?.may ?? [])])
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403']))
    }
  })

  test('says of every GET that names a person or a thing of theirs how it is recorded', () => {
    const personal = Object.entries(rights).filter(
      ([route, { names }]) =>
        route.startsWith('GET ') && ['person', 'card', 'settlement', 'case'].includes(names),
    )
    expect(personal.length).toBeGreaterThan(10)
    for (const [route, { reads }] of personal)
      expect(`${route} ${reads}`).not.toContain('undefined')
  })
})

/** A request that is let in goes wrong later, for there is nothing in it. */
async function isRefused(who: CallerId, route: string): Promise<boolean> {
  const [method = '', path = ''] = route.split(' ')
  const url = path.replace(/:\w+/g, '510100')
  const isUpload = /\/(batch|offline)$/.test(path)
  const told = await as(who, url, method === 'GET' ? undefined : isUpload ? '{}' : {})
  expect([route, told.status]).not.toEqual([route, 401])
  expect([route, told.status]).not.toEqual([route, 500])
  return told.json['code'] === 'role-not-allowed'
}

describe.each(callerIds)('the caller %s', (who) => {
  test('is refused what is not for its role, and nothing else', async () => {
    for (const route of routes().filter((each) => each !== 'GET /metrics')) {
      const wanted = rights[route]?.may.includes(roleOf(who)) !== true
      expect(`${route} ${await isRefused(who, route)}`).toBe(`${route} ${wanted}`)
    }
  })

  test('is told who it is and what it may', async () => {
    const { json } = await as(who, '/v1/me')
    const kind = who === 'hospital' ? 'institution' : 'staff'
    expect(json).toMatchObject({ kind, role: roleOf(who), name: expect.stringMatching(/^演示/) })
    expect(json['institution']).toBe(who === 'hospital' ? 'H51010000001' : undefined)
    const may = routes()
      .filter((route) => rights[route]?.may.includes(roleOf(who)))
      .map((route) => route.replace(/:(\w+)/g, '{$1}'))
    expect(json['may']).toEqual(may.toSorted())
  })
})

test('the keys of the sandbox are printed at its start', () => {
  const said = served.logged.join('')
  for (const who of callerIds) expect(said).toContain(keyOf(who).slice('Bearer '.length))
})

describe('whoever has no key', () => {
  test('may everything in the sandbox', async () => {
    const { json } = await as(undefined, '/v1/me')
    expect(json).toMatchObject({ kind: 'anonymous', role: 'anonymous', name: 'anonymous' })
    expect(json['may']).toHaveLength(Object.keys(rights).length)
    expect((await as(undefined, `/v1/people/${person}`)).status).toBe(200)
  })

  test.each([
    ['a key that nobody has', `Bearer jsk.auditor.${'A'.repeat(43)}`, 'key-invalid'],
    ['a key of another under this id', keyOf('desk').replace('desk', 'auditor'), 'key-invalid'],
    ['a key in another case', keyOf('auditor').toUpperCase().replace('JSK', 'jsk'), 'key-invalid'],
    ['a key of no form', 'Bearer jsk.', 'key-invalid'],
    ['two keys', `${keyOf('auditor')}, ${keyOf('desk')}`, 'form'],
    ['another scheme', `Basic ${Buffer.from('auditor:x').toString('base64')}`, 'form'],
    ['nothing behind the scheme', 'Bearer', 'form'],
    ['eight thousand characters', `Bearer ${'j'.repeat(8_000)}`, 'form'],
  ])(
    '%s shows nobody, rather than falling back on nobody’s rights',
    async (_says, authorization, because) => {
      for (const path of [`/v1/people/${person}`, '/v1/me', '/v1/rules']) {
        const told = await served.ask(path, { headers: { authorization } })
        expect(told).toMatchObject({
          status: 401,
          json: { code: 'caller-unknown', facts: { because } },
        })
        expect(told.headers.get('www-authenticate')).toBe('Bearer')
      }
    },
  )

  test('a header of twenty thousand characters is none', async () => {
    const told = await served.ask('/v1/me', { headers: { authorization: 'x'.repeat(20_000) } })
    expect(told).toMatchObject({ status: 431, json: { code: 'headers-too-large' } })
  })

  test('a path in another spelling is no way around', async () => {
    for (const path of ['/%761/people/', '/v%31/people/'])
      expect(await as('policy-author', path + person)).toMatchObject({
        status: 403,
        json: { code: 'role-not-allowed' },
      })
  })
})
