import { Type } from 'typebox'
import { toYuan } from '../../engine/money.ts'
import { type App, sendProblem } from './app.ts'
import { writeInstant } from './instant.ts'
import { AccountId, PostedId } from './ledgerWords.ts'
import type { Desk } from './needs.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { complain } from './problem.ts'
import type { LedgerEntry } from './totalsNeeds.ts'
import { Closed, Day, Instant, Next, problems, SignedYuan, Yuan } from './words.ts'

const Entry = Closed({
  position: Type.String({ description: 'Its place in the journal' }),
  postedAt: Instant('When it was posted'),
  treatedOn: Type.Optional(Day('The day of treatment, or of the movement')),
  settlement: PostedId,
  row: Type.String({ description: 'The row of the settlement or movement that posted it' }),
  leg: Type.Integer(),
  kind: Type.String(),
  side: Type.Enum(['debit', 'credit'], { description: 'Which side of this account (借、贷)' }),
  counterAccount: AccountId,
  amount: Yuan('Always above nothing'),
  balance: SignedYuan('Credits less debits once it was posted (余额，贷方减借方)'),
})

const writeEntry = ({ position, postedAt, treatedOn, amount, balance, ...rest }: LedgerEntry) => ({
  ...rest,
  position: String(position),
  postedAt: writeInstant(postedAt),
  ...(treatedOn && { treatedOn }),
  amount: toYuan(amount),
  balance: toYuan(balance),
})

export function serveEntries(app: App, { ledger }: Desk): void {
  app.get(
    '/v1/ledger/accounts/:id/entries',
    {
      schema: {
        tags: ['ledger'],
        summary: 'Entries of a ledger account with its running balance (明细账), both ways',
        description:
          'In the order of the journal: an entry stands here once it has its place there, a moment after it was posted, and what was told once stays so. Of `personal:*` and other sums of all people it tells the entries of all of them.',
        params: Closed({ id: AccountId }),
        querystring: Closed({
          order: Type.Optional(
            Type.Enum(['oldest', 'newest'], { description: 'Which come first; default oldest' }),
          ),
          ...listQuery,
        }),
        response: {
          200: Closed({ items: Type.Array(Entry), next: Next }),
          ...problems([400, 404, 500, 503]),
        },
      },
    },
    async ({ params: { id: account }, query: { order = 'oldest', ...page } }, reply) => {
      const list = listOf('ledger entries', { account, order })
      const { items, next } = await askPage(list, page, (asked) =>
        ledger.entries({ account, order, ...asked }),
      )
      const isThere = items.length > 0 || next !== undefined || page.cursor !== undefined
      if (!isThere && (await ledger.account(account, undefined)) === undefined)
        return sendProblem(reply, complain('ledger-account-unknown', { account }))
      return reply.send(writePage(list, items.map(writeEntry), next))
    },
  )
}
