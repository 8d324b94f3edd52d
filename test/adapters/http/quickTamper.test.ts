import { afterAll, beforeAll, expect, test } from 'vitest'
import { openServed } from './served.ts'
import { cardOf, record, tap, upload, worldNow } from './taps.ts'

// Whoever may do everything changes one thing of a quick payment at a time; each is found by some check.

let served: Awaited<ReturnType<typeof openServed>>
let id = ''
beforeAll(async () => {
  served = await openServed({ CLOCK: '2026-03-02T09:00:00+08:00' })
  const yesterday = worldNow - 86_400_000
  const records = [1, 2].map((sequence) =>
    record(cardOf('U1'), { sequence, at: yesterday, amount: '90.00' }),
  )
  const told = await upload(served.url, records)
  // Records of one upload are in the works together: either of the two may find the account short.
  id = String(told.find(({ body }) => body.receivable === '60.00')?.body.id)
  const paid = await served.post('/v1/quick-payments', tap(cardOf('E1')))
  if (paid.status !== 201) throw new Error(paid.text)
})
afterAll(() => served.close())

const transfer = (change: string): string =>
  `update transfer set ${change} where posting_id = $1 and kind = 'receivable'`
const document = (to: string): string => `
  update settlement set canonical = convert_to(
    replace(convert_from(canonical, 'UTF8'), '"receivable":6000', '${to}'), 'UTF8') where id = $1`

test('nothing is wrong to begin with', async () => {
  expect(await served.violations()).toEqual([])
})

test.each([
  ['what is owed', transfer('amount_fen = amount_fen + 1')],
  ['who owes it', transfer(`debit_account = 'receivable:510100:person:1'`)],
  [
    'where it is owed',
    transfer(`debit_account = replace(debit_account, '510100:person', '510700:person')`),
  ],
  ['who is paid', transfer(`credit_account = 'payable:H51010000001:settled'`)],
  ['what it is for', transfer(`kind = 'cash'`)],
  ['the column', 'update settlement set receivable_fen = 0 where id = $1'],
  ['the document', document('"receivable":5999')],
  ['the word in the document', document('"other":6000')],
  [
    'a counter that is entered twice',
    `insert into dossier_entry
     select owner_id, subject, 2, kind, institution, posting_id, body, key_version, recorded_at
     from dossier_entry where posting_id = $1 and subject like 'tap %'`,
  ],
])('a change of %s is found', async (_, change) => {
  await served.owner.query('begin')
  const { rowCount } = await served.owner.query(change, [id])
  expect(rowCount).toBe(1)
  const { rows } = await served.owner.query(
    `select count(*)::int as n from (
       select subject from check_receivables union all select subject from check_transfers_repeat_shares
       union all select subject from check_transfer_accounts union all select subject from check_taps
     ) found`,
  )
  await served.owner.query('rollback')
  expect(rows[0].n).toBeGreaterThan(0)
})
