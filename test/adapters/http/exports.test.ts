import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { sandboxSealKey } from '../../../adapters/crypto/sealKeys.ts'
import { toYuan } from '../../../engine/money.ts'
import { claim, openServed } from './served.ts'

// Exports over HTTP, from books of a day: what they hold and what their manifests say.

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
  for (const [i, quantity] of ['100', '100', '1', '2'].entries()) {
    const total = toYuan(BigInt(quantity) * 1_560n)
    const line = { id: `L${i}`, item: 'XJ01CAA040A001010100010', unitPrice: '15.60' }
    const lines = [{ ...line, quantity, amount: total }]
    const told = await served.post('/v1/settlements', { ...claim, total, lines })
    if (told.status !== 201) throw new Error(told.text)
    const { institution } = claim
    if (i === 1)
      await served.post(`/v1/settlements/${String(told.json['id'])}/cancellation`, { institution })
  }
})
afterAll(() => served.close())

interface Got {
  readonly status: number
  readonly id: string
  readonly type: string
  readonly bytes: Buffer
}

async function get(path: string): Promise<Got> {
  const reply = await fetch(served.url + path)
  const { headers } = reply
  return {
    status: reply.status,
    id: headers.get('export-id') ?? '',
    type: headers.get('content-type') ?? '',
    bytes: Buffer.from(await reply.arrayBuffer()),
  }
}

const manifestOf = async (id: string) => (await served.ask(`/v1/exports/${id}/manifest`)).json
const hash = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest('hex')

const jsonOf = ({ bytes }: Got): Record<string, string>[] =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

async function listed(path: string): Promise<Record<string, unknown>[]> {
  return (await served.ask(path)).json['items'] as Record<string, unknown>[]
}

describe('an export of settlements', () => {
  test('holds what the list tells, by the same conditions', async () => {
    for (const filter of [
      '',
      'state=cancelled',
      'institution=H51010000001&from=2026-03-02',
      'scheme=resident',
    ]) {
      const got = await get(`/v1/exports/settlements?format=jsonl&${filter}`)
      expect(got.status).toBe(200)
      const list = await listed(`/v1/settlements?limit=200&${filter}`)
      const rows = got.bytes.length === 0 ? [] : jsonOf(got)
      expect(rows.map(({ id, state, total }) => ({ id, state, total }))).toEqual(
        list.map(({ id, state, total }) => ({ id, state, total })),
      )
    }
  })

  test('names nobody', async () => {
    const { bytes } = await get('/v1/exports/settlements?format=csv')
    expect(bytes.toString()).not.toMatch(/演示|5101991986/)
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
  })
})

test.each(['csv', 'xlsx', 'jsonl', 'parquet'])(
  'the manifest of a file as %s says how long it is, what it hashes to and what it adds up to, and is signed',
  async (format) => {
    const got = await get(`/v1/exports/transfers?format=${format}&postedFrom=2026-03-02`)
    expect(got.status).toBe(200)
    const { signature, ...manifest } = await manifestOf(got.id)
    const transfers = await listed('/v1/ledger/transfers?limit=200')
    const fen = transfers.reduce(
      (all, { amount }) => all + BigInt(String(amount).replace('.', '')),
      0n,
    )
    expect(manifest).toMatchObject({
      id: got.id,
      name: 'transfers',
      format,
      filters: { postedFrom: '2026-03-02' },
      rows: transfers.length,
      sums: { amount: `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}` },
      bytes: got.bytes.length,
      sm3: hash('sm3', got.bytes),
      sha256: hash('sha256', got.bytes),
      caller: 'anonymous',
    })
    const { publicKey } = sandboxSealKey('510100')
    const text = Buffer.from(canonicalize(manifest) as string)
    expect(sm2Verify(publicKey, text, signature as string)).toBe(true)
    expect(sm2Verify(publicKey, Buffer.from(`${text.toString()} `), signature as string)).toBe(
      false,
    )
  },
)

test('transfers are those of an account, a settlement, an owner, or some days', async () => {
  const [one] = await listed('/v1/settlements?limit=1')
  for (const filter of [
    `settlement=${String(one?.['id'])}`,
    'account=fund:510100:employee:pool',
    'owner=510100000000000000001001',
    'account=payable:H51010000001:settled&owner=510100000000000000001001',
  ]) {
    const rows = jsonOf(await get(`/v1/exports/transfers?format=jsonl&${filter}`))
    const list = await listed(`/v1/ledger/transfers?limit=200&${filter}`)
    const keys = (of: readonly Record<string, unknown>[]) =>
      of
        .map(({ row, leg, debit, credit, amount }) => [row, leg, debit, credit, amount].join(' '))
        .toSorted()
    expect(rows.length).toBeGreaterThan(0)
    expect(keys(rows)).toEqual(keys(list))
  }
  for (const days of ['postedUntil=2026-03-01', 'postedFrom=2099-01-01'])
    expect((await get(`/v1/exports/transfers?format=jsonl&${days}`)).bytes.length).toBe(0)
})

test('totals are the items of the totals', async () => {
  const question = 'by=fund,care&payers=all'
  const { json } = await served.ask(`/v1/totals?${question}`)
  const got = await get(`/v1/exports/totals?format=jsonl&${question}`)
  expect(jsonOf(got)).toEqual(json['items'])
  expect(await manifestOf(got.id)).toMatchObject({
    sums: { amount: json['amount'] },
    filters: { by: 'fund,care', payers: 'all' },
  })
})

test('what is asked wrongly is told before anything is sent, and leaves nothing', async () => {
  for (const path of [
    'settlements',
    'settlements?format=pdf',
    'settlements?format=csv&limit=1',
    'settlements?format=csv&from=2026-02-30',
    'settlements?format=csv&format=xlsx',
    `settlements?format=csv&institution=${'H'.repeat(500)}`,
    'transfers?format=csv&postedFrom=x',
    "transfers?format=csv&account=' or true --",
    'totals?format=csv',
    'totals?format=csv&by=fund,fund',
  ])
    expect((await get(`/v1/exports/${path}`)).status).toBe(400)
  expect((await get('/v1/exports/people?format=csv')).status).toBe(404)
  for (const id of ['X', '0'.repeat(30), '%00'])
    expect([400, 404]).toContain((await get(`/v1/exports/${id}/manifest`)).status)
})
