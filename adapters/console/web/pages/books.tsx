import type { PageProps } from '../pages.ts'
import { Tabs } from '../parts/bits.tsx'
import { addressOf } from '../router.ts'
import { say } from '../words/say.ts'
import { AccountPage } from './booksAccount.tsx'
import { Clearing } from './booksClearing.tsx'
import { TransferList } from './booksTransfers.tsx'
import { TrialBalancePart } from './booksTrialBalance.tsx'

type Tab = 'balance' | 'transfers' | 'clearing'

/** The books (账簿): trial balance, accounts and their entries, transfers, clearing. */
export function BooksPage({ about, query }: PageProps) {
  if (about !== undefined) return <AccountPage key={about} account={about} query={query} />
  const tab: Tab =
    query['tab'] === 'transfers' || query['tab'] === 'clearing' ? query['tab'] : 'balance'
  return (
    <>
      <Tabs<Tab>
        label={say('账簿', 'Books')}
        chosen={tab}
        tabs={[
          ['balance', say('试算平衡', 'Trial balance')],
          ['transfers', say('分录', 'Transfers')],
          ['clearing', say('清算与对账', 'Clearing and reconciliation')],
        ]}
        hrefOf={(name) => addressOf('books', undefined, { tab: name })}
      />
      {tab === 'balance' && <TrialBalancePart query={query} />}
      {tab === 'transfers' && <TransferList query={query} />}
      {tab === 'clearing' && <Clearing query={query} />}
    </>
  )
}
