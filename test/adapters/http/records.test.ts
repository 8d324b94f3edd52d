import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServed, person } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const body = {
  desk: { division: '510100', operator: 'op1' },
  kind: 'disability',
  number: 'D-2026-0007',
  issuer: '演示机关',
  from: '2024-01-01',
  mediaType: 'application/pdf',
  copy: Buffer.from('%PDF-1.7 演示证照').toString('base64'),
}
const keep = (more: object = {}, key?: string, whose = person) =>
  served.post(`/v1/people/${whose}/certificates`, { ...body, ...more }, key)

describe('F2 信息记录: person and insurance records with history, copies of e-certificates', () => {
  test('a copy is kept once, listed with who kept it, and given back to the byte', async () => {
    const told = await keep({}, 'first')
    expect(told.status).toBe(201)
    const digest = String(told.json['certificate'])
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    const again = await keep({}, 'first')
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([told.text, 'true'])
    expect((await keep({}, 'other')).json).toMatchObject({
      code: 'entry-already-there',
      facts: { entry: digest },
    })
    const records = (await served.ask(`/v1/people/${person}/records`)).json
    expect(records['certificates']).toMatchObject([
      { kind: 'disability', certificate: digest, desk: { operator: 'op1' } },
    ])
    const copy = (await served.ask(`/v1/people/${person}/certificates/${digest}`)).json
    expect(copy).toEqual({ certificate: digest, mediaType: body.mediaType, copy: body.copy })
  })

  test('insurance is told as it was recorded, each state with its moment', async () => {
    const { json } = await served.ask(`/v1/people/${person}/records`)
    expect(json['insurance']).toMatchObject([
      { version: 1, region: '510100', coverages: [{ scheme: 'employee', region: '510100' }] },
    ])
  })

  test('nothing is kept of nobody, of another person’s copy, or of what cannot be', async () => {
    expect((await keep({}, undefined, '510100000000000000009999')).json['code']).toBe(
      'person-unknown',
    )
    expect((await keep({ until: '2023-12-31' })).json).toMatchObject({
      code: 'field-invalid',
      facts: { field: '/until' },
    })
    expect((await keep({ copy: 'not base64!' })).status).toBe(400)
    const digest = 'ab'.repeat(32)
    const told = await served.ask(`/v1/people/${person}/certificates/${digest}`)
    expect([told.status, told.json['code']]).toEqual([404, 'certificate-not-found'])
    expect((await served.ask('/v1/people/510100000000000000009999/records')).status).toBe(404)
  })

  test('the copy stands encrypted in the database, and the books hold together', async () => {
    const { rows } = await served.owner.query(
      "select count(*)::int as found from dossier_entry where position('%PDF'::bytea in body) > 0",
    )
    expect(rows[0].found).toBe(0)
    expect(await served.violations()).toEqual([])
  })
})
