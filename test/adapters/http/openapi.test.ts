import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serviceBodies } from '../../../adapters/http/cardSchema.ts'
import { openDoor } from './desk.ts'

interface Operation {
  summary?: string
  tags?: string[]
  parameters?: { in: string; name: string; required?: boolean }[]
  responses: Record<string, { content?: Record<string, unknown> }>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
}

let door: Awaited<ReturnType<typeof openDoor>>
let document: Document

beforeAll(async () => {
  door = await openDoor()
  document = (await door.app.inject('/openapi.json')).json()
})
afterAll(() => door.app.close())

const reviewed = ['review', 'approval', 'refusal', 'withdrawal']
const owed = ['repayment', 'set-off', 'write-off', 'write-off-approval', 'write-off-refusal']
/** What is done to cases at the agency's desk; where a bank is connected, they are paid as well. */
const steps = [
  ...['reimbursements', 'resettlements', 'recoveries'].flatMap((cases) =>
    reviewed.map((step) => `/v1/${cases}/{id}/${step}`),
  ),
  ...owed.map((step) => `/v1/recoveries/{id}/${step}`),
]

const promised = [
  'POST /v1/reimbursements',
  'POST /v1/settlements/{id}/resettlement',
  'POST /v1/recoveries',
  ...steps.map((step) => `POST ${step}`),
  ...['reimbursements', 'resettlements', 'recoveries'].flatMap((cases) => [
    `GET /v1/${cases}`,
    `GET /v1/${cases}/{id}`,
  ]),
  'GET /v1/people/{id}/reimbursements',
  'POST /v1/settlements/preview',
  'POST /v1/settlements',
  'GET /v1/settlements/{id}',
  'GET /v1/settlements',
  'GET /v1/settlements/{id}/history',
  'GET /v1/search',
  'GET /v1/refusals',
  'GET /v1/institutions',
  'GET /v1/today',
  'POST /v1/settlements/{id}/cancellation',
  'POST /v1/settlements/batch',
  'POST /v1/reversals',
  'POST /v1/quick-payments',
  'POST /v1/quick-payments/offline',
  'GET /v1/quick-payments/offline',
  'GET /v1/quick-payments/hot-list',
  'POST /v1/cards/{id}/quick-payments',
  'POST /v1/cards',
  'GET /v1/anomalies',
  'GET /v1/anomalies/{name}',
  'GET /v1/cards/{id}',
  ...Object.keys(serviceBodies).map((service) => `POST /v1/cards/{id}/${service}`),
  'GET /v1/crossings',
  'GET /v1/crossings/one',
  'POST /v1/crossings/retry',
  'POST /v1/movements',
  'GET /v1/movements/{id}',
  'POST /v1/movements/{id}/cancellation',
  'POST /v1/movements/batch',
  'POST /v1/cards/authentication',
  'POST /v1/e-cards',
  'POST /v1/e-cards/closing',
  'POST /v1/e-cards/tokens',
  'POST /v1/e-cards/tokens/verification',
  'GET /v1/e-cards/keys',
  'GET /v1/people/{id}',
  'GET /v1/people/{id}/accumulators',
  'GET /v1/people/{id}/settlements',
  'GET /v1/people/{id}/accounts',
  'GET /v1/people/{id}/records',
  'GET /v1/people/{id}/certificates/{certificate}',
  'POST /v1/people/{id}/certificates',
  'GET /v1/people/{id}/filings',
  'POST /v1/people/{id}/filings',
  'POST /v1/people/{id}/filings/{filing}/change',
  'POST /v1/people/{id}/filings/{filing}/withdrawal',
  'GET /v1/regions/{division}',
  'POST /v1/people',
  'POST /v1/people/{id}/identity',
  'GET /v1/access-log',
  'GET /v1/me',
  'GET /v1/ledger/accounts',
  'GET /v1/ledger/accounts/{id}',
  'GET /v1/ledger/transfers',
  'GET /v1/ledger/trial-balance',
  'GET /v1/ledger/accounts/{id}/entries',
  'GET /v1/totals',
  'GET /v1/exports/settlements',
  'GET /v1/exports/transfers',
  'GET /v1/exports/totals',
  'GET /v1/exports/{id}/manifest',
  'GET /v1/rules',
  'GET /v1/rules/{region}',
  'GET /livez',
  'GET /readyz',
  'GET /metrics',
]

