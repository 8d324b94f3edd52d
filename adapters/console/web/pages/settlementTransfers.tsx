import type { Transfer } from '../api/bookTypes.ts'
import { useList } from '../api/useAsked.ts'
import { AccountLink } from '../parts/links.tsx'
import { List } from '../parts/list.tsx'
import type { Column } from '../parts/table.tsx'
import { Instant } from '../parts/time.tsx'
import { Yuan } from '../parts/yuan.tsx'
import { transferName } from '../words/domain.ts'

export const transferColumns: readonly Column<Transfer>[] = [
  {
    head: { zh: '日志序号', en: 'Position' },
    number: true,
    cell: ({ position }) => position ?? '–',
  },
  { head: { zh: '用途', en: 'For' }, cell: ({ kind }) => transferName(kind) },
  { head: { zh: '金额', en: 'Amount' }, number: true, cell: ({ amount }) => <Yuan of={amount} /> },
  { head: { zh: '借方', en: 'Debit' }, cell: ({ debit }) => <AccountLink id={debit} /> },
  { head: { zh: '贷方', en: 'Credit' }, cell: ({ credit }) => <AccountLink id={credit} /> },
  { head: { zh: '入账时间', en: 'Posted' }, cell: ({ postedAt }) => <Instant at={postedAt} /> },
  {
    head: { zh: '行', en: 'Row' },
    cell: ({ row, leg }) => (
      <code>
        {row} #{leg}
      </code>
    ),
  },
]

/** What a settlement moved in the books (分录), both ways: what was undone is there with what undid it. */
export function Transfers({ settlement }: { readonly settlement: string }) {
  const list = useList<Transfer>('/v1/ledger/transfers', { settlement })
  return (
    <List
      list={list}
      caption={{ zh: '分录', en: 'Transfers' }}
      columns={transferColumns}
      nothing={{ zh: '没有分录。', en: 'It moved nothing.' }}
    />
  )
}
