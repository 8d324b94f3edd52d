import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulateTerminal } from '../../../adapters/simulator/terminal.ts'
import { openServed } from './served.ts'
import {
  cardOf,
  pharmacy,
  record,
  type RecordTold,
  signed,
  strangersCard,
  tap,
  till,
  upload,
  worldNow,
} from './taps.ts'

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed({ CLOCK: '2026-03-02T09:00:00+08:00' })
})
afterAll(() => served.close())

const hour_ms = 3_600_000
const day_ms = 24 * hour_ms
/** The sandbox enters its cards when it starts, and what was sold before is judged by that first record. */
const yesterday = worldNow - day_ms

const send = (records: readonly unknown[]): Promise<RecordTold[]> => upload(served.url, records)
const codes = (told: readonly RecordTold[]): unknown[] =>
  told.map(({ status, body }) => body.code ?? status)
const booksAreRight = async (): Promise<void> => expect(await served.violations()).toEqual([])
const listed = async (query = ''): Promise<Record<string, unknown>[]> => {
  const { json } = await served.ask(`/v1/quick-payments/offline?institution=${pharmacy}${query}`)
  return json.items as Record<string, unknown>[]
}

describe('decision 14: a terminal without a line', () => {
  test('is told of each record what became of it, on the day of the sale', async () => {
    const told = await send([
      record(cardOf('E1'), { sequence: 1, at: yesterday, hotList: yesterday }),
    ])
    expect(told[0]).toMatchObject({
      sequence: 1,
      counter: 1,
      status: 201,
      body: { day: '2026-03-01', account: '20.00', cash: '0.00', fundTotal: '0.00' },
    })
    await booksAreRight()
  })

  test('is told the same again, in whatever order and on whatever line', async () => {
    const records = [11, 12, 13].map((sequence) =>
      record(cardOf('E2'), { sequence, at: yesterday }),
    )
    const first = await send(records)
    expect(codes(first)).toEqual([201, 201, 201])
    const again = await send([records[2], records[0], records[2], records[1]])
    expect(again.map(({ body, replayed }) => [body.id, replayed])).toEqual(
      [2, 0, 2, 1].map((i) => [first[i]?.body.id, true]),
    )
  })

  test('may sell more than the account has: the pharmacy is paid, and the person owes the rest', async () => {
    const told = await send([
      record(cardOf('U1'), { sequence: 20, at: yesterday, amount: '90.00' }),
      record(cardOf('U1'), { sequence: 21, at: yesterday, amount: '90.00' }),
    ])
    // They are in the works together: either of the two may be the one that finds the account short.
    const short = told.find(({ body }) => body.receivable !== undefined)
    expect(short?.body).toMatchObject({
      account: '30.00',
      cash: '60.00',
      receivable: '60.00',
      accountBalance: '0.00',
    })
    const { json } = await served.ask(
      '/v1/ledger/accounts/receivable:510100:person:510100000000000000001008',
    )
    expect(json).toMatchObject({ debits: '60.00', credits: '0.00' })
    const total = await served.ask('/v1/ledger/trial-balance')
    expect((total.json.items as { account: string }[]).map(({ account }) => account)).toContain(
      'receivable:510100:person:*',
    )
    // Cancelled, nobody owes anything any more.
    await served.post(`/v1/settlements/${String(short?.body.id)}/cancellation`, {
      institution: pharmacy,
    })
    const after = await served.ask(
      '/v1/ledger/accounts/receivable:510100:person:510100000000000000001008',
    )
    expect(after.json).toMatchObject({ debits: '60.00', credits: '60.00' })
    await booksAreRight()
  })

  test('that sold above its limits is paid all the same, and told', async () => {
    const told = await send([
      record(cardOf('C1'), { sequence: 30, at: yesterday, amount: '150.00' }),
    ])
    expect(told[0]?.body.warnings?.map(({ code }) => code)).toContain('quick-limit-passed')
  })

  test('hears too late of a sale that is too old', async () => {
    const told = await send([record(cardOf('C1'), { sequence: 31, at: worldNow - 40 * day_ms })])
    expect(told[0]?.body.code).toBe('offline-too-late')
  })

  test('bears what its hot list named, and not what it could not know', async () => {
    const card = cardOf('W1')
    const { rows } = await served.owner.query(
      `select encode(substring(card_hash from 1 for 16), 'hex') as id from card where owner_id = '510100000000000000001006'`,
    )
    const desk = { division: '510100', operator: 'op1', channel: 'hotline' }
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const reported = await served.post(`/v1/cards/${rows[0].id}/temporary-loss`, { desk })
    expect(reported.status).toBe(201)
    const lost =
      Date.parse((await served.ask(`/v1/cards/${rows[0].id}`)).json.lossLapses as string) -
      7 * day_ms
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const told = await send([
      record(card, { sequence: 40, at: lost - 1_000, hotList: worldNow }),
      record(card, { sequence: 41, at: lost + 1_000, hotList: lost - 500 }),
      record(card, { sequence: 42, at: lost + 1_000, hotList: lost + 500 }),
    ])
    expect(codes(told)).toEqual([201, 201, 'offline-card-listed'])
    expect(told[1]?.body.warnings?.map(({ code }) => code)).toContain('card-blocked-after-list')
    expect(JSON.stringify(told[2]?.body)).toContain('终端所持黑名单已列该卡')
    // Over a line the loss stops the very next tap.
    expect((await served.post('/v1/quick-payments', tap(card))).json.code).toBe(
      'card-temporarily-lost',
    )
  })

  test('sees in its list all that became of its records, page by page', async () => {
    const items = await listed()
    expect(items.every(({ outcome }) => outcome === 'settled' || outcome === 'refused')).toBe(true)
    const late = items.find(({ sequence }) => sequence === 31)
    expect(late).toMatchObject({ outcome: 'refused', refusal: { code: 'offline-too-late' } })
    const seen: unknown[] = []
    for (let next: unknown; ; ) {
      const cursor = typeof next === 'string' ? `&cursor=${next}` : ''
      const query = `&division=510100&terminal=${till.id}&limit=3${cursor}`
      const { json } = await served.ask(
        `/v1/quick-payments/offline?institution=${pharmacy}${query}`,
      )
      seen.push(...(json.items as { sequence: number }[]).map(({ sequence }) => sequence))
      next = json.next
      if (next === undefined) break
    }
    expect(seen).toEqual(items.map(({ sequence }) => sequence))
    expect(seen).toEqual([...seen].toSorted((a, b) => Number(a) - Number(b)))
    expect(await listed('&division=510100&terminal=T9')).toEqual([])
    expect(
      (await served.ask(`/v1/quick-payments/offline?institution=${pharmacy}&terminal=T1`)).status,
    ).toBe(400)
  })
})