describe('the OpenAPI document', () => {
  test('its page loads without TLS from another machine, and nothing from elsewhere', async () => {
    const policy = (await door.app.inject('/docs')).headers['content-security-policy']
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toMatch(/upgrade-insecure-requests|https:|\w\.\w/)
  })

  test('is 3.1 and has exactly the paths that are promised', () => {
    expect(document.openapi).toBe('3.1.0')
    const paths = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(paths.toSorted()).toEqual(promised.toSorted())
  })

  test('every operation says what it is for and which problems it may answer', () => {
    for (const methods of Object.values(document.paths))
      for (const operation of Object.values(methods)) {
        expect(operation.summary).toBeTruthy()
        expect(operation.tags).toHaveLength(1)
        const problems = Object.entries(operation.responses).filter(([status]) => status >= '400')
        for (const [, { content }] of problems)
          expect(Object.keys(content ?? {})).toEqual(['application/problem+json'])
      }
  })

  test('the key is required of every write that is refused without one', async () => {
    const writes = Object.entries(document.paths).flatMap(([path, { post }]) =>
      post?.parameters?.some((p) => p.in === 'header' && p.required) ? [[path, post] as const] : [],
    )
    expect(writes.map(([path]) => path).toSorted()).toEqual(
      [
        ...steps,
        '/v1/reimbursements',
        '/v1/recoveries',
        '/v1/settlements/{id}/resettlement',
        '/v1/cards',
        ...[...Object.keys(serviceBodies), 'quick-payments']
          .map((service) => `/v1/cards/{id}/${service}`)
          .toSorted(),
        '/v1/e-cards',
        '/v1/e-cards/closing',
        '/v1/e-cards/tokens',
        '/v1/e-cards/tokens/verification',
        '/v1/movements',
        '/v1/movements/{id}/cancellation',
        '/v1/people/{id}/certificates',
        '/v1/people/{id}/filings',
        '/v1/people/{id}/filings/{filing}/change',
        '/v1/people/{id}/filings/{filing}/withdrawal',
        '/v1/quick-payments',
        '/v1/reversals',
        '/v1/settlements',
        '/v1/settlements/{id}/cancellation',
      ].toSorted(),
    )
    for (const [path, { parameters }] of writes) {
      expect(parameters).toContainEqual(
        expect.objectContaining({ in: 'header', name: 'idempotency-key', required: true }),
      )
      const url = path.replace(/\{\w+\}/g, 'X')
      const reply = await door.app.inject({ method: 'POST', url, payload: {} })
      expect(reply.json()).toMatchObject({ status: 400, code: 'idempotency-key-missing' })
    }
  })

  test('every example is of the form that it stands for', () => {
    const wrong: string[] = []
    const walk = (node: unknown, place: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { pattern, examples } = node as { pattern?: string; examples?: string[] }
      if (typeof pattern === 'string')
        for (const example of examples ?? [])
          if (!new RegExp(pattern, 'u').test(example)) wrong.push(`${place}: ${example}`)
      for (const [key, value] of Object.entries(node)) walk(value, `${place}/${key}`)
    }
    walk(document, '')
    expect(wrong).toEqual([])
  })

  test('every object that comes in or goes out is closed, but for facts and rules', () => {
    const open: string[] = []
    const walk = (node: unknown, place: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { type, additionalProperties } = node as Record<string, unknown>
      if (type === 'object' && additionalProperties !== false) open.push(place)
      for (const [key, value] of Object.entries(node)) walk(value, `${place}/${key}`)
    }
    walk(document, '')
    for (const place of open) expect(place).toMatch(/facts$|v1~?1?\/?.*rules.*200|\/schema$/)
  })

  test('the pages come from the server itself and from nowhere else', async () => {
    const page = await door.app.inject('/docs/')
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toContain("default-src 'self'")
    expect(page.body).not.toMatch(/(src|href)="https?:/)
    const script = await door.app.inject('/docs/static/swagger-ui-bundle.js')
    expect(script.statusCode).toBe(200)
  })
})
