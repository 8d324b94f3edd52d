import { withCheckDigit } from '../../support/citizenNumber.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claim, openServed, person } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>
let ask: typeof served.ask
let post: typeof served.post
let count: typeof served.count

beforeAll(async () => {
  served = await openServed()
  ;({ ask, post, count } = served)
})
afterAll(() => served.close())

describe('a served sandbox', () => {
  test('settles, repeats, shows, lists and cancels', async () => {
    const settled = await post('/v1/settlements', claim, 'life')
    expect(settled.status).toBe(201)
    const { id } = settled.json as { id: string }
    const again = await post('/v1/settlements', claim, 'life')
    expect(again.text).toBe(settled.text)
    expect(again.headers.get('idempotency-replayed')).toBe('true')

    const shown = await ask(`/v1/settlements/${id}`)
    expect(shown.json).toMatchObject({ ...settled.json, rows: [{ id, kind: 'settlement' }] })
    const byKey = await ask(`/v1/settlements?institution=${claim.institution}&key=life`)
    expect(byKey.json).toMatchObject({ answer: { status: 201, body: settled.json } })
    const listed = await ask(`/v1/settlements?person=${person}&state=settled&limit=1`)
    expect(listed.json).toMatchObject({ items: [{ id, state: 'settled', total: '25.00' }] })

    const cancelled = await post(
      `/v1/settlements/${id}/cancellation`,
      { institution: claim.institution },
      'undo',
    )
    expect(cancelled.status).toBe(201)
    expect(cancelled.json).toMatchObject({ id, state: 'cancelled', accountBalance: '1378.15' })
    const repeated = await post(
      `/v1/settlements/${id}/cancellation`,
      { institution: claim.institution },
      'undo',
    )
    expect(repeated.text).toBe(cancelled.text)
    expect((await post('/v1/settlements', claim, 'life')).text).toBe(settled.text)
    expect((await ask(`/v1/settlements/${id}`)).json).toMatchObject({ state: 'cancelled' })
    expect(
      (await post(`/v1/settlements/${id}/cancellation`, { institution: claim.institution })).json,
    ).toMatchObject({ code: 'already-undone' })
  })

  test('a preview says what the settlement then is, and leaves nothing behind', async () => {
    const before = await count()
    const preview = await post('/v1/settlements/preview', claim)
    expect(preview.status).toBe(200)
    expect(await count()).toEqual(before)
    const settled = await post('/v1/settlements', claim)
    const { id: _id, postedAt: _at, state: _state, ...amounts } = settled.json
    expect(preview.json).toEqual({ state: 'preview', ...amounts })
  })

  test('a preview shows every line with its class, its limit and its own payment', async () => {
    const lines = [
      { id: 'L1', item: '002103000010000', quantity: '1', unitPrice: '230.00', amount: '230.00' },
    ]
    const asked = { ...claim, total: '230.00', lines }
    const preview = (await post('/v1/settlements/preview', asked)).json
    expect(preview).toMatchObject({
      lines: [{ id: 'L1', class: 'B', overLimit: '20.00', firstSelfPay: '21.00' }],
    })
    const settled = await post('/v1/settlements', asked, 'lined')
    expect(settled.json['lines']).toEqual(preview['lines'])
    expect((await post('/v1/settlements', asked, 'lined')).text).toBe(settled.text)
    const { id } = settled.json as { id: string }
    const { lines: shown } = (await ask(`/v1/settlements/${id}`)).json
    expect(shown).toEqual(preview['lines'])
  })

  test('a person sees their own, masked', async () => {
    const found = await ask(`/v1/people/${person}`)
    expect(found.json).toMatchObject({ name: '演*', citizenNumber: '510***********0110' })
    expect(found.text).not.toContain('510199198603120110')
    for (const path of ['accounts', 'accumulators', 'settlements'])
      expect((await ask(`/v1/people/${person}/${path}`)).status).toBe(200)
  })

  test('a person who is entered can settle at once', async () => {
    const citizenNumber = withCheckDigit('51019920000101001')
    const fresh = {
      id: '510100000000000000009001',
      name: '演示新',
      citizenNumber,
      region: '510100',
      coverages: [{ scheme: 'employee', group: 'working', from: '2020-01-01' }],
      card: {
        number: 'D80009001',
        serial: '510100D1560000050100000000009001',
        issued: '2024-01-01',
        expires: '2034-01-01',
      },
      openingBalance: '100.00',
    }
    expect((await post('/v1/people', fresh)).status).toBe(201)
    expect((await post('/v1/people', fresh)).json).toEqual({ id: fresh.id, created: false })
    const settled = await post('/v1/settlements', {
      ...claim,
      credential: { type: 'citizen-number', number: citizenNumber },
    })
    expect(settled.json).toMatchObject({ person: fresh.id, accountBalance: '75.00' })
    const byCard = await post('/v1/settlements', {
      ...claim,
      credential: { type: 'card', number: 'D80009001' },
    })
    expect(byCard.json).toMatchObject({ person: fresh.id, accountBalance: '50.00' })
    expect(
      (await post('/v1/people', { ...fresh, citizenNumber: '510199198603120111' })).json,
    ).toMatchObject({ code: 'credential-invalid' })
  })

  test('the books balance, and balance as they stood', async () => {
    for (const query of ['', `?asOf=${encodeURIComponent('2026-03-02T08:00:00+08:00')}`])
      expect((await ask(`/v1/ledger/trial-balance${query}`)).json).toMatchObject({
        difference: '0.00',
      })
    const { items } = (await ask('/v1/ledger/accounts?limit=200')).json as {
      items: { account: string }[]
    }
    expect(items.length).toBeGreaterThan(3)
    for (const { account } of items)
      expect((await ask(`/v1/ledger/accounts/${encodeURIComponent(account)}`)).status).toBe(200)
    expect((await ask('/v1/ledger/transfers?limit=5')).status).toBe(200)
    expect((await ask(`/v1/ledger/accounts/personal:${person}`)).status).toBe(200)
  })

  test('pages follow one another and end', async () => {
    const seen = new Set<string>()
    let cursor = ''
    for (let pages = 0; pages < 20; pages++) {
      const page = (await ask(`/v1/settlements?limit=2${cursor}`)).json as {
        items: { id: string }[]
        next?: string
      }
      for (const { id } of page.items) {
        expect(seen.has(id)).toBe(false)
        seen.add(id)
      }
      if (page.next === undefined) break
      cursor = `&cursor=${page.next}`
    }
    const { rows } = await served.owner.query(
      'select count(*)::int as all from settlement where sequence = 1',
    )
    expect(seen.size).toBe((rows[0] as { all: number }).all)
  })

  test('a cursor that somebody made up is theirs to hear, never a fault', async () => {
    for (const text of ['a:', 'a:x', "a:';--", 'a:1.x', 'a:x.1', 'a:99999999999999999999.1'])
      for (const path of [
        '/v1/settlements',
        '/v1/ledger/transfers',
        '/v1/ledger/accounts',
        `/v1/ledger/transfers?owner=${person}`,
        '/v1/ledger/accounts?prefix=personal:',
      ]) {
        const cursor = Buffer.from(text).toString('base64url')
        const told = await ask(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`)
        expect([200, 400]).toContain(told.status)
      }
  })

  test('a cursor of one list is refused by every other', async () => {
    const lists = [
      '/v1/settlements?limit=1',
      `/v1/settlements?person=${person}&limit=1`,
      `/v1/people/${person}/settlements?limit=1`,
      '/v1/ledger/transfers?limit=1',
      `/v1/ledger/transfers?owner=${person}&limit=1`,
      '/v1/ledger/accounts?limit=1',
    ]
    for (const from of lists) {
      const { next } = (await ask(from)).json as { next: string }
      expect(next).toEqual(expect.any(String))
      for (const to of lists) {
        const told = await ask(`${to}&cursor=${next}`)
        expect(told.status).toBe(to === from ? 200 : 400)
        if (to !== from) expect(told.json).toMatchObject({ facts: { field: '/cursor' } })
      }
    }
  })

  test('an account stood at nothing before its first entry', async () => {
    const asOf = encodeURIComponent('2026-01-01T00:00:00+08:00')
    const path = '/v1/ledger/accounts/'
    expect((await ask(`${path}personal:${person}?asOf=${asOf}`)).json).toEqual({
      account: `personal:${person}`,
      debits: '0.00',
      credits: '0.00',
      balance: '0.00',
    })
    expect((await ask(`${path}none?asOf=${asOf}`)).status).toBe(404)
  })

  test('running sums are told in words', async () => {
    const line = { id: 'L1', item: '001101000010000', quantity: '1' }
    const lines = [{ ...line, unitPrice: '12.00', amount: '12.00' }]
    expect((await post('/v1/settlements', { ...claim, total: '12.00', lines })).status).toBe(201)
    const { items } = (await ask(`/v1/people/${person}/accumulators`)).json as { items: object[] }
    expect(items).toContainEqual({
      year: '2026',
      region: '510100',
      scheme: 'employee',
      name: 'deductible.outpatient',
      period: 'benefit year',
      value: expect.stringMatching(/^\d+\.\d\d$/),
    })
    expect(JSON.stringify(items)).not.toContain('|')
  })

  test('a batch settles line by line', async () => {
    const lines = [1, 2, 3].map((n) => JSON.stringify({ key: `batch${n}`, ...claim }))
    const reply = await ask('/v1/settlements/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: [lines[0], '{}', lines[1], lines[0], lines[2]].join('\n'),
    })
    const told = reply.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { status: number; replayed?: true })
    expect(told.map(({ status, replayed }) => [status, replayed])).toEqual([
      [201, undefined],
      [400, undefined],
      [201, undefined],
      [201, true],
      [201, undefined],
    ])
  })
})

test('after all of this the books are right, and the log names nobody', async () => {
  expect(await served.violations()).toEqual([])
  expect(served.named()).toEqual([])
  expect(served.logged.join('')).not.toMatch(/"level":"(error|fatal)"/)
})
