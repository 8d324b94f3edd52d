import { useState } from 'preact/hooks'
import type { Transfer } from '../api/bookTypes.ts'
import { useList } from '../api/useAsked.ts'
import { Field, Section } from '../parts/bits.tsx'
import { SettlementLink } from '../parts/links.tsx'
import { List } from '../parts/list.tsx'
import type { Column } from '../parts/table.tsx'
import { addressOf, go, type Query } from '../router.ts'
import { say } from '../words/say.ts'
import { transferColumns } from './settlementTransfers.tsx'

const columns: readonly Column<Transfer>[] = [
  ...transferColumns,
  {
    head: { zh: '结算', en: 'Settlement' },
    cell: ({ settlement }) => <SettlementLink id={settlement} />,
  },
]

export function TransfersOf({ filter }: { readonly filter: Query }) {
  const list = useList<Transfer>('/v1/ledger/transfers', filter, 200)
  return <List list={list} caption={{ zh: '分录', en: 'Transfers' }} columns={columns} />
}

const filters = ['account', 'settlement', 'owner'] as const

/** Every transfer (分录) in the order of the journal. */
export function TransferList({ query }: { readonly query: Query }) {
  const [fields, setFields] = useState<Query>(query)
  const words = {
    account: say('科目', 'Account'),
    settlement: say('结算', 'Settlement'),
    owner: say('归属', 'Owner'),
  }
  const filter = Object.fromEntries(filters.map((name) => [name, query[name]]))
  return (
    <>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          go(addressOf('books', undefined, { ...fields, tab: 'transfers' }))
        }}
      >
        {filters.map((name) => (
          <Field
            key={name}
            name={name}
            label={words[name]}
            value={fields[name] ?? ''}
            onChange={(value) => setFields({ ...fields, [name]: value })}
          />
        ))}
        <button type="submit" class="main">
          {say('查询', 'Ask')}
        </button>
      </form>
      <Section title={say('分录', 'Transfers')}>
        <TransfersOf filter={filter} />
      </Section>
    </>
  )
}
