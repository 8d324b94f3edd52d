import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eCardsAt } from '../../support/eCards.ts'
import { personOf } from '../../support/reader.ts'
import { openServed } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>
let tokenOf: (key: string) => Promise<string>
beforeAll(async () => {
  served = await openServed({ REGIONS: '510100,510700,440100' })
  const eCards = eCardsAt(served.post)
  tokenOf = async (key) => eCards.token(key, { purpose: 'self-service' })
})
afterAll(() => served.close())

const idOf = (key: string): string => personOf(key).person.id
const desk = { division: '510104', operator: 'op1' }
const travel = { desk, kind: 'other', careRegion: '440103', from: '2026-03-02' }
const residence = {
  ...travel,
  kind: 'long-term-resident',
  documents: [{ type: 'residence-permit', number: 'RP-2026-0001' }],
}

const file = (key: string, body: object, idempotencyKey?: string) =>
  served.post(`/v1/people/${idOf(key)}/filings`, body, idempotencyKey)
const act = (key: string, filing: unknown, does: string, body: object, idempotencyKey?: string) =>
  served.post(`/v1/people/${idOf(key)}/filings/${String(filing)}/${does}`, body, idempotencyKey)
const listOf = async (key: string) =>
  (await served.ask(`/v1/people/${idOf(key)}/filings`)).json['items'] as Record<string, unknown>[]

/** What the pool pays of a bill in Guangzhou, as a preview tells it. */
async function pool(key: string): Promise<unknown> {
  const lines = [
    {
      id: 'L1',
      item: 'XN02BEB001A001010100013',
      quantity: '1',
      unitPrice: '1200',
      amount: '1200.00',
    },
  ]
  const { json } = await served.post('/v1/settlements/preview', {
    institution: 'H44010000001',
    day: '2026-03-02',
    credential: { type: 'citizen-number', number: personOf(key).citizenNumber },
    care: 'outpatient',
    useAccount: false,
    total: '1200.00',
    lines,
  })
  return json['fundTotal'] ?? json
}

describe('care away from home', () => {
  test('is filed at a desk, counts at once, and counts no more once it is withdrawn', async () => {
    // Half of what is above the deductible of 200, times 0.7; filed travel 0.9.
    expect(await pool('E1')).toBe('350.00')
    const told = await file('E1', travel)
    expect([told.status, told.json]).toEqual([
      201,
      {
        filing: expect.stringMatching(/^.{30}$/),
        kind: 'other',
        reason: 'other',
        careRegion: '440100',
        home: '510100',
        from: '2026-03-02',
        until: '2026-09-02',
        filedOn: '2026-03-02',
        changeableFrom: '2026-03-02',
      },
    ])
    expect(await pool('E1')).toBe('450.00')
    const gone = await act('E1', told.json['filing'], 'withdrawal', { desk })
    expect(gone.json).toEqual({ filing: told.json['filing'], withdrawn: '2026-03-02' })
    expect(await pool('E1')).toBe('350.00')
    expect((await act('E1', told.json['filing'], 'withdrawal', { desk })).json).toMatchObject({
      code: 'entry-unknown',
    })
  })

  test('is filed once however often it is asked for under one key, with the same bytes', async () => {
    const first = await file('E2', travel, 'same')
    const again = await file('E2', travel, 'same')
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true'])
    expect((await file('E2', { ...travel, careRegion: '440300' }, 'same')).json).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    })
    expect(await listOf('E2')).toHaveLength(1)
    const { filing } = first.json
    const change = { desk, until: '2026-04-30' }
    const changed = await act('E2', filing, 'change', change, 'c1')
    expect((await act('E2', filing, 'change', change, 'c1')).text).toBe(changed.text)
    const gone = await act('E2', filing, 'withdrawal', { desk }, 'w1')
    expect((await act('E2', filing, 'withdrawal', { desk }, 'w1')).text).toBe(gone.text)
  })

  test('of two that are filed for the same place at the same moment one is', async () => {
    const both = await Promise.all([file('C1', travel), file('C1', travel)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 422])
    expect(await listOf('C1')).toHaveLength(1)
  })

  test('is refused by name, in both languages, by what its home region has decided', async () => {
    const refused = async (more: object, key = 'R1') => {
      const { json } = await file(key, { ...travel, ...more })
      return json as { code: string; facts: object; message: { zh: string; en: string } }
    }
    expect(await refused({ kind: 'retired-resettled' })).toMatchObject({
      code: 'filing-document-missing',
      facts: { documents: ['household-register', 'commitment'] },
      message: {
        en: expect.stringContaining('household-register, commitment'),
        zh: expect.stringMatching(/户口簿.*承诺书/),
      },
    })
    const referral = { kind: 'referral', documents: [{ type: 'referral-opinion' }] }
    expect(await refused({ ...referral, careRegion: 'country' })).toMatchObject({
      code: 'filing-too-wide',
      message: { zh: expect.stringContaining('统筹区') },
    })
    expect(await refused({ careRegion: '999999' })).toMatchObject({ code: 'filing-place-unknown' })
    expect(await refused({ careRegion: '510105' })).toMatchObject({ code: 'filing-not-away' })
    expect(await refused({ until: '2027-01-01' })).toMatchObject({ code: 'filing-too-long' })
    expect(await refused({ from: '2026-01-01', until: '2026-01-30' })).toMatchObject({
      code: 'filing-too-late',
    })
    expect(await refused({ until: '2026-03-01' })).toMatchObject({ code: 'field-invalid' })
    expect(await refused({ desk: { ...desk, division: '510700' } })).toMatchObject({
      code: 'desk-of-another-region',
    })
    expect(await refused({ desk: { ...desk, division: '999999' } })).toMatchObject({
      code: 'desk-unknown',
    })
    expect(await refused({ desk: undefined })).toMatchObject({ facts: { field: '/desk' } })
    const { status, json } = await served.post(
      '/v1/people/510100000000000000009999/filings',
      travel,
    )
    expect([status, json['code']]).toEqual([404, 'person-not-found'])
    expect(await listOf('R1')).toEqual([])
  })

  test('as long-term residence stands alone, and is changed in its time or where a desk answers for it', async () => {
    const told = await file('M1', { ...residence, careRegion: '440000' })
    expect(told.json).toMatchObject({ careRegion: '440000', changeableFrom: '2026-09-02' })
    expect(told.json['until']).toBeUndefined()
    expect(await file('M1', { ...residence, careRegion: '310000' })).toMatchObject({
      json: { code: 'filing-stands', facts: { filing: told.json['filing'] } },
    })
    const { filing } = told.json
    const move = { desk, careRegion: '310115', documents: residence.documents }
    expect((await act('M1', filing, 'change', move)).json).toMatchObject({
      code: 'filing-change-too-soon',
      message: { zh: '该备案自 2026-09-02 起方可变更或取消。' },
    })
    expect((await act('M1', filing, 'change', { desk })).json).toMatchObject({
      code: 'field-invalid',
    })
    const moved = await act('M1', filing, 'change', { ...move, override: '登记有误' })
    expect(moved.json).toMatchObject({ filing, careRegion: '310100', from: '2026-03-02' })
    expect(await listOf('M1')).toMatchObject([
      {
        filing,
        kind: 'long-term-resident',
        reason: 'long-term',
        state: 'in-force',
        changeableFrom: '2026-09-02',
        history: [
          {
            what: 'filed',
            by: 'desk:510104',
            operator: 'op1',
            careRegion: '440000',
            documents: ['residence-permit'],
          },
          { what: 'changed', careRegion: '310100', override: '登记有误' },
        ],
      },
    ])
    const all = JSON.stringify(await listOf('M1')) + served.logged.join('')
    expect(all).not.toContain('RP-2026-0001')
    const { rows } = await served.owner.query('select body::text from dossier_entry')
    expect(JSON.stringify(rows)).not.toContain('RP-2026')
  })

  test('that is over, withdrawn or entered with the person is told as such', async () => {
    expect(await listOf('O1')).toEqual([
      {
        reason: 'referral',
        careRegion: '440100',
        from: '2026-02-01',
        until: '2026-08-01',
        state: 'in-force',
        history: [],
      },
    ])
    await file('O1', { ...travel, careRegion: '310000', from: '2026-02-20', until: '2026-03-01' })
    const later = await file('O1', { ...travel, careRegion: '310000', from: '2026-05-01' })
    expect(later.status).toBe(201)
    const soon = await file('O1', { ...travel, careRegion: '440300' })
    await act('O1', soon.json['filing'], 'withdrawal', { desk })
    expect((await listOf('O1')).map(({ state }) => state)).toEqual([
      'withdrawn',
      'to-come',
      'over',
      'in-force',
    ])
    const told = await served.ask('/v1/people/510100000000000000009999/filings')
    expect(told.status).toBe(404)
  })
})

