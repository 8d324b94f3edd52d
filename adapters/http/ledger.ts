import { Type } from 'typebox'
import { toYuan } from '../../engine/money.ts'
import { type App, sendProblem } from './app.ts'
import { readInstant, writeInstant } from './instant.ts'
import type { AccountSums, Desk, LedgerTransfer } from './needs.ts'
import { askPage, listQuery, writePage } from './page.ts'
import { complain } from './problem.ts'
import {
  Closed,
  Instant,
  Next,
  PersonId,
  problems,
  SettlementId,
  SignedYuan,
  Yuan,
} from './words.ts'

const tags = ['ledger']

const AccountId = Type.String({
  pattern: '^[0-9A-Za-z._:/+*-]{1,120}$',
  description:
    'A ledger account (账户科目); `personal:*` and `memo:person:*` are the sums of all people',
  examples: ['fund:510100:employee:pool'],
})

const Account = Closed({
  account: AccountId,
  debits: SignedYuan('Sum of debits (借方)'),
  credits: SignedYuan('Sum of credits (贷方)'),
  balance: SignedYuan('Credits less debits (余额，贷方减借方)'),
})

const Transfer = Closed({
  row: Type.String({ description: 'The row of the settlement that posted it' }),
  settlement: SettlementId,
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

const AsOf = { asOf: Type.Optional(Instant('As the books stood then; default now')) }

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

const asOfOf = (query: { asOf?: string }): number | undefined =>
  query.asOf === undefined ? undefined : readInstant(query.asOf, '/asOf')

export function serveLedger(app: App, desk: Desk): void {
  const { ledger } = desk
  serveAccounts(app, ledger)
  app.get(
    '/v1/ledger/transfers',
    {
      schema: {
        tags,
        summary: 'Transfers (分录) in the order of the journal, or of one settlement or owner',
        querystring: Closed({
          account: Type.Optional(AccountId),
          settlement: Type.Optional(SettlementId),
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
      const { items, next } = await askPage(page, (asked) =>
        ledger.transfers({ account, settlement, owner, ...asked }),
      )
      return writePage(items.map(writeTransfer), next)
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
        querystring: Closed(AsOf),
        response: {
          200: Closed({
            asOf: Instant('As the books stood then'),
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
      const asOf = asOfOf(query)
      const rows = await desk.ledger.trialBalance(asOf)
      const debits = rows.reduce((all, row) => all + row.debits, 0n)
      const credits = rows.reduce((all, row) => all + row.credits, 0n)
      return {
        asOf: writeInstant(asOf ?? desk.now()),
        items: rows.map(writeAccount),
        debits: toYuan(debits),
        credits: toYuan(credits),
        difference: toYuan(debits - credits),
      }
    },
  )
}

function serveAccounts(app: App, ledger: Desk['ledger']): void {
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
      const { items, next } = await askPage(page, (asked) => ledger.accounts({ prefix, ...asked }))
      return writePage(items.map(writeAccount), next)
    },
  )
  app.get(
    '/v1/ledger/accounts/:id',
    {
      schema: {
        tags,
        summary: 'One ledger account, now or as it stood',
        params: Closed({ id: AccountId }),
        querystring: Closed(AsOf),
        response: { 200: Account, ...problems([400, 404, 500, 503]) },
      },
    },
    async ({ params: { id }, query }, reply) => {
      const found = await ledger.account(id, asOfOf(query))
      return found
        ? reply.send(writeAccount(found))
        : sendProblem(reply, complain('ledger-account-unknown', { account: id }))
    },
  )
}
