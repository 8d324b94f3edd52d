import { Type } from 'typebox'
import type { Day as DayText, Instant as Moment } from '../../engine/day.ts'
import { toYuan, zero } from '../../engine/money.ts'
import { type App, sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import { readInstant, writeInstant } from './instant.ts'
import { serveEntries } from './ledgerEntries.ts'
import { AccountId, PostedId } from './ledgerWords.ts'
import type { AccountSums, BooksAt, Desk, LedgerTransfer } from './needs.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { complain } from './problem.ts'
import { Closed, Day, Instant, Next, PersonId, problems, SignedYuan, Yuan } from './words.ts'

const tags = ['ledger']

const Account = Closed({
  account: AccountId,
  debits: SignedYuan('Sum of debits (借方)'),
  credits: SignedYuan('Sum of credits (贷方)'),
  balance: SignedYuan('Credits less debits (余额，贷方减借方)'),
})

const Transfer = Closed({
  row: Type.String({ description: 'The row of the settlement or movement that posted it' }),
  settlement: PostedId,
  owner: PersonId,
  leg: Type.Integer(),
  kind: Type.String(),
  debit: AccountId,
  credit: AccountId,
  amount: Yuan('Always above nothing'),
  position: Type.Optional(
    Type.String({ description: 'Its place in the journal, once it has one' }),
  ),
  postedAt: Instant('When it was posted'),
})

const At = {
  asOf: Type.Optional(Instant('As the books stood then, not in the future; default now')),
  treatedUntil: Type.Optional(
    Day(
      'Instead: only what belongs to this day or one before it, as we know it now: bills by the day of treatment, movements by their own, anything else by the day of posting',
    ),
  ),
}

const writeAccount = ({ account, debits, credits }: AccountSums) => ({
  account,
  debits: toYuan(debits),
  credits: toYuan(credits),
  balance: toYuan(credits - debits),
})

const writeTransfer = ({ position, amount, postedAt, ...rest }: LedgerTransfer) => ({
  ...rest,
  amount: toYuan(amount),
  postedAt: writeInstant(postedAt),
  ...(position !== undefined && { position: String(position) }),
})

/** Books that do not exist yet would only look like those of now, and change afterwards. */
function atOf(query: { asOf?: string; treatedUntil?: string }, now: Moment): BooksAt {
  if (query.treatedUntil !== undefined && query.asOf !== undefined)
    throw new Complaint('field-invalid', {
      field: '/treatedUntil',
      in: 'query',
      expected: 'not to be given with asOf',
    })
  if (query.treatedUntil !== undefined) return { treatedUntil: query.treatedUntil as DayText }
  if (query.asOf === undefined) return undefined
  const asOf = readInstant(query.asOf, '/asOf')
  const expected = 'an instant that has come already'
  if (asOf > now) throw new Complaint('field-invalid', { field: '/asOf', in: 'query', expected })
  return asOf
}

export function serveLedger(app: App, desk: Desk): void {
  const { ledger } = desk
  serveAccounts(app, desk)
  serveEntries(app, desk)
  app.get(
    '/v1/ledger/transfers',
    {
      schema: {
        tags,
        summary: 'Transfers (分录) in the order of the journal, or of one settlement or owner',
        querystring: Closed({
          account: Type.Optional(AccountId),
          settlement: Type.Optional(PostedId),
          owner: Type.Optional(PersonId),
          ...listQuery,
        }),
        response: {
          200: Closed({ items: Type.Array(Transfer), next: Next }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ query: { account, settlement, owner, ...page } }) => {
      const filter = { account, settlement, owner }
      const list = listOf('transfers', filter)
      const { items, next } = await askPage(list, page, (asked) =>
        ledger.transfers({ ...filter, ...asked }),
      )
      return writePage(list, items.map(writeTransfer), next)
    },
  )
  serveTrialBalance(app, desk)
}

function serveTrialBalance(app: App, desk: Desk): void {
  app.get(
    '/v1/ledger/trial-balance',
    {
      schema: {
        tags,
        summary: 'Trial balance (试算平衡表): the difference is 0.00, or we are wrong',
        querystring: Closed(At),
        response: {
          200: Closed({
            asOf: Instant('As the books stood then'),
            treatedUntil: Type.Optional(Day('Only what belongs to this day or one before it')),
            items: Type.Array(Account),
            debits: SignedYuan('All debits'),
            credits: SignedYuan('All credits'),
            difference: SignedYuan('Debits less credits'),
          }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ query }) => {
      const at = atOf(query, desk.now())
      const rows = await desk.ledger.trialBalance(at)
      const debits = rows.reduce((all, row) => all + row.debits, 0n)
      const credits = rows.reduce((all, row) => all + row.credits, 0n)
      return {
        asOf: writeInstant(typeof at === 'number' ? at : desk.now()),
        ...(typeof at === 'object' && at),
        items: rows.map(writeAccount),
        debits: toYuan(debits),
        credits: toYuan(credits),
        difference: toYuan(debits - credits),
      }
    },
  )
}

/** Before its first entry an account that exists stood at nothing. */
async function accountAt(
  ledger: Desk['ledger'],
  id: string,
  at: BooksAt,
): Promise<AccountSums | undefined> {
  const found = await ledger.account(id, at)
  if (found || at === undefined) return found
  const exists = await ledger.account(id, undefined)
  return exists && { account: id, debits: zero, credits: zero }
}

function serveAccounts(app: App, desk: Desk): void {
  const { ledger } = desk
  app.get(
    '/v1/ledger/accounts',
    {
      schema: {
        tags,
        summary: 'Ledger accounts in order of name',
        querystring: Closed({ prefix: Type.Optional(AccountId), ...listQuery }),
        response: {
          200: Closed({ items: Type.Array(Account), next: Next }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ query: { prefix, ...page } }) => {
      const list = listOf('ledger accounts', { prefix })
      const { items, next } = await askPage(list, page, (asked) =>
        ledger.accounts({ prefix, ...asked }),
      )
      return writePage(list, items.map(writeAccount), next)
    },
  )
  app.get(
    '/v1/ledger/accounts/:id',
    {
      schema: {
        tags,
        summary: 'One ledger account, now or as it stood',
        params: Closed({ id: AccountId }),
        querystring: Closed(At),
        response: { 200: Account, ...problems([400, 404, 500, 503]) },
      },
    },
    async ({ params: { id }, query }, reply) => {
      const found = await accountAt(ledger, id, atOf(query, desk.now()))
      return found
        ? reply.send(writeAccount(found))
        : sendProblem(reply, complain('ledger-account-unknown', { account: id }))
    },
  )
}
