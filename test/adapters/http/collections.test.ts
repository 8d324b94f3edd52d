import { withCheckDigit } from '../../support/citizenNumber.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claim, openServed, person } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>

beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const { institution } = claim
let people = 0

/** Somebody whose card has a bank account that ends so, and a settlement of theirs that leaves cash. */
async function settled(last4: string | undefined, key?: string): Promise<string> {
  people += 1
  const citizenNumber = withCheckDigit(`51019919860312${String(500 + people)}`)
  const id = `5101000000000000000090${String(people).padStart(2, '0')}`
  const card =
    last4 === undefined
      ? {}
      : { bankAccount: `6200000000${String(people).padStart(5, '0')}${last4}` }
  const coverages = [{ scheme: 'employee', group: 'working', from: '2020-01-01' }]
  const entered = { id, name: '演示', citizenNumber, region: '510100', coverages, ...card }
  expect((await served.post('/v1/people', entered)).status).toBe(201)
  const credential = { type: 'citizen-number', number: citizenNumber }
  const bill = { ...claim, credential, useAccount: false }
  const told = await served.post('/v1/settlements', bill, key)
  expect(told.status).toBe(201)
  return String(told.json['id'])
}

const collect = async (id: string, more: object = {}, key?: string) =>
  served.post(`/v1/settlements/${id}/collection`, { institution, ...more }, key)
const look = async (id: string) => (await served.ask(`/v1/settlements/${id}/collection`)).json
const stateOf = async (id: string) =>
  ((await look(id))['items'] as { state: string }[]).map(({ state }) => state).join(' ')
const undo = async (id: string) =>
  served.post(`/v1/settlements/${id}/cancellation`, { institution })

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 25_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('not in time')
    await sleep(100)
  }
}

/** What the ledger says the window has still to take, and what the bank took for it. */
async function booked(id: string): Promise<Record<string, string>> {
  const { rows } = await served.owner.query<{ account: string; fen: bigint }>(
    `select split_part(account, ':', 2) as account, sum(fen)::text as fen from (
       select t.debit_account as account, t.amount_fen as fen, t.posting_id from transfer t
       union all select t.credit_account, -t.amount_fen, t.posting_id from transfer t
     ) legs
     where account like 'memo:%' and posting_id in (
       select id from settlement where settlement_id = $1 union all select id from movement where settlement_id = $1
     ) group by account order by 1`,
    [id],
  )
  return Object.fromEntries(rows.map(({ account, fen }) => [account, String(fen)]))
}

