import { askerAt } from '../../support/callers.ts'
import { personOf } from '../../support/reader.ts'
import { drugs } from './agencyDesk.ts'
import { claim, openServed, type Told } from './served.ts'

/** An entry of the access log, as its canonical JSON has it. */
export interface Entry {
  readonly position: number
  readonly at: number
  readonly caller: string
  readonly role: string
  readonly action: string
  readonly person?: string
  readonly subject?: string
  readonly reason?: string
}

/** Two people of the sandbox, each with a settlement. */
export const [first, second] = [personOf('E1'), personOf('E2')]
const { id } = first.person
const month = { month: '2026-03', day: '2026-03-02' }
const movement = {
  region: '510100',
  kind: 'credit',
  person: id,
  scheme: 'employee',
  ...month,
  reference: 'RUN-1',
  total: '80.00',
  funds: [{ fund: 'pool', amount: '80.00' }],
}
const paper = {
  region: '510100',
  by: '录入甲',
  person: id,
  reason: 'outside-network',
  institution: { name: '演示县人民医院', level: 'secondary', division: '510100' },
  invoices: [{ issuer: '51060123', number: '001' }],
  day: '2026-03-02',
  care: 'outpatient',
  total: '1560.00',
  lines: [drugs('100', '1560.00')],
}
const certificate = {
  desk: { division: '510100', operator: 'op1' },
  kind: 'disability',
  number: 'C-2026-0001',
  issuer: '演示机关',
  from: '2026-01-01',
  mediaType: 'application/pdf',
  copy: 'JVBERi0xLjc=',
}

/** A way to look at the first of them: what the log calls it, and what it is about beside the person. */
interface Look {
  readonly path: string
  readonly action: string
  readonly subject?: string
}

/** The server with something of everything that can be told of a person, and the log of who was told. */
export async function openAccesses() {
  const served = await openServed()
  const as = askerAt<Told>(served.ask)
  const settle = async (number: string): Promise<string> => {
    const credential = { type: 'citizen-number', number }
    const told = await as(undefined, '/v1/settlements', { ...claim, credential })
    return String(told.json['id'])
  }
  await settle(second.citizenNumber)
  const settlement = await settle(first.citizenNumber)
  const moved = String((await as('desk', '/v1/movements', movement)).json['id'])
  const kept = await as('desk', `/v1/people/${id}/certificates`, certificate)
  const entered = await as('desk', '/v1/reimbursements', paper)
  const opened = String(entered.json['id'])
  const { cards } = (await as(undefined, `/v1/people/${id}`)).json as { cards: { id: string }[] }
  const card = cards[0]?.id ?? ''
  const copy = String(kept.json['certificate'])
  const looks: Look[] = [
    { action: 'person', path: `/v1/people/${id}` },
    { action: 'settlements', path: `/v1/people/${id}/settlements` },
    { action: 'accumulators', path: `/v1/people/${id}/accumulators` },
    { action: 'accounts', path: `/v1/people/${id}/accounts` },
    { action: 'records', path: `/v1/people/${id}/records` },
    { action: 'certificate', path: `/v1/people/${id}/certificates/${copy}`, subject: copy },
    { action: 'filings', path: `/v1/people/${id}/filings` },
    { action: 'reimbursements', path: `/v1/people/${id}/reimbursements` },
    { action: 'card', path: `/v1/cards/${card}`, subject: card },
    { action: 'card', path: `/v1/cards/${first.card.number}`, subject: card },
    { action: 'settlement', path: `/v1/settlements/${settlement}`, subject: settlement },
    { action: 'collection', path: `/v1/settlements/${settlement}/collection`, subject: settlement },
    { action: 'settlements', path: `/v1/settlements?person=${id}` },
    { action: 'movement', path: `/v1/movements/${moved}`, subject: moved },
    { action: 'ledger', path: `/v1/ledger/transfers?owner=${id}` },
    { action: 'ledger', path: `/v1/ledger/transfers?settlement=${settlement}` },
    { action: 'ledger', path: `/v1/ledger/accounts/personal:${id}` },
    { action: 'ledger', path: `/v1/ledger/accounts?prefix=personal:${id}` },
    { action: 'cases', path: `/v1/reimbursements?person=${id}` },
    { action: 'case', path: `/v1/reimbursements/${opened}`, subject: opened },
  ]
  /** What stands in the log, the oldest first, after a position. */
  async function entriesAfter(position: number): Promise<Entry[]> {
    const { rows } = await served.owner.query<{ canonical: Buffer }>(
      'select canonical from access_log where position > $1 order by position',
      [position],
    )
    return rows.map(({ canonical }) => JSON.parse(canonical.toString('utf8')) as Entry)
  }
  return {
    ...served,
    as,
    settlement,
    card,
    looks,
    entriesAfter,
    /** What a request left in the log. */
    leaves: async (ask: () => Promise<unknown>): Promise<Entry[]> => {
      const head = 'select coalesce(max(position), 0)::int as head from access_log'
      const before = (await served.owner.query<{ head: number }>(head)).rows[0]?.head ?? 0
      await ask()
      return entriesAfter(before)
    },
  }
}
