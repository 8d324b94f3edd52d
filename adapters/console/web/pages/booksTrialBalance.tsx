import { useState } from 'preact/hooks'
import { pathWith } from '../api/ask.ts'
import type { Account, TrialBalance } from '../api/bookTypes.ts'
import { useAsked } from '../api/useAsked.ts'
import { AsOf } from '../parts/asOf.tsx'
import { Field, Section } from '../parts/bits.tsx'
import { AccountLink } from '../parts/links.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Instant } from '../parts/time.tsx'
import { Shown } from '../parts/told.tsx'
import { isNothing, Yuan } from '../parts/yuan.tsx'
import type { Query } from '../router.ts'
import { accountName } from '../words/account.ts'
import { say } from '../words/say.ts'

const columns: readonly Column<Account>[] = [
  { head: { zh: '科目', en: 'Account' }, cell: ({ account }) => <AccountLink id={account} /> },
  { head: { zh: '借方', en: 'Debits' }, number: true, cell: ({ debits }) => <Yuan of={debits} /> },
  { head: { zh: '贷方', en: 'Credits' }, number: true, cell: (a) => <Yuan of={a.credits} /> },
  {
    head: { zh: '余额（贷减借）', en: 'Balance (credits less debits)' },
    number: true,
    cell: ({ balance }) => <Yuan of={balance} />,
  },
]

/** The trial balance (试算平衡表): its difference is nothing, or the books are wrong. */
export function TrialBalancePart({ query }: { readonly query: Query }) {
  const { asOf, treatedUntil } = query
  const asked = useAsked<TrialBalance>(pathWith('/v1/ledger/trial-balance', { asOf, treatedUntil }))
  const [part, setPart] = useState('')
  return (
    <>
      <AsOf query={query} />
      <Section title={say('试算平衡表', 'Trial balance')}>
        <Shown asked={asked}>
          {(balance) => {
            const rows = balance.items.filter(
              ({ account }) => account.includes(part) || accountName(account).includes(part),
            )
            return (
              <>
                <p
                  class={isNothing(balance.difference) ? 'verdict good' : 'verdict bad'}
                  role="status"
                >
                  {say('借贷差额', 'Difference')} <Yuan of={balance.difference} />{' '}
                  <span class="soft">
                    {say('截至', 'as of')}{' '}
                    {balance.asOf === undefined ? treatedUntil : <Instant at={balance.asOf} />}
                  </span>
                </p>
                <Field
                  name="part"
                  label={say('科目包含', 'Account contains')}
                  value={part}
                  onChange={setPart}
                />
                <Table
                  caption={{ zh: '试算平衡表', en: 'Trial balance' }}
                  columns={columns}
                  rows={rows}
                  foot={
                    part === ''
                      ? [
                          say('合计', 'Sum'),
                          <Yuan key="debits" of={balance.debits} />,
                          <Yuan key="credits" of={balance.credits} />,
                          <Yuan key="difference" of={balance.difference} />,
                        ]
                      : undefined
                  }
                />
                <p class="count" role="status">
                  {say(`共 ${rows.length} 个科目`, `${rows.length} accounts`)}
                </p>
              </>
            )
          }}
        </Shown>
      </Section>
    </>
  )
}