describe('cash collected from the bank account of the card (F6 金融支付)', () => {
  test('what the bank takes is not to be paid at the window any more', async () => {
    const id = await settled('0001')
    expect(await booked(id)).toEqual({ person: '2500', window: '-2500' })
    const told = await collect(id)
    expect(told.status).toBe(201)
    expect(told.json).toMatchObject({ settlement: id, state: 'collected', amount: '25.00' })
    expect(await booked(id)).toEqual({ bank: '-2500', person: '2500', window: '0' })
    expect(await look(id)).toMatchObject({ cash: '25.00', collected: '25.00', atWindow: '0.00' })
  })

  test('asked again under its key it is the same collection; under another there is nothing left', async () => {
    const id = await settled('0001')
    const first = await collect(id, {}, 'same-1')
    const again = await collect(id, {}, 'same-1')
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.text).toBe(first.text)
    const byKey = await served.ask(`/v1/settlements?institution=${institution}&key=same-1`)
    expect(byKey.json['answer']).toEqual({ status: 201, body: first.json })
    const other = await collect(id)
    expect([other.status, other.json['code']]).toEqual([422, 'nothing-to-collect'])
    expect((await collect(id, { amount: '1.00' }, 'same-1')).json['code']).toBe(
      'idempotency-key-reused',
    )
  })

  test('it may be collected in parts, never more than there is', async () => {
    const id = await settled('0001')
    expect((await collect(id, { amount: '10.00' })).json['amount']).toBe('10.00')
    const more = await collect(id, { amount: '15.01' })
    expect([more.status, more.json['code']]).toEqual([422, 'collection-too-large'])
    expect((await collect(id, { amount: '0.00' })).json['code']).toBe('collection-too-large')
    expect(await look(id)).toMatchObject({ collected: '10.00', atWindow: '15.00' })
    expect((await collect(id)).json['amount']).toBe('15.00')
  })

  test('what the bank refuses leaves the settlement to be paid in cash', async () => {
    for (const [last4, reason] of [
      ['9001', 'insufficient-funds'],
      ['9002', 'account-closed'],
    ] as const) {
      const id = await settled(last4)
      const told = await collect(id)
      expect(told.status).toBe(201)
      expect(told.json).toMatchObject({ state: 'refused', reason })
      expect(await look(id)).toMatchObject({ collected: '0.00', atWindow: '25.00' })
      expect((await served.ask(`/v1/settlements/${id}`)).json['state']).toBe('settled')
      expect(await booked(id)).toEqual({ person: '2500', window: '-2500' })
    }
  })

  test('a lost reply is unknown, nothing else is collected meanwhile, and it is found out', async () => {
    const id = await settled('9003')
    const told = await collect(id, {}, 'lost-1')
    expect([told.status, told.json['state']]).toEqual([201, 'unknown'])
    const other = await collect(id)
    expect([other.status, other.json['code']]).toEqual([422, 'collection-open'])
    await until(async () => (await stateOf(id)) === 'collected')
    expect((await collect(id, {}, 'lost-1')).json['state']).toBe('collected')
    expect(await booked(id)).toEqual({ bank: '-2500', person: '2500', window: '0' })
  })

  test('a bank that is slow or was never reached is asked again, and takes the money once', async () => {
    const ids = [await settled('9004'), await settled('9005'), await settled('9007')]
    const told = await Promise.all(ids.map(async (id) => collect(id)))
    expect(told.map((one) => one.json['state'])).toEqual(['unknown', 'unknown', 'unknown'])
    await until(
      async () => (await Promise.all(ids.map(stateOf))).join() === 'collected,collected,refused',
    )
    expect(await booked(ids[0]!)).toEqual({ bank: '-2500', person: '2500', window: '0' })
  })

  test('undoing the settlement gives the money back', async () => {
    const id = await settled('0001')
    await collect(id, { amount: '10.00' })
    await collect(id)
    expect((await undo(id)).status).toBe(201)
    await until(async () => (await stateOf(id)) === 'returned returned')
    expect(await booked(id)).toEqual({ bank: '0', person: '0', window: '0' })
    const told = await collect(id)
    expect([told.status, told.json['code']]).toEqual([422, 'already-undone'])
    expect(await look(id)).toMatchObject({ collected: '0.00', atWindow: '0.00' })
  })

  test('a reversal gives it back as well, also where its outcome is not known yet', async () => {
    const id = await settled('9003', 'reversed-1')
    expect((await collect(id)).json['state']).toBe('unknown')
    const owner = (await served.ask(`/v1/settlements/${id}`)).json['person']
    const reversal = { institution, key: 'reversed-1', person: owner }
    expect((await served.post('/v1/reversals', reversal)).status).toBe(201)
    await until(async () => (await stateOf(id)) === 'returned')
    expect(await booked(id)).toEqual({ person: '0', window: '0' })
  })

  test('without a bank account or without cash there is nothing to ask a bank for', async () => {
    const none = await collect(await settled(undefined))
    expect([none.status, none.json['code']]).toEqual([422, 'bank-account-missing'])
    const paid = { ...claim, credential: { type: 'citizen-number', number: '510199198603120110' } }
    const id = String((await served.post('/v1/settlements', paid)).json['id'])
    expect((await served.ask(`/v1/settlements/${id}`)).json).toMatchObject({ cash: '0.00', person })
    expect((await collect(id)).json['code']).toBe('nothing-to-collect')
  })

  test('a settlement of somebody else is told like none', async () => {
    const id = await settled('0001')
    const other = await served.post(`/v1/settlements/${id}/collection`, {
      institution: 'H51010000002',
    })
    const unknown = await collect('01JNX3H0000000000000000000ABCD')
    for (const told of [other, unknown])
      expect([told.status, told.json['code']]).toEqual([404, 'settlement-unknown'])
    expect((await served.ask('/v1/settlements/nobody/collection')).status).toBe(404)
  })

  test('a collection is not reversed, nor its movement cancelled, but with its settlement', async () => {
    const id = await settled('0001')
    await collect(id, {}, 'mine-1')
    const { rows } = await served.owner.query<{ id: string; region: string; owner_id: string }>(
      'select id, region, owner_id from movement where settlement_id = $1',
      [id],
    )
    const [movement] = rows
    const back = await served.post(`/v1/movements/${movement?.id}/cancellation`, {
      region: movement?.region,
    })
    expect([back.status, back.json['code']]).toEqual([404, 'movement-unknown'])
    const reversed = await served.post('/v1/reversals', {
      institution,
      key: 'mine-1',
      person: movement?.owner_id,
    })
    expect(reversed.json['code']).toBe('original-differs')
    expect(await stateOf(id)).toBe('collected')
  })

  test('sweeps and stuck collections are counted', async () => {
    const { text } = await served.ask('/metrics')
    expect(text).toMatch(/jiesuan_sweep_runs_total\{name="collections",outcome="done"\} [1-9]/)
    expect(text).toMatch(/jiesuan_sweep_things_total\{name="collections"\} [1-9]/)
    expect(text).toMatch(/jiesuan_collections_stuck 0/)
  })

  test('no bank account stands in the log, nor in the database in clear', async () => {
    expect(served.logged.join('')).not.toMatch(/62000000000000/)
    const { rows } = await served.owner.query<{ found: string }>(
      `select count(*) as found from person where document::text like '%62000000%' or identity::text like '%62000000%'`,
    )
    expect(Number(rows[0]?.found)).toBe(0)
    expect(await served.violations()).toEqual([])
  })
})