describe('Q1 安全: a forged record', () => {
  test('pays nothing, uses up nobody’s counter, and is listed', async () => {
    const card = cardOf('P1')
    const good = record(card, { sequence: 50, at: yesterday })
    const notTheTills = { ...good, mac: 'ab'.repeat(16) }
    const notTheCards = signed({ ...good, cryptogram: 'cd'.repeat(16) })
    const before = await served.count()
    const told = await send([notTheTills, notTheCards, notTheTills])
    expect(codes(told)).toEqual(Array(3).fill('card-not-genuine'))
    expect(told[2]?.replayed).toBe(true)
    const after = await served.count()
    expect([after['settlement'], after['transfer']]).toEqual([
      before['settlement'],
      before['transfer'],
    ])
    const items = (await listed()).filter(({ sequence }) => sequence === 50)
    expect(items.map(({ refusal }) => (refusal as { code: string }).code)).toEqual(
      Array(2).fill('card-not-genuine'),
    )
    expect(codes(await send([good]))).toEqual([201])
    expect((await served.ask('/metrics')).text).toMatch(
      /jiesuan_forgeries_total\{what="terminal"\} 2/,
    )
    await booksAreRight()
  })

  test('is every record of which anything was changed', async () => {
    const good = record(cardOf('P1'), { sequence: 60, at: yesterday })
    const changed = [
      { institution: 'H51010000001' },
      { terminal: { division: '510100', id: 'T0002' } },
      { sequence: 61 },
      { hotList: good.hotList + 1 },
      { familyAccount: true },
      { card: { number: 'D80000001', cardSn: good.card.cardSn } },
      { lines: [{ ...good.lines[0]!, item: 'XM01AEB001A001010100014' }] },
    ]
    const told = await send(changed.map((one) => ({ ...good, ...one })))
    expect(codes(told)).toEqual(changed.map(() => 'card-not-genuine'))
  })

  test('with a counter that paid something else is refused, and both are listed', async () => {
    const card = cardOf('D1')
    const good = record(card, { sequence: 70, at: yesterday })
    // A clone of the card, at another till, with the same counter.
    const clone = record(strangersCard(card, good.counter - 1), {
      sequence: 71,
      at: yesterday,
      amount: '55.00',
    })
    expect(codes(await send([good]))).toEqual([201])
    expect(codes(await send([clone]))).toEqual(['payment-repeated'])
    expect(codes(await send([clone, good]))).toEqual(['payment-repeated', 201])
  })

  test('of a card that nobody knows is listed too', async () => {
    const stranger = strangersCard({
      number: 'Z99999999',
      serial: '510100D156000005FFFFFFFFFFFFFFFF',
    })
    const one = record(stranger, { sequence: 80, at: yesterday })
    const told = await send([one])
    expect(codes(told)).toEqual(['card-unknown'])
    expect((await send([one]))[0]).toEqual({ ...told[0], replayed: true })
    expect((await listed()).find(({ sequence }) => sequence === 80)).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'card-unknown' },
    })
  })
})

test('F46: each line has its own outcome, whatever the others are', async () => {
  const good = record(cardOf('M1'), { sequence: 90, at: yesterday })
  const { mac: _mac, ...unsigned } = good
  const reply = await fetch(`${served.url}/v1/quick-payments/offline`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: ['{', JSON.stringify(unsigned), JSON.stringify(good), '', 'null'].join('\n'),
  })
  const told = (await reply.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordTold)
  expect(codes(told)).toEqual(['json-invalid', 'field-invalid', 201, 'field-invalid'])
  const plain = await served.ask('/v1/quick-payments/offline', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(good),
  })
  expect(plain.status).toBe(415)
})

test('counters that go backwards from one upload to the next settle, each once', async () => {
  const card = cardOf('O1')
  const records = [1, 2, 3, 4].map((n) =>
    record(card, { sequence: 100 + n, at: yesterday - n * hour_ms }),
  )
  for (const one of records.toReversed()) expect(codes(await send([one]))).toEqual([201])
  const other = simulateTerminal({ division: '510100', id: 'T0003' })
  expect(
    codes(await send([record(card, { sequence: 1, at: yesterday, terminal: other })])),
  ).toEqual([201])
  await booksAreRight()
})
