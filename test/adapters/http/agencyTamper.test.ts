import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eCardsAt } from '../../support/eCards.ts'
import { at, drugs, idOf, openAgencyDesk, personOf, region } from './agencyDesk.ts'

// Whoever may do everything changes one thing at a time of what the desk did; each is found by some check. And who may see it.

let desk: Awaited<ReturnType<typeof openAgencyDesk>>
const ids = {
  paid: '',
  paidRow: '',
  ordered: '',
  anew: '',
  old: '',
  undo: '',
  direct: '',
  debt: '',
}
const E1 = personOf('1001')

beforeAll(async () => {
  desk = await openAgencyDesk()
  const paid = await desk.enter(desk.paper({ invoices: [{ issuer: 'T', number: '1' }] }))
  ids.paid = at(paid)
  const reviewed = await desk.act(ids.paid, 'review', '乙')
  ids.paidRow = String(reviewed.json['settlement'])
  await desk.act(ids.paid, 'payment', '丙')
  const direct = await desk.post('/v1/settlements', {
    institution: 'H51010000001',
    day: '2026-03-02',
    credential: { type: 'citizen-number', number: '510199194010010217' },
    care: 'outpatient',
    total: '156.00',
    lines: [drugs('10', '156.00')],
  })
  ids.old = idOf(direct)
  const anew = await desk.post(`/v1/settlements/${ids.old}/resettlement`, {
    region,
    by: '甲',
    cause: 'other',
    useAccount: true,
  })
  const settled = await desk.act(at(anew, 'resettlements'), 'review', '乙')
  ids.anew = String(settled.json['settlement'])
  ids.undo = String(settled.json['undone'])
})
afterAll(() => desk.served.close())

/** What some change that nobody may make is found by; it is taken back afterwards. */
async function foundBy(change: string): Promise<readonly string[]> {
  const { owner } = desk.served
  const text = change.replace(/\$(\w+)/g, (_, name: keyof typeof ids) => `'${ids[name]}'`)
  await owner.query('begin')
  try {
    await owner.query('set constraints all deferred')
    const { rowCount } = await owner.query(text)
    if (rowCount === 0) throw new Error(`nothing is changed by ${text}`)
    const { rows } = await owner.query<{ view: string }>(
      `select 'check_desk_settlements' as view from check_desk_settlements
       union all select 'check_desk_balances' from check_desk_balances
       union all select 'check_desk_payments' from check_desk_payments
       union all select 'check_invoices' from check_invoices
       union all select 'check_transfers_repeat_shares' from check_transfers_repeat_shares
       union all select 'check_transfer_accounts' from check_transfer_accounts
       union all select 'check_answers' from check_answers
       union all select 'check_movement_canonical' from check_movement_canonical`,
    )
    return [...new Set(rows.map(({ view }) => view))]
  } finally {
    await owner.query('rollback')
  }
}

describe('a change that nobody may make', () => {
  it('is none at first', async () => {
    expect(await desk.served.violations()).toEqual([])
  })

  it.each([
    [
      'of what goes to the person',
      'update settlement set advanced_fen = 0 where id = $paidRow',
      'check_desk_settlements',
    ],
    [
      'of what the desk made',
      "update settlement set desk = 'resettlement' where id = $paidRow",
      'check_desk_settlements',
    ],
    [
      'of what was replaced',
      'update settlement set replaces = null where id = $anew',
      'check_answers',
    ],
    [
      'of which row was replaced',
      'update settlement set replaces = $old where id = $anew',
      'check_desk_settlements',
    ],
    [
      'of what an institution is to get',
      'update settlement set receivable_fen = receivable_fen + 1, cash_fen = cash_fen + 1, person_total_fen = person_total_fen + 1, total_fen = total_fen + 1, in_scope_fen = in_scope_fen + 1 where id = $anew',
      'check_desk_settlements',
    ],
    [
      'of whom a leg pays',
      "update transfer set credit_account = 'payable:unlisted:settled' where posting_id = $paidRow and kind = 'fund'",
      'check_transfers_repeat_shares',
    ],
    [
      'of whose memo it is',
      "update transfer set credit_account = 'memo:window:X' where posting_id = $paidRow and kind = 'advanced'",
      'check_transfer_accounts',
    ],
    [
      'of a payment that is booked twice',
      "update transfer set amount_fen = amount_fen * 2 where kind = 'reimbursement'",
      'check_desk_balances',
    ],
    [
      'of a payment that nobody entered',
      "delete from dossier_entry where subject like 'case %' and kind = 'paid'",
      'check_desk_payments',
    ],
    [
      'of a payment that nobody looks after',
      "delete from dossier_entry where subject like 'case %' and version > 4",
      'check_desk_payments',
    ],
    [
      'of what is due without an order',
      "insert into due (owner_id, subject, due_at) values ('x', 'case reimbursement x', now())",
      'check_desk_payments',
    ],
    [
      'of an invoice that is held twice',
      "update dossier_entry set kind = 'released' where owner_id = 'invoice:T'",
      'check_invoices',
    ],
    [
      'of whom a movement is of',
      "update movement set party = 'person:x' where moves = 'reimbursement'",
      'error',
    ],
  ])('%s is found', async (_, change, view) => {
    const found = await foundBy(change).catch((error: unknown) => [
      error instanceof Error && /constraint/.test(error.message) ? 'error' : String(error),
    ])
    expect(found).toContain(view)
  })
})

describe('a person with a token for self-service', () => {
  it('sees their own paper bills, without who worked on them, and nobody else’s', async () => {
    const token = await eCardsAt(desk.post).token('E1', { purpose: 'self-service' })
    const as = (path: string) =>
      desk.served.ask(path, { headers: { authorization: `Bearer ${token}` } })
    const own = await as(`/v1/${ids.paid}`)
    expect(own.json).toMatchObject({ person: E1, state: 'paid' })
    expect(own.text).not.toContain('"by"')
    expect((await desk.ask(`/v1/${ids.paid}`)).text).toContain('"by":"乙"')
    expect((await as('/v1/people/me/reimbursements')).json).toMatchObject({
      items: [{ person: E1 }],
    })
    const other = await desk.enter(desk.paper({ person: personOf('1005') }))
    expect(await as(`/v1/${at(other)}`)).toMatchObject({
      status: 404,
      json: { code: 'case-unknown' },
    })
    expect((await as(`/v1/people/${personOf('1005')}/reimbursements`)).status).toBe(404)
    expect((await as('/v1/reimbursements')).status).toBe(403)
    const entering = await desk.served.ask('/v1/reimbursements', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': 'self',
      },
      body: JSON.stringify(desk.paper()),
    })
    expect(entering.status).toBe(403)
    expect((await desk.ask('/v1/people/nobody/reimbursements')).status).toBe(404)
  })
})