describe('the insured themselves', () => {
  const as = async (token: string, path: string, body?: object, key = 'k1') =>
    served.ask(path, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json', 'idempotency-key': key }),
      },
    })

  test('file, change and withdraw their own, and look at it', async () => {
    const token = await tokenOf('P1')
    const { desk: _, ...own } = travel
    const told = await as(token, '/v1/people/me/filings', own)
    expect(told.json).toMatchObject({ careRegion: '440100' })
    const one = `/v1/people/me/filings/${String(told.json['filing'])}`
    const changed = await as(token, `${one}/change`, { until: '2026-03-31' }, 'k2')
    expect(changed.json).toMatchObject({ until: '2026-03-31' })
    expect((await as(token, `${one}/withdrawal`, {}, 'k3')).status).toBe(201)
    const { json } = await as(token, '/v1/people/me/filings')
    expect(json).toMatchObject({
      person: idOf('P1'),
      items: [
        {
          state: 'withdrawn',
          history: [
            { what: 'filed', by: `self:${idOf('P1')}` },
            { what: 'changed' },
            { what: 'withdrawn' },
          ],
        },
      ],
    })
  })

  test('file for nobody else, and not in the name of a desk', async () => {
    const token = await tokenOf('P1')
    const { desk: _, ...own } = travel
    const of = (key: string) => `/v1/people/${idOf(key)}/filings`
    expect(await as(token, of('L1'), own)).toMatchObject({
      status: 403,
      json: { code: 'caller-not-allowed' },
    })
    expect((await as(token, of('L1'))).status).toBe(404)
    expect((await as(token, of('P1'), travel, 'k9')).json).toMatchObject({
      code: 'field-invalid',
      facts: { field: '/desk' },
    })
    expect(await listOf('L1')).toEqual([])
  })
})

describe('where a division belongs', () => {
  test.each([
    [
      '510107',
      { region: '510100', name: '成都市', province: '510000', served: true, hasRules: true },
    ],
    ['310000', { region: '310100', province: '310000', served: false, hasRules: true }],
    ['513401', { region: '513400', province: '510000', served: false, hasRules: false }],
    ['510000', { region: '519900', name: '四川省本级', province: '510000' }],
  ])('%s is told', async (division, told) => {
    const { status, json } = await served.ask(`/v1/regions/${division}`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ division, ...told })
    expect(json['divisions']).toContain(division)
  })

  test('a number that nobody has is not', async () => {
    expect(await served.ask('/v1/regions/999999')).toMatchObject({
      status: 404,
      json: { code: 'region-unknown' },
    })
  })
})
