import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askerAt, ownInstitution } from '../../support/callers.ts'
import { personOf } from '../../support/reader.ts'
import { claim, openServed, person } from './served.ts'
import { cardOf, pharmacy, record, tap as tapAt } from './taps.ts'

let served: Awaited<ReturnType<typeof openServed>>
let as: ReturnType<typeof askerAt>
let own: string
let others: string

const other = 'H51010000002'
const otherClaim = { ...claim, institution: other }

beforeAll(async () => {
  served = await openServed()
  as = askerAt(served.ask)
  own = String((await as('hospital', '/v1/settlements', claim, 'own')).json['id'])
  others = String((await as(undefined, '/v1/settlements', otherClaim, 'others')).json['id'])
})
afterAll(() => served.close())

const asHospital = async (path: string, body?: unknown, key?: string) =>
  as('hospital', path, body, key)
const saidOf = ({ status, json }: { status: number; json: Record<string, unknown> }) =>
  `${status} ${String(json['code'])}`
const notOwn = '403 institution-not-own'

describe('an institution', () => {
  test('settles, previews, asks and cancels what is its own', async () => {
    expect((await asHospital('/v1/settlements/preview', claim)).status).toBe(200)
    expect((await asHospital(`/v1/settlements/${own}`)).json).toMatchObject({ id: own })
    const again = await asHospital('/v1/settlements', claim, 'own')
    expect(again.json['id']).toBe(own)
    const asked = await asHospital(`/v1/settlements?key=own`)
    expect(asked.json['answer']).toMatchObject({ status: 201, body: { id: own } })
    const third = String((await asHospital('/v1/settlements', claim)).json['id'])
    const undone = await asHospital(`/v1/settlements/${third}/cancellation`, {
      institution: ownInstitution,
    })
    expect(undone.json).toMatchObject({ state: 'cancelled' })
    const reversal = { institution: ownInstitution, key: 'never', person }
    expect((await asHospital('/v1/reversals', reversal)).json).toMatchObject({ happened: false })
  })

  test('asks for nothing in the name of another', async () => {
    const before = await served.count()
    const tap = { institution: other }
    const cases: [string, unknown][] = [
      ['/v1/settlements', otherClaim],
      ['/v1/settlements/preview', otherClaim],
      ['/v1/reversals', { institution: other, key: 'others', person }],
      [`/v1/settlements/${own}/cancellation`, tap],
      [`/v1/settlements/${others}/cancellation`, tap],
      [`/v1/settlements/${own}/collection`, tap],
      ['/v1/quick-payments', tapAt(cardOf('E1'))],
      ['/v1/cards/authentication', { institution: other, terminal: 'POS-0001' }],
    ]
    for (const [path, body] of cases)
      expect(`${path} ${saidOf(await asHospital(path, body))}`).toBe(`${path} ${notOwn}`)
    expect(await served.count()).toEqual(before)
  })

  test('of a key that another used it learns nothing, and repeats nothing', async () => {
    expect(saidOf(await asHospital('/v1/settlements?key=others'))).toBe('404 key-unknown')
    expect(saidOf(await asHospital(`/v1/settlements?key=others&institution=${other}`))).toBe(notOwn)
    expect(saidOf(await asHospital('/v1/settlements', otherClaim, 'others'))).toBe(notOwn)
  })

  test('is told of what is another’s as of what is not there', async () => {
    const nobodys = '0'.repeat(30)
    const cancel = { institution: ownInstitution }
    const ask = async (id: string): Promise<string[]> =>
      Promise.all([
        asHospital(`/v1/settlements/${id}`).then(({ text }) => text),
        asHospital(`/v1/settlements/${id}/collection`).then(({ text }) => text),
        asHospital(`/v1/settlements/${id}/cancellation`, cancel).then(({ text }) => text),
        asHospital(`/v1/settlements/${id}/collection`, cancel).then(({ text }) => text),
      ])
    const told = await ask(others)
    expect(told.map((text) => (JSON.parse(text) as { status: number }).status)).toEqual([
      404, 404, 404, 404,
    ])
    expect(told).toEqual((await ask(nobodys)).map((text) => text.replaceAll(nobodys, others)))
    expect((await as(undefined, `/v1/settlements/${others}`)).json).toMatchObject({
      state: 'settled',
    })
  })

  test('lists its own rows, whatever it asks for', async () => {
    const all = await as(undefined, '/v1/settlements')
    expect(all.text).toContain(others)
    for (const query of [
      '',
      `?person=${person}`,
      '?limit=1',
      '?state=settled',
      `?from=2026-03-02`,
    ]) {
      const { json } = await asHospital(`/v1/settlements${query}`)
      const items = json['items'] as { institution: string }[]
      expect(items.length).toBeGreaterThan(0)
      for (const { institution } of items) expect(institution).toBe(ownInstitution)
    }
    expect(saidOf(await asHospital(`/v1/settlements?institution=${other}`))).toBe(notOwn)
    // Given twice it is no institution at all.
    const twice = `/v1/settlements?institution=${ownInstitution}&institution=${other}`
    expect(saidOf(await asHospital(twice))).toBe('400 field-invalid')
  })

  test('a cursor of somebody else’s list leads nowhere', async () => {
    const { next } = (await as(undefined, '/v1/settlements?limit=1')).json
    expect(saidOf(await asHospital(`/v1/settlements?limit=1&cursor=${String(next)}`))).toBe(
      '400 field-invalid',
    )
  })

  test('of a batch only its own lines are worked on', async () => {
    const lines = [
      { key: 'b1', ...claim },
      { key: 'b2', ...otherClaim },
      { key: 'others', ...otherClaim },
      { key: 'b3', ...claim },
    ]
    const told = await asHospital(
      '/v1/settlements/batch',
      lines.map((one) => JSON.stringify(one)).join('\n'),
    )
    const answers = told.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { status: number; body: { code?: string } })
    expect(answers.map(({ status, body }) => `${status} ${body.code ?? ''}`.trim())).toEqual([
      '201',
      notOwn,
      notOwn,
      '201',
    ])
  })

  test('uploads payments without a line, and looks at them, for itself alone', async () => {
    const line = JSON.stringify(record(cardOf('E1'), { sequence: 1 }))
    const told = await asHospital('/v1/quick-payments/offline', `${line}\n`)
    expect(JSON.parse(told.text)).toMatchObject({
      status: 403,
      body: { code: 'institution-not-own' },
    })
    const list = `/v1/quick-payments/offline?institution=${pharmacy}`
    expect(saidOf(await asHospital(list))).toBe(notOwn)
    expect((await as('desk', list)).json['items']).toEqual([])
  })

  test('sees of clearing its own runs, applications and advances', async () => {
    expect((await asHospital('/v1/clearing/runs')).status).toBe(200)
    for (const path of ['runs', 'applications']) {
      const own = `/v1/clearing/${path}?institution=${ownInstitution}`
      expect((await asHospital(own)).status).toBe(200)
      expect(saidOf(await asHospital(`/v1/clearing/${path}?institution=${other}`))).toBe(notOwn)
    }
    expect((await asHospital(`/v1/clearing/advances/${ownInstitution}`)).status).toBe(200)
    expect(saidOf(await asHospital(`/v1/clearing/advances/${other}`))).toBe(notOwn)
    for (const part of ['', '/rows', '/disputes'])
      expect(saidOf(await asHospital(`/v1/clearing/runs/${others}${part}`))).toBe(
        '404 clearing-run-unknown',
      )
  })

  test('looks into nothing that is kept of people', async () => {
    const { id } = personOf('E1').person
    for (const path of [
      `/v1/people/${id}`,
      `/v1/people/${id}/accounts`,
      `/v1/ledger/accounts/personal:${id}`,
    ])
      expect(saidOf(await asHospital(path))).toBe('403 role-not-allowed')
  })

  test('whatever it was refused is in the access log', async () => {
    const { json } = await as('auditor', '/v1/access-log?caller=hospital&action=denied&limit=200')
    const items = json['items'] as { subject: string; reason: string; person?: string }[]
    const told = items.map(({ subject, reason }) => `${reason}: ${subject}`)
    for (const wanted of [
      'institution-not-own: POST /v1/settlements',
      'institution-not-own: POST /v1/settlements/batch',
      'institution-not-own: GET /v1/settlements',
      `settlement-unknown: GET /v1/settlements/:id ${others}`,
      `settlement-unknown: POST /v1/settlements/:id/cancellation ${others}`,
      'role-not-allowed: GET /v1/people/:id',
    ])
      expect(told).toContain(wanted)
    const looked = items.find(({ subject }) => subject === `GET /v1/settlements/:id ${others}`)
    expect(looked?.person).toBe(person)
  })
})
