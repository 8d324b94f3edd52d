import { pathWith } from '../api/ask.ts'
import type { Account, Entry } from '../api/bookTypes.ts'
import { useAsked, useList } from '../api/useAsked.ts'
import { AsOf } from '../parts/asOf.tsx'
import { Facts, Section } from '../parts/bits.tsx'
import { AccountLink, SettlementLink } from '../parts/links.tsx'
import { List } from '../parts/list.tsx'
import type { Column } from '../parts/table.tsx'
import { Instant } from '../parts/time.tsx'
import { Shown } from '../parts/told.tsx'
import { Yuan } from '../parts/yuan.tsx'
import { addressOf, type Query } from '../router.ts'
import { accountName } from '../words/account.ts'
import { transferName } from '../words/domain.ts'
import { say } from '../words/say.ts'
import { TransfersOf } from './booksTransfers.tsx'

const columns: readonly Column<Entry>[] = [
  { head: { zh: '日志序号', en: 'Position' }, number: true, cell: (e) => e.position ?? '–' },
  { head: { zh: '入账时间', en: 'Posted' }, cell: ({ postedAt }) => <Instant at={postedAt} /> },
  { head: { zh: '就诊日期', en: 'Treated' }, cell: ({ treatedOn }) => treatedOn },
  { head: { zh: '用途', en: 'For' }, cell: ({ kind }) => transferName(kind) },
  {
    head: { zh: '借方', en: 'Debit' },
    number: true,
    cell: ({ side, amount }) => side === 'debit' && <Yuan of={amount} />,
  },
  {
    head: { zh: '贷方', en: 'Credit' },
    number: true,
    cell: ({ side, amount }) => side === 'credit' && <Yuan of={amount} />,
  },
  { head: { zh: '余额', en: 'Balance' }, number: true, cell: (e) => <Yuan of={e.balance} /> },
  {
    head: { zh: '对方科目', en: 'Other account' },
    cell: ({ counterAccount }) => <AccountLink id={counterAccount} />,
  },
  {
    head: { zh: '结算', en: 'Settlement' },
    cell: ({ settlement }) => <SettlementLink id={settlement} />,
  },
]

interface AccountProps {
  readonly account: string
  readonly query: Query
}

/** A ledger account (科目) with its balance, and its entries with what it stood at after each. */
export function AccountPage({ account, query }: AccountProps) {
  const { asOf, treatedUntil } = query
  const path = `/v1/ledger/accounts/${encodeURIComponent(account)}`
  const asked = useAsked<Account>(pathWith(path, { asOf, treatedUntil }))
  const entries = useList<Entry>(`${path}/entries`)
  return (
    <>
      <p class="lead">
        <strong class="big">{accountName(account)}</strong> <code>{account}</code>
        <a class="button" href={addressOf('books')}>
          {say('试算平衡', 'Trial balance')}
        </a>
      </p>
      <AsOf account={account} query={query} />
      <Shown asked={asked}>
        {(found) => (
          <Facts
            facts={[
              { name: say('借方合计', 'Debits'), value: <Yuan of={found.debits} /> },
              { name: say('贷方合计', 'Credits'), value: <Yuan of={found.credits} /> },
              {
                name: say('余额（贷减借）', 'Balance (credits less debits)'),
                value: <Yuan of={found.balance} />,
              },
            ]}
          />
        )}
      </Shown>
      <Section title={say('明细账', 'Entries, with the running balance')}>
        <List list={entries} caption={{ zh: '明细账', en: 'Entries' }} columns={columns} />
      </Section>
      {entries.told?.kind === 'absent' && (
        <Section title={say('分录', 'Transfers')}>
          <TransfersOf filter={{ account }} />
        </Section>
      )}
    </>
  )
}
