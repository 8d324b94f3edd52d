import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claim as any, openServed, person } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

/** Of an item that the catalogue holds: nothing else is warned of. */
const claim = {
  ...any,
  lines: any.lines.map((line) => ({ ...line, item: 'XC08CAA101A001010100002' })),
}

/** Mianyang refuses the same bill within a minute at one terminal; E1 is insured in Chengdu and may go there. */
const mianyang = { ...claim, institution: 'H51070000001', useAccount: false }
const at = (terminal: string | undefined) => ({ ...mianyang, terminal })
const settle = async (body: unknown, key?: string) => served.post('/v1/settlements', body, key)

interface Item {
  readonly subject: string
  readonly settlements: readonly string[]
  readonly problem: { readonly en: string; readonly zh: string }
  readonly facts: Readonly<Record<string, unknown>>
}
const list = async (name: string, query = '') =>
  (await served.ask(`/v1/anomalies/${name}${query}`)).json as { items: Item[]; next?: string }

describe('the same bill under other keys', () => {
  let first: string
  test('is refused at the terminal that has just settled it, and a preview says so as well', async () => {
    const settled = await settle(at('POS-1'), 'once')
    expect(settled).toMatchObject({ status: 201, json: { warnings: [] } })
    first = settled.json['id'] as string
    const refused = await settle(at('POS-1'), 'twice')
    expect(refused).toMatchObject({
      status: 422,
      json: { code: 'bill-already-settled', facts: { settlement: first } },
    })
    const { message } = refused.json as { message: { en: string; zh: string } }
    expect(message.en).toContain(first)
    expect(message.zh).toContain(first)
    const preview = await served.post('/v1/settlements/preview', at('POS-1'))
    expect(preview).toMatchObject({ status: 422, json: { code: 'bill-already-settled' } })
    // The key of the first is still its own, and that of the second stays refused.
    expect((await settle(at('POS-1'), 'once')).headers.get('idempotency-replayed')).toBe('true')
    expect((await settle(at('POS-1'), 'twice')).status).toBe(422)
  })

  test('is settled, warned of and listed at another terminal, and where none is told', async () => {
    expect(await list('same-bill')).toEqual({ items: [] })
    const second = await settle(at('POS-2'))
    const third = await settle(mianyang)
    for (const told of [second, third])
      expect(told).toMatchObject({
        status: 201,
        json: { warnings: [{ code: 'same-bill-settled' }] },
      })
    const { items } = await list('same-bill')
    const ids = [third, second].map(({ json }) => json['id'])
    expect(items.map(({ subject }) => subject)).toEqual(ids)
    expect(items[1]).toMatchObject({
      person,
      institution: 'H51070000001',
      settlements: [ids[1], first],
      day: '2026-03-02',
      problem: {
        en: expect.stringContaining('25.00 yuan'),
        zh: expect.stringContaining('25.00元'),
      },
      facts: { total: '25.00', sameTerminal: false },
    })
  })

  test('is only suspect in a region that says nothing of it', async () => {
    const chengdu = { ...claim, terminal: 'POS-1' }
    expect((await settle(chengdu)).status).toBe(201)
    expect((await settle(chengdu)).json).toMatchObject({
      warnings: [{ code: 'same-bill-settled' }],
    })
  })

  test.each(['', ' ', 'x'.repeat(101), '终端', 5])(
    'tells a terminal in its form: %j is none',
    async (terminal) => {
      const told = await settle({ ...mianyang, terminal })
      expect(told).toMatchObject({ status: 400, json: { facts: { field: '/terminal' } } })
    },
  )
})

describe('what is worth a look', () => {
  test('is named in both languages, with its thresholds and how much there is', async () => {
    const { items } = (await served.ask('/v1/anomalies')).json as {
      items: Record<string, unknown>[]
    }
    expect(items.map(({ name }) => name)).toEqual([
      'two-places',
      'same-bill',
      'under-limit',
      'lost-card',
      'peers',
      'jump',
    ])
    expect(items[1]).toMatchObject({
      title: { en: 'Bills that may be charged twice', zh: '疑似重复结算' },
      count: 3,
    })
    expect(items[2]?.['thresholds']).toContainEqual({
      name: 'under-limit.bills',
      region: '*',
      from: '2000-01-01',
      value: '3',
      unit: 'count',
      source: expect.stringMatching(/^\[own\]/),
    })
    for (const { thresholds } of items) expect(thresholds).not.toEqual([])
  })

  test('comes page by page, each once, while more is found', async () => {
    const all = (await list('same-bill')).items.map(({ subject }) => subject)
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await list('same-bill', `?limit=1${cursor}`)
      seen.push(...page.items.map(({ subject }) => subject))
      if (seen.length === 1) await settle(at('POS-3'))
      cursor = page.next === undefined ? '' : `&cursor=${page.next}`
    } while (cursor !== '')
    expect(seen).toEqual(all)
  })

  test.each([
    '/v1/anomalies/nothing',
    '/v1/anomalies/same_bill',
    `/v1/anomalies/${encodeURIComponent('peers; drop table settlement')}`,
    '/v1/anomalies/peers?limit=0',
    '/v1/anomalies/peers?limit=201',
    '/v1/anomalies/peers?cursor=AAAA',
    '/v1/anomalies/peers?person=1',
    '/v1/anomalies/peers?cursor=' + 'A'.repeat(401),
  ])('%s is not asked of the database', async (path) => {
    expect((await served.ask(path)).status).toBe(400)
  })

  test('takes no cursor of another list, nor a place that nobody gave', async () => {
    const { next } = await list('same-bill', '?limit=1')
    expect((await served.ask(`/v1/anomalies/peers?cursor=${next}`)).status).toBe(400)
    const mark = Buffer.from(next ?? '', 'base64url')
      .toString('utf8')
      .split(':')[0] as string
    for (const place of ['', 'x', '2026-99-99 x', "2026-03-02' or true --"]) {
      const cursor = Buffer.from(`${mark}:${place}`).toString('base64url')
      expect((await served.ask(`/v1/anomalies/same-bill?cursor=${cursor}`)).status).toBe(400)
    }
  })

  test('is found for every way in which it may be told, in whole sentences', async () => {
    for (const name of ['two-places', 'under-limit', 'lost-card', 'peers', 'jump'])
      expect((await served.ask(`/v1/anomalies/${name}`)).status).toBe(200)
    expect(await served.violations()).toEqual([])
  })
})
